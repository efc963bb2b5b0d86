import { describe, expect, it } from "vitest";
import { account } from "./account.ts";
import { age, elapsed } from "./age.ts";
import { byteParts, bytes } from "./bytes.ts";
import { bytesChange, change } from "./change.ts";
import { count, counted } from "./count.ts";
import { percent, share } from "./share.ts";
import { day, dayAndTime, since, time } from "./time.ts";

const gb = 2 ** 30;

describe("count", () => {
  it("groups and never abbreviates", () => {
    expect(count(0)).toBe("0");
    expect(count(128406)).toBe("128,406");
    expect(count(1_000_000)).toBe("1,000,000");
  });
  it("agrees with its noun", () => {
    expect(counted(1, "database")).toBe("1 database");
    expect(counted(13, "database")).toBe("13 databases");
    expect(counted(0, "entry", "entries")).toBe("0 entries");
  });
});

describe("share", () => {
  it("has one decimal", () => expect(share(41_730, 128_406)).toBe("32.5%"));
  it("does not round to a false 0 or 100", () => {
    expect(share(1, 1_000_000)).toBe("<0.1%");
    expect(share(999_999, 1_000_000)).toBe(">99.9%");
  });
  it("says 0% and 100% only when it is exactly so", () => {
    expect(share(0, 7)).toBe("0%");
    expect(share(7, 7)).toBe("100%");
  });
  it("is absent without a whole", () => expect(share(0, 0)).toBe("–"));
  it("keeps the edges of one decimal", () => {
    expect(percent(0.1)).toBe("0.1%");
    expect(percent(99.9)).toBe("99.9%");
    expect(percent(99.94)).toBe(">99.9%");
  });
});

describe("bytes", () => {
  it("counts 1 GB as 2^30 bytes", () => {
    expect(bytes(gb)).toBe("1.00\u00a0GB");
    expect(bytes(38.2 * 1024 * gb)).toBe("38.2\u00a0TB");
    expect(bytes(2.37 * 1024 * 1024 * gb)).toBe("2.37\u00a0PB");
  });
  it("shows plain bytes as they are", () => {
    expect(bytes(0)).toBe("0\u00a0B");
    expect(bytes(1023)).toBe("1023\u00a0B");
    expect(bytes(1024)).toBe("1.00\u00a0KB");
  });
  it("never needs a fourth figure", () => {
    expect(byteParts(999 * gb)).toEqual({ value: "999", unit: "GB" });
    expect(byteParts(1000 * gb)).toEqual({ value: "0.977", unit: "TB" });
    expect(byteParts(1023.9 * gb)).toEqual({ value: "1.00", unit: "TB" });
  });
  it("stays readable for absurd values", () => expect(bytes(2 ** 90)).toMatch(/ZB$/));
});

describe("change", () => {
  it("is signed, with a true minus sign", () => {
    expect(change(41_730, 38_490)).toBe("+3,240");
    expect(change(79_344, 81_203)).toBe("−1,859");
    expect(change(5, 5)).toBe("no change");
  });
  it("works for sizes", () => {
    expect(bytesChange(3 * gb, gb)).toBe("+2.00\u00a0GB");
    expect(bytesChange(gb, 3 * gb)).toBe("−2.00\u00a0GB");
  });
});

describe("time", () => {
  const at = new Date("2026-05-11T06:12:59Z");
  it("names the zone, on a 24 hour clock", () => {
    expect(time(at)).toBe("11 May 2026, 06:12 UTC");
    expect(dayAndTime(at)).toBe("11 May 2026, 06:12");
  });
  it("reads PostgreSQL's offsets", () =>
    expect(time(new Date("2026-01-01T00:30:00+02:00"))).toBe("31 Dec 2025, 22:30 UTC"));
  it("drops the year inside the current one", () => {
    expect(day(at, new Date("2026-12-31T00:00:00Z"))).toBe("11\u00a0May");
    expect(day(at, new Date("2027-01-01T00:00:00Z"))).toBe("11\u00a0May 2026");
  });
  it("tells two assessments of one day apart", () => {
    expect(since(new Date("2026-05-11T04:00:00Z"), at, at)).toBe("04:00");
    expect(since(new Date("2026-04-27T04:00:00Z"), at, at)).toBe("27\u00a0Apr");
  });
});

describe("age", () => {
  const now = new Date("2026-05-11T12:00:00Z");
  const earlier = (seconds: number) => new Date(now.getTime() - seconds * 1000);
  it("uses the largest unit", () => {
    expect(age(earlier(4), now)).toBe("4\u00a0s ago");
    expect(age(earlier(59), now)).toBe("59\u00a0s ago");
    expect(age(earlier(60), now)).toBe("1\u00a0min ago");
    expect(age(earlier(5 * 3600 + 3599), now)).toBe("5\u00a0h ago");
    expect(age(earlier(30 * 86_400), now)).toBe("30\u00a0d ago");
  });
  it("becomes a date after 30 days", () => expect(age(earlier(31 * 86_400), now)).toBe("on 10\u00a0Apr"));
  it("does not go negative when clocks differ", () => expect(elapsed(earlier(-30), now)).toBe("0\u00a0s"));
});

describe("account", () => {
  it("groups twelve digits", () => expect(account("482719305561")).toBe("4827\u00a01930\u00a05561"));
  it("leaves anything else alone", () => expect(account("sandbox")).toBe("sandbox"));
});
