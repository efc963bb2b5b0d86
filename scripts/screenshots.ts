// Takes the pictures in docs/images from the real pages over the demo catalog, in an embedded database of their own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { grantEmbeddedAccess, LOCAL_USER } from "../cli/access.ts";
import { defaultAccountId, demoCredentials, startSimulator } from "../demo/simulator.ts";
import { rolePool, withClient } from "../postgres/connect.ts";
import { acquireEmbedded } from "../postgres/embedded/acquire.ts";
import { resetEmbedded } from "../postgres/embedded/manage.ts";
import { ensureLogins } from "../postgres/logins.ts";
import { migrate } from "../postgres/migrate.ts";
import { packageRoot } from "../postgres/package-root.ts";
import { launchBrowser } from "../test/browser.ts";
import { startWebServer } from "../web/server/server.ts";
import { assessGlueCatalog } from "../worker/assess/glue-catalog.ts";
import { pollMonitor } from "../worker/poll/poll.ts";
import { Sessions } from "../worker/poll/sessions.ts";

const PORT = 18_501;
/** Assessments this far apart, so that there is a way to look back on. */
const DAYS_APART = 13;
const HOURS_AGO = 5;
const HOUR = 60 * 60 * 1000;

/** Name of the picture, page, a text that is there once the page is, and whether there is a narrow one. */
const PICTURES = [
  { name: "overview", path: "/", text: "Largest databases", phone: true },
  { name: "databases", path: "/databases", text: "hr_restricted", phone: false },
  { name: "tables", path: "/tables?readiness=NEEDS_CONVERSION&min=1GB", text: "Parquet", phone: true },
  { name: "table", path: "/tables/legacy_hive/returns_us", text: "Evidence", phone: false },
  { name: "findings", path: "/findings?finding=delta_conversion", text: "What to do", phone: false },
  { name: "compare", path: "/compare", text: "became ready", phone: false },
  { name: "active", path: "/migration", text: "AWS Glue", phone: true },
  { name: "history", path: "/migration/history", text: "Common errors", phone: false },
];

const home = await mkdtemp(join(tmpdir(), "a2o-screenshots-"));
const embedded = await acquireEmbedded({ home });
try {
  await migrate(embedded.url);
  const databaseUrl = embedded.urlFor("a2o_authenticator");
  await ensureLogins(embedded.url, embedded.passwords, [databaseUrl]);
  await grantEmbeddedAccess(embedded.url);
  await using simulator = await startSimulator();
  const standIn = { endpoint: simulator.url, credentials: demoCredentials };
  // Several generations of the catalog, so that the pages have something to compare.
  for (const generation of [0, 1, 2, 3]) {
    simulator.setGeneration(generation);
    const at = new Date(Date.now() - HOURS_AGO * HOUR - (3 - generation) * DAYS_APART * 24 * HOUR);
    await withClient(embedded.url, { purpose: "screenshots", role: "a2o_ingest" }, client =>
      assessGlueCatalog(client, { region: "us-east-1", standIn, keep: true, at }),
    );
  }
  await watch(embedded.url, simulator.url);
  const identity = { role: "a2o_operator", user: LOCAL_USER } as const;
  const server = await startWebServer({ databaseUrl, port: PORT, identity, log: () => undefined });
  const browser = await launchBrowser();
  for (const colorScheme of ["light", "dark"] as const) {
    for (const { name, path, text, phone } of PICTURES) {
      for (const [size, viewport] of [
        ["", { width: 1440, height: 900 }],
        ["-phone", { width: 390, height: 844 }],
      ] as const) {
        if (size !== "" && !phone) continue;
        const page = await browser.newPage({ viewport, colorScheme, locale: "en-GB", timezoneId: "UTC" });
        await page.goto(server.url + path);
        await settled(page, text);
        await page.screenshot({ path: join(packageRoot, `docs/images/${name}-${colorScheme}${size}.png`) });
        await page.close();
      }
    }
  }
  await browser.close();
  await server.close();
} finally {
  await embedded.release();
  await resetEmbedded(home);
  await rm(home, { recursive: true, force: true });
}

/** Polls both regions a few times, so that there is a pace to show. */
async function watch(url: string, endpoint: string): Promise<void> {
  const monitors = await withClient(url, { purpose: "screenshots" }, async client => {
    const ids: string[] = [];
    for (const region of ["eu-central-1", "us-east-1"]) {
      const { rows } = await client.query<{ id: string }>("select id from a2o.add_stand_in_monitor($1, $2, $3)", [
        defaultAccountId,
        region,
        endpoint,
      ]);
      ids.push(rows[0]?.id ?? "");
    }
    return ids;
  });
  const worker = rolePool(url, "a2o_worker", 2);
  const sessions = new Sessions();
  for (let round = 0; round < 4; round++) {
    if (round > 0) await sleep(31_000);
    for (const id of monitors) await pollMonitor(id, { query: (sql, params) => worker.query(sql, params), sessions });
  }
  sessions.close();
  await worker.end();
}

async function settled(page: Page, text: string): Promise<void> {
  await page.locator("main").getByText(text).first().waitFor();
  await page.waitForLoadState("networkidle");
}
