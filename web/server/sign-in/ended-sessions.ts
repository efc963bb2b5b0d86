import type { Pool } from "pg";

/** Sessions that were signed out before their cookie ended: a copy of that cookie must not work any longer. */
export interface EndedSessions {
  end(session: string, expiresAt: Date): Promise<void>;
  has(session: string): Promise<boolean>;
}

/** Milliseconds that a session counts as not ended without asking again; another server's sign-outs arrive that late. */
const REMEMBER = 5000;

/** Remembered in the database, so that several servers know, and a restart forgets nothing. */
export function endedSessions(pool: Pool): EndedSessions {
  const askedAt = new Map<string, number>();
  return {
    async end(session, expiresAt) {
      await pool.query("select a2o_private.end_web_session($1, $2)", [session, expiresAt]);
      askedAt.delete(session);
    },
    async has(session) {
      const now = Date.now();
      const asked = askedAt.get(session);
      if (asked !== undefined && now - asked < REMEMBER) return false;
      const { rows } = await pool.query<{ ended: boolean }>("select a2o_private.is_web_session_ended($1) as ended", [
        session,
      ]);
      askedAt.delete(session);
      if (rows[0]?.ended !== false) return true;
      askedAt.set(session, now);
      // In the order of asking, so the oldest come first.
      for (const [old, at] of askedAt) {
        if (now - at < REMEMBER) break;
        askedAt.delete(old);
      }
      return false;
    },
  };
}
