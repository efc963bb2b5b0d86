import { readFile } from "node:fs/promises";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoCredentials, startSimulator } from "../demo/simulator.ts";
import { withClient } from "../postgres/connect.ts";
import { freePort } from "../postgres/throwaway.ts";
import { startWebServer, type WebServer } from "../web/server/server.ts";
import { assessGlueCatalog } from "../worker/assess/glue-catalog.ts";
import { launchBrowser } from "./browser.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { storeExample } from "./example-assessment.ts";
import { letAxeIn, newPage, sidewaysScroll, violations } from "./page.ts";

let database: TestDatabase;
let server: WebServer;
let browser: Browser;
let page: Page;
let complaints: string[];
/** The newest assessment of us-east-1, the one before it, and the one of eu-central-1. */
let newest: string;
let before: string;
let elsewhere: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query("select a2o.grant_account_access('local', '*')");
  await using simulator = await startSimulator();
  const assess = (region: string) =>
    withClient(database.url, { purpose: "test", role: "a2o_ingest" }, async client => {
      const standIn = { endpoint: simulator.url, credentials: demoCredentials };
      await assessGlueCatalog(client, { region, standIn, keep: true });
    });
  await assess("us-east-1");
  simulator.setGeneration(1);
  await assess("us-east-1");
  await assess("eu-central-1");
  const rows = await database.query<{ id: string; region: string }>(
    "select id, region from a2o.assessments order by timestamp desc",
  );
  [newest, before] = rows.filter(row => row.region === "us-east-1").map(row => row.id) as [string, string];
  elsewhere = rows.find(row => row.region === "eu-central-1")?.id ?? "";
  server = await startWebServer({
    databaseUrl: database.urlFor("a2o_authenticator"),
    port: await freePort(),
    identity: { role: "a2o_reader", user: "local" },
    log: () => undefined,
  });
  browser = await launchBrowser();
  ({ page, complaints } = await newPage(browser));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await database?.drop();
});

const number = (value: unknown) => Number(value).toLocaleString("en-GB");
const main = (): Locator => page.locator("main");
const grid = (name: string): Locator => page.getByRole("grid", { name });

async function go(path: string, assessment = newest): Promise<void> {
  await page.goto(`${server.url}${path}${path.includes("?") ? "&" : "?"}assessment=${assessment}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** Waits until the Tables page says how many tables its filters find. */
const found = (tables: unknown) =>
  page
    .locator(".search-field")
    .getByText(`${number(tables)} of`)
    .waitFor();

async function one<Row extends Record<string, unknown>>(sql: string, params: unknown[] = []): Promise<Row> {
  const [row] = await database.query<Row>(sql, params);
  if (!row) throw new Error(`no row: ${sql}`);
  return row;
}

/** Cells of one column as they are shown, from the first rows. */
async function column(name: string, place: number): Promise<string[]> {
  const cells = grid(name).locator(`[role=row] > :nth-child(${place}):not([role=columnheader])`);
  await cells.first().waitFor();
  return cells.allInnerTexts();
}

describe("the overview", () => {
  it("leads from a slice of the donut to exactly those tables", async () => {
    const { ready } = await one<{ ready: number }>(
      "select migration_ready as ready from a2o.assessments where id = $1",
      [newest],
    );
    await go("/");
    await page.getByRole("link", { name: /^Ready: / }).click();
    await found(ready);
    expect(new URL(page.url()).searchParams.get("readiness")).toBe("READY");
    expect(await grid("Tables").getAttribute("aria-rowcount")).toBe(String(ready + 1));
  });

  it("tells the way here, what changed, the largest databases, and findings with their work, as SQL has them", async () => {
    const churn = await one<Record<string, number>>("select * from a2o.assessment_trend where assessment_id = $1", [
      newest,
    ]);
    const effort = await one<{ hours: number }>(
      "select round(effort_hours)::int as hours from a2o.assessment_effort where assessment_id = $1",
      [newest],
    );
    const largest = await one<{ name: string }>(
      "select database_name as name from a2o.databases where assessment_id = $1 order by size_bytes desc nulls last limit 1",
      [newest],
    );
    await go("/");
    const trend = page.getByRole("group", { name: /^Tables by readiness over 2 assessments/ });
    await trend.waitFor();
    await trend.focus();
    await page.keyboard.press("ArrowLeft");
    await page
      .getByText(`${number(churn.migration_ready)}`)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "As a table" }).first().click();
    await page.getByRole("columnheader", { name: "Assessment", exact: true }).waitFor();
    const text = await main().innerText();
    expect(text).toContain(`+${number(churn.tables_added)}`);
    expect(text).toContain(`\u2212${number(churn.tables_removed)}`);
    expect(text).toContain(number(churn.tables_changed));
    expect(text).toContain(`${number(effort.hours)}\u00a0h`);
    await main()
      .getByRole("link", { name: new RegExp(`^${largest.name}`) })
      .click();
    await page.getByRole("heading", { level: 1, name: "Tables" }).waitFor();
    expect(new URL(page.url()).searchParams.get("database")).toBe(largest.name);
  });
});

describe("Databases", () => {
  it("shows every database as SQL has it, those that could not be read included", async () => {
    const rows = await database.query(
      "select * from a2o.database_overview where assessment_id = $1 order by table_count desc, database_name",
      [newest],
    );
    await go("/databases");
    const names = await column("Databases", 1);
    expect(new Set(names.map(name => name.trim()))).toEqual(new Set(rows.map(row => row.database_name)));
    const text = await main().innerText();
    for (const row of rows.filter(each => each.coverage === "COMPLETE" && each.table_count !== 0)) {
      expect(text).toContain(
        `${Number(row.iceberg_percent)
          .toFixed(1)
          .replace(/^0\.0$/, "0")}%`,
      );
    }
    const denied = grid("Databases").getByRole("row").filter({ hasText: "hr_restricted" });
    expect(await denied.innerText()).toMatch(/not read[\s\S]*Denied/);
  });

  it("searches, filters, sorts, and drills down, all in the address", async () => {
    await go("/databases");
    await page.getByRole("searchbox").fill("sal");
    await page.waitForURL(/name=sal/);
    expect((await column("Databases", 1)).every(name => name.includes("sal"))).toBe(true);
    await page.getByRole("searchbox").fill("");
    await page.getByRole("button", { name: /^Not in full/ }).click();
    await page.waitForURL(/coverage=gaps/);
    expect(await column("Databases", 1)).toEqual(["hr_restricted"]);
    await page.getByRole("button", { name: /^All / }).click();
    await page.getByRole("button", { name: "Known size" }).click();
    await page.waitForURL(/sort=-size/);
    const { name } = await one<{ name: string }>(
      "select database_name as name from a2o.databases where assessment_id = $1 order by size_bytes desc nulls last limit 1",
      [newest],
    );
    expect((await column("Databases", 1))[0]).toBe(name);
    await grid("Databases").getByRole("link", { name }).click();
    await page.getByRole("heading", { level: 1, name: "Tables" }).waitFor();
    expect(new URL(page.url()).searchParams.get("database")).toBe(name);
  });
});

describe("Tables", () => {
  it("filters by everything at once, as SQL does, and keeps it in the address", async () => {
    const { finding } = await one<{ finding: string }>(
      "select code as finding from a2o.finding_overview where assessment_id = $1 and title = 'Types that Iceberg lacks'",
      [newest],
    );
    const { count } = await one<{ count: number }>(
      `select count(*)::int as count from a2o.tables where assessment_id = $1 and table_name ilike '%o%' and table_format in ('PARQUET', 'ORC')
         and migration_readiness in ('NEEDS_CONVERSION', 'UNKNOWN') and size_bytes >= 1073741824 and findings && array[$2]`,
      [newest, finding],
    );
    expect(count).toBeGreaterThan(0);
    await go("/tables");
    await page.getByRole("checkbox", { name: /^Needs conversion/ }).check();
    await page.getByRole("checkbox", { name: /^Unknown/ }).check();
    await page.getByRole("checkbox", { name: /^Parquet/ }).check();
    await page.getByRole("checkbox", { name: /^ORC/ }).check();
    await page.getByRole("checkbox", { name: /^Types that Iceberg lacks/ }).check();
    await page.getByRole("searchbox").fill("o");
    await page.waitForURL(/name=o/);
    const from = page.getByRole("slider", { name: "Size, from" });
    await from.focus();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowRight");
    await page.waitForURL(/min=1GB/);
    await found(count);
    expect(await grid("Tables").getAttribute("aria-rowcount")).toBe(String(count + 1));
    await page.reload();
    await found(count);
    await page.getByRole("button", { name: "Clear all" }).click();
    await page.waitForURL(url => !url.searchParams.has("min") && !url.searchParams.has("readiness"));
  });

  it("takes a pattern, and a database from a list that is searched", async () => {
    const { count } = await one<{ count: number }>(
      "select count(*)::int as count from a2o.tables where assessment_id = $1 and database_name = 'sales_us' and table_name ilike 'order%'",
      [newest],
    );
    await go("/tables");
    await page.getByRole("searchbox").fill("order%");
    await page.waitForURL(/name=order/);
    const box = page.getByRole("combobox", { name: "Database" });
    await box.fill("sales");
    await page.getByRole("option", { name: "sales_us" }).click();
    await page.waitForURL(/database=sales_us/);
    await found(count);
  });

  it("sorts by size, name and time of change", async () => {
    await go("/tables");
    const first = async (order: string) =>
      (
        await one<{ name: string }>(
          `select table_name as name from a2o.tables where assessment_id = $1 order by ${order} limit 1`,
          [newest],
        )
      ).name;
    expect((await column("Tables", 2))[0]).toBe(await first("size_bytes desc nulls last, database_name, table_name"));
    for (const [button, sort, order] of [
      ["Size", "sort=size", "size_bytes nulls last, database_name, table_name"],
      ["Database", "sort=database", "database_name, table_name"],
      ["Changed", "sort=-updated", "last_updated desc nulls last, database_name, table_name"],
    ] as const) {
      await grid("Tables").getByRole("button", { name: button, exact: true }).click();
      await page.waitForURL(url => url.search.includes(sort));
      const wanted = await first(order);
      await expect.poll(async () => (await column("Tables", 2))[0]).toBe(wanted);
    }
  });

  it("lets columns be chosen, and remembers them in the address", async () => {
    await go("/tables");
    await page.getByRole("button", { name: /^Columns/ }).click();
    await page.getByRole("menuitemcheckbox", { name: "Location" }).click();
    await page.keyboard.press("Escape");
    await grid("Tables").getByRole("columnheader", { name: "Location" }).waitFor();
    expect(new URL(page.url()).searchParams.get("columns")).toContain("location");
  });

  it("is walked through by keyboard: J and K move, C copies, Enter opens", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await go("/tables");
    const names = await column("Tables", 2);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("c");
    await expect.poll(() => page.evaluate("navigator.clipboard.readText()")).toBe(names[0]);
    expect(await grid("Tables").getAttribute("aria-activedescendant")).toBeTruthy();
    await page.keyboard.press("Enter");
    await page
      .getByRole("heading", { level: 1 })
      .filter({ hasText: names[0] ?? "" })
      .waitFor();
  });

  it("reads on as one scrolls, to the last table", async () => {
    const { count } = await one<{ count: number }>("select total_tables as count from a2o.assessments where id = $1", [
      newest,
    ]);
    await go("/tables?sort=database");
    const { name } = await one<{ name: string }>(
      "select table_name as name from a2o.tables where assessment_id = $1 order by database_name desc, table_name desc limit 1",
      [newest],
    );
    await column("Tables", 2);
    const last = grid("Tables").getByRole("link", { name, exact: true });
    await expect
      .poll(
        async () => {
          await page.evaluate("document.querySelector('[role=grid]').scrollTo(0, 1e9)");
          return last.count();
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0);
    await page
      .getByText(new RegExp(`of ${number(count)}$`))
      .first()
      .waitFor();
    expect(await grid("Tables").getByRole("row").count()).toBeLessThan(80);
  });

  it("says so when nothing fits, and how to get out", async () => {
    await go("/tables?name=no_such_table_anywhere");
    await page.getByText("No table fits these filters.").waitFor();
    await main().getByRole("button", { name: "Clear all" }).first().click();
    await column("Tables", 2);
  });

  it("has its filters in a sheet on a phone, and two lines a row", async () => {
    const phone = await newPage(browser, { width: 390, height: 844 });
    await phone.page.goto(`${server.url}/tables?assessment=${newest}`);
    await phone.page.getByRole("button", { name: /^Filters/ }).click();
    await phone.page
      .getByRole("dialog", { name: "Filters" })
      .getByRole("checkbox", { name: /^Ready/ })
      .check();
    await phone.page.waitForURL(/readiness=READY/);
    await phone.page.keyboard.press("Escape");
    const row = phone.page.getByRole("list", { name: "Tables" }).getByRole("listitem").first();
    await expect.poll(() => row.innerText()).toContain("Ready");
    await phone.page.close();
  });
});

describe("CSV", () => {
  const download = async (): Promise<string[]> => {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /^CSV/ }).click()]);
    const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n");
    return lines.slice(1);
  };

  it("has exactly the tables that are shown, in their order", async () => {
    const rows = await database.query(
      `select database_name || ',' || table_name as line from a2o.tables where assessment_id = $1 and migration_readiness = 'NEEDS_CONVERSION'
         and table_format in ('PARQUET', 'ORC') and size_bytes >= 1073741824 and table_name ilike '%o%'
       order by size_bytes desc nulls last, database_name, table_name`,
      [newest],
    );
    await go("/tables?readiness=NEEDS_CONVERSION&format=PARQUET,ORC&min=1GB&name=o");
    await found(rows.length);
    const lines = await download();
    expect(lines).toHaveLength(rows.length);
    expect(lines.map(line => line.split(",").slice(0, 2).join(","))).toEqual(rows.map(row => row.line));
  });

  it("has exactly the databases that are shown", async () => {
    await go("/databases?coverage=gaps");
    await column("Databases", 1);
    const lines = await download();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("hr_restricted");
  });

  it("has every change between two assessments", async () => {
    const compared = await one<Record<string, number>>("select * from a2o.compare_assessments($1, $2)", [
      before,
      newest,
    ]);
    await go(`/compare?from=${before}&to=${newest}&change=ADDED`);
    await page.getByRole("link", { name: new RegExp(`^CSV ${number(compared.tables_added)}`) }).waitFor();
    expect(await download()).toHaveLength(compared.tables_added ?? -1);
  });
});

describe("one table", () => {
  it("shows its evidence with rule codes, findings with remedies, columns and history, as SQL has them", async () => {
    const table = await one<Record<string, string>>(
      `select * from a2o.tables where assessment_id = $1 and cardinality(findings) > 1 and size_bytes is not null and format_evidence is not null
       order by size_bytes desc limit 1`,
      [newest],
    );
    const findings = await database.query(
      "select code, detail, remedy from a2o.findings where assessment_id = $1 and database_name = $2 and table_name = $3",
      [newest, table.database_name, table.table_name],
    );
    const columns = await database.query("select * from a2o.table_columns($1, $2, $3)", [
      newest,
      table.database_name,
      table.table_name,
    ]);
    await go(`/tables/${table.database_name}/${table.table_name}`);
    await page.getByRole("heading", { level: 2, name: "Evidence" }).waitFor();
    await page
      .getByRole("cell", { name: columns[0]?.data_type as string })
      .first()
      .waitFor();
    const text = await main().innerText();
    for (const value of [table.format_rule, table.readiness_rule, table.format_evidence, table.storage_location]) {
      expect(text).toContain(value);
    }
    expect(text).toContain(`${number(table.size_bytes)} bytes`);
    for (const finding of findings) {
      expect(text).toContain(finding.code);
      expect(text).toContain(finding.remedy);
    }
    for (const each of columns.slice(0, 20)) expect(text).toContain(each.column_name);
    expect(text).toContain("First seen");
  });

  it("says that a table is not in the assessment, and leads on", async () => {
    await go("/tables/sales_us/no_such_table");
    await page.getByText("This table is not in the assessment shown").waitFor();
    await page.getByRole("link", { name: "Look for it in Tables" }).click();
    await page.getByText("No table fits these filters.").waitFor();
  });
});

describe("Findings", () => {
  it("lists what was found, worst first, and leads to the tables with it", async () => {
    const rows = await database.query("select * from a2o.finding_overview where assessment_id = $1", [newest]);
    await go("/findings");
    await page.getByRole("button", { name: /^All / }).waitFor();
    const text = await main().innerText();
    for (const row of rows) {
      expect(text).toContain(row.title);
      expect(text).toContain(row.code);
    }
    const order = await main().locator(".finding > button").allInnerTexts();
    expect(order[0]).toMatch(/High/);
    const [medium] = rows.filter(row => row.severity === "MEDIUM");
    await page.getByRole("button", { name: new RegExp(String(medium?.title)) }).click();
    await page.getByText(String(medium?.remedy)).waitFor();
    await page.getByRole("link", { name: /^Show / }).click();
    await found(medium?.table_count);
  });
});

describe("Compare", () => {
  it("shows totals, moves of verdicts and every change, as SQL has them", async () => {
    const compared = await one<Record<string, number>>("select * from a2o.compare_assessments($1, $2)", [
      before,
      newest,
    ]);
    await go("/compare");
    await page.getByText("How readiness moved").waitFor();
    await page.getByRole("columnheader", { name: "Removed" }).waitFor();
    const text = await main().innerText();
    expect(text).toContain(`+${number(compared.tables_added)}`);
    expect(text).toContain(`\u2212${number(compared.tables_removed)}`);
    expect(text).toContain(number(compared.tables_changed));
    await page.getByRole("button", { name: /^Added / }).click();
    await expect
      .poll(async () => grid("Changes").getAttribute("aria-rowcount"))
      .toBe(String((compared.tables_added ?? 0) + 1));
    const added = await database.query(
      "select table_name from a2o.list_changes($1, $2, array['ADDED']::a2o.change_kind[]) as page, unnest(page.items) order by 1",
      [before, newest],
    );
    await expect.poll(async () => (await column("Changes", 2)).sort()).toEqual(added.map(row => row.table_name).sort());
  });

  it("marks another account or region, and swaps the sides", async () => {
    await go(`/compare?from=${newest}&to=${elsewhere}`);
    await page.getByText("These are different catalogs.").waitFor();
    await page.getByRole("button", { name: "Swap the two assessments" }).click();
    await page.waitForURL(new RegExp(`from=${elsewhere}`));
  });

  it("never calls removed what could not be read", async () => {
    const account = { awsAccountId: "444444444444", region: "eu-north-1" };
    const first = await storeExample(database, { ...account, timestamp: "2026-01-01T00:00:00Z" });
    const second = await storeExample(database, { ...account, timestamp: "2026-02-01T00:00:00Z" });
    await database.query("delete from a2o.tables where assessment_id = $1 and database_name = 'sales'", [second]);
    await database.query(
      "update a2o.database_coverage set status = 'DENIED' where assessment_id = $1 and database_name = 'sales'",
      [second],
    );
    await database.query("select a2o_private.store_changes($1)", [second]);
    await go(`/compare?from=${first}&to=${second}`, second);
    await page.getByRole("columnheader", { name: "Not read this time" }).waitFor();
    const row = page.getByRole("row").filter({ hasText: "Needs conversion" }).last();
    expect(await row.innerText()).toMatch(/0\s+1$/);
    await page.getByText("Nothing differs between the two.").waitFor();
  });
});

describe("everywhere", () => {
  it("goes to a table by a few letters after Ctrl K", async () => {
    const table = await one<{ name: string; database: string }>(
      "select table_name as name, database_name as database from a2o.tables where assessment_id = $1 order by size_bytes desc nulls last limit 1",
      [newest],
    );
    await go("/findings");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Page, database or table" }).fill(table.name);
    await page.getByRole("option", { name: new RegExp(`${table.name}\\s*${table.database}`) }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1 }).filter({ hasText: table.name }).waitFor();
  });

  it("remembers the account and region that were chosen", async () => {
    const { page: other } = await newPage(browser);
    await other.goto(server.url);
    await other.getByRole("button", { name: /^Account and region/ }).click();
    await other.getByRole("option", { name: /eu-central-1/ }).click();
    await other.waitForURL(new RegExp(elsewhere));
    await other.goto(server.url);
    await other.getByRole("button", { name: /^Account and region: .*eu-central-1/ }).waitFor();
    await other.context().close();
  });

  it("offers an assessment that arrives, by itself and without jumping to it", async () => {
    const account = { awsAccountId: "555555555555", region: "eu-west-3" };
    const shown = await storeExample(database, { ...account, timestamp: "2026-01-01T00:00:00Z" });
    await go("/", shown);
    await page.getByText("Migration readiness").waitFor();
    await page.waitForFunction("performance.getEntriesByType('resource').some(e => e.name.includes('change-feed'))");
    await expect
      .poll(
        async () => {
          await storeExample(database, { ...account, timestamp: new Date().toISOString() });
          return page.getByRole("button", { name: /^Newest:/ }).count();
        },
        { timeout: 15_000, interval: 1000 },
      )
      .toBe(1);
    expect(page.url()).toContain(shown);
  });

  it("says that the session has ended, and how to sign in again", async () => {
    const { page: signedOut } = await newPage(browser);
    for (const path of ["**/graphql", "**/session"]) {
      await signedOut.route(path, route =>
        route.fulfill({
          status: 401,
          contentType: "application/json",
          body: JSON.stringify({ error: "not signed in", signInUrl: "/sign-in" }),
        }),
      );
    }
    await signedOut.goto(`${server.url}/tables?readiness=READY`);
    const link = signedOut.getByRole("link", { name: "Sign in" });
    await link.waitFor();
    expect(await link.getAttribute("href")).toBe(`/sign-in?return=${encodeURIComponent("/tables?readiness=READY")}`);
    await signedOut.context().close();
  });

  it("keeps the rest of a page when one panel cannot be read", async () => {
    const { page: broken } = await newPage(browser);
    await broken.route("**/graphql", async route => {
      const isMoves = (route.request().postData() ?? "").includes("ReadinessMoves");
      await (isMoves ? route.abort() : route.continue());
    });
    await broken.goto(`${server.url}/compare?assessment=${newest}`);
    await broken.getByRole("button", { name: "Retry" }).waitFor();
    await broken.getByText("Changed in place").first().waitFor();
    await broken.unroute("**/graphql");
    await broken.getByRole("button", { name: "Retry" }).click();
    await broken.getByText(/became ready/).waitFor();
    await broken.context().close();
  });

  it("claims nothing of what could not be read: no finding is not what a failed question means", async () => {
    const { page: broken } = await newPage(browser);
    await broken.route("**/graphql", async route => {
      const isDetails = (route.request().postData() ?? "").includes("OverviewDetails");
      await (isDetails ? route.abort() : route.continue());
    });
    await broken.goto(`${server.url}/?assessment=${newest}`);
    const panel = broken.locator(".findings-panel");
    await panel.getByRole("button", { name: "Retry" }).waitFor();
    expect(await broken.locator("main").textContent()).not.toMatch(/Nothing was found|first assessment|needs two/);
    await broken.unroute("**/graphql");
    await panel.getByRole("button", { name: "Retry" }).click();
    await panel.getByText("Delta Lake to be converted").waitFor();
    await broken.context().close();
  });

  it("hides what is no figure in print, and the side bar while presenting", async () => {
    await go("/tables");
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".side").isVisible()).toBe(false);
    await page.emulateMedia({ media: "screen" });
    await go("/?scale=wall");
    await page.getByText("Migration readiness").waitFor();
    expect(await page.locator(".side").count()).toBe(0);
    expect(await page.evaluate("getComputedStyle(document.documentElement).fontSize")).toBe("20px");
    expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    await page.getByRole("button", { name: "Leave presentation" }).click();
    await page.locator(".side").waitFor();
  });

  it("complained about nothing", () => expect(complaints).toEqual([]));

  for (const [path, ready] of [
    ["/", "Migration readiness"],
    ["/databases", "legacy_hive"],
    ["/tables", "Needs conversion"],
    ["/tables/legacy_hive/returns_us", "Evidence"],
    ["/findings?finding=delta_conversion", "What to do"],
    ["/compare", "How readiness moved"],
  ] as const) {
    it(`has no accessibility violation and no sideways scroll on ${path}, dark or light, wide or narrow`, async () => {
      const { page: checked } = await newPage(browser);
      await letAxeIn(checked);
      await checked.goto(`${server.url}${path}${path.includes("?") ? "&" : "?"}assessment=${newest}`);
      for (const [width, height] of [
        [1440, 900],
        [390, 844],
      ] as const) {
        await checked.setViewportSize({ width, height });
        await checked.locator("main").getByText(ready).first().waitFor();
        await checked.waitForFunction("document.querySelectorAll('[aria-busy=true]').length === 0");
        for (const colorScheme of ["light", "dark"] as const) {
          await checked.emulateMedia({ colorScheme });
          expect([path, width, colorScheme, await violations(checked)]).toEqual([path, width, colorScheme, []]);
        }
        expect([path, width, await sidewaysScroll(checked)]).toEqual([path, width, 0]);
      }
      await checked.context().close();
    });
  }
});
