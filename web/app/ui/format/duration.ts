const units = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
] as const;

/** `2 h 41 min`, `52 min`, `8 s`: the two largest units, seconds only below a minute. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const first = units.findIndex(([, size]) => whole >= size);
  if (first < 0) return "0\u00a0s";
  const [unit, size] = units[first] ?? units[3];
  const head = `${Math.floor(whole / size)}\u00a0${unit}`;
  const next = units[first + 1];
  if (next === undefined || next[0] === "s") return head;
  const rest = Math.floor((whole % size) / next[1]);
  return rest === 0 ? head : `${head} ${rest}\u00a0${next[0]}`;
}
