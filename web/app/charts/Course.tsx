import { createMemo, For, Show } from "solid-js";
import { clockTime, dayAndTime } from "../ui/format/time.ts";
import { brokenLine, byteTicks, roundTicks } from "./broken-line.ts";
import { createWidth } from "./width.ts";
import "./chart.css";
import "./course.css";

export interface CourseStep {
  at: string;
  /** Null: nobody was asked, or AWS did not answer. */
  value: number | null;
}

/** One value over time, from zero. A gap stays a gap. */
export function Course(props: {
  /** One sentence with the first and the last value. */
  label: string;
  steps: readonly CourseStep[];
  /** On the axis. */
  tick: (value: number) => string;
  /** The axis ends here, whatever was measured. */
  most?: number;
  /** True when the values are bytes. */
  isBytes?: boolean;
}) {
  const { width, scale, watch } = createWidth(560);
  const height = () => 140 * scale();
  const left = () => 74 * scale();
  const right = () => 8 * scale();
  const top = () => 8 * scale();
  const bottom = () => 22 * scale();
  const values = createMemo(() => props.steps.map(step => step.value));
  const ticks = createMemo(() => {
    const most = props.most ?? Math.max(0, ...values().map(value => value ?? 0));
    return props.isBytes ? byteTicks(most, 3) : roundTicks(most, 3);
  });
  const x = (index: number) => left() + (index / Math.max(1, props.steps.length - 1)) * (width() - left() - right());
  const y = (value: number) => height() - bottom() - (value / (ticks().at(-1) ?? 1)) * (height() - top() - bottom());
  const isLong = () => {
    const [first, last] = [props.steps[0], props.steps.at(-1)];
    return first && last ? Date.parse(last.at) - Date.parse(first.at) > 86_400_000 : false;
  };
  const moment = (at: string) =>
    isLong() ? dayAndTime(new Date(at)).replace(/ \d{4},/, ",") : clockTime(new Date(at));
  const path = createMemo(() => brokenLine(values(), x, y));
  return (
    <figure class="course" ref={watch}>
      <figcaption class="vh">{props.label}</figcaption>
      <svg width={width()} height={height()} aria-hidden="true">
        <For each={ticks()}>
          {value => (
            <>
              <path
                class={value === 0 ? "chart-zero" : "chart-grid"}
                d={`M${left() - 6} ${Math.round(y(value)) + 0.5}H${width() - right()}`}
              />
              <text class="chart-text" x={left() - 12} y={y(value) + 4} text-anchor="end">
                {props.tick(value)}
              </text>
            </>
          )}
        </For>
        <path class="course-line" d={path()} />
        <Show when={props.steps[0]}>
          {step => (
            <text class="chart-text" x={left() - 6} y={height() - 5 * scale()}>
              {moment(step().at)}
            </text>
          )}
        </Show>
        <Show when={props.steps.at(-1)}>
          {step => (
            <text class="chart-text newest" x={width() - right()} y={height() - 5 * scale()} text-anchor="end">
              {moment(step().at)}
            </text>
          )}
        </Show>
      </svg>
    </figure>
  );
}
