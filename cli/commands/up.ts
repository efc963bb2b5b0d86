import { once } from "node:events";
import { defineCommand } from "citty";
import { withClient } from "../../postgres/connect.ts";
import { defaultHome } from "../../postgres/embedded/home.ts";
import { migrate } from "../../postgres/migrate.ts";
import { UserError } from "../../postgres/user-error.ts";
import { grantEmbeddedAccess, grantFirstAccess, LOCAL_USER } from "../access.ts";
import { abortOnSignals, commonArgs, openStorage, type Storage, say, tell } from "../common.ts";
import { count, share, size, table } from "../text.ts";
import { DEFAULT_PORT, portOf, readableLine, webLoginUrl, webSettings } from "../web.ts";

export default defineCommand({
  meta: {
    name: "up",
    description: "Run everything on this machine: database, worker, API and dashboard",
    examples: [
      ["up --demo", "with the AWS simulator and a first assessment"],
      ["up --port 9000", "the dashboard on another port"],
    ],
  },
  args: {
    host: {
      type: "string",
      valueHint: "ADDRESS",
      description: "Address to listen at; beyond this machine only with sign-in",
      default: "127.0.0.1",
    },
    port: { type: "string", description: "Port of the dashboard", default: String(DEFAULT_PORT) },
    demo: { type: "boolean", description: "Start the AWS simulator too, and assess its catalog the first time" },
    ...commonArgs,
  },
  async run({ args }) {
    const port = portOf(args.port);
    const { signal, dispose } = abortOnSignals();
    const cleanups: (() => Promise<void>)[] = [];
    try {
      await bringUp({ host: args.host, port, demo: args.demo === true, signal, cleanups });
      if (!signal.aborted) await once(signal, "abort");
      tell("Stopping…");
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      for (const cleanup of cleanups.reverse()) {
        await cleanup().catch(error =>
          tell(`While stopping: ${error instanceof Error ? error.message : String(error)}`),
        );
      }
      dispose();
    }
    tell("Stopped. Everything stored is kept.");
  },
});

interface UpOptions {
  host: string;
  port: number;
  demo: boolean;
  signal: AbortSignal;
  /** Filled in the order things start; they end in the reverse one. */
  cleanups: (() => Promise<void>)[];
}

async function bringUp({ host, port, demo, signal, cleanups }: UpOptions): Promise<void> {
  await refuseTakenPort(port);
  const storage = await openStorage();
  cleanups.push(() => storage.release());
  if (storage.embedded === undefined) await migrate(storage.url);
  signal.throwIfAborted();
  const authenticatorUrl = await authenticatorUrlOf(storage);
  const settings = await webSettings(storage.embedded === undefined ? undefined : defaultHome());

  const [{ startWebServer }, { startWorker }] = await Promise.all([
    import("../../web/server/server.ts"),
    import("../../worker/run.ts"),
  ]);
  const web = await startWebServer({
    ...settings,
    // A person who watches wants to know what fails, not each request.
    logLevel: process.env.LOG_LEVEL ? settings.logLevel : "warn",
    host,
    databaseUrl: authenticatorUrl,
    port,
    identity: { role: "a2o_operator", user: LOCAL_USER },
    log: line => tell(readableLine(line)),
  });
  cleanups.push(() => web.close());
  const worker = await startWorker({ databaseUrl: storage.url, log: tell });
  cleanups.push(() => worker.stop());
  signal.throwIfAborted();

  say(
    `PostgreSQL ${storage.embedded === undefined ? storage.description : `${storage.embedded.version} (embedded, data in ${storage.embedded.dataDirectory})`}`,
  );
  if (demo) {
    await demonstrate(storage, signal, cleanups);
    await worker.watchNow();
  }
  signal.throwIfAborted();
  await printAssessments(storage);
  say("");
  say(`Dashboard        ${web.url}`);
  say(`GraphQL          ${web.url}/graphql`);
  say("");
  say("Try next, in another terminal:");
  say("  Assess a real account:");
  say(`    ${command("assess glue-catalog --region eu-central-1 --output-dir reports --save-to-db")}`);
  say("  Connect Claude (docs/mcp.md has others):");
  say(`    ${command("mcp install claude-desktop")}`);
  say("  See what migrates:");
  say(`    ${command("jobs")}`);
  say("  Query it with psql:");
  say(`    ${command("db psql")}`);
  say("");
  say("Ctrl-C stops everything.");
}

/** The command as it is typed where this runs: through npm in a checkout, by its name where it is installed. */
function command(rest: string): string {
  if (process.env.npm_lifecycle_event === "start") return `npm run -s cli -- ${rest}`;
  return `${process.env.npm_command === "exec" ? "npx " : ""}aws2openstack ${rest}`;
}

const DEMO_REGIONS = ["eu-central-1", "us-east-1"];
/** Weeks before this one that the demo's catalog is assessed of, too: from one assessment alone nobody sees what changes. */
const DEMO_PAST = 3;
const WEEK = 7 * 24 * 60 * 60 * 1000;

async function demonstrate(storage: Storage, signal: AbortSignal, cleanups: UpOptions["cleanups"]): Promise<void> {
  const [{ defaultAccountId, demoCredentials, startSimulator }, { assessGlueCatalog }] = await Promise.all([
    import("../../demo/simulator.ts"),
    import("../../worker/assess/glue-catalog.ts"),
  ]);
  const simulator = await startSimulator();
  cleanups.push(() => simulator.close());
  say(`AWS simulator    ${simulator.url} (everything it tells is made up)`);
  for (const region of DEMO_REGIONS) {
    const known = await withClient(storage.url, { role: "a2o_ingest", purpose: "up" }, async client => {
      const { rows } = await client.query("select from a2o.newest_assessments where region = $1 and is_simulated", [
        region,
      ]);
      return rows.length > 0;
    });
    if (known) continue;
    signal.throwIfAborted();
    const assess = (weeksAgo: number) => {
      simulator.setGeneration(DEMO_PAST - weeksAgo);
      return withClient(storage.url, { role: "a2o_ingest", purpose: "assess" }, client =>
        assessGlueCatalog(client, {
          region,
          standIn: { endpoint: simulator.url, credentials: demoCredentials },
          keep: true,
          at: new Date(Date.now() - weeksAgo * WEEK),
          signal,
        }),
      );
    };
    // Today's first: when the rest is interrupted, what is newest is right.
    const result = await assess(0);
    for (let weeksAgo = 1; weeksAgo <= DEMO_PAST; weeksAgo++) await assess(weeksAgo);
    const unread = result.unread.map(database => `${database.databaseName} (${database.errorCode})`);
    say(
      `Assessed ${region}: ${count(result.summary.totalTables)} tables in ${count(result.summary.totalDatabases)} databases` +
        (unread.length === 0 ? "" : `; not read: ${unread.join(", ")}`),
    );
  }
  simulator.setGeneration(DEMO_PAST);
  await watchSimulator(storage, defaultAccountId, simulator.url);
  // Without the simulator there is nothing to see: until the next start they rest.
  cleanups.push(() => restMonitors(storage, simulator.url));
}

async function restMonitors(storage: Storage, url: string): Promise<void> {
  await withClient(storage.url, { role: "a2o_owner", purpose: "monitor" }, client =>
    client.query("select a2o.pause_monitor(id) from a2o.monitors where endpoint = $1", [url]),
  );
}

/** Monitors of the simulator's living migration. It has another port at each start, so those of the last one are pointed to it. */
async function watchSimulator(storage: Storage, account: string, url: string): Promise<void> {
  await withClient(storage.url, { role: "a2o_owner", purpose: "monitor" }, client =>
    client.query("select a2o.add_stand_in_monitor($1, region, $2) from unnest($3::text[]) as region", [
      account,
      url,
      DEMO_REGIONS,
    ]),
  );
}

interface Newest {
  account: string;
  region: string;
  isSimulated: boolean;
  databases: number;
  tables: number;
  ready: number;
  gigabytes: string | null;
}

async function printAssessments(storage: Storage): Promise<void> {
  const newest = await withClient(storage.url, { role: "a2o_ingest", purpose: "up" }, async client => {
    const { rows } = await client.query<Newest>(
      `select aws_account_id as account, region, is_simulated as "isSimulated", total_databases as databases, total_tables as tables,
         migration_ready as ready, total_estimated_size_gb as gigabytes
       from a2o.newest_assessments order by timestamp desc limit 10`,
    );
    return rows;
  });
  say("");
  if (newest.length === 0) {
    say("Nothing is assessed yet.");
    return;
  }
  say(
    table(newest, [
      { title: "Account", value: row => row.account + (row.isSimulated ? " (simulated)" : "") },
      { title: "Region", value: row => row.region },
      { title: "Databases", value: row => count(row.databases), align: "right" },
      { title: "Tables", value: row => count(row.tables), align: "right" },
      { title: "Ready", value: row => share(row.ready, row.tables), align: "right" },
      { title: "Known size", value: row => size(row.gigabytes), align: "right" },
    ]),
  );
}

/** The embedded server has a login for the web server; elsewhere see webLoginUrl. */
async function authenticatorUrlOf(storage: Storage): Promise<string> {
  if (storage.embedded !== undefined) {
    await grantEmbeddedAccess(storage.url);
    return storage.embedded.urlFor("a2o_authenticator");
  }
  await grantFirstAccess(storage.url, LOCAL_USER);
  return webLoginUrl(storage.url);
}

/** Says so before anything is started. The server's own check still stands for what happens in between. */
async function refuseTakenPort(port: number): Promise<void> {
  const health = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2000) })
    .then(async response =>
      response.headers.get("content-type")?.includes("json") ? String(await response.text()) : "another",
    )
    .catch(error => (isRefused(error) ? undefined : "another"));
  if (health === undefined) return;
  if (health.includes("aws2openstack")) {
    throw new UserError(
      `aws2openstack is already running on http://127.0.0.1:${port}.`,
      "Open that page, or choose another port with --port.",
    );
  }
  throw new UserError(
    `Port ${port} on 127.0.0.1 is taken by another program.`,
    `Choose another with --port, e.g. ${command(`up --port ${port + 1}`)}, or end that program.`,
  );
}

function isRefused(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.cause instanceof Error &&
    "code" in error.cause &&
    error.cause.code === "ECONNREFUSED"
  );
}
