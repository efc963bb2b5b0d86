import type { Identity } from "../identity.ts";
import type { SignIn } from "./identify.ts";

/** Everybody on this machine is the same user: for loopback, where nobody signs in. */
export function localSignIn({ role, user }: Pick<Identity, "role" | "user">): SignIn {
  const identity: Identity = { role, user, signIn: "local", expiresAt: null };
  return { identify: async () => identity, signInUrl: null, signOutUrl: null, takesBearer: false };
}
