import { createEffect, createSignal, Show } from "solid-js";
import type { Access } from "../../data/documents/assessments.ts";
import { useLive } from "../../data/live.tsx";
import { isSession, type NoSession, readSession, type Session } from "../../data/session.ts";
import { words } from "../../words/ui/shell.ts";
import { units } from "../../words/ui/units.ts";
import { Button } from "../Button.tsx";
import { ThemeSwitch } from "./ThemeSwitch.tsx";
import "./access-line.css";

const role = (name: string): string => name.replace(/^a2o_/, "");

const reach = (accounts: Access["accounts"]): string => {
  if (accounts.includes("*")) return words.allAccounts;
  return accounts.length === 0 ? words.noAccount : units.accounts(accounts.length);
};

const who = (access: Access): string => access.userName ?? role(access.roleName ?? "");

const rights = (access: Access): string =>
  [access.userName && access.roleName ? role(access.roleName) : "", reach(access.accounts)].filter(Boolean).join(" · ");

/** Whose rights the page has: what this name may not see is not on the page. */
export function AccessLine() {
  const live = useLive();
  const [session, setSession] = createSignal<Session | NoSession>();
  // After the first figures, which do not wait for it.
  createEffect(() => {
    if (live.access() && !session()) void readSession().then(setSession);
  });
  const signOutUrl = () => {
    const known = session();
    return isSession(known) ? (known.signOutUrl ?? undefined) : undefined;
  };
  return (
    <div class="access-line">
      <Show when={live.access()} fallback={<p />}>
        {access => (
          <p title={access().accounts.join(", ")}>
            <b>{who(access())}</b>
            <small>{rights(access())}</small>
          </p>
        )}
      </Show>
      <Show when={signOutUrl()}>
        {url => (
          <form method="post" action={url()}>
            <Button kind="ghost" small type="submit">
              {words.signOut}
            </Button>
          </form>
        )}
      </Show>
      <ThemeSwitch />
    </div>
  );
}
