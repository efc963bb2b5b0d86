import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

/** As PostgreSQL's own default. */
const ITERATIONS = 4096;

/**
 * What PostgreSQL keeps of a password (RFC 5803), made here, so that a statement with it tells nobody the password.
 *
 * @param password printable ASCII, which every client prepares alike
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  const keyOf = (name: string) => createHmac("sha256", salted).update(name).digest();
  const storedKey = createHash("sha256").update(keyOf("Client Key")).digest("base64");
  const serverKey = keyOf("Server Key").toString("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
