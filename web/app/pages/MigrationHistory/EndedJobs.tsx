import { A } from "@solidjs/router";
import type { CombinedError } from "@urql/core";
import { useClient } from "@urql/solid";
import { createEffect, createSignal, For, Match, on, Show, Switch } from "solid-js";
import { endedJobs } from "../../data/documents/migration.ts";
import { nodes, type ResultOf } from "../../data/graphql.ts";
import { elapsedText } from "../../data/job-words.ts";
import { tablePath } from "../../data/links.ts";
import { useLive } from "../../data/live.tsx";
import { createUrlText } from "../../data/url-state.ts";
import { Button } from "../../ui/Button.tsx";
import { absent } from "../../ui/format/absent.ts";
import { bytes } from "../../ui/format/bytes.ts";
import { count } from "../../ui/format/count.ts";
import { dayAndTime } from "../../ui/format/time.ts";
import { JobState, jobState } from "../../ui/JobState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PanelFailure } from "../../ui/PanelFailure.tsx";
import { ScrollFrame } from "../../ui/ScrollFrame.tsx";
import { Segmented } from "../../ui/Segmented.tsx";
import { words as history } from "../../words/history.ts";
import { words } from "../../words/migration.ts";
import { units } from "../../words/ui/units.ts";

type Page = NonNullable<ResultOf<typeof endedJobs>["migrationJobs"]>;
type EndedJob = Page["nodes"][number];

const choices = [
  { key: "", text: words.states.COMPLETED },
  { key: "failed", text: words.states.FAILED },
] as const;

/** The jobs themselves, a hundred at a time. */
export function EndedJobs() {
  const client = useClient();
  const live = useLive();
  const state = createUrlText("state");
  const [rows, setRows] = createSignal<readonly EndedJob[]>([]);
  const [page, setPage] = createSignal<Page>();
  const [problem, setProblem] = createSignal<CombinedError>();
  const ask = async (after: string | null) => {
    const status = state.value() === "failed" ? "FAILED" : "COMPLETED";
    const { data, error } = await client
      .query(endedJobs, { status, after }, { requestPolicy: "network-only" })
      .toPromise();
    setProblem(error);
    if (!data?.migrationJobs) return;
    setPage(data.migrationJobs);
    setRows(after === null ? nodes(data.migrationJobs) : [...rows(), ...nodes(data.migrationJobs)]);
  };
  createEffect(on(state.value, () => void ask(null)));
  // Whoever has gone further down is not taken back up.
  live.onChange(["JOB"], () => rows().length <= 100 && void ask(null));
  return (
    <Panel
      title={words.panels.jobs}
      sub={page() ? history.newestFirst(count(rows().length), count(page()?.totalCount ?? 0)) : undefined}
      class="history-wide"
      act={
        <Segmented
          label={words.columns.status}
          options={choices}
          value={state.value() as (typeof choices)[number]["key"]}
          onChange={state.set}
        />
      }
    >
      <Show when={problem()}>{error => <PanelFailure error={error()} onRetry={() => void ask(null)} />}</Show>
      <Show when={rows().length > 0} fallback={<p class="panel-body dim">{page() ? words.noEnded : ""}</p>}>
        <ScrollFrame label={words.panels.jobs} class="history-scroll">
          <table class="data-table">
            <thead>
              <tr>
                <th scope="col">{words.columns.status}</th>
                <th scope="col">{words.columns.job}</th>
                <th scope="col">{history.columns.service}</th>
                <th scope="col">{history.columns.region}</th>
                <th scope="col">{history.columns.table}</th>
                <th scope="col" class="num">
                  {history.columns.ended}
                </th>
                <th scope="col" class="num">
                  {history.columns.duration}
                </th>
                <th scope="col" class="num">
                  {history.columns.moved}
                </th>
                <Show when={state.value() === "failed"}>
                  <th scope="col">{words.failedWords}</th>
                </Show>
              </tr>
            </thead>
            <tbody>
              <For each={rows()}>
                {job => (
                  <tr>
                    <td>
                      <JobState state={jobState(job)} />
                    </td>
                    <td class="mono">
                      <A href={`/migration/jobs/${job.id}`}>{job.jobName ?? job.id}</A>
                    </td>
                    <td>{words.serviceNames[job.jobType as keyof typeof words.serviceNames] ?? job.jobType}</td>
                    <td>{job.region}</td>
                    <td class="mono">
                      <MovedTable job={job} />
                    </td>
                    <td class="num">{job.completedAt === null ? absent : dayAndTime(new Date(job.completedAt))}</td>
                    <td class="num">{elapsedText({ ...job, elapsedMs: null }, live.now())}</td>
                    <td class="num">
                      {job.bytesCopied !== null
                        ? bytes(Number(job.bytesCopied))
                        : job.rowsCopied !== null
                          ? units.rows(Number(job.rowsCopied))
                          : words.notReported}
                    </td>
                    <Show when={state.value() === "failed"}>
                      <td class="ended-words">{job.errorMessage ?? words.noWords}</td>
                    </Show>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </ScrollFrame>
        <Show when={page()?.pageInfo.hasNextPage}>
          <div class="panel-foot">
            <Button onClick={() => void ask(page()?.pageInfo.endCursor ?? null)}>{words.more}</Button>
          </div>
        </Show>
      </Show>
    </Panel>
  );
}

/** The table that the job moved, in the newest assessment of its catalog; a job that moved several leads to its page. */
function MovedTable(props: { job: EndedJob }) {
  const live = useLive();
  const moved = () => nodes(props.job?.jobLinks);
  const newest = () =>
    live.newest.find(
      ({ awsAccountId, region }) => awsAccountId === props.job?.awsAccountId && region === props.job.region,
    );
  return (
    <Switch fallback={absent}>
      <Match when={moved().length > 1}>
        <A href={`/migration/jobs/${props.job?.id}`}>{history.several}</A>
      </Match>
      <Match when={moved()[0]}>
        {table => (
          <A
            href={`${tablePath(table().databaseName, table().tableName)}${newest() ? `?assessment=${newest()?.id}` : ""}`}
          >
            {history.tableName(table().databaseName, table().tableName)}
          </A>
        )}
      </Match>
    </Switch>
  );
}
