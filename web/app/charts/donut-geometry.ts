export interface DonutSize {
  /** Outer radius, inner radius and the gap between parts, in px. */
  outer: number;
  inner: number;
  gap: number;
  /** The least visible width of a part above zero, in px along the middle of the ring. */
  sliver: number;
}

/** The angles that each part takes, in radians from twelve o'clock, clockwise. Parts of zero take none. */
export interface DonutAngles {
  from: number;
  to: number;
}

const turn = 2 * Math.PI;

/**
 * Shares the full turn out in proportion. A part too small to be seen is widened to a sliver, and the others give up
 * that angle in proportion to what they have beyond a sliver, so that the whole stays a full turn.
 */
export function donutAngles(values: readonly number[], size: DonutSize): DonutAngles[] {
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (total <= 0) return values.map(() => ({ from: 0, to: 0 }));
  const least = (size.gap + size.sliver) / ((size.outer + size.inner) / 2);
  const fair = values.map(value => (Math.max(0, value) / total) * turn);
  const wanted = fair.map(angle => (angle > 0 ? Math.max(angle, least) : 0));
  const excess = wanted.reduce((sum, angle) => sum + angle, 0) - turn;
  const spare = wanted.reduce((sum, angle) => sum + Math.max(0, angle - least), 0);
  let at = 0;
  return wanted.map(angle => {
    const width = angle > least && spare > 0 ? angle - (excess * (angle - least)) / spare : angle;
    const from = at;
    at += width;
    return { from, to: at };
  });
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** A point on a circle around (0, 0), with the angle measured from twelve o'clock. */
const point = (radius: number, angle: number): string =>
  `${round(radius * Math.sin(angle))} ${round(-radius * Math.cos(angle))}`;

/**
 * The SVG path of one part around (0, 0). The gap has parallel sides: it takes a larger angle at the inner radius.
 * A part that is the whole turn becomes a closed ring (two circles; fill it with `evenodd`). Nothing for a part of zero.
 */
export function donutPath(angles: DonutAngles, size: DonutSize): string {
  const width = angles.to - angles.from;
  if (width <= 0) return "";
  if (width >= turn - 1e-9) return ring(size.outer) + ring(size.inner);
  const half = size.gap / 2;
  const atOuter = Math.asin(half / size.outer);
  const atInner = Math.asin(half / size.inner);
  const large = width > Math.PI ? 1 : 0;
  return [
    `M${point(size.outer, angles.from + atOuter)}`,
    `A${size.outer} ${size.outer} 0 ${large} 1 ${point(size.outer, angles.to - atOuter)}`,
    `L${point(size.inner, angles.to - atInner)}`,
    `A${size.inner} ${size.inner} 0 ${large} 0 ${point(size.inner, angles.from + atInner)}Z`,
  ].join("");
}

const ring = (radius: number): string =>
  `M0 ${-radius}A${radius} ${radius} 0 1 1 0 ${radius}A${radius} ${radius} 0 1 1 0 ${-radius}Z`;
