import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import type { Client } from "pg";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../../../test/browser.ts";
import { createTestDatabase, type TestDatabase } from "../../../../test/database.ts";
import { glueTable, ingestClient, recordCatalog } from "../../../record/testing.ts";
import { writeReport } from "../../write.ts";
import { escapeHtml, html } from "./markup.ts";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let db: TestDatabase;
let client: Client;
let browser: Browser;
let directory: string;
beforeAll(async () => {
  db = await createTestDatabase();
  client = await ingestClient(db);
  browser = await launchBrowser();
  directory = await mkdtemp(join(tmpdir(), "a2o-html-"));
});
afterAll(async () => {
  await browser.close();
  await client.end();
  await db.drop();
  await rm(directory, { recursive: true, force: true });
});

let files = 0;
async function page(id: string, maxTables?: number): Promise<string> {
  const path = join(directory, `${files++}.html`);
  await client.query("begin");
  try {
    await writeReport(client, id, { format: "html", maxTables }, path);
  } finally {
    await client.query("rollback");
  }
  return path;
}

const iceberg = (name: string) =>
  glueTable(name, { Parameters: { table_type: "ICEBERG", metadata_location: "s3://lake/m.json", totalSize: "5000" } });

/** Something in every section. */
async function storeCatalog(extra: { name: string; tables: object[] }[] = []): Promise<string> {
  const { id } = await recordCatalog(client, [
    {
      name: "sales",
      tables: [iceberg("orders"), glueTable("events"), glueTable("mystery", { StorageDescriptor: {} })],
    },
    {
      name: "hr",
      coverage: {
        status: "DENIED",
        tablesRead: 0,
        operation: "glue:GetTables",
        errorCode: "AccessDeniedException",
        errorMessage: "not authorized",
      },
    },
    ...extra,
  ]);
  return id;
}

describe("escaping", () => {
  it("leaves no character that could end a text or an attribute", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), text => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"'`]|&(?!(?:amp|lt|gt|quot|#39|#96);)/);
        expect(escaped).not.toMatch(/(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
      }),
      { numRuns: 2000 },
    );
  });

  it("escapes values and lists of them, not markup", () => {
    expect(html`<b title="${'"'}">${["<", html`<i>${"&"}</i>`, null, false, 0]}</b>`.text).toBe(
      '<b title="&quot;">&lt;<i>&amp;</i>0</b>',
    );
  });
});

describe("an HTML report", () => {
  it("shows hostile names as they are, whatever they hold, and runs and fetches nothing", {
    timeout: 90_000,
  }, async () => {
    const names = fc.array(
      fc.oneof(
        fc.constantFrom(
          ..."<script>document.title='pwned'</script>|<img src=x onerror=document.title='pwned'>|\"><svg onload=document.title='pwned'>".split(
            "|",
          ),
          ...[
            "</title><h1>x",
            "<!--",
            "]]>",
            "&lt;b&gt;",
            "' onclick='x",
            "</table></main>",
            "javascript:alert(1)",
            "\\u003cb",
          ],
        ),
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
      ),
      { minLength: 1, maxLength: 5 },
    );
    const context = await browser.newContext();
    const tab = await context.newPage();
    const requests: string[] = [];
    tab.on("request", request => requests.push(request.url()));
    const property = fc.asyncProperty(names, async texts => {
      const clean = [
        ...new Set(texts.map(text => text.replace(/\p{Cc}|\p{Cs}|\p{Noncharacter_Code_Point}/gu, "_") || "x")),
      ];
      const id = await storeCatalog(
        clean.map(name => ({
          name: `d${name}`,
          tables: [glueTable(name, { PartitionKeys: [{ Name: name, Type: "string" }] })],
        })),
      );
      const path = await page(id);
      requests.length = 0;
      await tab.goto(pathToFileURL(path).href);
      const seen = await tab.evaluate<{ title: string; scripts: number; handlers: number; names: string[][] }>(`({
        title: document.title,
        scripts: document.querySelectorAll("script,img,iframe,object,embed,link,form").length,
        handlers: [...document.querySelectorAll("*")].filter(element =>
          [...element.attributes].some(attribute => attribute.name.startsWith("on"))).length,
        names: [...document.querySelectorAll("table[aria-labelledby=inventory] tbody tr")].map(row =>
          [row.children[0].textContent, row.children[1].textContent]),
      })`);
      expect(seen.title).toMatch(/^AWS Glue Catalog Assessment, 111111111111, eu-west-1$/);
      expect([seen.scripts, seen.handlers]).toEqual([0, 0]);
      expect(requests).toEqual([pathToFileURL(path).href]);
      for (const name of clean) {
        const shown = name.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
        expect(seen.names).toContainEqual([`d${shown}`, shown]);
      }
      await db.query("delete from a2o.assessments");
    });
    await fc.assert(property, { numRuns: 25 });
    await context.close();
  });

  it.each(["light", "dark"] as const)("has no accessibility violation: %s", async colorScheme => {
    const path = await page(await storeCatalog());
    for (const width of [1440, 390]) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      const tab = await context.newPage();
      await tab.goto(pathToFileURL(path).href);
      await tab.addScriptTag({ path: axe });
      const violations = await tab.evaluate(
        "axe.run().then(result => result.violations.map(violation => [violation.id, violation.nodes[0].html]))",
      );
      expect(violations).toEqual([]);
      expect(await tab.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      await context.close();
    }
    await db.query("delete from a2o.assessments");
  });

  it("is printed on white, whatever the screen, and without its contents list", async () => {
    const context = await browser.newContext({ colorScheme: "dark" });
    const tab = await context.newPage();
    await tab.goto(pathToFileURL(await page(await storeCatalog())).href);
    await tab.emulateMedia({ media: "print" });
    expect(
      await tab.evaluate(
        '[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector("nav")).display]',
      ),
    ).toEqual(["rgb(255, 255, 255)", "none"]);
    expect((await tab.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe("%PDF-");
    await context.close();
    await db.query("delete from a2o.assessments");
  });

  it("says what it rests on, what was not read, and what it leaves out", async () => {
    const id = await storeCatalog();
    const text = await readFile(await page(id, 2), "utf8");
    expect(text).toContain("<b>50.0%</b> of databases read in full (1 of 2)");
    expect(text).toContain("the first 2 of 3 tables");
    expect(text).toContain("1 table is left out here");
    expect(text).toMatch(/Access denied<br><span class="mono absent whole">glue:GetTables/);
    expect(text).toContain("AccessDeniedException: not authorized");
    expect(text).not.toContain("made up by the AWS simulator");
    expect(await readFile(await page(id), "utf8")).toContain("all 3 tables");
    await db.query("delete from a2o.assessments");
  });

  it("compares with the assessment before, and marks what the simulator made up", async () => {
    await recordCatalog(client, [{ name: "sales", tables: [glueTable("events")] }], {
      timestamp: "2025-12-01T10:00:00Z",
    });
    const { id } = await recordCatalog(client, [{ name: "sales", tables: [glueTable("events"), iceberg("orders")] }], {
      isSimulated: true,
    });
    const text = await readFile(await page(id), "utf8");
    expect(text).toContain("+1 since 1 Dec 2025");
    expect(text).toContain("simulated: this catalog was made up by the AWS simulator");
    await db.query("delete from a2o.assessments");
  });
});
