import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utcTimestamp } from "./timestamp.ts";

describe("utcTimestamp", () => {
  it.each([
    ["2026-01-09T12:34:56Z", "2026-01-09T12:34:56Z"],
    ["2026-01-09T12:34:56", "2026-01-09T12:34:56Z"],
    ["2026-01-09 12:34:56", "2026-01-09T12:34:56Z"],
    ["2026-01-09T12:34", "2026-01-09T12:34:00Z"],
    ["2026-01-09T12:34:56.123456", "2026-01-09T12:34:56.123456Z"],
    ["2026-01-09T12:34:56.120000+00:00", "2026-01-09T12:34:56.12Z"],
    ["2026-01-09T00:30:00.5+01:00", "2026-01-08T23:30:00.5Z"],
    ["2026-12-31 23:59:59-0530", "2027-01-01T05:29:59Z"],
    ["2026-01-09T12:34:56+01:00:30", "2026-01-09T11:34:26Z"],
    ["2024-02-29T00:00:00z", "2024-02-29T00:00:00Z"],
    ["0001-01-01T00:00:00", "0001-01-01T00:00:00Z"],
    ["9999-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999Z"],
  ])("reads %s as %s", (text, utc) => {
    expect(utcTimestamp(text)).toBe(utc);
  });

  it.each([
    "",
    "yesterday",
    "2026-01-09",
    "1767962096",
    "2026-02-30T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-01-09T24:00:00Z",
    "2026-01-09T12:60:00Z",
    "2026-01-09T12:34:60Z",
    "2026-01-09T12:34:56.Z",
    "2026-01-09T12:34:56 UTC",
    "2026-01-09T12:34:56+25:00",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    "2026-01-09T12:34:5",
    "2026-01-09T12:3",
    "２026-01-09T12:34:56Z",
  ])("refuses %j", text => {
    expect(utcTimestamp(text)).toBeNull();
  });

  it("means the moment that Date means", () => {
    const years = { min: new Date("0002-01-01T00:00:00Z"), max: new Date("9998-01-01T00:00:00Z"), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(years), fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, minutes) => {
        const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, 23);
        const offset = new Date(Math.abs(minutes) * 60_000).toISOString().slice(11, 16);
        const read = utcTimestamp(`${local}${minutes < 0 ? "-" : "+"}${offset}`);
        expect(Date.parse(read ?? "")).toBe(date.getTime());
      }),
    );
  });
});
