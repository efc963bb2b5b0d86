import { createQuery } from "@urql/solid";
import { createMemo, createSignal, For, Show } from "solid-js";
import { Days } from "../../charts/Days.tsx";
import { migrationHistory } from "../../data/documents/migration.ts";
import { nodes } from "../../data/graphql.ts";
import { numberOf } from "../../data/job-words.ts";
import { useLive } from "../../data/live.tsx";
import { createUrlText } from "../../data/url-state.ts";
import { CsvLink } from "../../ui/CsvLink.tsx";
import { absent } from "../../ui/format/absent.ts";
import { byteParts, bytes } from "../../ui/format/bytes.ts";
import { count } from "../../ui/format/count.ts";
import { duration } from "../../ui/format/duration.ts";
import { percent } from "../../ui/format/share.ts";
import { day } from "../../ui/format/time.ts";
import { Panel } from "../../ui/Panel.tsx";
import { MigrationPage } from "../../ui/page/MigrationPage.tsx";
import { ScrollFrame } from "../../ui/ScrollFrame.tsx";
import { Segmented } from "../../ui/Segmented.tsx";
import { words as page } from "../../words/history.ts";
import { words } from "../../words/migration.ts";
import { units } from "../../words/ui/units.ts";
import { EndedJobs } from "./EndedJobs.tsx";
import "../../ui/data-table.css";
import "../Overview/strip.css";
import "./migration-history.css";

const spans = [
  { key: "7", text: page.spans.week },
  { key: "", text: page.spans.month },
  { key: "90", text: page.spans.quarter },
] as const;

const dayMs = 86_400_000;

/** What migrations came to: how many succeeded, how long they took, what went wrong, and when. */
export function MigrationHistory() {
  const live = useLive();
  const span = createUrlText("days");
  const [answer, ask] = createQuery({ query: migrationHistory, variables: () => ({}) });
  live.onChange(["JOB"], () => ask({ requestPolicy: "network-only" }));
  const services = createMemo(() => nodes(answer.data?.migrationHistories));
  const errors = createMemo(() => nodes(answer.data?.migrationErrors).sort((a, b) => b.failures - a.failures));
  const sum = (of: (row: ReturnType<typeof services>[number]) => number | null) =>
    services().reduce((total, row) => total + (of(row) ?? 0), 0);
  const completed = () => sum(row => row.completed);
  const failed = () => sum(row => row.failed);
  const ended = () => completed() + failed();
  /** Seconds, over all that were completed and whose times are known. */
  const average = () => {
    const timed = services().filter(row => row.averageSeconds !== null && row.completed > 0);
    const many = timed.reduce((total, row) => total + row.completed, 0);
    return many === 0
      ? null
      : timed.reduce((total, row) => total + Number(row.averageSeconds) * row.completed, 0) / many;
  };
  const days = createMemo(() => {
    const length = Number(span.value() || 30);
    const end = Math.floor(live.now().getTime() / dayMs) * dayMs;
    const found = new Map<string, { completed: number; failed: number }>();
    for (const row of nodes(answer.data?.migrationTimelines)) {
      const known = found.get(row.day) ?? { completed: 0, failed: 0 };
      found.set(row.day, { completed: known.completed + row.completed, failed: known.failed + row.failed });
    }
    return Array.from({ length }, (_, index) => {
      const at = new Date(end - (length - 1 - index) * dayMs);
      return { label: day(at, live.now()), at, completed: 0, failed: 0, ...found.get(at.toISOString().slice(0, 10)) };
    });
  });
  const inSpan = (key: "completed" | "failed") => days().reduce((total, each) => total + each[key], 0);
  const [isTable, setTable] = createSignal(false);
  const moved = () => byteParts(sum(row => numberOf(row.bytesCopied)));
  const most = () => Math.max(1, ...errors().map(error => error.failures));
  return (
    <MigrationPage
      title={words.history}
      isThere={answer.data !== undefined}
      problem={answer.error}
      onRetry={() => ask()}
      acts={<CsvLink list="jobs" filters={{}} />}
      datum={<span>{page.basis}</span>}
    >
      <dl class="strip history-strip">
        <div>
          <dt>{page.success}</dt>
          <dd class="strip-value">{ended() === 0 ? absent : percent((completed() / ended()) * 100)}</dd>
          <dd class="strip-note">{page.ofEnded(count(completed()), count(ended()))}</dd>
        </div>
        <div>
          <dt>{page.average}</dt>
          <dd class="strip-value">{average() === null ? absent : duration(average() ?? 0)}</dd>
          <dd class="strip-note">{page.averageOf}</dd>
        </div>
        <div>
          <dt>{page.moved}</dt>
          <dd class="strip-value">
            {moved().value}
            <small>{moved().unit}</small>
          </dd>
          <dd class="strip-note">{page.movedOf}</dd>
        </div>
        <div>
          <dt>{page.failed}</dt>
          <dd class="strip-value">{count(failed())}</dd>
          <dd class="strip-note">{errors().length === 0 ? words.strip.none : page.kinds(errors().length)}</dd>
        </div>
      </dl>
      <div class="history-grid">
        <Panel
          title={words.panels.days}
          class="history-days"
          sub={page.inSpan(count(inSpan("completed")), count(inSpan("failed")))}
          act={
            <>
              <button type="button" class="link-button" onClick={() => setTable(!isTable())}>
                {isTable() ? words.asChart : words.asTable}
              </button>
              <Segmented
                label={page.span}
                options={spans}
                value={span.value() as (typeof spans)[number]["key"]}
                onChange={span.set}
              />
            </>
          }
        >
          <div class="panel-body">
            <Show
              when={!isTable()}
              fallback={
                <table class="data-table">
                  <thead>
                    <tr>
                      <th scope="col">{page.columns.day}</th>
                      <th scope="col" class="num">
                        {page.columns.completed}
                      </th>
                      <th scope="col" class="num">
                        {page.columns.failed}
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={days().filter(each => each.completed + each.failed > 0)}>
                      {each => (
                        <tr>
                          <td>{each.label}</td>
                          <td class="num">{count(each.completed)}</td>
                          <td class="num">{count(each.failed)}</td>
                        </tr>
                      )}
                    </For>
                  </tbody>
                </table>
              }
            >
              <Days
                label={page.days(days().length, count(inSpan("completed")), count(inSpan("failed")))}
                days={days()}
              />
            </Show>
          </div>
        </Panel>
        <Panel title={words.panels.errors} sub={failed() > 0 ? page.failedJobs(failed()) : undefined}>
          <Show when={errors().length > 0} fallback={<p class="panel-body dim">{words.noErrors}</p>}>
            <ul class="error-list">
              <For each={errors().slice(0, 8)}>
                {error => (
                  <li>
                    <a
                      href={error.newestJobId === null ? undefined : `/migration/jobs/${error.newestJobId}`}
                      title={error.newestMessage ?? ""}
                    >
                      {error.errorPattern || words.noWords}
                    </a>
                    <span class="dim">
                      {words.serviceNames[error.jobType as keyof typeof words.serviceNames] ?? error.jobType}
                      <small>{error.region}</small>
                    </span>
                    <span class="error-bar">
                      <svg width="100%" height="8" aria-hidden="true">
                        <rect class="days-failed" width={`${(error.failures / most()) * 100}%`} height="8" rx="1" />
                      </svg>
                    </span>
                    <b class="num">{count(error.failures)}</b>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        </Panel>
        <Panel title={words.panels.services} class="history-wide">
          <ScrollFrame label={words.panels.services} class="history-scroll">
            <table class="data-table">
              <thead>
                <tr>
                  <th scope="col">{page.columns.service}</th>
                  <th scope="col">{page.columns.place}</th>
                  <th scope="col" class="num">
                    {page.columns.jobs}
                  </th>
                  <th scope="col" class="num">
                    {page.columns.completed}
                  </th>
                  <th scope="col" class="num">
                    {page.columns.failed}
                  </th>
                  <th scope="col" class="num">
                    {page.columns.success}
                  </th>
                  <th scope="col" class="num">
                    {page.average}
                  </th>
                  <th scope="col" class="num">
                    {page.columns.moved}
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={services()}>
                  {row => (
                    <tr>
                      <td>{words.services[row.jobType as keyof typeof words.services] ?? row.jobType}</td>
                      <td>{page.place(row.awsAccountId, row.region)}</td>
                      <td class="num">{count(row.jobs)}</td>
                      <td class="num">{count(row.completed)}</td>
                      <td class="num">{count(row.failed)}</td>
                      <td class="num">{row.successPercent === null ? absent : percent(Number(row.successPercent))}</td>
                      <td class="num">{row.averageSeconds === null ? absent : duration(Number(row.averageSeconds))}</td>
                      <td class="num">
                        {row.bytesCopied !== null
                          ? bytes(Number(row.bytesCopied))
                          : row.rowsCopied !== null
                            ? units.rows(Number(row.rowsCopied))
                            : absent}
                      </td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
          </ScrollFrame>
        </Panel>
        <EndedJobs />
      </div>
    </MigrationPage>
  );
}
