import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultAccountId, type Simulator, startSimulator } from "../demo/simulator.ts";
import { setLoginPasswords } from "../postgres/logins.ts";
import { migrate } from "../postgres/migrate.ts";
import { packageRoot } from "../postgres/package-root.ts";
import { freePort, startThrowaway, type Throwaway } from "../postgres/throwaway.ts";
import { compareWithLog, longCopies } from "../worker/poll/killing.helpers.ts";
import { type RunningCommand, startCommand } from "./processes.ts";

/** The embedded PostgreSQL brings no pg_basebackup, so this needs a whole one. */
const DEBIAN_15 = "/usr/lib/postgresql/15/bin";
const EXECUTIONS = 5;

/** The one address by which clients know the primary, wherever it is: what a virtual IP, a DNS name or HAProxy is elsewhere. */
class MovingAddress {
  #port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(port: number) {
    this.#port = port;
    this.#server = createServer(client => {
      const there = connect(this.#port, "127.0.0.1");
      for (const [one, other] of [
        [client, there],
        [there, client],
      ] as const) {
        this.#sockets.add(one);
        one.pipe(other);
        one.on("error", () => undefined);
        one.on("close", () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
  }

  async listen(): Promise<number> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return address.port;
  }

  moveTo(port: number): void {
    this.#port = port;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

const portOf = (server: Throwaway) => Number(new URL(server.urlOf("x")).port);

/** `as` the login, at the port. */
const urlAt = (server: Throwaway, port: number, login = "postgres") =>
  `postgresql://${login}:${server.password}@127.0.0.1:${port}/postgres?sslmode=disable`;

async function ask<Row extends pg.QueryResultRow>(url: string, sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

describe.skipIf(!existsSync(`${DEBIAN_15}/pg_basebackup`))(
  "two web servers, three workers, a primary and its standby",
  () => {
    let primary: Throwaway;
    let standby: Throwaway;
    let address: MovingAddress;
    let url: string;
    let loginUrl: string;
    let simulator: Simulator;
    let isLoaded = true;
    const webs: { port: number; command: RunningCommand }[] = [];
    const workers: ChildProcess[] = [];
    const load: Promise<void>[] = [];
    /** Monitors whose making was answered, by the web server that answered. */
    const acknowledged: { id: string; web: number }[] = [];
    let answers = 0;

    const startWeb = async (port: number) => {
      const command = startCommand(["serve", "--port", String(port)], {
        AUTHENTICATOR_DATABASE_URL: loginUrl,
        READ_DATABASE_URL: urlAt(standby, portOf(standby), "a2o_authenticator"),
        REQUESTS_PER_MINUTE: "100000",
        LOG_LEVEL: "error",
      });
      for (;;) {
        const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
        if (ready?.status === 200) return { port, command };
        if (command.child.exitCode !== null) throw new Error(command.output());
        await sleep(100);
      }
    };
    const startWorker = () =>
      fork(join(packageRoot, "worker/poll/worker.fixture.ts"), {
        env: { ...process.env, DATABASE_URL: url },
        stdio: ["ignore", "ignore", "ignore", "ipc"],
      });
    const graphql = async (port: number, query: string) => {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query }),
        signal: AbortSignal.timeout(15_000),
      });
      return JSON.parse(await response.text());
    };
    /** Writes through one web server after the other, as clients that try again do. */
    const write = async (client: number) => {
      for (let i = 0; isLoaded; i++) {
        const web = (client + i) % webs.length;
        const name = `client ${client} monitor ${i}`;
        try {
          const { data } = await graphql(
            webs[web]?.port ?? 0,
            `mutation { addMonitor(input: { accountId: "111111111111", region: "eu-west-1", monitorName: "${name}" }) { result { id } } }`,
          );
          if (data?.addMonitor?.result?.id) acknowledged.push({ id: data.addMonitor.result.id, web });
        } catch {
          // It was killed; the next one is asked.
        }
        await sleep(50);
      }
    };
    const read = async (web: number) => {
      while (isLoaded) {
        const answer = await graphql(webs[web]?.port ?? 0, "{ assessments { totalCount } }").catch(() => undefined);
        if (answer?.data?.assessments !== undefined) answers++;
        await sleep(50);
      }
    };
    const polls = async () =>
      Number((await ask<{ polls: string }>(url, "select count(*) as polls from a2o_private.recorded_polls"))[0]?.polls);
    /** More is acknowledged by both web servers, recorded by the workers, and answered, than now. */
    const goesOn = async () => {
      const [writes, reads, recorded] = [acknowledged.length, answers, await polls()];
      for (const web of webs.keys()) {
        const since = () => acknowledged.slice(writes).filter(each => each.web === web).length;
        await expect.poll(since, { timeout: 40_000 }).toBeGreaterThan(0);
      }
      await expect.poll(polls, { timeout: 40_000 }).toBeGreaterThan(recorded);
      await expect.poll(() => answers, { timeout: 40_000 }).toBeGreaterThan(reads);
    };

    beforeAll(async () => {
      const settings = { wal_level: "replica", max_wal_senders: "4", hot_standby: "on", synchronous_commit: "on" };
      primary = await startThrowaway({ binaries: DEBIAN_15, settings });
      const direct = primary.urlOf("postgres");
      await migrate(direct);
      await setLoginPasswords(direct, { a2o_authenticator: primary.password });
      await ask(direct, "select a2o.grant_account_access('local', '*')");
      simulator = await startSimulator({
        clock: { startsAt: new Date("2026-11-01T00:00:00Z"), factor: 1 },
        keepAnswers: true,
        logCapacity: 100_000,
        migration: {
          jobs: longCopies(EXECUTIONS),
        },
      });
      await ask(direct, "select a2o.add_stand_in_monitor($1, 'eu-central-1', $2)", [defaultAccountId, simulator.url]);
      await ask(
        direct,
        "update a2o.monitors set poll_seconds = 1, idle_poll_seconds = 1, metrics_seconds = 1, services = '{DATASYNC}'",
      );
      // Those that clients add are there to be written, and not for the workers.
      await ask(
        direct,
        `create function pause() returns trigger language plpgsql as $$ begin new.is_paused := true; return new; end $$;
       create trigger pause before insert on a2o.monitors for each row execute function pause()`,
      );
      standby = await startThrowaway({ binaries: DEBIAN_15, settings, replicaOf: primary });
      // From now on a commit is answered when the standby has it, too.
      await ask(direct, "alter system set synchronous_standby_names = '*'");
      await ask(direct, "select pg_reload_conf()");
      const state = async () =>
        (await ask<{ state: string }>(direct, "select sync_state as state from pg_stat_replication"))[0]?.state;
      while ((await state()) !== "sync") await sleep(50);
      address = new MovingAddress(portOf(primary));
      const port = await address.listen();
      url = urlAt(primary, port);
      loginUrl = urlAt(primary, port, "a2o_authenticator");
      webs.push(...(await Promise.all([startWeb(await freePort()), startWeb(await freePort())])));
      for (let i = 0; i < 3; i++) workers.push(startWorker());
      load.push(write(0), write(1), read(0), read(1));
    });
    afterAll(async () => {
      isLoaded = false;
      for (const { command } of webs) command.child.kill("SIGKILL");
      for (const worker of workers) worker.kill("SIGKILL");
      await Promise.all(load);
      address?.close();
      await simulator?.close();
      await standby?.stop();
      await primary?.stop();
    });

    it("are killed in turn under load, the standby is promoted, and nothing that was acknowledged is lost", async () => {
      await goesOn();
      for (const web of [0, 1]) {
        const { port = 0, command } = webs[web] ?? {};
        command?.child.kill("SIGKILL");
        await command?.exited();
        // The other one serves meanwhile.
        const before = acknowledged.length;
        await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(before);
        webs[web] = await startWeb(port);
      }
      for (const index of workers.keys()) {
        const gone = once(workers[index] as ChildProcess, "exit");
        workers[index]?.kill("SIGKILL");
        await gone;
        const before = await polls();
        await expect.poll(polls, { timeout: 30_000 }).toBeGreaterThan(before);
        const worker = startWorker();
        workers[index] = worker;
        // One that begins while its server dies ends, as it says.
        await once(worker, "message");
      }
      await goesOn();

      const [place] = await ask<{ directory: string }>(url, "select current_setting('data_directory') as directory");
      const postmaster = Number(readFileSync(join(place?.directory ?? "", "postmaster.pid"), "utf8").split("\n")[0]);
      process.kill(postmaster, "SIGKILL");
      const beforeTheKill = acknowledged.length;
      const replica = standby.urlOf("postgres");
      await ask(replica, "select pg_promote()");
      address.moveTo(portOf(standby));
      expect(await ask(replica, "select pg_is_in_recovery() as standby")).toEqual([{ standby: false }]);
      // Neither a web server nor a worker is started again: they find the new primary by themselves.
      await goesOn();

      isLoaded = false;
      await Promise.all(load);
      expect(workers.map(({ exitCode, signalCode }) => exitCode ?? signalCode)).toEqual([null, null, null]);
      // A poll under way is recorded before a worker ends; one that hangs is ended for it.
      await Promise.all(
        workers.map(async worker => {
          const gone = once(worker, "exit");
          worker.kill("SIGTERM");
          await Promise.race([gone, sleep(15_000).then(() => worker.kill("SIGKILL"))]);
        }),
      );
      expect(beforeTheKill).toBeGreaterThan(10);
      expect(acknowledged.length).toBeGreaterThan(beforeTheKill);
      const lost = await ask(
        replica,
        "select id from unnest($1::uuid[]) as id where not exists (select from a2o.monitors m where m.id = id.id)",
        [acknowledged.map(({ id }) => id)],
      );
      expect(lost).toEqual([]);
      const rows = <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) => ask<Row>(replica, sql, values);
      const found = await compareWithLog(rows, simulator, EXECUTIONS);
      expect(found).toMatchObject({ miscounted: [], unfounded: 0 });
      expect(found.polls).toBeGreaterThan(0);
    }, 150_000);
  },
);
