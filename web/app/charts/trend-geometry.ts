/** One assessment in time. */
export interface TrendPoint {
  at: number;
  values: readonly number[];
  /** False for one that could read less than the others: it is drawn hollow, and no line is joined to it. */
  isComparable: boolean;
}

export interface TrendSize {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The least of 1, 2, 5, 10, … that reaches `max` in at most four steps. */
export function niceStep(max: number): number {
  if (max <= 0) return 1;
  const rough = max / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(each => each * power).find(each => each * 4 >= max * (1 - 1e-9)) ?? power * 10;
  return Math.max(1, step);
}

export interface TrendScale {
  x: (at: number) => number;
  y: (value: number) => number;
  /** Where gridlines are, from zero up. */
  ticks: number[];
}

/** Time to scale, values from zero. A single point stands at the right end, where the newest always is. */
export function trendScale(points: readonly TrendPoint[], size: TrendSize): TrendScale {
  const times = points.map(point => point.at);
  const first = Math.min(...times);
  const last = Math.max(...times);
  const max = Math.max(0, ...points.flatMap(point => point.values));
  const step = niceStep(max);
  const top = Math.max(step, Math.ceil(max / step - 1e-9) * step);
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  const width = size.width - size.left - size.right;
  const height = size.height - size.top - size.bottom;
  return {
    x: at => size.left + (last > first ? ((at - first) / (last - first)) * width : width),
    y: value => size.top + height - (value / top) * height,
    ticks,
  };
}

export interface TrendLine {
  /** Between neighbours that can be compared. */
  solid: string;
  /** Across those that cannot. */
  dashed: string;
}

/** The paths of one series. */
export function trendLine(points: readonly TrendPoint[], series: number, scale: TrendScale): TrendLine {
  const place = (point: TrendPoint) => `${round(scale.x(point.at))} ${round(scale.y(point.values[series] ?? 0))}`;
  let solid = "";
  let dashed = "";
  let before: number | undefined;
  points.forEach((point, index) => {
    if (!point.isComparable) return;
    const from = before === undefined ? undefined : points[before];
    if (from && before === index - 1) solid += `M${place(from)}L${place(point)}`;
    else if (from) dashed += `M${place(from)}L${place(point)}`;
    before = index;
  });
  return { solid, dashed };
}

/** Moves labels apart that would lie over each other, keeping their order. */
export function spread(places: readonly number[], least: number): number[] {
  const order = places.map((_, index) => index).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const moved = [...places];
  for (let index = 1; index < order.length; index += 1) {
    const here = order[index] ?? 0;
    const above = moved[order[index - 1] ?? 0] ?? 0;
    moved[here] = Math.max(moved[here] ?? 0, above + least);
  }
  return moved;
}

/** Which points get a date below the axis: the first, the last, and those between with room. */
export function labelled(xs: readonly number[], least: number): number[] {
  const last = xs.length - 1;
  const shown: number[] = [];
  xs.forEach((x, index) => {
    const before = xs[shown.at(-1) ?? -1];
    const fitsBefore = before === undefined || x - before >= least;
    const fitsLast = index === last || (xs[last] ?? 0) - x >= least;
    if ((fitsBefore && fitsLast) || index === last) shown.push(index);
  });
  return shown;
}

const round = (value: number): number => Math.round(value * 100) / 100;
