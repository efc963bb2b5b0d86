import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";

// The rules that links follow from, each compared with a plain reading of AWS's documentation in another language.

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const one = async <T>(sql: string, params: unknown[]): Promise<T> =>
  (await db.query<{ value: T }>(`select ${sql} as value`, params))[0]?.value as T;

describe("a name pattern of DMS", () => {
  /** Pieces of a pattern, each with the question whether a text may stand for it. */
  type Piece = { text: string; one?: (character: string) => boolean };
  const letters = "abcde_%xyz0.+*(\\$^-";
  const literal = fc.constantFrom(..."abcdexyz0.+*(\\$^-").map((text): Piece => ({ text, one: it => it === text }));
  const piece: fc.Arbitrary<Piece> = fc.oneof(
    { weight: 6, arbitrary: literal },
    { weight: 2, arbitrary: fc.constant<Piece>({ text: "%" }) },
    { weight: 2, arbitrary: fc.constant<Piece>({ text: "_", one: () => true }) },
    { weight: 1, arbitrary: fc.constant<Piece>({ text: "[_]", one: it => it === "_" }) },
    { weight: 1, arbitrary: fc.constant<Piece>({ text: "[xz]", one: it => it === "x" || it === "z" }) },
    { weight: 1, arbitrary: fc.constant<Piece>({ text: "[a-d]", one: it => it >= "a" && it <= "d" }) },
  );
  /** Whether a name fits, piece by piece. */
  const fits = (name: string, [first, ...rest]: readonly Piece[]): boolean => {
    if (first === undefined) return name === "";
    if (first.one === undefined) {
      return Array.from({ length: name.length + 1 }, (_, from) => name.slice(from)).some(end => fits(end, rest));
    }
    return name !== "" && first.one(name.charAt(0)) && fits(name.slice(1), rest);
  };
  /** A text that fits, or nearly. */
  const nameFor = (pieces: readonly Piece[]) =>
    fc
      .tuple(
        ...pieces.map(({ one: may }) =>
          may === undefined
            ? fc.string({ unit: fc.constantFrom(...letters), maxLength: 3 })
            : fc.oneof(
                { weight: 9, arbitrary: fc.constantFrom(...[...letters].filter(may)) },
                { weight: 1, arbitrary: fc.constantFrom(...letters) },
              ),
        ),
      )
      .map(parts => parts.join(""));
  const cases = fc
    .array(piece, { minLength: 1, maxLength: 7 })
    .chain(pieces => fc.tuple(fc.constant(pieces), fc.array(nameFor(pieces), { minLength: 20, maxLength: 20 })));

  it("fits what AWS says it fits, and the index's prefix leaves none of it out", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ([pieces, names]) => {
        const pattern = pieces.map(({ text }) => text).join("");
        const found = await db.query<{ name: string; fits: boolean; begins: boolean; by_regex: boolean }>(
          `select n as name, a2o_private.dms_fits(n, $1) as fits, starts_with(n, a2o_private.dms_prefix($1)) as begins, n ~ a2o_private.dms_regex($1) as by_regex
           from unnest($2::text[]) as n`,
          [pattern, names],
        );
        for (const row of found) {
          const expected = fits(row.name, pieces);
          expect([pattern, row.name, row.fits, row.by_regex]).toEqual([pattern, row.name, expected, expected]);
          if (expected) expect([pattern, row.name, row.begins]).toEqual([pattern, row.name, true]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("never fails, whatever stands in it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(..."[]^-\\%_ab(){}*+?.|$'\"é"), maxLength: 12 }),
        fc.string({ unit: fc.constantFrom(..."[]^-\\%_ab(){}é"), maxLength: 8 }),
        async (pattern, name) => {
          expect(typeof (await one("a2o_private.dms_fits($2, $1)", [pattern, name]))).toBe("boolean");
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ["ORDERS", "orders", true],
    ["order_lines", "orderxlines", true],
    ["order[_]lines", "orderxlines", false],
    ["order[_]lines", "order_lines", true],
    ["%", "", true],
    ["[z-a]", "b", false],
    ["a[", "a[", true],
  ])("%s and %s: %s", async (pattern, name, expected) => {
    expect(await one("a2o_private.dms_fits($2, $1)", [pattern, name])).toBe(expected);
  });
});

describe("transformation rules of DMS", () => {
  const rename = (target: string, action: string, value?: string, more: Record<string, unknown> = {}) => ({
    "rule-type": "transformation",
    "rule-target": target,
    "rule-action": action,
    "object-locator": { "schema-name": "%", "table-name": "%" },
    ...(value === undefined ? {} : { value }),
    ...more,
  });
  const select = (schema: string, table: string, action = "include") => ({
    "rule-type": "selection",
    "rule-action": action,
    "object-locator": { "schema-name": schema, "table-name": table },
  });
  const target = (schema: string, table: string, ...rules: object[]) =>
    one<string[]>("a2o_private.dms_target($1, $2, $3)", [JSON.stringify({ rules }), schema, table]);

  it.each([
    [[rename("schema", "rename", "lake")], ["lake", "orders"]],
    [[rename("table", "add-prefix", "raw_")], ["shop", "raw_orders"]],
    [[rename("table", "add-suffix", "_v2")], ["shop", "orders_v2"]],
    [[rename("table", "remove-prefix", "ord")], ["shop", "ers"]],
    [[rename("table", "remove-suffix", "ers")], ["shop", "ord"]],
    [[rename("table", "replace-prefix", "new_", { "old-value": "ord" })], ["shop", "new_ers"]],
    [[rename("table", "replace-suffix", "_new", { "old-value": "ers" })], ["shop", "ord_new"]],
    [
      [rename("table", "convert-uppercase"), rename("schema", "convert-uppercase")],
      ["SHOP", "ORDERS"],
    ],
    // The first that fits counts; columns are another matter.
    [
      [rename("table", "rename", "a"), rename("table", "rename", "b"), rename("column", "rename", "c")],
      ["shop", "a"],
    ],
    [
      [rename("table", "rename", "a", { "object-locator": { "schema-name": "hr", "table-name": "%" } })],
      ["shop", "orders"],
    ],
    [[], ["shop", "orders"]],
  ])("%j", async (rules, expected) => {
    expect(await target("shop", "orders", ...rules)).toEqual(expected);
  });

  it("are undone: from the name in the target to those names that get it", async () => {
    const word = fc.string({ unit: fc.constantFrom(..."abc_"), minLength: 1, maxLength: 4 });
    const rule = fc.oneof(
      fc
        .tuple(fc.constantFrom("add-prefix", "add-suffix", "remove-prefix", "remove-suffix"), word)
        .map(([a, v]) => rename("table", a, v)),
      fc
        .tuple(fc.constantFrom("replace-prefix", "replace-suffix"), word, word)
        .map(([a, v, old]) => rename("table", a, v, { "old-value": old })),
      fc.tuple(word, word).map(([from, to]) =>
        rename("table", "rename", to, {
          "object-locator": { "schema-name": "s", "table-name": from.replaceAll("_", "[_]") },
        }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(rule, { maxLength: 3 }), word, async (rules, name) => {
        const definition = JSON.stringify({ rules: [select("s", "%"), ...rules] });
        const [, given] = await one<[string, string]>("a2o_private.dms_target($1, 's', $2)", [definition, name]);
        const sources = await one<string[]>("array(select a2o_private.dms_sources($1, 's', $2))", [definition, given]);
        if (given !== "") expect(sources).toContain(name);
        for (const source of sources) {
          expect((await one<string[]>("a2o_private.dms_target($1, 's', $2)", [definition, source]))[1]).toBe(given);
        }
      }),
      { numRuns: 120 },
    );
  });

  it("select what is included or named explicitly and not excluded", async () => {
    const selects = (schema: string, table: string, ...rules: object[]) =>
      one<boolean>("a2o_private.dms_selects($1, $2, $3)", [JSON.stringify({ rules }), schema, table]);
    expect(await selects("s", "a_1", select("s", "a%"), select("s", "%_2", "exclude"))).toBe(true);
    expect(await selects("s", "a_2", select("s", "a%"), select("s", "%_2", "exclude"))).toBe(false);
    expect(await selects("s", "axb", select("s", "a_b", "explicit"))).toBe(false);
    expect(await selects("S", "A_B", select("s", "a_b", "explicit"))).toBe(true);
    expect(await selects("s", "a")).toBe(false);
    for (const odd of ["null", "[]", '{"rules": 3}', '{"rules": [3, null, {}]}'])
      expect(await one("a2o_private.dms_selects($1, 's', 'a')", [odd])).toBe(false);
  });
});

describe("a place on S3", () => {
  const name = fc.string({ unit: fc.constantFrom(..."ab_.%=-é "), minLength: 1, maxLength: 3 });
  const path = fc.array(name, { minLength: 1, maxLength: 5 });

  it("lies in a folder when the folder's parts are its first ones, never by half a name", async () => {
    const scheme = fc.constantFrom("s3", "s3a", "s3n", "S3");
    const end = fc.constantFrom("", "/", "//");
    await fc.assert(
      fc.asyncProperty(
        path,
        path,
        fc.nat(5),
        scheme,
        scheme,
        end,
        end,
        async (first, second, shared, a, b, endA, endB) => {
          // Half the time the one is made of the other's beginning.
          const inner = [...first.slice(0, shared), ...second];
          const expected = first.length <= inner.length && first.every((part, i) => inner[i] === part);
          const [row] = await db.query(
            `select k.b collate "C" >= k.a collate "C" and k.b collate "C" < (k.a || U&'\\+10FFFF') collate "C" as inside,
             k.a = k.b or k.a in (select a2o_private.folders_above(k.b)) as above
           from (select a2o_private.location_key($1) as a, a2o_private.location_key($2) as b) as k`,
            [`${a}://${first.join("/")}${endA}`, `${b}://${inner.join("/")}${endB}`],
          );
          expect(row).toEqual({ inside: expected, above: expected });
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([null, "", "s3:", "s3://", "hdfs://a/b", "ERP.APPS.orders", "/mnt/a"])("%s is none", async location => {
    expect(await one("a2o_private.location_key($1)", [location])).toBeNull();
  });
});

describe("filters of DataSync", () => {
  const filter = (Value: string) => [{ FilterType: "SIMPLE_PATTERN", Value }];
  it.each([
    [undefined, undefined, "sales/orders/", "ALL"],
    ["/sales", undefined, "sales/orders/", "ALL"],
    ["/sales/", undefined, "sales/", "ALL"],
    ["/sales", undefined, "sales_us/orders/", null],
    ["/sales*", undefined, "sales_us/orders/", "ALL"],
    ["/hr|/sales/orders", undefined, "sales/orders/", "ALL"],
    ["/sales/orders/2026*", undefined, "sales/orders/", "PART"],
    ["/*", undefined, "", "ALL"],
    [undefined, "/sales/orders", "sales/orders/", null],
    [undefined, "/sales/orders", "sales/orders_archive/", "ALL"],
    [undefined, "/sales/orders/_old", "sales/orders/", "PART"],
    [undefined, "*.tmp|*/.snapshot", "sales/orders/", "ALL"],
    ["/sales", "/sales/orders", "sales/orders/", null],
    ["/a.b", undefined, "axb/", null],
    ["/(a|b)[", undefined, "b)[/x/", "ALL"],
  ])("includes %s, excludes %s, of %s leave %s", async (includes, excludes, folder, expected) => {
    const definition = {
      ...(includes && { Includes: filter(includes) }),
      ...(excludes && { Excludes: filter(excludes) }),
    };
    expect(await one("a2o_private.datasync_covers($1, $2)", [JSON.stringify(definition), folder])).toBe(expected);
  });
});

describe("arguments of a Glue run", () => {
  it("that name databases, tables and places are known by their names, whatever their style", async () => {
    const told = {
      "--source_database": "sales",
      "--SourceTable": "orders",
      "--input-paths": "s3://lake/a/, s3a://lake/b",
      "--tables": '["a", "b"]',
      "--target_table": "lake.sales.orders",
      "--db_name": "hr",
      "--output_path": "s3://out/x",
      "--TempDir": "s3://tmp/",
      "--extra-py-files": "s3://code/a.zip",
      "--spark-event-logs-path": "s3://logs/",
      "--enable-metrics": "true",
      "--table_format": "iceberg",
      "--database_url": "jdbc:mysql://x",
      "--db_table_count": "3",
      "--check": "row-counts",
      "--source_db_password": "…",
    };
    const found = await db.query(
      "select argument, kind, role, value from a2o_private.glue_arguments($1) order by argument, value",
      [JSON.stringify(told)],
    );
    expect(found.map(row => Object.values(row).join(" ")).toSorted()).toEqual([
      "--SourceTable TABLE SOURCE orders",
      "--db_name DATABASE ANY hr",
      "--input-paths PATH SOURCE s3://lake/a/",
      "--input-paths PATH SOURCE s3a://lake/b",
      "--output_path PATH TARGET s3://out/x",
      "--source_database DATABASE SOURCE sales",
      "--tables TABLE ANY a",
      "--tables TABLE ANY b",
      "--target_table TABLE TARGET lake.sales.orders",
    ]);
  });
});
