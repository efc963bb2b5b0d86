import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

/** A strict content security policy (nothing inline, nothing from elsewhere) and the usual security headers. */
export async function sendSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
      },
    },
    // Plain HTTP on loopback; a proxy that ends TLS sets its own.
    strictTransportSecurity: false,
  });
}
