import type { CourseStep } from "../../charts/Course.tsx";
import { count } from "../../ui/format/count.ts";
import { dayAndTime } from "../../ui/format/time.ts";
import { words as page } from "../../words/job.ts";

/** What a chart shows, for who does not see it: first value, last value, and how much of the time is not known. */
export const sentence = (what: string, steps: readonly CourseStep[], tick: (value: number) => string): string => {
  const known = steps.filter(step => step.value !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return page.unmeasured(what);
  const of = (step: CourseStep) => page.at(tick(step.value ?? 0), dayAndTime(new Date(step.at)));
  const gaps = steps.length - known.length;
  return gaps > 0
    ? page.measuredWithGaps(what, of(first), of(last), count(gaps), count(steps.length))
    : page.measured(what, of(first), of(last));
};
