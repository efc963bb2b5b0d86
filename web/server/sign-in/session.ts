import { randomUUID } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Identity } from "../identity.ts";
import type { EndedSessions } from "./ended-sessions.ts";
import type { Identify } from "./identify.ts";
import { COOKIE_LIMIT, type SealedCookies } from "./sealed-cookies.ts";

const COOKIE = { name: "a2o-session", purpose: "session", path: "/" };

export interface Session {
  id: string;
  user: string;
  role: Identity["role"];
  /** Tells the provider whose session to end; null when it is too long for a cookie. */
  idToken: string | null;
  expiresAt: Date;
}

export interface Sessions {
  identify: Identify;
  begin(reply: FastifyReply, session: Omit<Session, "id">): Promise<void>;
  /** Ends the session of a request, for good; null when there is none. */
  end(request: FastifyRequest, reply: FastifyReply): Promise<Session | null>;
}

/** Sessions in an encrypted cookie; the database only knows those that were ended early. */
export function cookieSessions(cookies: SealedCookies, ended: EndedSessions): Sessions {
  const read = async (request: FastifyRequest): Promise<Session | null> => {
    const content = await cookies.read(request, COOKIE);
    if (content === null) return null;
    const { id, user, role, idToken, exp } = content;
    if (typeof id !== "string" || typeof user !== "string" || exp === undefined) return null;
    if (role !== "a2o_reader" && role !== "a2o_operator") return null;
    if (await ended.has(id)) return null;
    return { id, user, role, idToken: typeof idToken === "string" ? idToken : null, expiresAt: new Date(exp * 1000) };
  };
  return {
    async identify(request) {
      const session = await read(request);
      if (session === null) return null;
      const { user, role, expiresAt } = session;
      return { user, role, signIn: "session", expiresAt };
    },
    async begin(reply, { expiresAt, idToken, ...who }) {
      // Base64 of encryption makes it a third longer.
      const fits = idToken !== null && idToken.length * 1.4 + who.user.length * 4 + 700 < COOKIE_LIMIT;
      await cookies.set(reply, COOKIE, { ...who, id: randomUUID(), ...(fits ? { idToken } : {}) }, expiresAt);
    },
    async end(request, reply) {
      const session = await read(request);
      cookies.clear(reply, COOKIE);
      if (session !== null) await ended.end(session.id, session.expiresAt);
      return session;
    },
  };
}
