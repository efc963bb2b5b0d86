import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { glueTable, ingestClient, recordCatalog } from "../worker/record/testing.ts";
import { openSession, type Session } from "./session.fixture.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";
const UNKNOWN = "00000000-0000-4000-8000-000000000000";

let db: TestDatabase;
let recorder: Client;
let session: Session;
let first: string;
let second: string;
let theirs: string;

beforeAll(async () => {
  db = await createTestDatabase();
  recorder = await ingestClient(db);
  const catalog = (...tables: object[]) => [
    { name: "sales", tables },
    { name: "hr", coverage: { status: "DENIED" as const, tablesRead: 0, errorCode: "AccessDeniedException" } },
  ];
  const orders = glueTable("orders", { Parameters: { totalSize: String(2 ** 30) } });
  first = (await recordCatalog(recorder, catalog(orders))).id;
  theirs = (await recordCatalog(recorder, catalog(orders), { awsAccountId: THEIRS })).id;
  const view = glueTable("report", { TableType: "VIRTUAL_VIEW" });
  second = (await recordCatalog(recorder, catalog(orders, view), { timestamp: "2026-02-09T00:00:00Z" })).id;
  await db.query("select a2o.grant_account_access('a2o_mcp', $1)", [OURS]);
  session = await openSession(db.urlFor("a2o_mcp"));
});
afterAll(async () => {
  await session.close();
  await recorder.end();
  await db.drop();
});

const read = async (uri: string) => {
  const { contents } = await session.client.readResource({ uri });
  const [content] = contents;
  return { text: content !== undefined && "text" in content ? content.text : "", mimeType: content?.mimeType };
};
const prompt = async (name: string, args: Record<string, string> = {}) => {
  const { messages } = await session.client.getPrompt({ name, arguments: args });
  const content = messages[0]?.content;
  return content?.type === "text" ? content.text : "";
};

describe("resources", () => {
  it("are listed: the plain ones, and those of the newest assessment that may be read", async () => {
    const { resources } = await session.client.listResources();
    expect(resources.map(({ uri, mimeType }) => [uri, mimeType])).toEqual(
      [
        [`a2o://assessments/${second}/report`, "text/markdown"],
        ["a2o://assessments/latest/report", "text/markdown"],
        ["a2o://assessments/previous/report", "text/markdown"],
        [`a2o://assessments/${second}/summary`, "application/json"],
        ["a2o://assessments/latest/summary", "application/json"],
        ["a2o://assessments/previous/summary", "application/json"],
        ["a2o://dictionary", "text/markdown"],
        ["a2o://status", "application/json"],
      ].sort((a, b) => (resources.findIndex(r => r.uri === a[0]) < resources.findIndex(r => r.uri === b[0]) ? -1 : 1)),
    );
    for (const { title, description } of resources) expect([title, description]).not.toContain(undefined);
    const { resourceTemplates } = await session.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      "a2o://assessments/{assessment}/report",
      "a2o://assessments/{assessment}/summary",
    ]);
  });

  it("tell the status and how fresh it is", async () => {
    const { text, mimeType } = await read("a2o://status");
    expect(mimeType).toBe("application/json");
    expect(JSON.parse(text)).toMatchObject({
      member: "a2o_mcp",
      accounts: [OURS],
      assessments: 2,
      newest_assessments: [{ assessment_id: second, aws_account_id: OURS, age_hours: expect.any(Number) }],
    });
  });

  it("explain every verdict, format rule, finding and column of the central tables", async () => {
    const { text } = await read("a2o://dictionary");
    const named = await db.query<{ word: string }>(`
      select code as word from a2o.format_rules union all select code from a2o.readiness_rules
      union all select code from a2o.finding_rules union all select unnest(enum_range(null::a2o.migration_readiness))::text`);
    for (const { word } of named) expect(text).toContain(word);
    expect(text).toContain("- size_bytes (bigint): Size as far as the catalog tells");
    expect(text).not.toMatch(/@behavior|@primaryKey|account_access/);
  });

  it("give each assessment's summary with the numbers of SQL, by id or by latest", async () => {
    const summary = JSON.parse((await read(`a2o://assessments/${second}/summary`)).text);
    expect(JSON.parse((await read("a2o://assessments/latest/summary")).text)).toEqual(summary);
    const [row] = await db.query("select total_tables, migration_ready from a2o.assessments where id = $1", [second]);
    expect(summary).toMatchObject({
      total_tables: row?.total_tables,
      coverage: { databases_read_in_full: 1, not_read_in_full: [{ database: "hr", status: "DENIED" }] },
      changes_since_previous: { previous_assessment_id: first, tables_added: 1 },
      findings: expect.arrayContaining([expect.objectContaining({ code: "view_rewrite" })]),
    });
  });

  it("give the report in Markdown", async () => {
    const { text, mimeType } = await read(`a2o://assessments/${first}/report`);
    expect(mimeType).toBe("text/markdown");
    expect(text).toMatch(/^# AWS Glue Catalog Assessment\n/);
    expect(text).toContain("| orders | PARQUET | 1.00 |");
  });

  it("give totals instead of the inventory when the catalog is large", async () => {
    const tables = Array.from({ length: 301 }, (_, i) => glueTable(`t_${i}`));
    const { id } = await recordCatalog(recorder, [{ name: "wide", tables }], { region: "large-1" });
    const { text } = await read(`a2o://assessments/${id}/report`);
    expect(text).toContain("301 tables in 1 databases");
    expect(text).toContain("| wide | 301 |");
    expect(text).not.toContain("t_17");
    expect(text).toContain(`aws2openstack report ${id} --format md`);
    await db.query("delete from a2o.assessments where id = $1", [id]);
  });

  it("of another account are said to be what unknown ones are", async () => {
    const say = (id: string) =>
      read(`a2o://assessments/${id}/summary`).catch(error => String(error.message).replaceAll(id, "ID"));
    expect(await say(theirs)).toBe(await say(UNKNOWN));
    expect(await say(theirs)).toMatch(/there is no assessment ID that you may read/);
  });

  it("that do not exist get the list of those that do", async () => {
    await expect(read("a2o://nothing")).rejects.toThrow(/no resource "a2o:\/\/nothing".*a2o:\/\/status/);
    await expect(read("file:///etc/passwd")).rejects.toMatchObject({ code: -32002 });
  });

  it("never break a session, whatever the URI", async () => {
    const part = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("%", "%00", "'; drop table a2o.tables --", "latest~"),
    );
    await fc.assert(
      fc.asyncProperty(part, async word => {
        await read(`a2o://assessments/${encodeURIComponent(word.toWellFormed())}/summary`).catch(error =>
          expect(String(error.message)).not.toMatch(/inside the database/),
        );
        await read(`a2o://assessments/${word}/summary`).catch(() => undefined);
      }),
      { numRuns: 100 },
    );
    expect((await read("a2o://status")).text).toContain(OURS);
  });
});

describe("prompts", () => {
  it("are listed with their arguments, none of them required", async () => {
    const { prompts } = await session.client.listPrompts();
    expect(prompts.map(({ name, arguments: args }) => [name, args?.map(argument => argument.name)])).toEqual([
      ["client_summary", ["assessment", "language"]],
      ["explain_changes", ["before_assessment", "after_assessment"]],
      ["readiness_briefing", ["assessment"]],
      ["wave_plan", ["assessment", "hours_per_wave"]],
    ]);
    for (const { arguments: args } of prompts) {
      for (const argument of args ?? [])
        expect(argument).toMatchObject({ required: false, description: expect.any(String) });
    }
  });

  it("bring the numbers along", async () => {
    expect(await prompt("readiness_briefing")).toContain(`"assessment_id": "${second}"`);
    expect(await prompt("readiness_briefing", { assessment: first })).toContain(`"assessment_id": "${first}"`);
    expect(await prompt("explain_changes")).toMatch(/"tables_added": 1/);
    expect(await prompt("wave_plan", { hours_per_wave: "40" })).toMatch(
      /about 40 working hours[\s\S]*- sales: 2 tables/,
    );
    expect(await prompt("client_summary", { language: "German" })).toContain("in German");
    expect(await prompt("client_summary", { language: "" })).toContain("in English");
  });

  it("say what is wrong with an argument, and which prompts there are", async () => {
    await expect(prompt("wave_plan", { hours_per_wave: "many" })).rejects.toThrow(
      /hours_per_wave is "many"; it must be an integer/,
    );
    await expect(prompt("wave_plan", { assessment: theirs })).rejects.toThrow(/no assessment .* that you may read/);
    await expect(prompt("waves")).rejects.toThrow(/no prompt "waves"\. The prompts are: client_summary/);
  });

  it("made while the server runs are there, and completed by a function of the argument's name", async () => {
    await db.query(`
      create function a2o_mcp_prompts.greet(who text) returns text language sql stable as $$ select 'Greet ' || who $$;
      comment on function a2o_mcp_prompts.greet is E'Greets.\\n@title Say hello\\n@param who Whom';
      create function a2o_mcp_completions.who(value text) returns setof a2o_mcp_completions.choice language sql stable
        as $$ select n, null from unnest(array['ann', 'anton', 'bea']) n where n ^@ value $$;
      create function a2o_mcp_prompts.two_texts() returns setof text language sql stable as $$ values ('a'), ('b') $$;
      create function a2o_mcp_resources.homeless() returns text language sql stable as $$ select 'x' $$;
      grant execute on function a2o_mcp_prompts.greet, a2o_mcp_completions.who, a2o_mcp_prompts.two_texts, a2o_mcp_resources.homeless to a2o_reader`);
    const { prompts } = await session.client.listPrompts();
    expect(prompts.find(({ name }) => name === "greet")).toMatchObject({
      title: "Say hello",
      arguments: [{ name: "who", description: "Whom", required: true }],
    });
    expect(prompts.map(({ name }) => name)).not.toContain("two_texts");
    expect(await prompt("greet", { who: "ann" })).toBe("Greet ann");
    await expect(prompt("greet")).rejects.toThrow(/who is missing/);
    const { completion } = await session.client.complete({
      ref: { type: "ref/prompt", name: "greet" },
      argument: { name: "who", value: "an" },
    });
    expect(completion).toEqual({ values: ["ann", "anton"], hasMore: false });
    expect(session.log.join("\n")).toMatch(/a2o_mcp_resources\.homeless is not a resource: its comment has no @uri/);
  });
});

describe("completion", () => {
  const complete = async (value: string) => {
    const { completion } = await session.client.complete({
      ref: { type: "ref/resource", uri: "a2o://assessments/{assessment}/summary" },
      argument: { name: "assessment", value },
    });
    return completion.values;
  };

  it("offers the newest assessments first, and older ones by their beginning, region or account", async () => {
    expect(await complete("")).toEqual(["latest", "previous", second]);
    expect(await complete("lat")).toEqual(["latest"]);
    expect(await complete(first.slice(0, 13))).toEqual([first]);
    expect(await complete("eu-w")).toEqual([second, first]);
    expect(await complete(OURS)).toEqual([second, first]);
  });

  it("offers nothing of another account", async () => {
    expect(await complete(THEIRS)).toEqual([]);
    expect(await complete(theirs.slice(0, 13))).toEqual([]);
  });

  it("offers nothing for what cannot be completed", async () => {
    const { completion } = await session.client.complete({
      ref: { type: "ref/prompt", name: "wave_plan" },
      argument: { name: "hours_per_wave", value: "1" },
    });
    expect(completion.values).toEqual([]);
    await expect(
      session.client.complete({ ref: { type: "ref/prompt", name: "none" }, argument: { name: "x", value: "" } }),
    ).rejects.toThrow(/nothing of this name/);
  });
});

describe("changes", () => {
  it("of one's own assessments change the list of resources; those of others do not", async () => {
    await session.client.listResources();
    let changes = 0;
    session.onResourceListChange(() => changes++);
    await recordCatalog(recorder, [{ name: "more", tables: [glueTable("x")] }], {
      awsAccountId: THEIRS,
      timestamp: "2026-03-01T00:00:00Z",
    });
    await sleep(600);
    expect(changes).toBe(0);
    const { id } = await recordCatalog(recorder, [{ name: "more", tables: [glueTable("x")] }], {
      timestamp: "2026-03-02T00:00:00Z",
    });
    await expect.poll(() => changes, { timeout: 10_000 }).toBeGreaterThan(0);
    const { resources } = await session.client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain(`a2o://assessments/${id}/summary`);
  });
});

describe("progress", () => {
  it("is told to who asks for it while the database works", async () => {
    await db.query(`
      create function a2o_mcp.naps(seconds double precision) returns text language sql stable as $$ select 'slept' from pg_sleep(seconds) $$;
      comment on function a2o_mcp.naps is 'Sleeps.'; grant execute on function a2o_mcp.naps to a2o_reader`);
    const told: number[] = [];
    const result = await session.client.callTool({ name: "naps", arguments: { seconds: 2.5 } }, undefined, {
      onprogress: ({ progress, total, message }) => {
        told.push(progress);
        expect(total).toBeUndefined();
        expect(message).toMatch(/^The database has worked on it for \d+ s\.$/);
      },
    });
    expect(result.structuredContent).toEqual({ result: "slept" });
    expect(told.length).toBeGreaterThanOrEqual(1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });
});
