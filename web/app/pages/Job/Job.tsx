import { A, useParams } from "@solidjs/router";
import { createQuery } from "@urql/solid";
import { createMemo, For, type JSX, Show } from "solid-js";
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
import { words as page } from "../../words/job.ts";
import { words } from "../../words/migration.ts";
import { CoursePanels } from "./CoursePanels.tsx";
import { LinksPanel } from "./LinksPanel.tsx";
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
    return known === null ? null : count(known);
  };
  const copied = (): string | null => {
    const known = numberOf(job()?.bytesCopied);
    const total = numberOf(job()?.bytesTotal);
    if (total !== null) return page.bytesOf(known === null ? absent : bytes(known), bytes(total));
    return known === null ? null : bytes(known);
  };
  const name = () => job()?.jobName ?? job()?.awsJobId ?? page.title;
  return (
    <Show
      when={isPossible() && !(answer.data && answer.data.migrationJob === null)}
      fallback={
        <Notice title={page.missing}>
          <p>
            {page.missingWhy} <A href="/migration">{words.active}</A>
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
                {page.console}
              </a>
            )}
          </Show>
        }
        isThere={job() != null}
        problem={answer.error}
        onRetry={() => ask()}
        isSimulated={job()?.isSimulated ?? false}
        datum={<Show when={job()?.lastSeenAt}>{seen => <span>{page.listed(<Age at={seen()} />)}</span>}</Show>}
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
                  <Fact label={page.facts.service}>
                    {page.service(
                      words.services[known().jobType as keyof typeof words.services] ?? known().jobType,
                      known().migrationType,
                    )}
                  </Fact>
                  <Fact label={page.facts.awsStatus} text={known().awsStatus} />
                  <Fact label={page.facts.place}>{page.place(known().awsAccountId, known().region)}</Fact>
                  <Fact label={page.facts.from} text={known().source} />
                  <Fact label={page.facts.to} text={known().target} />
                  <Fact label={page.facts.started}>
                    {known().startedAt ? time(new Date(known().startedAt ?? "")) : words.notStarted}
                  </Fact>
                  <Show when={known().completedAt}>
                    {ended => <Fact label={page.facts.ended} text={time(new Date(ended()))} />}
                  </Show>
                  <Fact label={words.columns.elapsed}>{elapsedText(known(), live.now())}</Fact>
                  <Fact label={words.columns.progress}>
                    {known().percent === null ? words.notReported : percent(Number(known().percent))}
                  </Fact>
                  <Fact label={page.facts.rows} text={number(known().rowsCopied)} />
                  <Fact label={page.facts.bytes} text={copied()} />
                  <Fact
                    label={page.facts.rate}
                    text={rateText(active()?.rowsPerSecond ?? null, active()?.bytesPerSecond ?? null)}
                  />
                  <Show when={!known().completedAt}>
                    <Fact label={words.columns.ends}>
                      <Show when={active()?.etaAt} fallback={words.noEstimate}>
                        {at => (
                          <>
                            {time(new Date(at()))}
                            <Show when={active()?.etaConfidence}>
                              {confidence => <span class="dim">{page.sure(words.confidence[confidence()])}</span>}
                            </Show>
                          </>
                        )}
                      </Show>
                    </Fact>
                  </Show>
                  <Fact label={page.facts.errorRows} text={number(known().errorRows)} />
                  <Fact label={page.facts.differing} text={number(known().validationFailedRows)} />
                  <Fact label={page.facts.awsId} text={known().awsJobId} />
                </dl>
              </Panel>
              <CoursePanels job={known()} />
              <LinksPanel job={known().id} />
              <Show when={tables().length > 0}>
                <Panel
                  title={words.panels.tables}
                  sub={page.tablesFrom(count(answer.data?.migrationJobTables?.totalCount ?? 0))}
                  class="job-wide"
                >
                  <ScrollFrame label={words.panels.tables} class="job-scroll">
                    <table class="data-table">
                      <thead>
                        <tr>
                          <th scope="col">{page.columns.table}</th>
                          <th scope="col">{page.columns.state}</th>
                          <th scope="col" class="num">
                            {page.columns.loaded}
                          </th>
                          <th scope="col" class="num">
                            {page.columns.errors}
                          </th>
                          <th scope="col" class="num">
                            {page.columns.inserts}
                          </th>
                          <th scope="col" class="num">
                            {page.columns.updates}
                          </th>
                          <th scope="col" class="num">
                            {page.columns.deletes}
                          </th>
                          <th scope="col">{page.columns.validation}</th>
                          <th scope="col" class="num">
                            {page.columns.differ}
                          </th>
                        </tr>
                      </thead>
                      <tbody>
                        <For each={tables()}>
                          {table => (
                            <tr>
                              <td class="mono">{page.tableName(table.schemaName, table.tableName)}</td>
                              <td>{table.tableState ?? absent}</td>
                              <td class="num">{number(table.fullLoadRows) ?? absent}</td>
                              <td class="num">{number(table.fullLoadErrorRows) ?? absent}</td>
                              <td class="num">{number(table.inserts) ?? absent}</td>
                              <td class="num">{number(table.updates) ?? absent}</td>
                              <td class="num">{number(table.deletes) ?? absent}</td>
                              <td>{table.validationState ?? absent}</td>
                              <td class="num">{number(table.validationFailedRecords) ?? absent}</td>
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

/** One line of the facts; a text that AWS did not tell takes none. */
function Fact(props: { label: string } & ({ text: string | null | undefined } | { children: JSX.Element })) {
  return (
    <Show when={"children" in props ? props.children : props.text}>
      {value => (
        <div>
          <dt>{props.label}</dt>
          <dd>{value()}</dd>
        </div>
      )}
    </Show>
  );
}
