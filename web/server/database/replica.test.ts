import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setLoginPasswords } from "../../../postgres/logins.ts";
import { migrate } from "../../../postgres/migrate.ts";
import { freePort, startThrowaway, type Throwaway } from "../../../postgres/throwaway.ts";
import { storeExample } from "../../../test/example-assessment.ts";
import { serveGraphql, type TestGraphql, Told } from "../graphql/testing.ts";
import { startWebServer } from "../server.ts";
import { isReplicasTrouble, toPosition } from "./replica.ts";

/** The embedded PostgreSQL brings no pg_basebackup, so this needs a whole one. */
const DEBIAN_15 = "/usr/lib/postgresql/15/bin";
const ACCOUNT = "111111111111";
const ann = { user: "ann" };
const COUNT = "{ assessments { totalCount } }";
const MAX_LAG = 2;

describe.skipIf(!existsSync(`${DEBIAN_15}/pg_basebackup`))("with a streaming replica", () => {
  let primary: Throwaway;
  let replica: Throwaway;
  let server: TestGraphql;
  let onReplica: pg.Client;
  let region = 0;

  beforeAll(async () => {
    const settings = { wal_level: "replica", max_wal_senders: "3", hot_standby: "on" };
    primary = await startThrowaway({ binaries: DEBIAN_15, settings });
    const url = primary.urlOf("postgres");
    await migrate(url);
    await setLoginPasswords(url, { a2o_authenticator: primary.password, a2o_mcp: primary.password });
    replica = await startThrowaway({ binaries: DEBIAN_15, settings, replicaOf: primary });
    const owner = new pg.Client({ connectionString: url });
    await owner.connect();
    await owner.query("select a2o.grant_account_access('ann', $1)", [ACCOUNT]);
    await owner.end();
    await store();
    onReplica = new pg.Client({ connectionString: replica.urlOf("postgres") });
    onReplica.on("error", () => undefined);
    await onReplica.connect();
    const as = (of: Throwaway) => of.urlOf("postgres").replace(/\/\/[^:]+:/, "//a2o_authenticator:");
    server = await serveGraphql(
      { urlFor: () => as(primary) },
      { readDatabaseUrl: as(replica), maxLagSeconds: MAX_LAG, lookEvery: 100 },
    );
  });
  afterAll(async () => {
    await server?.close();
    await onReplica?.end();
    await replica?.stop();
    await primary?.stop();
  });

  const store = () =>
    storeExample({ url: primary.urlOf("postgres") }, { awsAccountId: ACCOUNT, region: `test-${++region}` });
  /** Asks until the answer comes from there. */
  const askUntil = async (source: RegExp) => {
    for (;;) {
      const answer = await server.ask(ann, COUNT);
      if (source.test(answer.headers.get("x-read-from") ?? "")) return answer;
      await sleep(20);
    }
  };

  it("questions go there, under the same rights, and the answer says so", async () => {
    const { data } = await askUntil(/^replica; lag=\d/);
    expect(data).toEqual({ assessments: { totalCount: region } });
    expect(server.database.status()).toEqual({ replica: { state: "used", lagSeconds: expect.any(Number) } });
    const { data: stranger } = await server.ask({ user: "stranger" }, COUNT);
    expect(stranger).toEqual({ assessments: { totalCount: 0 } });
  });

  it("the web server tells of it to whoever looks after it", async () => {
    const as = (of: Throwaway) => of.urlOf("postgres").replace(/\/\/[^:]+:/, "//a2o_authenticator:");
    const web = await startWebServer({
      databaseUrl: as(primary),
      readDatabaseUrl: as(replica),
      port: await freePort(),
      identity: { role: "a2o_reader", user: "ann" },
      log: () => undefined,
    });
    try {
      const ready = async () => JSON.parse(await (await fetch(`${web.url}/readyz`)).text());
      while ((await ready()).replica.state !== "used") await sleep(20);
      expect(await ready()).toEqual({ status: "ready", replica: { state: "used", lagSeconds: expect.any(Number) } });
      expect(await (await fetch(`${web.url}/metrics`)).text()).toMatch(
        /^a2o_replica_lag_seconds [\d.]+$[\s\S]*^a2o_replica_used 1$|^a2o_replica_used 1$[\s\S]*^a2o_replica_lag_seconds [\d.]+$/m,
      );
      const response = await fetch(`${web.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query: COUNT }),
      });
      expect(response.headers.get("x-read-from")).toMatch(/^replica; lag=/);
    } finally {
      await web.close();
    }
  });

  it("several parts of a question are answered at one moment, and one that fails does not spoil the others", async () => {
    const { data, errors } = await server.ask(
      ann,
      `{ one: assessments { totalCount } searchTables(assessmentId: "${crypto.randomUUID()}") { nextCursor } two: assessments { totalCount } }`,
    );
    expect(errors).toMatchObject([{ extensions: { code: "A2O12" } }]);
    expect(data).toMatchObject({ one: { totalCount: region }, two: { totalCount: region }, searchTables: null });
  });

  it("whoever changed something sees it in the next answer, and so does whoever was told of it", async () => {
    await askUntil(/^replica/);
    await onReplica.query("select pg_wal_replay_pause()");
    try {
      const operator = { ...ann, role: "a2o_operator" as const };
      const { data, errors } = await server.ask(
        operator,
        `mutation { addMonitor(input: { accountId: "${ACCOUNT}", region: "eu-west-1" }) { result { id } } }`,
      );
      expect(errors).toBeUndefined();
      const id = data.addMonitor.result.id;
      const seen = await server.ask(operator, `{ monitor(id: "${id}") { id } }`);
      expect([seen.data, seen.headers.get("x-read-from")]).toEqual([{ monitor: { id } }, "primary"]);

      const told = new Told<{ kind: string; id: string }>(server.client(ann), "subscription { changes { kind id } }");
      await told.until(({ events }) => events.length > 0);
      const stored = await store();
      await told.until(({ events }) => events.some(event => event.id === stored));
      expect((await server.ask(ann, `{ assessment(id: "${stored}") { id } }`)).data).toEqual({
        assessment: { id: stored },
      });
      told.stop();
    } finally {
      await onReplica.query("select pg_wal_replay_resume()");
    }
    expect((await askUntil(/^replica/)).data).toEqual({ assessments: { totalCount: region } });
  });

  it("one that falls too far behind answers nothing until it has caught up", async () => {
    await askUntil(/^replica/);
    await onReplica.query("select pg_wal_replay_pause()");
    try {
      // Nobody is told of this, so only the lag counts.
      const writer = new pg.Client({ connectionString: primary.urlOf("postgres") });
      await writer.connect();
      await writer.query("create table a2o_private.unheard ()");
      await writer.end();
      while (server.database.status().replica?.state !== "lagging") await sleep(20);
      expect(server.database.status().replica?.lagSeconds).toBeGreaterThanOrEqual(MAX_LAG);
      await askUntil(/^primary$/);
    } finally {
      await onReplica.query("select pg_wal_replay_resume()");
    }
    await askUntil(/^replica/);
  });

  it("one that dropped its connections is used again once it answers", async () => {
    await askUntil(/^replica/);
    await onReplica.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'aws2openstack web replica'",
    );
    expect((await server.ask(ann, COUNT)).data).toEqual({ assessments: { totalCount: region } });
    await askUntil(/^replica/);
  });

  it("the primary answers when it is gone, in the middle of things and afterwards", async () => {
    await askUntil(/^replica/);
    let going = true;
    const asking = Array.from({ length: 5 }, async () => {
      const answers = [];
      while (going) answers.push(await server.ask(ann, COUNT));
      return answers;
    });
    await replica.stop();
    while (server.database.status().replica?.state !== "gone") await sleep(20);
    going = false;
    for (const answer of (await Promise.all(asking)).flat()) {
      expect([answer.errors, answer.data]).toEqual([undefined, { assessments: { totalCount: region } }]);
    }
    expect((await server.ask(ann, COUNT)).headers.get("x-read-from")).toBe("primary");
    expect(server.logged.join("\n")).toContain("the primary answers");
  });
});

describe("a replica's trouble", () => {
  it("is everything but the question's own faults", () => {
    const of = (code: string) => Object.assign(new pg.DatabaseError("no", 2, "error"), { code });
    expect(["57P01", "57P03", "40001", "08006", "42P01"].map(code => isReplicasTrouble(of(code)))).toEqual(
      Array(5).fill(true),
    );
    expect(["A2O12", "57014", "22012", "42501"].map(code => isReplicasTrouble(of(code)))).toEqual(Array(4).fill(false));
    expect(isReplicasTrouble(new Error("Connection terminated unexpectedly"))).toBe(true);
  });

  it("positions in the log compare as numbers", () => {
    expect(toPosition("16/B374D848")).toBe(0x16b374d848n);
    expect(toPosition("1/0") > toPosition("0/FFFFFFFF")).toBe(true);
  });
});
