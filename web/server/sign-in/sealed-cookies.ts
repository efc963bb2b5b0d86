import { createHash } from "node:crypto";
import type { CookieSerializeOptions } from "@fastify/cookie";
import type { FastifyReply, FastifyRequest } from "fastify";
import { EncryptJWT, errors, type JWTPayload, jwtDecrypt } from "jose";

/** Cookies that only this server can read and make: encrypted, authenticated, with an end, and for one purpose each. */
export interface SealedCookies {
  set(reply: FastifyReply, cookie: Cookie, content: JWTPayload, expiresAt: Date): Promise<void>;
  /** Null when there is none, or it was tampered with, made for another purpose or by another server, or has ended. */
  read(request: FastifyRequest, cookie: Cookie): Promise<JWTPayload | null>;
  clear(reply: FastifyReply, cookie: Cookie): void;
}

interface Cookie {
  name: string;
  purpose: string;
  path: string;
}

/** Browsers keep no more of one cookie, name and attributes included. */
export const COOKIE_LIMIT = 4000;

/** @param keys the first one encrypts, each decrypts, so that a key can be replaced without ending sessions */
export function sealedCookies(keys: readonly string[], publicUrl: URL): SealedCookies {
  const secrets = keys.map(key => createHash("sha256").update(key).digest());
  const [current] = secrets;
  if (current === undefined) throw new Error("there is no session key");
  const isSecure = publicUrl.protocol === "https:";
  // The prefix makes browsers refuse such a cookie from a neighbouring host or without TLS.
  const nameOf = ({ name, path }: Cookie) => (!isSecure ? name : path === "/" ? `__Host-${name}` : `__Secure-${name}`);
  const attributesOf = ({ path }: Cookie): CookieSerializeOptions => ({
    path,
    httpOnly: true,
    secure: isSecure,
    sameSite: "lax",
  });
  const open = async (value: string, secret: Uint8Array, purpose: string) => {
    const { payload } = await jwtDecrypt(value, secret, {
      issuer: publicUrl.origin,
      audience: purpose,
      requiredClaims: ["exp"],
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    return payload;
  };
  return {
    async set(reply, cookie, content, expiresAt) {
      const value = await new EncryptJWT(content)
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setIssuer(publicUrl.origin)
        .setAudience(cookie.purpose)
        .setExpirationTime(expiresAt)
        .encrypt(current);
      reply.setCookie(nameOf(cookie), value, { ...attributesOf(cookie), expires: expiresAt });
    },
    async read(request, cookie) {
      const value = request.cookies[nameOf(cookie)];
      if (value === undefined) return null;
      for (const secret of secrets) {
        try {
          return await open(value, secret, cookie.purpose);
        } catch (error) {
          if (!(error instanceof errors.JOSEError)) throw error;
        }
      }
      return null;
    },
    clear(reply, cookie) {
      reply.clearCookie(nameOf(cookie), attributesOf(cookie));
    },
  };
}
