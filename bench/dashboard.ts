// The dashboard in real Chromium against the real server: what the first load costs, how soon it is painted, whether a million
// tables scroll without a hitch, and whether an hour of live updates (as fast as they go) leaves memory as it was.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { stringifyDocument } from "@urql/core";
import pg from "pg";
import type { Browser, CDPSession, Page } from "playwright-core";
import { demoCredentials, startSimulator } from "../demo/simulator.ts";
import { withClient } from "../postgres/connect.ts";
import { packageRoot } from "../postgres/package-root.ts";
import { freePort } from "../postgres/throwaway.ts";
import { launchBrowser } from "../test/browser.ts";
import { assessmentOverview, newestAssessments } from "../web/app/data/documents/assessments.ts";
import { startWebServer } from "../web/server/server.ts";
import { assessGlueCatalog } from "../worker/assess/glue-catalog.ts";
import { type Bench, count, type Figure, median, run } from "./frame.ts";
import { storeAssessment } from "./read.ts";
import { type BenchServer, withServer } from "./server.ts";

const LOADS = 9;
const SCROLLS = 400;
/** One every five seconds of an hour. */
const UPDATES = 720;
const WARM_UP = 60;

export const bench: Bench = {
  name: "dashboard",
  measure: ({ tables, quick }) =>
    withServer(async server => {
      const databaseUrl = server.urlFor("a2o_authenticator");
      const owner = new pg.Client({ connectionString: server.url });
      await owner.connect();
      await owner.query("select a2o.grant_account_access('local', '*')");
      const demo = await assessDemo(server);
      const large = await storeAssessment(owner, tables, 1);
      await owner.query("vacuum analyze");
      const identity = { role: "a2o_reader", user: "local" } as const;
      const web = await startWebServer({ databaseUrl, port: await freePort(), identity, log: () => undefined });
      const browser = await launchBrowser();
      try {
        return [
          await firstLoad(),
          await largestPaint(browser, `${web.url}/?assessment=${demo}`, quick ? 5 : LOADS),
          await scrolling(browser, `${web.url}/tables?assessment=${large}`, tables, quick ? SCROLLS / 4 : SCROLLS),
          await liveUpdates(browser, owner, `${web.url}/?assessment=${demo}`, quick ? UPDATES / 24 : UPDATES),
        ];
      } finally {
        await browser.close();
        await web.close();
        await owner.end();
      }
    }),
};

async function assessDemo(server: BenchServer): Promise<string> {
  await using simulator = await startSimulator();
  const standIn = { endpoint: simulator.url, credentials: demoCredentials };
  await withClient(server.url, { purpose: "bench", role: "a2o_ingest" }, client =>
    assessGlueCatalog(client, { region: "us-east-1", standIn, keep: true }),
  );
  const { rows } = await withClient(server.url, { purpose: "bench" }, client =>
    client.query("select id from a2o.assessments"),
  );
  return rows[0].id;
}

/** Scripts that the page needs before it is alive: the entry, what its head names, and what these import statically. */
async function firstLoad(): Promise<Figure> {
  const root = join(packageRoot, "dist/web/app");
  const html = await readFile(join(root, "index.html"), "utf8");
  const wanted = [...html.matchAll(/<(?:script[^>]*src|link rel="modulepreload"[^>]*href)="([^"]+)"/g)].map(
    match => match[1] ?? "",
  );
  const seen = new Set<string>();
  let bytes = 0;
  for (const path of wanted) {
    if (seen.has(path)) continue;
    seen.add(path);
    const text = await readFile(join(root, path), "utf8");
    bytes += gzipSync(text, { level: 9 }).length;
    for (const [, file] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) wanted.push(`/assets/${file}`);
  }
  return { what: "JavaScript of the first load, gzip", value: bytes / 1000, unit: "kB", limit: 60 };
}

/**
 * Largest contentful paint, against the answers that the first figures are made of, asked for by a browser one after the other,
 * plus the paint of a page with one word.
 */
async function largestPaint(browser: Browser, url: string, loads: number): Promise<Figure> {
  const id = new URL(url).searchParams.get("assessment");
  const questions = [
    { query: stringifyDocument(newestAssessments), variables: {} },
    { query: stringifyDocument(assessmentOverview), variables: { id } },
  ];
  const paints: number[] = [];
  const floors: number[] = [];
  for (let load = 0; load < loads; load++) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.route("**/blank", route => route.fulfill({ contentType: "text/html", body: "<p>word" }));
    await page.goto(new URL("/blank", url).href);
    const blank = await paintOf(page, "first-contentful-paint");
    const answers = await page.evaluate<number>(
      `(async () => {
        const start = performance.now();
        for (const { query, variables } of ${JSON.stringify(questions)}) {
          const body = JSON.stringify({ query, variables });
          const answer = await fetch("/graphql", { method: "POST", headers: { "content-type": "application/json" }, body });
          await answer.json();
        }
        return performance.now() - start;
      })()`,
    );
    await page.goto(url);
    await page.getByText("Migration readiness").waitFor();
    await sleep(500);
    paints.push(await paintOf(page, "largest-contentful-paint"));
    floors.push(answers + blank);
    await page.close();
  }
  // The first load also makes the server plan its queries.
  const what = "the answers it is made of and a blank page's paint";
  return {
    what: "largest contentful paint of the overview, demo catalog",
    value: median(paints.slice(1)),
    unit: "ms",
    floor: { what, value: median(floors.slice(1)) },
    limit: 1.2,
  };
}

async function paintOf(page: Page, type: "first-contentful-paint" | "largest-contentful-paint"): Promise<number> {
  return page.evaluate<number>(
    type === "first-contentful-paint"
      ? `new Promise(resolve => new PerformanceObserver(list => resolve(list.getEntriesByName("${type}")[0].startTime)).observe({ type: "paint", buffered: true }))`
      : `new Promise(resolve => new PerformanceObserver(list => resolve(list.getEntries().at(-1).startTime)).observe({ type: "${type}", buffered: true }))`,
  );
}

/** The longest task of the page's thread while the rows fly by. */
async function scrolling(browser: Browser, url: string, tables: number, scrolls: number): Promise<Figure> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  const grid = page.getByRole("grid", { name: "Tables" });
  await grid.getByRole("rowheader").first().waitFor();
  await sleep(1000);
  await page.evaluate(
    "window.longest = 0; new PerformanceObserver(list => { for (const { duration } of list.getEntries()) longest = Math.max(longest, duration) }).observe({ type: 'longtask' })",
  );
  await grid.hover();
  for (let scroll = 0; scroll < scrolls; scroll++) await page.mouse.wheel(0, 1600);
  await sleep(500);
  const longest = await page.evaluate<number>("longest");
  const top = await page.evaluate<number>("document.querySelector('[role=grid]').scrollTop");
  if (top < 10_000) throw new Error(`it scrolled to ${top} only`);
  await page.close();
  // Tasks below 50 ms are not reported.
  return { what: `longest task while scrolling ${count(tables)} tables`, value: longest, unit: "ms", limit: 100 };
}

/** The heap after an hour's updates, against the heap after the first few. */
async function liveUpdates(browser: Browser, owner: pg.Client, url: string, updates: number): Promise<Figure> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  await page.getByText("Largest databases").waitFor();
  await page.waitForFunction(
    "performance.getEntriesByType('resource').some(entry => entry.name.includes('change-feed'))",
  );
  await sleep(1000);
  const session = await page.context().newCDPSession(page);
  let answers = 0;
  page.on("response", response => {
    if (response.url().endsWith("/graphql")) answers += 1;
  });
  const update = async (times: number) => {
    for (let time = 0; time < times; time++) {
      const before = answers;
      await owner.query("update a2o.assessments set created_at = created_at + interval '1 microsecond'");
      for (let wait = 0; answers === before && wait < 100; wait++) await sleep(20);
      if (answers === before) throw new Error("the page did not hear of a change");
    }
  };
  await update(WARM_UP);
  const warm = await heap(session);
  await update(updates);
  const after = await heap(session);
  await page.close();
  return {
    what: `memory after ${count(updates)} live updates`,
    value: after,
    unit: "MB",
    floor: { what: `after ${WARM_UP}`, value: warm },
    limit: 1.1,
  };
}

async function heap(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

if (import.meta.main) await run([bench]);
