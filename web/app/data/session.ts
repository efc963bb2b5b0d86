export interface Session {
  user: string;
  role: string;
  signIn: "local" | "session" | "bearer" | "proxy";
  expiresAt: string | null;
  signOutUrl: string | null;
}

export interface NoSession {
  signInUrl: string | null;
}

/** Who the page's requests come from. On loopback nobody signs in, and there is nothing to sign out of. */
export async function readSession(): Promise<Session | NoSession | undefined> {
  try {
    const response = await fetch("/session", { headers: { accept: "application/json" } });
    if (!response.ok && response.status !== 401) return undefined;
    return (await response.json()) as Session | NoSession;
  } catch {
    return undefined;
  }
}

export const isSession = (session: Session | NoSession | undefined): session is Session =>
  session !== undefined && "user" in session;
