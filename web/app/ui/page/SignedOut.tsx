import { createResource, Show } from "solid-js";
import { isSession, readSession } from "../../data/session.ts";
import { Notice } from "../Notice.tsx";

/** Nobody is signed in, or no longer: the way back leads to this very page. */
export function SignedOut() {
  const [session] = createResource(readSession);
  const address = () => {
    const known = session();
    if (known === undefined || isSession(known) || known.signInUrl === null) return undefined;
    return `${known.signInUrl}?return=${encodeURIComponent(location.pathname + location.search)}`;
  };
  return (
    <Notice title="You are signed out" icon="person">
      <p>The server does not know you, or your session has ended. You see only the AWS accounts granted to you.</p>
      <Show
        when={address()}
        fallback={
          <Show when={!session.loading}>
            <p>This server takes no sign-in from a browser. Whoever runs it tells how it is reached.</p>
          </Show>
        }
      >
        {href => (
          <div class="notice-acts">
            <a class="button primary" href={href()} rel="external">
              Sign in
            </a>
          </div>
        )}
      </Show>
    </Notice>
  );
}
