import { createSignal, For, Show } from "solid-js";
import { Course, type CourseStep } from "../../charts/Course.tsx";
import { bytes } from "../../ui/format/bytes.ts";
import { count } from "../../ui/format/count.ts";
import { Panel } from "../../ui/Panel.tsx";
import { words as page } from "../../words/job.ts";
import { words } from "../../words/migration.ts";
import { units } from "../../words/ui/units.ts";
import { sentence } from "./course-sentence.ts";

type Metric = [name: string, course: { unit: string | null; steps: CourseStep[] }];

/** One course for each metric, from the rows of all of them. */
export function metricsIn(
  rows: readonly { metricName: string | null; unit: string | null; stepAt: string | null; average: number | null }[],
): Metric[] {
  const found = new Map<string, Metric[1]>();
  for (const row of rows) {
    const name = row.metricName ?? "";
    const metric = found.get(name) ?? { unit: row.unit, steps: [] };
    metric.steps.push({ at: row.stepAt ?? "", value: row.average });
    if (metric.unit === null) metric.unit = row.unit;
    found.set(name, metric);
  }
  return [...found];
}

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

/** What CloudWatch told of a job: charts, or their values as a table. */
export function MetricsPanel(props: { metrics: Metric[]; isTold: boolean; isWide: boolean }) {
  const [isTable, setTable] = createSignal(false);
  return (
    <Panel
      title={words.panels.metrics}
      class={props.isWide ? "job-wide" : ""}
      act={
        <Show when={props.metrics.length > 0}>
          <button type="button" class="link-button" onClick={() => setTable(!isTable())}>
            {isTable() ? words.asChart : words.asTable}
          </button>
        </Show>
      }
    >
      <div class="panel-body">
        <Show when={props.metrics.length > 0} fallback={<p class="dim">{props.isTold ? words.noMetrics : ""}</p>}>
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
                  <For each={props.metrics}>
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
              <For each={props.metrics}>
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
  );
}
