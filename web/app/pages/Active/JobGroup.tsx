import { A } from "@solidjs/router";
import { useClient } from "@urql/solid";
import { createEffect, createMemo, createSignal, createUniqueId, For, on, onCleanup, Show } from "solid-js";
import { Progress } from "../../charts/Progress.tsx";
import { Sparkline } from "../../charts/Sparkline.tsx";
import { type ActiveJob, jobPace, type PaceStep } from "../../data/documents/migration.ts";
import { nodes } from "../../data/graphql.ts";
import { elapsedText, endText, movedText, numberOf, percentText, rateText } from "../../data/job-words.ts";
import { useLive } from "../../data/live.tsx";
import { age, elapsed } from "../../ui/format/age.ts";
import { JobState, type JobStateKey, jobState } from "../../ui/JobState.tsx";
import { words } from "../../words/migration.ts";

/** Half an hour in steps that a sparkline can show. */
const window = 30 * 60_000;
const points = 30;

/** The jobs of one service, with columns in common. */
export function JobGroup(props: { kind: keyof typeof words.services; jobs: readonly ActiveJob[] }) {
  const heading = createUniqueId();
  return (
    <section class="job-group" aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{words.services[props.kind]}</h2>
        <p class="dim hide-sm">{words.basis[props.kind]}</p>
      </header>
      <div class="panel job-table" role="table" aria-labelledby={heading}>
        <div class="job-row job-head" role="row">
          <span role="columnheader">{words.columns.job}</span>
          <span role="columnheader">{words.columns.status}</span>
          <span role="columnheader">{words.columns.progress}</span>
          <span role="columnheader">{words.columns.pace}</span>
          <span role="columnheader" class="num">
            {words.columns.elapsed}
          </span>
          <span role="columnheader" class="num">
            {words.columns.ends}
          </span>
        </div>
        <For each={props.jobs}>{job => <JobRow job={job} />}</For>
      </div>
    </section>
  );
}

const tones: Record<JobStateKey, "running" | "completed" | "failed" | "stalled"> = {
  FAILED: "failed",
  STALLED: "stalled",
  COMPLETED: "completed",
  RUNNING: "running",
  PENDING: "running",
  GONE: "stalled",
};

function JobRow(props: { job: ActiveJob }) {
  const live = useLive();
  const state = createMemo(() => jobState(props.job));
  const ends = createMemo(() => endText(props.job, live.now()));
  const stalled = () =>
    props.job.stalledSince !== null && state() === "STALLED"
      ? words.stalledFor(elapsed(new Date(props.job.stalledSince), live.now()))
      : null;
  return (
    <div class={`job-row row-${state().toLowerCase()}`} role="row">
      <span role="cell" class="job-name">
        <A class="mono" href={`/migration/jobs/${props.job.id}`}>
          {props.job.jobName ?? props.job.id}
        </A>
        <small>
          {props.job.region}
          <Show when={props.job.migrationType}>{type => ` · ${type()}`}</Show>
        </small>
      </span>
      <span role="cell">
        <JobState state={state()} />
        <Show when={props.job.isStale && props.job.lastSeenAt}>
          {seen => <small>{words.stale(age(new Date(seen()), live.now()))}</small>}
        </Show>
      </span>
      <span role="cell" class="job-progress">
        <span class="job-bar">
          <Progress
            percent={numberOf(props.job.percent) ?? (state() === "COMPLETED" ? 100 : null)}
            tone={props.job.isStale && state() === "RUNNING" ? "stale" : tones[state()]}
          />
          <b class="num">{percentText(props.job)}</b>
        </span>
        <small>
          {[movedText(props.job), stalled()].filter(Boolean).join("; ")}
          <Show when={props.job.errorMessage}>{error => <span class="job-error">{error()}</span>}</Show>
        </small>
      </span>
      <span role="cell" class="job-pace">
        <Show when={props.job.status !== "PENDING"} fallback={<span class="dim">{words.notStarted}</span>}>
          <Pace job={props.job} state={state()} />
        </Show>
      </span>
      <span role="cell" class="num">
        {elapsedText(props.job, live.now())}
      </span>
      <span role="cell" class="num">
        {ends().time}
        <small>{ends().note}</small>
      </span>
    </div>
  );
}

/** Asked when the row comes into view, and with every poll after that. */
function Pace(props: { job: ActiveJob; state: JobStateKey }) {
  const client = useClient();
  const live = useLive();
  const [steps, setSteps] = createSignal<readonly PaceStep[]>([]);
  const [isSeen, setSeen] = createSignal(false);
  const ask = async () => {
    const since = new Date(Date.now() - window).toISOString();
    const { data } = await client
      .query(jobPace, { job: props.job.id, since, points }, { requestPolicy: "network-only" })
      .toPromise();
    if (data) setSteps(nodes(data.jobProgress));
  };
  createEffect(on([isSeen, () => props.job.lastSeenAt], ([seen]) => seen && void ask()));
  const watch = (element: HTMLElement) => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true));
    observer.observe(element);
    onCleanup(() => observer.disconnect());
  };
  const values = () =>
    steps().map(step => (props.job.bytesPerSecond === null ? step.rowsPerSecond : step.bytesPerSecond));
  const now = () => {
    if (props.job.completedAt !== null) return words.stopped(age(new Date(props.job.completedAt), live.now()));
    return rateText(props.job.rowsPerSecond, props.job.bytesPerSecond) ?? words.notReported;
  };
  return (
    <span class="job-spark" ref={watch}>
      <Show when={values().some(value => value !== null)}>
        <Sparkline
          values={values()}
          tone={props.state === "FAILED" ? "failed" : props.state === "STALLED" ? "stalled" : "running"}
        />
      </Show>
      <span>{now()}</span>
    </span>
  );
}
