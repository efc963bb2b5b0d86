import { A, useParams } from "@solidjs/router";
import { createQuery } from "@urql/solid";
import { createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import { jobDetails } from "../../data/documents/migration.ts";
import { nodes } from "../../data/graphql.ts";
import { isUuid } from "../../data/is-uuid.ts";
import { elapsedText, numberOf, rateText } from "../../data/job-words.ts";
import { useLive } from "../../data/live.tsx";
import { Age } from "../../ui/Age.tsx";
import { absent } from "../../ui/format/absent.ts";
import { bytes } from "../../ui/format/bytes.ts";
import { count } from "../../ui/format/count.ts";
import { percent } from "../../ui/format/share.ts";
import { time } from "../../ui/format/time.ts";
import { Icon } from "../../ui/Icon.tsx";
import { JobState, jobState } from "../../ui/JobState.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { MigrationPage } from "../../ui/page/MigrationPage.tsx";
import { ScrollFrame } from "../../ui/ScrollFrame.tsx";
import { words } from "../../words/migration.ts";
import { CoursePanels } from "./CoursePanels.tsx";
import "../../ui/data-table.css";
import "./job.css";

/** Everything that is known of one job. */
export function Job() {
  const params = useParams<{ id: string }>();
  const live = useLive();
  const isPossible = createMemo(() => isUuid(params.id ?? ""));
  const [answer, ask] = createQuery({
    query: jobDetails,
    variables: () => ({ job: params.id ?? "" }),
    pause: () => !isPossible(),
  });
  // Asking by hand does not look at `pause`.
  live.onChange(["JOB", "MONITOR"], () => isPossible() && ask({ requestPolicy: "network-only" }));
  const job = () => answer.data?.migrationJob;
  const active = () => answer.data?.activeJob;
  const state = createMemo(() => jobState({ status: "PENDING", ...job(), isStalled: active()?.isStalled ?? null }));
  const tables = createMemo(() => nodes(answer.data?.migrationJobTables));
  const number = (value: string | null | undefined) => {
    const known = numberOf(value);
    return known === null ? absent : count(known);
  };
  const name = () => job()?.jobName ?? job()?.awsJobId ?? "Job";
  return (
    <Show
      when={isPossible() && !(answer.data && answer.data.migrationJob === null)}
      fallback={
        <Notice title="There is no such job">
          <p>
            The link may be cut off, the job forgotten, or its AWS account not open to you.{" "}
            <A href="/migration">{words.active}</A>
          </p>
        </Notice>
      }
    >
      <MigrationPage
        title={name()}
        heading={
          <span class="job-title">
            <span class="mono">{name()}</span> <JobState state={state()} />
          </span>
        }
        crumb={<A href="/migration">{words.active}</A>}
        acts={
          <Show when={job()?.consoleUrl}>
            {url => (
              <a class="button" href={url()} rel="external noreferrer" target="_blank">
                <Icon name="external" />
                AWS console
              </a>
            )}
          </Show>
        }
        isThere={job() != null}
        problem={answer.error}
        onRetry={() => ask()}
        isSimulated={job()?.isSimulated ?? false}
        datum={
          <Show when={job()?.lastSeenAt}>
            {seen => (
              <span>
                AWS listed it <Age at={seen()} />
              </span>
            )}
          </Show>
        }
      >
        <Show when={job()}>
          {known => (
            <div class="job-page">
              <Show when={known().errorMessage}>
                {error => (
                  <div class="job-failure" role={known().status === "FAILED" ? "alert" : undefined}>
                    <Icon name="failed" />
                    <div>
                      <p>
                        <b>{words.failedWords}</b>
                        <Show when={known().errorCode ?? known().stopReason}>
                          {code => <span class="mono"> {code()}</span>}
                        </Show>
                      </p>
                      <p class="mono">{error()}</p>
                    </div>
                  </div>
                )}
              </Show>
              <Panel title={words.panels.facts}>
                <dl class="job-facts">
                  <Fact label="Service">
                    {words.services[known().jobType as keyof typeof words.services] ?? known().jobType}
                    {known().migrationType && `, ${known().migrationType}`}
                  </Fact>
                  <Fact label="In AWS's words">{known().awsStatus ?? absent}</Fact>
                  <Fact label="Account and region">
                    {known().awsAccountId}, {known().region}
                  </Fact>
                  <Fact label="From">{known().source ?? absent}</Fact>
                  <Fact label="To">{known().target ?? absent}</Fact>
                  <Fact label="Started">
                    {known().startedAt ? time(new Date(known().startedAt ?? "")) : words.notStarted}
                  </Fact>
                  <Fact label="Ended">{known().completedAt ? time(new Date(known().completedAt ?? "")) : absent}</Fact>
                  <Fact label={words.columns.elapsed}>{elapsedText(known(), live.now())}</Fact>
                  <Fact label={words.columns.progress}>
                    {known().percent === null ? words.notReported : percent(Number(known().percent))}
                  </Fact>
                  <Fact label="Rows">{number(known().rowsCopied)}</Fact>
                  <Fact label="Bytes">
                    {known().bytesCopied === null ? absent : bytes(Number(known().bytesCopied))}
                    {known().bytesTotal !== null && ` of ${bytes(Number(known().bytesTotal))}`}
                  </Fact>
                  <Fact label="Rate">
                    {rateText(active()?.rowsPerSecond ?? null, active()?.bytesPerSecond ?? null) ?? absent}
                  </Fact>
                  <Fact label={words.columns.ends}>
                    <Switch fallback={known().completedAt ? "ended" : words.noEstimate}>
                      <Match when={active()?.etaAt}>
                        {at => (
                          <>
                            {time(new Date(at()))}
                            <Show when={active()?.etaConfidence}>
                              {confidence => <span class="dim">, {words.confidence[confidence()]}</span>}
                            </Show>
                          </>
                        )}
                      </Match>
                    </Switch>
                  </Fact>
                  <Show when={known().jobType === "DMS"}>
                    <Fact label="Rows with errors">{number(known().errorRows)}</Fact>
                    <Fact label="Rows that differ">{number(known().validationFailedRows)}</Fact>
                  </Show>
                  <Fact label="In AWS">{known().awsJobId ?? absent}</Fact>
                </dl>
              </Panel>
              <CoursePanels job={known()} />
              <Show when={tables().length > 0}>
                <Panel
                  title={words.panels.tables}
                  sub={`${count(answer.data?.migrationJobTables?.totalCount ?? 0)}, from DescribeTableStatistics`}
                  class="job-wide"
                >
                  <ScrollFrame label={words.panels.tables} class="job-scroll">
                    <table class="data-table">
                      <thead>
                        <tr>
                          <th scope="col">Table</th>
                          <th scope="col">State</th>
                          <th scope="col" class="num">
                            Rows loaded
                          </th>
                          <th scope="col" class="num">
                            Errors
                          </th>
                          <th scope="col" class="num">
                            Inserts
                          </th>
                          <th scope="col" class="num">
                            Updates
                          </th>
                          <th scope="col" class="num">
                            Deletes
                          </th>
                          <th scope="col">Validation</th>
                          <th scope="col" class="num">
                            Differ
                          </th>
                        </tr>
                      </thead>
                      <tbody>
                        <For each={tables()}>
                          {table => (
                            <tr>
                              <td class="mono">
                                {table.schemaName}.{table.tableName}
                              </td>
                              <td>{table.tableState ?? absent}</td>
                              <td class="num">{number(table.fullLoadRows)}</td>
                              <td class="num">{number(table.fullLoadErrorRows)}</td>
                              <td class="num">{number(table.inserts)}</td>
                              <td class="num">{number(table.updates)}</td>
                              <td class="num">{number(table.deletes)}</td>
                              <td>{table.validationState ?? absent}</td>
                              <td class="num">{number(table.validationFailedRecords)}</td>
                            </tr>
                          )}
                        </For>
                      </tbody>
                    </table>
                  </ScrollFrame>
                </Panel>
              </Show>
            </div>
          )}
        </Show>
      </MigrationPage>
    </Show>
  );
}

function Fact(props: { label: string; children: JSX.Element }) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
