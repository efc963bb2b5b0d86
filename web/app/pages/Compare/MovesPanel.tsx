import { createQuery } from "@urql/solid";
import { createMemo, For, Match, Show, Switch } from "solid-js";
import type { Readiness } from "../../data/documents/assessments.ts";
import { type Comparison, type ReadinessMove, readinessMoves } from "../../data/documents/compare.ts";
import { nodes } from "../../data/graphql.ts";
import { useLive } from "../../data/live.tsx";
import { count } from "../../ui/format/count.ts";
import { day } from "../../ui/format/time.ts";
import { Late } from "../../ui/Late.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PanelFailure } from "../../ui/PanelFailure.tsx";
import { readinessOrder } from "../../ui/readiness.ts";
import { ScrollFrame } from "../../ui/ScrollFrame.tsx";
import { Verdict } from "../../ui/Verdict.tsx";
import { words } from "../../words/compare.ts";
import "../../ui/data-table.css";

/** Better is further to the front: Ready, Needs conversion, Unknown. */
const rank = (readiness: Readiness): number => readinessOrder.indexOf(readiness);

/** From which verdict to which, every table once. */
export function MovesPanel(props: { from: string; to: string; comparison: Comparison }) {
  const live = useLive();
  const [answer, ask] = createQuery({
    query: readinessMoves,
    variables: () => ({ from: props.from, to: props.to }),
  });
  const moves = createMemo(() => nodes(answer.data?.readinessMoves));
  const sum = (fits: (move: ReadinessMove) => boolean) =>
    moves().reduce((total, move) => total + (fits(move) ? move.tableCount : 0), 0);
  const kept = (before: Readiness, after: Readiness) =>
    sum(move => move.fate === "KEPT" && move.readinessBefore === before && move.readinessAfter === after);
  const better = () =>
    sum(move => move.fate === "KEPT" && move.readinessAfter === "READY" && move.readinessBefore !== "READY");
  const worse = () =>
    sum(
      move =>
        move.fate === "KEPT" &&
        move.readinessBefore !== null &&
        move.readinessAfter !== null &&
        rank(move.readinessAfter) > rank(move.readinessBefore),
    );
  const hasUnread = () => sum(move => move.fate === "UNREAD_AFTER" || move.fate === "UNREAD_BEFORE") > 0;
  const on = (timestamp: string) => day(new Date(timestamp), live.now());
  const tone = (before: Readiness, after: Readiness) => {
    if (before === after) return "dim";
    if (kept(before, after) === 0) return "dim";
    return rank(after) < rank(before) ? "moves-better" : "moves-worse";
  };
  return (
    <Panel title={words.moves} sub={words.movesSub}>
      <Switch
        fallback={
          <div class="panel-body">
            <Late>
              <p class="dim" role="status">
                {words.counting}
              </p>
            </Late>
          </div>
        }
      >
        <Match when={answer.error}>{error => <PanelFailure error={error()} onRetry={() => ask()} />}</Match>
        <Match when={answer.data}>
          <ScrollFrame label={words.moves}>
            <table class="data-table moves">
              <thead>
                <tr>
                  <th scope="col">
                    {words.movesCorner(
                      on(props.comparison.fromTimestamp),
                      text => (
                        <span class="dim">{text}</span>
                      ),
                      on(props.comparison.toTimestamp),
                    )}
                  </th>
                  <For each={readinessOrder}>
                    {after => (
                      <th scope="col" class="num">
                        <Verdict of={after} />
                      </th>
                    )}
                  </For>
                  <th scope="col" class="num">
                    {words.removed}
                  </th>
                  <Show when={hasUnread()}>
                    <th scope="col" class="num">
                      {words.notReadNow}
                    </th>
                  </Show>
                </tr>
              </thead>
              <tbody>
                <For each={readinessOrder}>
                  {before => (
                    <tr>
                      <th scope="row">
                        <Verdict of={before} />
                      </th>
                      <For each={readinessOrder}>
                        {after => <td class={`num ${tone(before, after)}`}>{count(kept(before, after))}</td>}
                      </For>
                      <td class="num mid">
                        {count(sum(move => move.fate === "REMOVED" && move.readinessBefore === before))}
                      </td>
                      <Show when={hasUnread()}>
                        <td class="num mid">
                          {count(sum(move => move.fate === "UNREAD_AFTER" && move.readinessBefore === before))}
                        </td>
                      </Show>
                    </tr>
                  )}
                </For>
                <tr>
                  <th scope="row" class="mid">
                    {words.added}
                  </th>
                  <For each={readinessOrder}>
                    {after => (
                      <td class="num mid">
                        {count(sum(move => move.fate === "ADDED" && move.readinessAfter === after))}
                      </td>
                    )}
                  </For>
                  <td />
                  <Show when={hasUnread()}>
                    <td />
                  </Show>
                </tr>
                <Show when={hasUnread()}>
                  <tr>
                    <th scope="row" class="mid">
                      {words.notReadBefore}
                    </th>
                    <For each={readinessOrder}>
                      {after => (
                        <td class="num mid">
                          {count(sum(move => move.fate === "UNREAD_BEFORE" && move.readinessAfter === after))}
                        </td>
                      )}
                    </For>
                    <td />
                    <td />
                  </tr>
                </Show>
                <tr class="moves-total">
                  <th scope="row">{on(props.comparison.toTimestamp)}</th>
                  <For each={readinessOrder}>
                    {after => (
                      <td class="num">
                        <b>{count(sum(move => move.readinessAfter === after))}</b>
                      </td>
                    )}
                  </For>
                  <td class="num mid">{count(sum(move => move.fate === "REMOVED"))}</td>
                  <Show when={hasUnread()}>
                    <td class="num mid">{count(sum(move => move.fate === "UNREAD_AFTER"))}</td>
                  </Show>
                </tr>
              </tbody>
            </table>
          </ScrollFrame>
          <div class="panel-foot">
            <span>{words.became(count(better()), count(worse()))}</span>
          </div>
        </Match>
      </Switch>
    </Panel>
  );
}
