import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type WebSocket from "ws";
import { createTestDatabase, type TestDatabase } from "../../../../test/database.ts";
import { storeExample } from "../../../../test/example-assessment.ts";
import { type Caller, closed, serveGraphql, socketOf, type TestGraphql, Told } from "../testing.ts";
import { type Change, KINDS } from "./changes.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";
const ann = { user: "ann" };
const zoe = { user: "zoe" };
const boss = { user: "boss" };

type Event = Partial<Change> & { assessment?: { totalTables: number } | null };
const EVERYTHING = "subscription { changes { kind id awsAccountId at assessment { totalTables } } }";

let db: TestDatabase;
let server: TestGraphql;
let region = 0;
const telling: Told<Event>[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  for (const awsAccountId of [OURS, THEIRS]) await storeExample(db, { awsAccountId, region: "eu-central-1" });
  await db.query(
    "select a2o.grant_account_access('ann', $1), a2o.grant_account_access('zoe', $2), a2o.grant_account_access('boss', '*')",
    [OURS, THEIRS],
  );
  server = await serveGraphql(db);
});
afterAll(async () => {
  await server.close();
  await db.drop();
});
afterEach(() => {
  for (const told of telling.splice(0)) told.stop();
});

const store = (awsAccountId: string) => storeExample(db, { awsAccountId, region: `test-${++region}` });

/** Subscribes, and waits until it is certain to hear everything from now on. */
async function tell(caller: Caller, query = EVERYTHING): Promise<Told<Event>> {
  const told = new Told<Event>(server.client(caller), query);
  telling.push(told);
  await told.until(({ events, errors }) => events.length > 0 || errors.length > 0);
  return told;
}

/** What a subscriber was told of, apart from RESYNC. */
const ids = ({ events }: Told<Event>) => events.filter(({ kind }) => kind !== "RESYNC").map(({ id }) => id);

describe("a subscriber", () => {
  it("is told to ask everything first, and then of each assessment, with its row as it is", async () => {
    const told = await tell(ann);
    expect(told.events).toEqual([
      { kind: "RESYNC", id: null, awsAccountId: null, at: expect.any(String), assessment: null },
    ]);
    const id = await store(OURS);
    await told.until(({ events }) => events.length > 1);
    expect(told.events[1]).toEqual({
      kind: "ASSESSMENT",
      id,
      awsAccountId: OURS,
      at: expect.any(String),
      assessment: { totalTables: 3 },
    });
    await db.query("delete from a2o.assessments where id = $1", [id]);
    await told.until(({ events }) => events.length > 2);
    expect(told.events[2]).toMatchObject({ kind: "ASSESSMENT", id, assessment: null });
    expect(told.errors).toEqual([]);
  });

  it("hears nothing at all of another account, not even an empty message", async () => {
    const frames: string[] = [];
    const socket = new (socketOf(ann))(`${server.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
    socket.on("message", data => frames.push(String(data)));
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "connection_init" }));
    await once(socket, "message");
    socket.send(JSON.stringify({ type: "subscribe", id: "1", payload: { query: EVERYTHING } }));
    await once(socket, "message");
    const neighbour = await tell(zoe);
    const theirs = await store(THEIRS);
    await neighbour.until(told => ids(told).includes(theirs));
    const ours = await store(OURS);
    await once(socket, "message");
    expect(frames.map(frame => JSON.parse(frame).payload?.data?.changes.id)).toEqual([undefined, null, ours]);
    expect(ids(neighbour)).toEqual([theirs]);
    socket.close();
  });

  it("hears no more once access is taken away, and again once it is given", async () => {
    const told = await tell(ann);
    const witness = await tell(boss);
    await db.query("select a2o.revoke_account_access('ann', $1)", [OURS]);
    const unheard = await store(OURS);
    await witness.until(other => ids(other).includes(unheard));
    await db.query("select a2o.grant_account_access('ann', $1)", [OURS]);
    const heard = await store(OURS);
    await told.until(({ events }) => events.length > 1);
    expect(ids(told)).toEqual([heard]);
  });

  it("hears only of the kinds it asked for", async () => {
    const told = await tell(ann, "subscription { changes(kinds: [JOB, MONITOR]) { kind id migrationJob { status } } }");
    await store(OURS);
    const [job] = await db.query<{ id: string }>(
      `insert into a2o.migration_jobs (job_type, aws_job_id, aws_account_id, region, status) values ('DMS', 'one', $1, 'eu-west-1', 'RUNNING')
       returning id`,
      [OURS],
    );
    await db.query("select a2o_private.announce('JOB', $1, $2)", [OURS, job?.id]);
    await told.until(({ events }) => events.length > 1);
    expect(told.events.slice(1)).toEqual([{ kind: "JOB", id: job?.id, migrationJob: { status: "RUNNING" } }]);
  });

  it("is told the last of many changes of one thing, not each of them", async () => {
    const id = await store(OURS);
    const told = await tell(ann);
    const client = new Client({ connectionString: db.url });
    await client.connect();
    for (let total = 1; total <= 300; total++) {
      await client.query("update a2o.assessments set total_tables = $2 where id = $1", [id, total]);
    }
    await client.end();
    await told.until(({ events }) => events.at(-1)?.assessment?.totalTables === 300);
    expect(told.events.length).toBeLessThan(150);
  });

  it("that reads too slowly is told to ask everything again instead", async () => {
    const slow = server.graphql.live.subscribe("ann", KINDS);
    const witness = await tell(ann);
    const all = await db.query<{ id: string }>(
      `insert into a2o.assessments (timestamp, region, aws_account_id, tool_version, total_databases, total_tables, iceberg_tables,
         migration_ready, needs_conversion, unknown, sized_tables, databases_complete, origin, content_hash)
       select now() - n * interval '1 day', 'slow', $1, '1', 0, 0, 0, 0, 0, 0, 0, 0, 'REPORT', sha256(n::text::bytea)
       from generate_series(1, 150) as n returning id`,
      [OURS],
    );
    for (const { id } of all) await db.query("update a2o.assessments set tool_version = '2' where id = $1", [id]);
    // So many at once may be too many for the witness, too.
    const heard = ({ events }: Told<Event>) => events.filter(({ kind }) => kind === "RESYNC").length > 1;
    await witness.until(told => heard(told) || ids(told).includes(all.at(-1)?.id));
    expect((await slow.next()).value).toMatchObject({ kind: "RESYNC" });
    const rest = [];
    const next = await store(OURS);
    for await (const change of slow) {
      rest.push(change.id);
      if (change.id === next) break;
    }
    expect(rest.length).toBeLessThan(150);
  });

  it("that was away learns of what it missed by asking again when it is told to", async () => {
    const away = await tell(ann);
    away.stop();
    const missed = await store(OURS);
    const back = await tell(ann);
    expect(back.events).toMatchObject([{ kind: "RESYNC" }]);
    const { data } = await server.ask(ann, `{ assessment(id: "${missed}") { id } }`);
    expect(data).toEqual({ assessment: { id: missed } });
  });
});

describe("when the database goes away", () => {
  it("subscribers are told to ask everything again as soon as it is heard again, and go on hearing", async () => {
    const told = await tell(ann);
    const elsewhere = new URL(db.url);
    elsewhere.pathname = "postgres";
    const admin = new Client({ connectionString: elsewhere.href });
    const inside = new Client({ connectionString: db.url });
    await Promise.all([admin.connect(), inside.connect()]);
    await admin.query(`alter database ${db.name} allow_connections false`);
    try {
      await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name = 'aws2openstack live'",
        [db.name],
      );
      while (server.graphql.live.isListening) await sleep(10);
      // What comes now is heard by nobody.
      await inside.query("select a2o_private.announce('JOB', $1, null)", [OURS]);
      while (!server.logged.some(line => line.includes("not currently accepting connections"))) await sleep(20);
    } finally {
      await admin.query(`alter database ${db.name} allow_connections true`);
      await Promise.all([admin.end(), inside.end()]);
    }
    await told.until(({ events }) => events.at(-1)?.kind === "RESYNC" && events.length > 1);
    const id = await store(OURS);
    await told.until(all => ids(all).includes(id));
    expect(server.logged.join("\n")).toContain("live: not listening");
  });

  it("what anybody else sends on the channel is ignored unless it is an announcement", async () => {
    const told = await tell(ann);
    for (const payload of ["", "gossip", "null", "{}", '{"kind":"JOB","account":"x","id":null,"at":"2026-01-01"}']) {
      await db.query("select pg_notify('a2o', $1)", [payload]);
    }
    const id = await store(OURS);
    await told.until(all => ids(all).includes(id));
    expect(told.events).toHaveLength(2);
  });
});

describe("a websocket", () => {
  const open = (caller: Parameters<typeof socketOf>[0]) =>
    new (socketOf(caller))(`${server.url.replace("http", "ws")}/graphql`, "graphql-transport-ws");
  const refusal = async (socket: WebSocket) => {
    const [error] = await once(socket, "error");
    return error.message;
  };

  it("is refused without a sign-in, and from another site", async () => {
    expect(await refusal(open({}))).toContain("401");
    expect(await refusal(open({ ...ann, origin: "https://evil.example" }))).toContain("403");
    expect(await refusal(open({ ...ann, origin: "null" }))).toContain("403");
    const welcome = open({ ...ann, origin: server.url });
    await once(welcome, "open");
    welcome.close();
  });

  it("ends when the sign-in does", async () => {
    const socket = open({ ...ann, expiresIn: 200 });
    await once(socket, "open");
    expect(await closed(socket)).toEqual({ code: 4403, reason: "Signed out" });
  });

  it("ends with the next event once the user has signed out, and does not tell of it", async () => {
    await db.query("select a2o.grant_account_access('max', $1)", [OURS]);
    const socket = open({ user: "max" });
    const frames: string[] = [];
    socket.on("message", data => frames.push(String(data)));
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "connection_init" }));
    await once(socket, "message");
    socket.send(JSON.stringify({ type: "subscribe", id: "1", payload: { query: EVERYTHING } }));
    await once(socket, "message");
    server.signedOut.add("max");
    const ended = closed(socket);
    await store(OURS);
    expect(await ended).toEqual({ code: 4403, reason: "Signed out" });
    expect(frames).toHaveLength(2);
    expect(await refusal(open({ user: "max" }))).toContain("401");
  });

  it("serves subscriptions only, ten at a time, within the limits", async () => {
    const client = server.client(ann);
    expect((await tell(ann, "{ currentAccess { userName } }")).errors).toMatchObject([
      [{ extensions: { code: "NOT_A_SUBSCRIPTION" } }],
    ]);
    expect((await tell(ann, "subscription { changes { nothingLikeThis } }")).errors).toMatchObject([
      [{ message: expect.stringContaining("nothingLikeThis") }],
    ]);
    const nested = "account { assessments { nodes { account { assessments { nodes { id } } } } } }";
    expect((await tell(ann, `subscription { changes { assessment { ${nested} } } }`)).errors).toMatchObject([
      { extensions: { code: "TOO_COSTLY" } },
    ]);
    const many = Array.from({ length: 11 }, () => new Told<Event>(client, EVERYTHING));
    telling.push(...many);
    await many[10]?.until(({ errors }) => errors.length > 0);
    expect(many[10]?.errors).toMatchObject([[{ extensions: { code: "TOO_MANY_SUBSCRIPTIONS" } }]]);
  });

  it("is what GET is for; a plain one is told to use POST", async () => {
    const response = await fetch(`${server.url}/graphql?query={currentAccess{userName}}`, {
      headers: { "x-caller": JSON.stringify(ann) },
    });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });
});

describe("a thousand subscribers", () => {
  it("cost one connection that listens, and each is told of their own account only", async () => {
    while (server.graphql.live.subscribers > 0) await sleep(10);
    const clients = Array.from({ length: 1000 }, (_, i) => server.client(i % 2 === 0 ? ann : zoe));
    const told = clients.map(client => new Told<Event>(client, "subscription { changes { kind id } }"));
    telling.push(...told);
    await Promise.all(told.map(one => one.until(({ events }) => events.length > 0)));
    expect(server.graphql.live.subscribers).toBe(1000);
    const connections = await db.query<{ application_name: string; connections: number }>(
      `select application_name, count(*)::integer as connections from pg_stat_activity
       where datname = current_database() and application_name ~ '^aws2openstack' group by 1 order by 1`,
    );
    expect(connections[0]).toEqual({ application_name: "aws2openstack live", connections: 1 });
    expect(connections[1]?.connections ?? 0).toBeLessThanOrEqual(10);
    const [ours, theirs] = [await store(OURS), await store(THEIRS)];
    await Promise.all(told.map(one => one.until(({ events }) => events.length > 1)));
    expect(told.map(one => ids(one)[0])).toEqual(told.map((_, i) => (i % 2 === 0 ? ours : theirs)));
    for (const client of clients) await client.dispose();
    while (server.graphql.live.subscribers > 0) await sleep(10);
  });
});

it("the kinds are those that the database announces", async () => {
  const [row] = await db.query("select enum_range(null::a2o.event_kind)::text[] as kinds");
  expect(row?.kinds).toEqual(KINDS);
});
