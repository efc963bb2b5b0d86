import { createMemo, Show } from "solid-js";
import type { Assessment } from "../../data/documents/assessments.ts";
import { type Live, useLive } from "../../data/live.tsx";
import { useSelection } from "../../data/selection.tsx";
import { words } from "../../words/ui/shell.ts";
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
        label={words.scope}
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
      <small>{words.region(props.scope.region, props.scope.isSimulated)}</small>
    </span>
  );
}

function NoScope(props: { live: Live }) {
  const isEmpty = () => props.live.toldAt() !== undefined && props.live.newest.length === 0;
  const mayReadNone = () => props.live.access()?.accounts.length === 0;
  const said = () => {
    if (!isEmpty()) return words.noScope.unread;
    return mayReadNone() ? words.noScope.denied : words.noScope.empty;
  };
  return (
    <span class="scope-lines">
      <b class="dim">{said().name}</b>
      <small>{said().note}</small>
    </span>
  );
}
