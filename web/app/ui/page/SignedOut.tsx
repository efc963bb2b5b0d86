import { createResource, Show } from "solid-js";
import { isSession, readSession } from "../../data/session.ts";
import { words } from "../../words/ui/notices.ts";
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
    <Notice title={words.signedOut} icon="person">
      <p>{words.signedOutWhy}</p>
      <Show
        when={address()}
        fallback={
          <Show when={!session.loading}>
            <p>{words.noSignIn}</p>
          </Show>
        }
      >
        {href => (
          <div class="notice-acts">
            <a class="button primary" href={href()} rel="external">
              {words.signIn}
            </a>
          </div>
        )}
      </Show>
    </Notice>
  );
}
