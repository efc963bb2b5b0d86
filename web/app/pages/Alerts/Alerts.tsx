import { createQuery } from "@urql/solid";
import { createMemo, For, Show } from "solid-js";
import { type Alert, alerts } from "../../data/documents/migration.ts";
import { nodes } from "../../data/graphql.ts";
import { useLive } from "../../data/live.tsx";
import { createUrlText } from "../../data/url-state.ts";
import { count } from "../../ui/format/count.ts";
import { MigrationPage } from "../../ui/page/MigrationPage.tsx";
import { Segmented } from "../../ui/Segmented.tsx";
import { words } from "../../words/migration.ts";
import { AlertItem } from "./AlertItem.tsx";

const states = [
  { key: "", text: words.alertStates.OPEN },
  { key: "acknowledged", text: words.alertStates.ACKNOWLEDGED },
  { key: "resolved", text: words.alertStates.RESOLVED },
] as const;

/** What needs attention, what somebody has taken on, and what is over. */
export function Alerts() {
  const live = useLive();
  const chosen = createUrlText("state");
  const state = (): Alert["state"] =>
    chosen.value() === "acknowledged" ? "ACKNOWLEDGED" : chosen.value() === "resolved" ? "RESOLVED" : "OPEN";
  const [answer, ask] = createQuery({ query: alerts, variables: () => ({ state: state() }) });
  const again = () => ask({ requestPolicy: "network-only" });
  live.onChange(["ALERT"], again);
  const shown = createMemo(() => nodes(answer.data?.alertOverviews));
  const total = () => answer.data?.alertOverviews?.totalCount ?? 0;
  return (
    <MigrationPage
      title={words.alerts}
      isThere={answer.data !== undefined}
      problem={answer.error}
      onRetry={() => ask()}
      isSimulated={shown().some(alert => alert.isSimulated)}
      datum={<span>{words.alertRules}</span>}
      acts={
        <Segmented
          label={words.alerts}
          options={states}
          value={chosen.value() as (typeof states)[number]["key"]}
          onChange={chosen.set}
        />
      }
    >
      <Show when={shown().length > 0} fallback={<p class="panel panel-body">{words.alertNone[state()]}</p>}>
        <div class="panel alert-list">
          <For each={shown()}>{alert => <AlertItem alert={alert} onChanged={again} />}</For>
          <Show when={total() > shown().length}>
            <p class="panel-foot">{words.allAlerts(count(total() - shown().length))}</p>
          </Show>
        </div>
      </Show>
    </MigrationPage>
  );
}
