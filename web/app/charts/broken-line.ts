/** SVG path through the values that there are; a missing one interrupts it. A lone value between gaps is a short stroke. */
export function brokenLine(
  values: readonly (number | null)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let isDown = false;
  values.forEach((value, index) => {
    if (value === null) {
      isDown = false;
      return;
    }
    const place = `${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    const isAlone = !isDown && values[index + 1] == null;
    path += `${isDown ? "L" : "M"}${place}${isAlone ? "h0.1" : ""}`;
    isDown = true;
  });
  return path;
}

/** A round upper end of an axis, and the steps up to it: 1, 2 or 5 times a power of ten. */
export function roundTicks(most: number, steps = 4): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find(factor => factor * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, index) => index * step);
}

/** The same for bytes, whose units are powers of 1024. */
export function byteTicks(most: number, steps = 4): number[] {
  const unit = most > 0 ? 1024 ** Math.max(0, Math.floor(Math.log(most) / Math.log(1024))) : 1;
  return roundTicks(most / unit, steps).map(tick => tick * unit);
}
