// Spelled out because the English of Intl differs between engines ("Sep", "Sept").
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

const twoDigits = (value: number): string => String(value).padStart(2, "0");

/** `06:12`, UTC. */
export function clockTime(at: Date): string {
  return `${twoDigits(at.getUTCHours())}:${twoDigits(at.getUTCMinutes())}`;
}

/** `27 Apr` with a no-break space, and the year unless it is the current one. */
export function day(at: Date, now: Date): string {
  const short = `${at.getUTCDate()}\u00a0${months[at.getUTCMonth()]}`;
  return at.getUTCFullYear() === now.getUTCFullYear() ? short : `${short} ${at.getUTCFullYear()}`;
}

/** `11 May 2026, 06:12`, for places that name the zone themselves. */
export function dayAndTime(at: Date): string {
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}, ${clockTime(at)}`;
}

/** `11 May 2026, 06:12 UTC`. */
export function time(at: Date): string {
  return `${dayAndTime(at)} UTC`;
}

/** What to write after "since": the date of the earlier time, or its clock time if both lie on the same UTC day. */
export function since(before: Date, after: Date, now: Date): string {
  const sameDay = before.toISOString().slice(0, 10) === after.toISOString().slice(0, 10);
  return sameDay ? clockTime(before) : day(before, now);
}
