/** Who asks: what one request may do, however it was signed in. */
export interface Identity {
  /** Member of a2o.account_access, whose accounts the request may read. */
  user: string;
  role: "a2o_reader" | "a2o_operator";
  /** `local`: nobody signs in on loopback; `session`: OpenID Connect; `bearer`: a JWT; `proxy`: a trusted proxy's header. */
  signIn: "local" | "session" | "bearer" | "proxy";
  /** When the sign-in ends; whoever serves longer than a request (a websocket) stops then. Null: it does not. */
  expiresAt: Date | null;
}

/** Settings of the transaction that answers a request; everything that reads for a user sets exactly these. */
export function settingsOf(identity: Identity): { role: string; "a2o.user": string } {
  return { role: identity.role, "a2o.user": identity.user };
}
