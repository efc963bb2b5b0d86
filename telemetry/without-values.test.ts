import fc from "fast-check";
import { escapeIdentifier, escapeLiteral } from "pg";
import { describe, expect, it } from "vitest";
import { withoutValues } from "./without-values.ts";

describe("withoutValues", () => {
  it("keeps what a statement does, and puts a mark in the place of each value", () => {
    expect(
      withoutValues(`select "user's name", a1.b2
        from a2o.tables -- of ann's
        where id = $1 and name = 'O''Brien' and size > 1.5e3 /* 'x */ and note = E'it\\'s' or body = $x$ it's $$ $x$`),
    ).toBe(
      `select "user's name", a1.b2 from a2o.tables where id = $1 and name = ? and size > ? and note = ? or body = ?`,
    );
    expect(withoutValues("set role a2o_worker")).toBe("set role a2o_worker");
    expect(withoutValues("select $1::text, $23")).toBe("select $1::text, $23");
  });

  it("cuts off what is not closed, and what is very long", () => {
    expect(withoutValues("select 'secret")).toBe("select ?");
    expect(withoutValues("select $tag$ secret $other$")).toBe("select ?");
    expect(withoutValues("select 1 /* secret")).toBe("select ?");
    expect(withoutValues(`select ${"a, ".repeat(5_000)}`).length).toBe(2_000);
  });

  it("lets no value through, whatever it is and however it is quoted", () => {
    const literal = fc
      .tuple(fc.string({ unit: "binary" }), fc.constantFrom("literal", "dollar", "number"))
      .map(([noise, kind]) =>
        kind === "literal"
          ? escapeLiteral(`${noise}CANARY${noise}`)
          : kind === "dollar"
            ? `$q$${noise.replaceAll("$", "")}CANARY$q$`
            : "4815162342",
      );
    const quiet = fc.constantFrom(" = ", ", $1, ", " /* CANARY */ ", " -- CANARY\n", escapeIdentifier(`a'b"c`), "(");
    fc.assert(
      fc.property(fc.array(fc.tuple(quiet, literal), { minLength: 1, maxLength: 6 }), parts => {
        const statement = `select ${parts.map(([before, value]) => `${before} ${value} `).join("")}`;
        expect(withoutValues(statement)).not.toMatch(/CANARY|4815162342/);
      }),
    );
  });
});
