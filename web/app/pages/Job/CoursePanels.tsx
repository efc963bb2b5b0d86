import { createQuery } from "@urql/solid";
import { createMemo, createSignal, For, Show } from "solid-js";
import { Course, type CourseStep } from "../../charts/Course.tsx";
import { type JobDetails, jobCourse } from "../../data/documents/migration.ts";
import { nodes } from "../../data/graphql.ts";
import { useLive } from "../../data/live.tsx";
import { bytes } from "../../ui/format/bytes.ts";
import { count } from "../../ui/format/count.ts";
import { percent } from "../../ui/format/share.ts";
import { dayAndTime } from "../../ui/format/time.ts";
import { Panel } from "../../ui/Panel.tsx";
import { PanelFailure } from "../../ui/PanelFailure.tsx";
import { words as page } from "../../words/job.ts";
import { words } from "../../words/migration.ts";
import { units } from "../../words/ui/units.ts";

const points = 120;

const isBytes = (unit: string | null): boolean => /bytes/i.test(unit ?? "");

/** A value in its CloudWatch unit. */
function measured(value: number, unit: string | null): string {
  if (unit === "Bytes" || unit === "Bytes/Second" || unit === "Kilobytes/Second") {
    const amount = unit === "Kilobytes/Second" ? value * 1024 : value;
    return unit === "Bytes" ? bytes(amount) : units.perSecond(bytes(amount));
  }
  const shown = value >= 100 ? count(Math.round(value)) : String(Math.round(value * 100) / 100);
  return unit === "Seconds" ? units.seconds(shown) : shown;
}

const sentence = (what: string, steps: readonly CourseStep[], tick: (value: number) => string): string => {
  const known = steps.filter(step => step.value !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return page.unmeasured(what);
  const of = (step: CourseStep) => page.at(tick(step.value ?? 0), dayAndTime(new Date(step.at)));
  const gaps = steps.length - known.length;
  return gaps > 0
    ? page.measuredWithGaps(what, of(first), of(last), count(gaps), count(steps.length))
    : page.measured(what, of(first), of(last));
};

/** How the job went: its own counts, and what CloudWatch told. */
export function CoursePanels(props: { job: JobDetails }) {
  const live = useLive();
  const [answer, ask] = createQuery({ query: jobCourse, variables: () => ({ job: props.job.id, points }) });
  live.onChange(["MONITOR"], () => props.job.completedAt === null && ask({ requestPolicy: "network-only" }));
  const steps = createMemo(() => nodes(answer.data?.jobProgress));
  const of = (value: (step: ReturnType<typeof steps>[number]) => number | null): CourseStep[] =>
    steps().map(step => ({ at: step.stepAt ?? "", value: value(step) }));
  const hasPercent = () => steps().some(step => step.percent !== null);
  const inBytes = () => steps().some(step => step.bytesPerSecond !== null);
  const rate = createMemo(() => of(step => (inBytes() ? step.bytesPerSecond : step.rowsPerSecond)));
  const rateTick = (value: number) => (inBytes() ? units.perSecond(bytes(value)) : count(Math.round(value)));
  const metrics = createMemo(() => {
    const found = new Map<string, { unit: string | null; steps: CourseStep[] }>();
    for (const row of nodes(answer.data?.jobMetrics)) {
      const name = row.metricName ?? "";
      const metric = found.get(name) ?? { unit: row.unit, steps: [] };
      metric.steps.push({ at: row.stepAt ?? "", value: row.average });
      if (metric.unit === null) metric.unit = row.unit;
      found.set(name, metric);
    }
    return [...found];
  });
  const [isTable, setTable] = createSignal(false);
  return (
    <>
      <Panel title={hasPercent() ? words.panels.course : words.panels.rate} sub={inBytes() ? page.inBytes : undefined}>
        <div class="panel-body">
          <Show when={answer.error}>{error => <PanelFailure error={error()} onRetry={() => ask()} />}</Show>
          <Show when={answer.data && steps().every(step => step.samples === 0)}>
            <p class="dim">{words.noCourse}</p>
          </Show>
          <Show when={hasPercent()}>
            <Course
              label={sentence(
                page.course,
                of(step => (step.percent === null ? null : Number(step.percent))),
                percent,
              )}
              steps={of(step => (step.percent === null ? null : Number(step.percent)))}
              tick={value => `${value}%`}
              most={100}
            />
          </Show>
          <Show when={rate().some(step => step.value !== null)}>
            <Show when={hasPercent()}>
              <h3 class="job-sub">{inBytes() ? page.bytesRate : page.rowsRate}</h3>
            </Show>
            <Course label={sentence(page.rate, rate(), rateTick)} steps={rate()} tick={rateTick} isBytes={inBytes()} />
          </Show>
        </div>
      </Panel>
      <Panel
        title={words.panels.metrics}
        class="job-wide"
        act={
          <Show when={metrics().length > 0}>
            <button type="button" class="link-button" onClick={() => setTable(!isTable())}>
              {isTable() ? words.asChart : words.asTable}
            </button>
          </Show>
        }
      >
        <div class="panel-body">
          <Show when={metrics().length > 0} fallback={<p class="dim">{answer.data ? words.noMetrics : ""}</p>}>
            <Show
              when={!isTable()}
              fallback={
                <table class="data-table">
                  <thead>
                    <tr>
                      <th scope="col">{page.metric.name}</th>
                      <th scope="col" class="num">
                        {page.metric.first}
                      </th>
                      <th scope="col" class="num">
                        {page.metric.newest}
                      </th>
                      <th scope="col" class="num">
                        {page.metric.highest}
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={metrics()}>
                      {([name, metric]) => {
                        const known = () => metric.steps.flatMap(step => step.value ?? []);
                        const shown = (value: number | undefined) =>
                          value === undefined ? "–" : measured(value, metric.unit);
                        return (
                          <tr>
                            <td class="mono">{name}</td>
                            <td class="num">{shown(known()[0])}</td>
                            <td class="num">{shown(known().at(-1))}</td>
                            <td class="num">{shown(known().length === 0 ? undefined : Math.max(...known()))}</td>
                          </tr>
                        );
                      }}
                    </For>
                  </tbody>
                </table>
              }
            >
              <div class="job-metrics">
                <For each={metrics()}>
                  {([name, metric]) => (
                    <section aria-label={name}>
                      <h3 class="job-sub mono">{name}</h3>
                      <Course
                        label={sentence(name, metric.steps, value => measured(value, metric.unit))}
                        steps={metric.steps}
                        tick={value => measured(value, metric.unit)}
                        isBytes={isBytes(metric.unit)}
                      />
                    </section>
                  )}
                </For>
              </div>
            </Show>
          </Show>
        </div>
      </Panel>
    </>
  );
}
