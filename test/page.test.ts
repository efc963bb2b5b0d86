import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoCredentials, startSimulator } from "../demo/simulator.ts";
import { withClient } from "../postgres/connect.ts";
import { freePort } from "../postgres/throwaway.ts";
import { startWebServer, type WebServer } from "../web/server/server.ts";
import { assessGlueCatalog } from "../worker/assess/glue-catalog.ts";
import { launchBrowser } from "./browser.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { storeExample } from "./example-assessment.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let database: TestDatabase;
let server: WebServer;
let browser: Browser;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query("select a2o.grant_account_access('local', '*')");
  await using simulator = await startSimulator();
  await withClient(database.url, { purpose: "test", role: "a2o_ingest" }, async client => {
    const standIn = { endpoint: simulator.url, credentials: demoCredentials };
    await assessGlueCatalog(client, { region: "us-east-1", standIn, keep: true });
  });
  server = await serve("local");
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await database?.drop();
});

async function serve(user: string): Promise<WebServer> {
  return startWebServer({
    databaseUrl: database.urlFor("a2o_authenticator"),
    port: await freePort(),
    identity: { role: "a2o_reader", user },
    log: () => undefined,
  });
}

interface OpenOptions {
  width?: number;
  height?: number;
  dark?: boolean;
  url?: string;
}

/** Opens the page and collects what its console complains about, blocked content included. */
async function open(options: OpenOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.dark ? "dark" : "light",
    locale: "en-GB",
    timezoneId: "UTC",
  });
  const complaints: string[] = [];
  page.on("console", message => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", error => complaints.push(error.message));
  await page.goto(options.url ?? server.url);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return { page, complaints };
}

/** What the server sends, before the script that goes on with it has come. */
async function firstView(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.route("**/assets/*.js", route => route.abort());
  await page.goto(server.url);
  return page;
}

async function violations(page: Page): Promise<string[]> {
  // The page's policy rightly refuses a script that the test brings.
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setBypassCSP", { enabled: true });
  await page.reload();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.getByText("Migration readiness").first().waitFor();
  await page.addScriptTag({ path: axePath });
  const found: unknown = await page.evaluate(
    "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')))",
  );
  return Array.isArray(found) ? found.map(String) : ["axe gave no list"];
}

const number = (value: unknown) => Number(value).toLocaleString("en-GB");

describe("the overview", () => {
  it("shows the figures that SQL has", async () => {
    const [row] = await database.query("select * from a2o.newest_assessments");
    const formats = await database.query(
      "select table_format, table_count from a2o.format_overview where table_format in ('PARQUET', 'ICEBERG')",
    );
    const { page, complaints } = await open();
    await page.getByText("Migration readiness").first().waitFor();
    const text = await page.locator("main").innerText();
    for (const column of ["total_databases", "total_tables", "migration_ready", "needs_conversion", "unknown"]) {
      expect(text, column).toContain(number(row?.[column]));
    }
    expect(text).toContain(`${Number(row?.completeness_percent).toFixed(1)}%`);
    expect(formats).toHaveLength(2);
    for (const format of formats) expect(text).toContain(number(format.table_count));
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("names the database that could not be read, and why", async () => {
    const { page } = await open();
    const main = page.locator("main");
    await main.getByText("hr_restricted").first().waitFor();
    const text = await main.innerText();
    expect(text).toContain("Access denied");
    expect(text).toContain("glue:GetTables");
    expect(text).toContain("A table that could not be read is never counted as removed.");
    await page.close();
  });

  it("says that the figures are simulated, and whose rights it has", async () => {
    const { page } = await open();
    await page.getByText("simulated").first().waitFor();
    expect((await page.locator("body").innerText()).toLowerCase()).toContain("local");
    await page.close();
  });

  for (const [name, options] of Object.entries({
    "wide and light": { width: 1440, height: 900 },
    "wide and dark": { width: 1440, height: 900, dark: true },
    "on a phone, light": { width: 390, height: 844 },
    "on a phone, dark": { width: 390, height: 844, dark: true },
  })) {
    it(`has no accessibility violation and no sideways scroll ${name}`, async () => {
      const { page } = await open(options);
      await page.getByText("Migration readiness").first().waitFor();
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(overflow).toBeLessThanOrEqual(0);
      expect(await violations(page)).toEqual([]);
      await page.close();
    });
  }

  it("shows an assessment that arrives, with what changed since the one before", async () => {
    const account = { awsAccountId: "333333333333", region: "eu-west-1" };
    await storeExample(database, { ...account, timestamp: "2026-01-01T00:00:00Z" });
    const newest = await storeExample(database, { ...account, timestamp: "2026-02-01T00:00:00Z" });
    const { page } = await open({ url: `${server.url}/?assessment=${newest}` });
    await page.getByText("since 1 Jan").first().waitFor();
    expect(await page.locator("body").innerText()).toContain("eu-west-1");
    await page.close();
  });
});

describe("without anything to show", () => {
  it("says which command makes the first assessment", async () => {
    const empty = await createTestDatabase();
    await empty.query("select a2o.grant_account_access('local', '*')");
    const emptyServer = await startWebServer({
      databaseUrl: empty.urlFor("a2o_authenticator"),
      port: await freePort(),
      identity: { role: "a2o_reader", user: "local" },
      log: () => undefined,
    });
    try {
      const { page } = await open({ url: emptyServer.url });
      await page.getByText("aws2openstack assess glue-catalog").first().waitFor();
      await page.close();
    } finally {
      await emptyServer.close();
      await empty.drop();
    }
  });

  it("shows nothing of accounts that the user may not read, and says so", async () => {
    const strangerServer = await serve("stranger");
    try {
      const { page } = await open({ url: strangerServer.url });
      await page
        .getByText(/access/i)
        .first()
        .waitFor();
      const text = await page.locator("body").innerText();
      expect(text).not.toContain("210987654321");
      expect(text).not.toContain("hr_restricted");
      await page.close();
    } finally {
      await strangerServer.close();
    }
  });

  it("says what happened when the server is gone, and comes back by itself or on request", async () => {
    const doomed = await serve("local");
    const { page } = await open({ url: `${doomed.url}/databases` });
    await page.getByText("hr_restricted").first().waitFor();
    // Told by the websocket, the page would come back before anybody could ask for it.
    await page.routeWebSocket("**/graphql", socket => socket.close());
    await page.route("**/graphql", route => route.abort());
    await page.reload({ waitUntil: "commit" });
    await page.getByRole("button", { name: /retry/i }).waitFor();
    await page.unroute("**/graphql");
    await page.getByRole("button", { name: /retry/i }).click();
    await page.getByText("hr_restricted").first().waitFor();
    await page.close();
    await doomed.close();
  });

  it("says so in each panel when the server is gone after the first view, and asks again on request", async () => {
    const doomed = await serve("local");
    const { page } = await open({ url: doomed.url });
    await page.routeWebSocket("**/graphql", socket => socket.close());
    await page.route("**/graphql", route => route.abort());
    await page.reload({ waitUntil: "commit" });
    const changes = page.getByRole("region", { name: "What changed" });
    await changes.getByRole("button", { name: /retry/i }).waitFor();
    expect(await page.getByRole("region", { name: "Migration readiness" }).textContent()).toContain("%");
    await page.unroute("**/graphql");
    await changes.getByRole("button", { name: /retry/i }).click();
    await page.getByRole("region", { name: "Nothing to compare with yet" }).waitFor();
    await page.close();
    await doomed.close();
  });
});

describe("the first view", () => {
  it("shows the figures of SQL before a script has run, where the page then shows them", async () => {
    const early = await firstView();
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const complaints: string[] = [];
    page.on("console", message => complaints.push(message.text()));
    // What the page asks for next stays open, so that it is seen as it takes over.
    await page.route("**/graphql", () => undefined);
    await page.goto(server.url);
    await page.locator("#app:not([inert])").waitFor();
    for (const each of [early, page]) await each.evaluate("document.fonts.ready.then(() => undefined)");
    for (const name of ["Migration readiness", "Formats", "Coverage"]) {
      const region = (of: Page) => of.locator("section", { has: of.locator(`h2:text-is("${name}")`) });
      expect(await region(early).innerText()).toBe(await region(page).innerText());
      expect(await region(early).boundingBox()).toEqual(await region(page).boundingBox());
    }
    const [row] = await database.query<{ tables: string }>(
      "select to_char(total_tables, 'FM999,999') as tables from a2o.newest_assessments",
    );
    expect(await early.locator("main").innerText()).toContain(row?.tables);
    expect(complaints).toEqual([]);
    await early.close();
    await page.close();
  });

  it("moves nothing when the page takes its place, and asks for no figure twice", async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const asked: string[] = [];
    page.on("request", request => asked.push(/query (\w+)/.exec(request.postData() ?? "")?.[1] ?? ""));
    await page.addInitScript(
      "moved = 0; new PerformanceObserver(list => list.getEntries().forEach(({ value }) => (moved += value))).observe({ type: 'layout-shift', buffered: true })",
    );
    await page.goto(server.url);
    await page.getByText("Largest databases").waitFor();
    await page.waitForLoadState("networkidle");
    expect(await page.evaluate<number>("moved")).toBeLessThan(0.01);
    expect(asked).toContain("OverviewDetails");
    expect(asked).not.toContain("NewestAssessments");
    expect(asked).not.toContain("AssessmentOverview");
    await page.close();
  });
});
