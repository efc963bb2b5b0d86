import { createMemo, Show } from "solid-js";
import type { Assessment } from "../../data/documents/assessments.ts";
import { type Live, useLive } from "../../data/live.tsx";
import { useSelection } from "../../data/selection.tsx";
import { account } from "../format/account.ts";
import { Listbox } from "../Listbox.tsx";
import "./scope-picker.css";

const keyOf = (scope: Assessment): string => `${scope.awsAccountId} ${scope.region}`;

/** Which AWS account and region the page is about. Choosing one shows its newest assessment. */
export function ScopePicker() {
  const live = useLive();
  const selection = useSelection();
  const scopes = createMemo(() => [...live.newest].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)));
  const lines = () => (
    <Show when={selection.scope()} fallback={<NoScope live={live} />}>
      {shown => <ScopeLines scope={shown()} />}
    </Show>
  );
  return (
    <Show when={scopes().length > 1} fallback={<p class="scope scope-fixed">{lines()}</p>}>
      <Listbox
        class="scope"
        label="Account and region"
        icon="updown"
        items={scopes()}
        keyOf={keyOf}
        selectedKey={selectedKey(selection.scope())}
        onSelect={selection.select}
        option={scope => <ScopeLines scope={scope} />}
      >
        {lines()}
      </Listbox>
    </Show>
  );
}

const selectedKey = (shown: Assessment | undefined): string | undefined => shown && keyOf(shown);

function ScopeLines(props: { scope: Assessment }) {
  return (
    <span class="scope-lines">
      <b>{account(props.scope.awsAccountId)}</b>
      <small>
        {props.scope.region}
        {props.scope.isSimulated ? " · simulated" : ""}
      </small>
    </span>
  );
}

function NoScope(props: { live: Live }) {
  const isEmpty = () => props.live.toldAt() !== undefined && props.live.newest.length === 0;
  const mayReadNone = () => props.live.access()?.accounts.length === 0;
  const words = () => {
    if (!isEmpty()) return { name: "Account", note: "not read yet" };
    return mayReadNone()
      ? { name: "No account", note: "None is open to you" }
      : { name: "No account yet", note: "Nothing has been assessed" };
  };
  return (
    <span class="scope-lines">
      <b class="dim">{words().name}</b>
      <small>{words().note}</small>
    </span>
  );
}
