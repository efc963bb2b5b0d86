import { createQuery } from "@urql/solid";
import { createMemo, Show } from "solid-js";
import { Course, type CourseStep } from "../../charts/Course.tsx";
import { type JobDetails, jobCourse } from "../../data/documents/migration.ts";
import { nodes } from "../../data/graphql.ts";
import { useLive } from "../../data/live.tsx";
import { bytes } from "../../ui/format/bytes.ts";
import { count } from "../../ui/format/count.ts";
import { percent } from "../../ui/format/share.ts";
import { Panel } from "../../ui/Panel.tsx";
import { PanelFailure } from "../../ui/PanelFailure.tsx";
import { words as page } from "../../words/job.ts";
import { words } from "../../words/migration.ts";
import { units } from "../../words/ui/units.ts";
import { sentence } from "./course-sentence.ts";
import { MetricsPanel, metricsIn } from "./MetricsPanel.tsx";

const points = 120;

/** Metrics that stand below the course, beside the facts; more of them get the page's width. */
const metricsBeside = 3;

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
  const hasRate = () => rate().some(step => step.value !== null);
  const rateTick = (value: number) => (inBytes() ? units.perSecond(bytes(value)) : count(Math.round(value)));
  const metrics = createMemo(() => metricsIn(nodes(answer.data?.jobMetrics)));
  const isMany = () => metrics().length > metricsBeside;
  const metricsPanel = () => <MetricsPanel metrics={metrics()} isTold={answer.data !== undefined} isWide={isMany()} />;
  return (
    <>
      <div class="job-column">
        <Panel
          title={hasPercent() ? words.panels.course : words.panels.rate}
          sub={inBytes() ? page.inBytes : undefined}
        >
          <div class="panel-body">
            <Show when={answer.error}>{error => <PanelFailure error={error()} onRetry={() => ask()} />}</Show>
            <Show when={answer.data && !hasPercent() && !hasRate()}>
              <p class="dim">{steps().every(step => step.samples === 0) ? words.noCourse : words.nothingCounted}</p>
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
            <Show when={hasRate()}>
              <Show when={hasPercent()}>
                <h3 class="job-sub">{inBytes() ? page.bytesRate : page.rowsRate}</h3>
              </Show>
              <Course
                label={sentence(page.rate, rate(), rateTick)}
                steps={rate()}
                tick={rateTick}
                isBytes={inBytes()}
              />
            </Show>
          </div>
        </Panel>
        <Show when={!isMany()}>{metricsPanel()}</Show>
      </div>
      <Show when={isMany()}>{metricsPanel()}</Show>
    </>
  );
}
