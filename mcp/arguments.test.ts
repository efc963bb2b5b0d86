import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkArguments } from "./arguments.ts";
import type { JsonSchema } from "./catalogue/json-schema.ts";
import type { Tool } from "./catalogue/tool.ts";
import { parseExact } from "./exact-json.ts";

function toolTaking(properties: Record<string, JsonSchema>, required: string[] = []): Tool {
  return {
    schema: "a2o_mcp",
    name: "tool",
    title: "Tool",
    description: "A tool.",
    inputSchema: { type: "object", properties, required, additionalProperties: false },
    outputSchema: { type: "object", properties: {} },
    answer: "json",
    argumentTypes: new Map(),
  };
}

const every = toolTaking({
  text: { type: "string", maxLength: 20 },
  id: { type: "string", format: "uuid" },
  day: { type: "string", format: "date" },
  at: { type: "string", format: "date-time" },
  mood: { type: "string", enum: ["CALM", "UPSET"] },
  count: { type: "integer", minimum: 1, maximum: 9 },
  factor: { type: "number" },
  loud: { type: "boolean" },
  names: { type: "array", items: { type: "string" }, maxItems: 3 },
  doc: {},
});

describe("checkArguments", () => {
  it("never throws and never lets through what PostgreSQL cannot hold, whatever is sent", () => {
    const values = fc.record(
      Object.fromEntries(Object.keys(every.inputSchema.properties).map(name => [name, fc.anything()])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(values, fc.dictionary(fc.string(), fc.jsonValue())), given => {
        // What arrives has been JSON.
        const json = JSON.stringify(given, (_key, value) => (typeof value === "bigint" ? String(value) : value));
        const checked = checkArguments(every, JSON.parse(json));
        if (checked.ok) expect(JSON.stringify([...checked.parameters.values()])).not.toMatch(/(?<!\\)(\\\\)*\\u0000/);
        else expect(checked.problems.join("\n").length).toBeLessThan(4_000);
      }),
    );
  });

  it("takes what the formats allow", () => {
    const given = {
      id: "3F2B8C1E-5d47-4a6b-9c0e-8f1d2a3b4c5d",
      day: "2028-02-29",
      at: "2026-03-31T14:05:00.123456+05:30",
      doc: { deep: ["literal \\u0000", null] },
    };
    const checked = checkArguments(every, given);
    expect(checked).toEqual({
      ok: true,
      parameters: new Map<string, string>([
        ["id", given.id],
        ["day", given.day],
        ["at", given.at],
        ["doc", JSON.stringify(given.doc)],
      ]),
    });
  });

  it.each([
    { doc: { deep: ["\0"] } },
    { doc: "\udfff" },
    { doc: "x".repeat(100_001) },
    { at: "2026-03-31T25:00:00Z" },
    { at: "2026-03-31T14:05:00" },
    { at: "2026-02-29T14:05:00Z" },
    { day: "0000-01-01" },
    { count: 10 },
    { id: "3f2b8c1e5d474a6b9c0e8f1d2a3b4c5d" },
  ])("refuses %j", given => {
    expect(checkArguments(every, given).ok).toBe(false);
  });

  it("takes an integer for a plain string, and null for nothing", () => {
    expect(checkArguments(every, { text: 111111111111, mood: null })).toEqual({
      ok: true,
      parameters: new Map([["text", "111111111111"]]),
    });
    expect(checkArguments(every, { mood: 1 }).ok).toBe(false);
    expect(checkArguments(every, { text: 1.5 }).ok).toBe(false);
  });

  it("refuses integers that have lost digits on the way", () => {
    const tool = toolTaking({
      bytes: { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
    });
    expect(checkArguments(tool, { bytes: 2 ** 53 - 1 }).ok).toBe(true);
    expect(checkArguments(tool, { bytes: 2 ** 53 }).ok).toBe(false);
  });
});

describe("parseExact", () => {
  it("gives back every number as it was written, and everything else as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = JSON.stringify(value);
        expect(parseExact(text)).toEqual(JSON.parse(text));
      }),
    );
    const decimals = fc
      .tuple(fc.bigInt(), fc.stringMatching(/^\d{0,25}[1-9]$/))
      .map(([whole, part]) => `${whole}.${part}`);
    fc.assert(
      fc.property(fc.oneof(decimals, fc.bigInt().map(String)), source => {
        expect(JSON.stringify(parseExact(`[${source}]`))).toBe(`[${source}]`);
      }),
    );
  });

  it("takes trailing zeros for nothing", () => {
    expect(parseExact("[12.50, 3.00, 0.0, -0, 100]")).toEqual([12.5, 3, 0, -0, 100]);
  });
});
