import { createQuery } from "@urql/solid";
import { createEffect, createMemo, createSignal, For, Match, on, Show, Switch } from "solid-js";
import { type ActiveJob, activeJobs, alerts } from "../../data/documents/migration.ts";
import { nodes } from "../../data/graphql.ts";
import { useLive } from "../../data/live.tsx";
import { Command } from "../../ui/Command.tsx";
import { count } from "../../ui/format/count.ts";
import { type JobStateKey, jobState } from "../../ui/JobState.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { MigrationPage } from "../../ui/page/MigrationPage.tsx";
import { words } from "../../words/migration.ts";
import { AlertItem } from "../Alerts/AlertItem.tsx";
import { JobGroup } from "./JobGroup.tsx";
import "../Overview/strip.css";
import "./active.css";

const groups = ["DMS", "DATASYNC", "GLUE_JOB", "COPY"] as const;

/** What migrates now. Rows change in place; new ones wait until the pointer and the focus have left the list. */
export function Active() {
  const live = useLive();
  const [answer, ask] = createQuery({ query: activeJobs, variables: () => ({}) });
  live.onChange(["JOB", "MONITOR"], () => ask({ requestPolicy: "network-only" }));

  const [attention, askAttention] = createQuery({ query: alerts, variables: () => ({ state: "OPEN" as const }) });
  const again = () => askAttention({ requestPolicy: "network-only" });
  live.onChange(["ALERT"], again);
  // One banner: the newest that is critical. All of them stand on their page.
  const banner = () => nodes(attention.data?.alertOverviews).find(alert => alert.severity === "CRITICAL");
  const jobs = createMemo(() => nodes(answer.data?.activeJobs));
  const watched = createMemo(() => nodes(answer.data?.monitorOverviews));
  // The order that people see: fixed while somebody points at it.
  const [isHeld, setHeld] = createSignal(false);
  const [order, setOrder] = createSignal<readonly string[]>([]);
  createEffect(
    on([jobs, isHeld], ([now, held]) => {
      const known = new Set(order());
      if (held && now.every(job => !known.has(job.id))) return;
      const rank = (job: ActiveJob) => job.startedAt ?? "9";
      const sorted = [...now].sort((a, b) => rank(b).localeCompare(rank(a)) || a.id.localeCompare(b.id));
      setOrder(held ? order() : sorted.map(job => job.id));
    }),
  );
  const shown = createMemo(() => {
    const byId = new Map(jobs().map(job => [job.id, job]));
    return order().flatMap(id => byId.get(id) ?? []);
  });
  const inState = (state: JobStateKey) => jobs().filter(job => jobState(job) === state);
  const kinds = (state: JobStateKey) => {
    const parts = groups.flatMap(kind => {
      const many = inState(state).filter(job => job.jobType === kind).length;
      return many === 0 ? [] : `${count(many)} ${words.serviceNames[kind]}`;
    });
    return parts.join(", ") || words.strip.none;
  };
  const beat = () => Math.min(...watched().map(each => each.pollSeconds ?? 30));
  const cards: readonly [JobStateKey, string, (() => string)?][] = [
    ["RUNNING", words.strip.running],
    ["FAILED", words.strip.failed],
    [
      "STALLED",
      words.strip.stalled,
      () => (inState("STALLED").length > 0 ? words.strip.stalledNote : words.strip.none),
    ],
    ["PENDING", words.strip.pending],
    ["COMPLETED", words.strip.done],
  ];
  return (
    <MigrationPage
      title={words.active}
      isThere={answer.data !== undefined}
      problem={answer.error}
      onRetry={() => ask()}
      isSimulated={jobs().some(job => job.isSimulated) || watched().some(each => each.isSimulated)}
      datum={
        <Show when={watched().length > 0}>
          <span>{words.askedEvery(beat())}</span>
        </Show>
      }
    >
      <Show when={banner()}>{alert => <AlertItem alert={alert()} onChanged={again} isBanner />}</Show>
      <Switch>
        <Match when={watched().length === 0 && jobs().length === 0}>
          <Notice title={words.nothingWatched} level={2}>
            <p>{words.watchHow}</p>
            <Command label={words.watchLabel} text={words.watchCommand} />
          </Notice>
        </Match>
        <Match when={true}>
          <dl class="strip active-strip">
            <For each={cards}>
              {([state, label, note]) => (
                <div>
                  <dt>{label}</dt>
                  <dd class="strip-value">{count(inState(state).length)}</dd>
                  <dd class="strip-note">{note?.() ?? kinds(state)}</dd>
                </div>
              )}
            </For>
          </dl>
          <Show when={jobs().length > 0} fallback={<p class="panel panel-body">{words.nothingRuns}</p>}>
            <div
              onPointerEnter={() => setHeld(true)}
              onPointerLeave={() => setHeld(false)}
              onFocusIn={() => setHeld(true)}
              onFocusOut={() => setHeld(false)}
            >
              <For each={groups}>
                {kind => (
                  <Show when={shown().some(job => job.jobType === kind)}>
                    <JobGroup kind={kind} jobs={shown().filter(job => job.jobType === kind)} />
                  </Show>
                )}
              </For>
            </div>
          </Show>
        </Match>
      </Switch>
    </MigrationPage>
  );
}
