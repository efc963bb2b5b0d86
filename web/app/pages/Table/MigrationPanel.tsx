import { A } from "@solidjs/router";
import { createQuery } from "@urql/solid";
import { createMemo, For, Show } from "solid-js";
import { type TableDetails, tableMigration } from "../../data/documents/table.ts";
import { nodes } from "../../data/graphql.ts";
import { useLive } from "../../data/live.tsx";
import { dayAndTime } from "../../ui/format/time.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { JobState, jobState } from "../../ui/JobState.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PanelFailure } from "../../ui/PanelFailure.tsx";
import { words } from "../../words/table.ts";

type Stage = keyof typeof words.stages;
const icons: Record<Stage, IconName> = {
  ASSESSED: "pending",
  MIGRATING: "running",
  MIGRATED: "completed",
  CHANGED_SINCE: "stalled",
};

/** How many jobs are named; the job's page has its other runs. */
const SHOWN = 6;

/** How far the table's migration is, and the jobs that move it. */
export function MigrationPanel(props: { table: TableDetails; assessment: string }) {
  const live = useLive();
  const variables = createMemo(() => ({
    assessment: props.assessment,
    database: props.table.databaseName,
    table: props.table.tableName,
    id: props.table.id,
  }));
  const [answer, ask] = createQuery({ query: tableMigration, variables });
  const again = () => ask({ requestPolicy: "network-only" });
  live.onChange(["JOB"], again);
  const known = createMemo(() => nodes(answer.data?.tableMigrations)[0]);
  /** The latest run of each task: a task that runs every hour would fill the list. */
  const jobs = createMemo(() => {
    const seen = new Set<string>();
    return nodes(answer.data?.jobLinks).filter(job => {
      const task = `${job.jobType} ${job.jobName}`;
      return !seen.has(task) && seen.add(task);
    });
  });
  const moment = (at: string | null) => <b>{at === null ? "" : dayAndTime(new Date(at))}</b>;
  return (
    <Panel title={words.migration}>
      <Show when={answer.error}>{error => <PanelFailure error={error()} onRetry={again} />}</Show>
      <Show when={known()}>
        {migration => (
          <div class="panel-body migration">
            <p class={`migration-stage migration-${migration().stage.toLowerCase()}`}>
              <Icon name={icons[migration().stage]} />
              <b>{words.stages[migration().stage]}</b>
            </p>
            <p class="mid">
              {words.stageWhy[migration().stage](
                moment(migration().migratedAt ?? migration().decidedAt),
                <A href={`/migration/jobs/${migration().jobId}`}>{migration().jobName ?? migration().jobId}</A>,
                moment(migration().lastUpdated),
              )}
            </p>
            <Show when={jobs().length > 0} fallback={<p class="dim">{words.noJobs}</p>}>
              <h3 class="vh">{words.jobs}</h3>
              <ul class="migration-jobs">
                <For each={jobs().slice(0, SHOWN)}>
                  {job => (
                    <li>
                      <A class="mono" href={`/migration/jobs/${job.jobId}`}>
                        {job.jobName ?? job.jobId}
                      </A>
                      <JobState state={jobState({ status: job.jobStatus })} />
                      <span class="dim">
                        {[
                          job.state === "CANDIDATE" ? words.maybe : job.state === "REJECTED" ? words.rejected : "",
                          job.tableState ?? "",
                          job.isSimulated ? words.simulatedJob : "",
                        ]
                          .filter(part => part !== "")
                          .join(", ")}
                      </span>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          </div>
        )}
      </Show>
    </Panel>
  );
}
