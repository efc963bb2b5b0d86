// Takes the pictures in docs/images from the real page over the demo catalog, in an embedded database of their own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { grantEmbeddedAccess, LOCAL_USER } from "../cli/access.ts";
import { demoCredentials, startSimulator } from "../demo/simulator.ts";
import { withClient } from "../postgres/connect.ts";
import { acquireEmbedded } from "../postgres/embedded/acquire.ts";
import { resetEmbedded } from "../postgres/embedded/manage.ts";
import { ensureLogins } from "../postgres/logins.ts";
import { migrate } from "../postgres/migrate.ts";
import { packageRoot } from "../postgres/package-root.ts";
import { launchBrowser } from "../test/browser.ts";
import { startWebServer } from "../web/server/server.ts";
import { assessGlueCatalog } from "../worker/assess/glue-catalog.ts";

const PORT = 18_501;
const home = await mkdtemp(join(tmpdir(), "a2o-screenshots-"));
const embedded = await acquireEmbedded({ home });
try {
  await migrate(embedded.url);
  const databaseUrl = embedded.urlFor("a2o_authenticator");
  await ensureLogins(embedded.url, embedded.passwords, [databaseUrl]);
  await grantEmbeddedAccess(embedded.url);
  await using simulator = await startSimulator();
  const standIn = { endpoint: simulator.url, credentials: demoCredentials };
  // Two generations of the catalog, so that the page has something to compare.
  for (const generation of [0, 1]) {
    simulator.setGeneration(generation);
    await withClient(embedded.url, { purpose: "screenshots", role: "a2o_ingest" }, client =>
      assessGlueCatalog(client, { region: "us-east-1", standIn, keep: true }),
    );
  }
  const identity = { role: "a2o_reader", user: LOCAL_USER } as const;
  const server = await startWebServer({ databaseUrl, port: PORT, identity, log: () => undefined });
  const browser = await launchBrowser();
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [size, viewport] of [
      ["", { width: 1440, height: 900 }],
      ["-phone", { width: 390, height: 844 }],
    ] as const) {
      const page = await browser.newPage({ viewport, colorScheme, locale: "en-GB", timezoneId: "UTC" });
      await page.goto(server.url);
      await page.getByText("Migration readiness").first().waitFor();
      await page.screenshot({ path: join(packageRoot, `docs/images/overview-${colorScheme}${size}.png`) });
      await page.close();
    }
  }
  await browser.close();
  await server.close();
} finally {
  await embedded.release();
  await resetEmbedded(home);
  await rm(home, { recursive: true, force: true });
}
