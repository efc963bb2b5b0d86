function digits(text: string, from: number, to: number): number {
  if (to > text.length) return Number.NaN;
  let number = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function dayExists(year: number, month: number, day: number): boolean {
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= (DAYS[month - 1] ?? 0))) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

/** Seconds east of UTC for `Z`, `+01`, `+0100`, `+01:00` and Python's `+01:00:30`; 0 for no zone; NaN otherwise. */
function zoneSeconds(zone: string): number {
  if (zone === "" || zone === "Z" || zone === "z") return 0;
  const match = /^([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?$/.exec(zone);
  if (!match) return Number.NaN;
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3] ?? 0), Number(match[4] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return Number.NaN;
  return (match[1] === "-" ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}

/**
 * The same moment as `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`, or null when the text is no moment of the years 1 to 9999.
 * Reads what Python's `isoformat`, `str(datetime)` and Pydantic write, naive ones as UTC. Done by hand because `Date`
 * keeps milliseconds only and would roll 30 February over into March.
 */
export function utcTimestamp(text: string): string | null {
  if (text.length < 16 || text.length > 40) return null;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const separator = text[10];
  if (text[4] !== "-" || text[7] !== "-" || text[13] !== ":" || (separator !== "T" && separator !== " ")) return null;
  if (!dayExists(year, month, day) || !(hour <= 23 && minute <= 59)) return null;

  let at = 16;
  let second = 0;
  let fraction = "";
  if (text[at] === ":") {
    second = digits(text, 17, 19);
    if (!(second <= 59)) return null;
    at = 19;
    if (text[at] === ".") {
      const from = ++at;
      while (digits(text, at, at + 1) >= 0) at++;
      if (at === from || at - from > 9) return null;
      fraction = text.slice(from, at).replace(/0+$/, "");
    }
  }

  const zone = text.slice(at);
  if (zone === "Z" && separator === "T" && at === 19) return text;
  const offset = zoneSeconds(zone);
  if (Number.isNaN(offset)) return null;
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  moment.setUTCHours(hour, minute, second - offset);
  const utcYear = moment.getUTCFullYear();
  if (utcYear < 1 || utcYear > 9999) return null;
  return `${moment.toISOString().slice(0, 19)}${fraction && "."}${fraction}Z`;
}
