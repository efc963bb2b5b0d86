import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../postgres/package-root.ts";
import { serverUser } from "../postgres/server/os-user.ts";
import { identity } from "../postgres/server/run.ts";
import { freePort, startThrowaway, type Throwaway } from "../postgres/throwaway.ts";
import { type Collector, startCollector } from "../telemetry/testing.ts";
import { hasPgBouncer } from "../test/pgbouncer.ts";
import { type RunningCommand, runIn } from "../test/processes.ts";
import { type Compose, readCompose, readImage } from "./compose.ts";

const run = promisify(execFile);
const SIMULATOR = 4566;
const METRICS = 9464;

/**
 * The services of docker-compose.yml in their order, each with its own command, environment, secrets and settings, as processes of
 * this machine: only places differ (paths of files, and addresses, which are all 127.0.0.1).
 */
describe.skipIf(!hasPgBouncer)("the services of docker-compose.yml", () => {
  let directory: string;
  let server: Throwaway;
  let compose: Compose;
  let places: [string, string][];
  let web: RunningCommand;
  let worker: RunningCommand;
  let webUrl: string;
  let metricsUrl: string;
  let collector: Collector;
  /** Takes what the webhook `team` is told. */
  let receiver: Server;
  const told: string[] = [];
  const started: RunningCommand[] = [];
  const image = readImage("aws2openstack");

  const placed = (text: string) => places.reduce((moved, [from, to]) => moved.replaceAll(from, to), text);
  /** `docker compose up NAME`, or with another command `docker compose run NAME COMMAND`. */
  const start = (name: string, more: string[] = [], command?: string[]) => {
    const service = compose.services[name];
    if (service === undefined) throw new Error(`no service ${name}`);
    const [program, script, ...rest] = [
      ...(service.entrypoint ?? image.entrypoint),
      ...(command ?? service.command ?? image.command),
      ...more,
    ];
    expect(program).toBe("node");
    // A checkout has the sources of what the image has compiled.
    const source = script?.replace("/app/dist/", "/app/").replace(/(?<=\/demo\/main)\.js$/, ".ts");
    const environment = { ...image.environment, ...service.environment };
    const running = runIn(
      packageRoot,
      process.execPath,
      [source ?? "", ...rest].map(placed),
      Object.fromEntries(Object.entries(environment).map(([variable, value]) => [variable, placed(value)])),
    );
    started.push(running);
    return running;
  };
  /** Runs the script that makes what is missing, and puts this machine's addresses into it. */
  const makeSecrets = async () => {
    await run(join(packageRoot, "deploy/make-secrets.sh"), [join(directory, "secrets")]);
    await placeSecrets();
  };
  const placeSecrets = async () => {
    for (const file of await readdir(join(directory, "secrets"))) {
      const path = join(directory, "secrets", file);
      const content = await readFile(path, "utf8");
      if (placed(content) !== content) await writeFile(path, placed(content));
    }
  };
  const owner = async <Row extends pg.QueryResultRow>(sql: string) => {
    const client = new pg.Client({
      connectionString: server.urlOf("aws2openstack").replace("sslmode=disable", "sslmode=no-verify"),
    });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const asked = async (user: string, query: string) => {
    const response = await fetch(`${webUrl}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: webUrl, "x-user": user },
      body: JSON.stringify({ query }),
    });
    return JSON.parse(await response.text());
  };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "a2o-compose-"));
    await chmod(directory, 0o755);
    const secrets = join(directory, "secrets");
    // The same script as in production; the password of the superuser is the throwaway server's.
    await run(join(packageRoot, "deploy/make-secrets.sh"), [secrets]);
    await chmod(secrets, 0o755);
    const [webPort, bouncerPort, simulatorPort] = [await freePort(), await freePort(), await freePort()];
    const metricsPort = await freePort();
    webUrl = `http://127.0.0.1:${webPort}`;
    metricsUrl = `http://127.0.0.1:${metricsPort}`;
    collector = await startCollector();
    receiver = createServer(async (request, response) => {
      told.push(await text(request));
      response.writeHead(204).end();
    }).listen(0, "127.0.0.1");
    await once(receiver, "listening");
    // Secrets of one's own, put into the files of their names.
    await writeFile(join(secrets, "otlp_headers"), "authorization=Bearer%20of-the-collector");
    await writeFile(
      join(secrets, "alert_webhook_team_url"),
      `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
    );
    compose = readCompose({
      PUBLIC_URL: webUrl,
      PROXY_USER_HEADER: "x-user",
      TRUSTED_PROXIES: "127.0.0.1",
      WEB_PORT: String(webPort),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    });
    const user = await serverUser(directory);
    const tls = join(directory, "tls");
    await mkdir(tls);
    await cp(join(secrets, "postgres_key"), join(tls, "server.key"));
    await cp(join(packageRoot, "deploy/pg_hba.conf"), join(tls, "pg_hba.conf"));
    await chmod(join(tls, "server.key"), 0o600);
    if (user !== undefined) await chown(join(tls, "server.key"), user.uid, user.gid);
    places = [
      ["/run/secrets", secrets],
      ["/run/postgresql/", `${tls}/`],
      ["/etc/postgresql/", `${tls}/`],
      ["/etc/pgbouncer/", `${directory}/`],
      ["/app/", `${packageRoot}/`],
      ["/tmp/aws2openstack", `${directory}/home`],
      [String(SIMULATOR), String(simulatorPort)],
      [String(METRICS), String(metricsPort)],
    ];
    const settings = (compose.services.postgres?.command ?? [])
      .filter(word => word.includes("="))
      .map(word => placed(word).split(/=(.*)/s, 2) as [string, string]);
    server = await startThrowaway({ settings: Object.fromEntries(settings) });
    const postgresPort = new URL(server.urlOf("x")).port;
    // What the image does with POSTGRES_DB.
    const client = new pg.Client({
      connectionString: server.urlOf("postgres").replace("sslmode=disable", "sslmode=no-verify"),
    });
    await client.connect();
    await client.query(`create database ${compose.services.postgres?.environment?.POSTGRES_DB}`);
    await client.end();
    const password = (await readFile(join(secrets, "postgres_password"), "utf8")).trim();
    places.push(
      [`:${password}@`, `:${server.password}@`],
      ["@postgres:5432", `@127.0.0.1:${postgresPort}`],
      ["@pgbouncer:6432", `@127.0.0.1:${bouncerPort}`],
      ["host=postgres port=5432", `host=127.0.0.1 port=${postgresPort}`],
      ["listen_addr = 0.0.0.0", "listen_addr = 127.0.0.1"],
      ["listen_port = 6432", `listen_port = ${bouncerPort}`],
    );
    await placeSecrets();
    await writeFile(
      join(directory, "pgbouncer.ini"),
      placed(await readFile(join(packageRoot, "deploy/pgbouncer.ini"), "utf8")),
    );
  });
  afterAll(async () => {
    for (const command of started) if (command.child.exitCode === null) command.child.kill("SIGKILL");
    bouncer?.kill("SIGINT");
    await server?.stop();
    await collector?.close();
    receiver?.close();
    await rm(directory, { recursive: true, force: true });
  });
  let bouncer: ReturnType<typeof spawn> | undefined;

  it("migrate makes the schema and logins what programs log in as, and both may run again", async () => {
    for (const words of ["applied 000001-aws2openstack.sql", "was up to date"]) {
      const migrate = start("migrate");
      expect(await migrate.exited(), migrate.output()).toBe(0);
      expect(migrate.output()).toContain(words);
      const logins = start("logins");
      expect(await logins.exited(), logins.output()).toBe(0);
    }
    const rows = await owner(
      `select rolname as login from pg_roles
       where rolname like 'a2o%' and rolcanlogin and not (rolsuper or rolcreaterole or rolbypassrls) order by 1`,
    );
    expect(rows.map(({ login }) => login)).toEqual(["a2o_authenticator", "a2o_ingest", "a2o_metrics", "a2o_worker"]);
  });

  it("PostgreSQL takes nobody without TLS or a password", async () => {
    const plain = new pg.Client({ connectionString: server.urlOf("aws2openstack") });
    await expect(plain.connect()).rejects.toThrow(/no encryption/);
    const wrong = new URL(server.urlOf("aws2openstack").replace("sslmode=disable", "sslmode=no-verify"));
    wrong.password = "guessed";
    await expect(new pg.Client({ connectionString: wrong.href }).connect()).rejects.toMatchObject({ code: "28P01" });
  });

  it("web serves through PgBouncer, who is signed in and nobody else", async () => {
    const user = await serverUser(directory);
    const { entrypoint, command } = readImage("pgbouncer");
    bouncer = spawn(`/usr/sbin/${entrypoint[0]}`, command.map(placed), { stdio: "ignore", ...identity(user) });
    web = start("web", ["--port", new URL(webUrl).port]);
    await web.printed("Server listening at");
    // The check of its health, as the image makes it.
    const [program, ...words] = image.healthcheck;
    expect(program).toBe("node");
    await run(
      process.execPath,
      words.map(word => word.replace("127.0.0.1:8501", new URL(webUrl).host)),
    );
    expect(await (await fetch(`${webUrl}/readyz`)).json()).toEqual({ status: "ready" });
    expect((await fetch(`${webUrl}/session`)).status).toBe(401);
    await owner("select a2o.grant_account_access('ann@example.com', '*')");
    expect(await asked("ann@example.com", "{ assessments { totalCount } }")).toEqual({
      data: { assessments: { totalCount: 0 } },
    });
    const sessions = await owner<{ usename: string; ssl: boolean }>(
      `select distinct a.usename, s.ssl from pg_stat_activity a join pg_stat_ssl s using (pid)
       where a.usename = 'a2o_authenticator'`,
    );
    expect(sessions).toEqual([{ usename: "a2o_authenticator", ssl: true }]);
    bouncer.kill("SIGSTOP");
    try {
      expect((await fetch(`${webUrl}/readyz`)).status).toBe(503);
    } finally {
      bouncer.kill("SIGCONT");
    }
    await expect.poll(async () => (await fetch(`${webUrl}/readyz`)).status, { timeout: 20_000 }).toBe(200);
  });

  it("worker watches the simulator of the profile demo, whose catalog is assessed", async () => {
    worker = start("worker");
    await worker.printed("Worker on");
    const simulator = start("simulator");
    await simulator.printed("Ctrl-C stops it.");
    const [program, ...words] = compose.services.simulator?.healthcheck?.test?.slice(1) ?? [];
    expect(program).toBe("node");
    await run(process.execPath, words.map(placed));
    const assess = start("demo-assess");
    expect(await assess.exited(), assess.output()).toBe(3); // hr_restricted is not to be read
    const monitor = start("demo-monitor");
    expect(await monitor.exited(), monitor.output()).toBe(0);
    expect(await owner("select region, is_simulated from a2o.newest_assessments order by region")).toEqual([
      { region: "eu-central-1", is_simulated: true },
      { region: "us-east-1", is_simulated: true },
    ]);
    // A worker looks for new monitors once a minute, and when it starts.
    worker.child.kill("SIGTERM");
    expect(await worker.exited(), worker.output()).toBe(0);
    worker = start("worker");
    const state = async () => (await owner<{ state: string }>("select state from a2o.monitor_overview"))[0]?.state;
    await expect.poll(state, { timeout: 40_000 }).toBe("WATCHING");
    const { data } = await asked("ann@example.com", "{ assessments { totalCount } }");
    expect(data.assessments.totalCount).toBe(2);
  });

  it("worker and web tell how they are, and their metrics to who has the token", async () => {
    const [program, ...words] = compose.services.worker?.healthcheck?.test?.slice(1) ?? [];
    expect(program).toBe("node");
    await run(process.execPath, words.map(placed));
    const token = (await readFile(join(directory, "secrets/metrics_token"), "utf8")).trim();
    for (const [url, metric] of [
      [webUrl, "a2o_listening 1"],
      [metricsUrl, "a2o_poll_lag_seconds{"],
    ]) {
      expect((await fetch(`${url}/metrics`)).status).toBe(403);
      const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
      expect(await answer.text()).toContain(metric);
    }
  });

  it("worker tells the webhook team of alerts, at the address of a secret", async () => {
    for (const command of [
      ["access", "grant", "postgres", "*"],
      ["alerts", "webhook", "add", "team", "--format", "slack"],
      ["alerts", "webhook", "test", "team"],
    ]) {
      const done = start("migrate", [], command);
      expect(await done.exited(), done.output()).toBe(0);
    }
    await expect.poll(() => told, { timeout: 20_000 }).toContainEqual(expect.stringContaining('"text":'));
  });

  it("web and worker send traces to the collector that the machine's environment names, with the header of a secret", async () => {
    await expect
      .poll(() => new Set(collector.spans.map(({ service }) => service)), { timeout: 20_000 })
      .toEqual(new Set(["aws2openstack-serve", "aws2openstack-worker"]));
    expect(collector.raw.every(({ headers }) => headers.authorization === "Bearer of-the-collector")).toBe(true);
  });

  it("a password is changed by the commands of docs/security.md, and the old one is worth nothing", async () => {
    const secret = (name: string) => readFile(join(directory, "secrets", name), "utf8");
    const before = (await secret("worker_url")).trim();
    await rm(join(directory, "secrets/a2o_worker"));
    await makeSecrets();
    const after = (await secret("worker_url")).trim();
    expect(after).not.toBe(before);
    const comesIn = async (connectionString: string) => {
      const client = new pg.Client({ connectionString });
      await client.connect();
      await client.end();
    };
    await expect(comesIn(after)).rejects.toMatchObject({ code: "28P01" });
    const logins = start("logins");
    expect(await logins.exited(), logins.output()).toBe(0);
    await comesIn(after);
    await expect(comesIn(before)).rejects.toMatchObject({ code: "28P01" });
    // The worker that runs goes on with the connections it has.
    expect(worker.child.exitCode).toBe(null);
    worker.child.kill("SIGTERM");
    expect(await worker.exited(), worker.output()).toBe(0);
    worker = start("worker");
    await worker.printed("Worker on");
  });

  it("certificates are changed while it runs, and the authority, where both are trusted in between", async () => {
    const secrets = join(directory, "secrets");
    const at = (name: string) => join(secrets, name);
    const key = join(directory, "tls/server.key");
    const user = await serverUser(directory);
    const serve = async () => {
      await cp(at("postgres_key"), key);
      await chmod(key, 0o600);
      if (user !== undefined) await chown(key, user.uid, user.gid);
      await owner("select pg_reload_conf()");
    };
    /** How a connection whose ca file has these certificates ends; the server reads its own a moment after it is told to. */
    const trusting = async (ca: string) => {
      await writeFile(at("ca_tried"), ca);
      const url = (await readFile(at("worker_url"), "utf8")).trim().replace("/secrets/ca", "/secrets/ca_tried");
      const client = new pg.Client({ connectionString: url });
      try {
        await client.connect();
        return "connected";
      } catch (error) {
        return error instanceof Error && "code" in error ? error.code : error;
      } finally {
        await client.end().catch(() => undefined);
      }
    };
    const old = await readFile(at("ca"), "utf8");
    expect(await trusting(old)).toBe("connected");
    await rm(at("ca"));
    await rm(at("ca_key"));
    await makeSecrets();
    const young = await readFile(at("ca"), "utf8");
    expect(await trusting(`${young}${old}`)).toBe("connected");
    expect(await trusting(young)).toMatch(/VERIFY|SIGNATURE|SELF_SIGNED/);
    for (const name of ["postgres", "pgbouncer"]) await rm(at(`${name}_cert`));
    await makeSecrets();
    await serve();
    await expect.poll(() => trusting(young), { timeout: 20_000 }).toBe("connected");
    expect(await trusting(`${young}${old}`)).toBe("connected");
    expect(await trusting(old)).toMatch(/VERIFY|SIGNATURE|SELF_SIGNED/);
  });

  it("all of them end well when they are told to", async () => {
    for (const service of [web, worker]) {
      service.child.kill("SIGTERM");
      expect(await service.exited(), service.output()).toBe(0);
    }
    if (bouncer !== undefined) {
      const gone = once(bouncer, "exit");
      bouncer.kill("SIGINT");
      await gone;
    }
  });
});
