/** One metric of CloudWatch: what its source reported in each interval. */
export interface Series {
  /** How long one report stands for, in milliseconds. */
  readonly intervalMs: number;
  /** The report for the time from `from` to `to`; undefined when the source was silent. */
  report(from: number, to: number): number | undefined;
}

/** A metric by name and dimensions. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** How long after an interval its report can be asked for. */
export const publishingMs = 30_000;

export const statistics = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"] as const;

export type Statistic = (typeof statistics)[number] | `p${number}`;

/** The statistic of some reports; undefined when there is none. */
export function aggregate(reports: readonly number[], statistic: Statistic): number | undefined {
  if (reports.length === 0) return undefined;
  const sum = reports.reduce((total, report) => total + report, 0);
  switch (statistic) {
    case "Average":
      return sum / reports.length;
    case "Sum":
      return sum;
    case "Minimum":
      return Math.min(...reports);
    case "Maximum":
      return Math.max(...reports);
    case "SampleCount":
      return reports.length;
    default: {
      const rank = Math.ceil((Number(statistic.slice(1)) / 100) * reports.length);
      return reports.toSorted((left, right) => left - right)[Math.max(0, rank - 1)];
    }
  }
}

/** The data points of a series in [from, to), oldest first, as far as they are published by `now`. */
export function dataPoints(
  series: Series,
  statistic: Statistic,
  periodMs: number,
  from: number,
  to: number,
  now: number,
): { time: number; value: number }[] {
  const points: { time: number; value: number }[] = [];
  const { intervalMs } = series;
  for (let start = from - (from % periodMs); start < to; start += periodMs) {
    const reports: number[] = [];
    const first = start - (start % intervalMs);
    for (let at = first; at < start + periodMs && at + intervalMs + publishingMs <= now; at += intervalMs) {
      const report = series.report(at, at + intervalMs);
      if (report !== undefined) reports.push(report);
    }
    const value = aggregate(reports, statistic);
    if (value !== undefined) points.push({ time: start, value });
  }
  return points;
}
