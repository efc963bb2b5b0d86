import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type Session, type TestDatabase } from "../test/database.ts";
import { glueTable, ingestClient, recordCatalog } from "../worker/record/testing.ts";

// Every function that a reader or an operator may call is asked about another account's things, and about things that do not
// exist: it must answer both alike, in rows, counts and words. The functions come from the catalogue, so that a new one is
// among them.

const OURS = "111111111111";
const THEIRS = "222222222222";

let db: TestDatabase;
let ann: string;
let boss: string;

/** What a call may be about. Whatever is asked of one of them has the same shape for all. */
interface Things {
  account: string;
  assessment: string;
  later: string;
  job: string;
  table: string;
  monitor: string;
  schedule: string;
  alert: string;
  webhook: string;
  delivery: string;
}
let theirs: Things;
const nobodys: Things = {
  account: "999999999999",
  assessment: "f0000000-0000-4000-8000-00000000000a",
  later: "f0000000-0000-4000-8000-00000000000b",
  job: "f0000000-0000-4000-8000-00000000000c",
  table: "f0000000-0000-4000-8000-00000000000d",
  monitor: "f0000000-0000-4000-8000-00000000000e",
  schedule: "f0000000-0000-4000-8000-00000000000f",
  alert: "f0000000-0000-4000-8000-0000000000a1",
  webhook: "f0000000-0000-4000-8000-0000000000a2",
  delivery: "f0000000-0000-4000-8000-0000000000a3",
};

beforeAll(async () => {
  db = await createTestDatabase();
  [ann, boss] = [await db.createLogin("a2o_operator"), await db.createLogin("a2o_operator")];
  await db.query("select a2o.grant_account_access($1, $2), a2o.grant_account_access($3, '*')", [ann, OURS, boss]);
  const client = await ingestClient(db);
  const sales = [glueTable("orders"), glueTable("events", { TableType: "VIRTUAL_VIEW" })];
  const record = (awsAccountId: string, more: object[], timestamp: string) =>
    recordCatalog(client, [{ name: "sales", tables: [...sales, ...more] }], { awsAccountId, timestamp }).then(
      ({ id }) => id,
    );
  for (const awsAccountId of [OURS, THEIRS]) {
    const assessment = await record(awsAccountId, [], "2026-02-01T12:00:00Z");
    const later = await record(awsAccountId, [glueTable("refunds")], "2026-02-09T12:00:00Z");
    const [table] = await db.query<{ id: string }>(
      "select id from a2o.tables where assessment_id = $1 and table_name = 'orders'",
      [later],
    );
    const [job] = await db.query<{ id: string }>(
      `insert into a2o.migration_jobs (job_type, aws_job_id, aws_account_id, region, status, started_at, completed_at, table_id, error_message)
       values ('DMS', 'arn', $1, 'eu-west-1', 'FAILED', '2026-02-10', '2026-02-11', $2, 'no') returning id`,
      [awsAccountId, table?.id],
    );
    await db.query("select a2o_private.make_history_partitions(array[timestamptz '2026-02-10'])");
    await db.query(
      `with progress as (insert into a2o.migration_progress (job_id, sampled_at, aws_account_id) values ($1, '2026-02-10', $2))
       insert into a2o.migration_metrics (job_id, metric_name, sampled_at, aws_account_id, value) values ($1, 'm', '2026-02-10', $2, 1)`,
      [job?.id, awsAccountId],
    );
    await db.query("select a2o.add_monitor($1, 'eu-west-1')", [awsAccountId]);
    const [monitor] = await db.query<{ id: string }>("select id from a2o.monitors where aws_account_id = $1", [
      awsAccountId,
    ]);
    const [schedule] = await db.query<{ id: string }>("select id from a2o.schedule_assessment($1, 'all', 'day')", [
      awsAccountId,
    ]);
    const [alert] = await db.query<{ id: string }>(
      `insert into a2o.alerts (rule_code, aws_account_id, region, job_id, severity, message)
       values ('JOB_FAILED', $1, 'eu-west-1', $2, 'CRITICAL', 'no') returning id`,
      [awsAccountId, job?.id],
    );
    const [webhook] = await db.query<{ id: string }>("select id from a2o.add_webhook($1, account_id => $2)", [
      `of_${awsAccountId}`,
      awsAccountId,
    ]);
    const [delivery] = await db.query<{ id: string }>(
      `insert into a2o.alert_deliveries (webhook_id, alert_id, aws_account_id, event, payload, state, ended_at)
       values ($1, $2, $3, 'OPENED', '{}', 'DEAD', now()) returning id`,
      [webhook?.id, alert?.id, awsAccountId],
    );
    if (awsAccountId === THEIRS) {
      theirs = {
        account: THEIRS,
        assessment,
        later,
        ...{ job: job?.id ?? "", table: table?.id ?? "", monitor: monitor?.id ?? "" },
        schedule: schedule?.id ?? "",
        alert: alert?.id ?? "",
        ...{ webhook: webhook?.id ?? "", delivery: delivery?.id ?? "" },
      };
    }
  }
  await client.end();
});
afterAll(() => db.drop());

interface Routine {
  name: string;
  /** As in `a2o.search_tables(uuid, …)`, to tell overloads apart. */
  signature: string;
  /** Input arguments in their order; type is null for a row type, which the caller makes up. */
  inputs: { name: string; type: string; is_row: boolean; has_default: boolean; first_label: string | null }[];
}

async function routines(role: string): Promise<Routine[]> {
  const found = await db.query<Routine & Record<string, unknown>>(
    `select p.pronamespace::regnamespace || '.' || quote_ident(p.proname) as name, p.oid::regprocedure::text as signature,
       coalesce((
         select json_agg(json_build_object('name', coalesce(p.proargnames[i], ''), 'type', t.oid::regtype::text, 'is_row', t.typtype = 'c',
           'has_default', i > p.pronargs - p.pronargdefaults,
           'first_label', (select e.enumlabel from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder limit 1)) order by i)
         from generate_series(1, p.pronargs) as i join pg_type t on t.oid = p.proargtypes[i - 1]), '[]') as inputs
     from pg_proc p
     where p.pronamespace in (select oid from pg_namespace where nspname ~ '^a2o' and nspname <> 'a2o_private')
       and has_function_privilege($1, p.oid, 'execute') and p.prorettype <> 'trigger'::regtype
       -- What is immutable reads nothing.
       and p.provolatile <> 'i'
     order by 2`,
    [role],
  );
  // A function of a row tells about the row that the caller has already.
  return found.filter(({ inputs }) => inputs.length > 0 && !inputs.some(input => input.is_row));
}

/** A value for an argument: about one of the things where the name says so, else whatever the type takes. */
function valueFor({ name, type, first_label }: Routine["inputs"][number], things: Things): unknown {
  const isId = type === "uuid" || /assessment|reference/.test(name);
  if (/account/.test(name)) return things.account;
  if (/^(to_|.*_2$)/.test(name) && isId) return things.later;
  if (/job/.test(name) && type === "uuid") return things.job;
  if (/monitor/.test(name) && type === "uuid") return things.monitor;
  if (/schedule/.test(name) && type === "uuid") return things.schedule;
  if (/alert/.test(name) && type === "uuid") return things.alert;
  if (/webhook/.test(name) && type === "uuid") return things.webhook;
  if (/delivery/.test(name) && type === "uuid") return things.delivery;
  if (name === "every") return "day";
  if (/table_id/.test(name) && type === "uuid") return things.table;
  // What completions get is what was typed so far.
  if (isId || name === "value") return things.assessment;
  if (first_label !== null) return first_label;
  if (/region/.test(name)) return "eu-west-1";
  if (/database/.test(name)) return "sales";
  if (/table/.test(name) && type === "text") return "orders";
  if (/pattern/.test(name)) return "%o%";
  if (/timestamp|date/.test(type)) return "2026-02-10T00:00:00Z";
  if (/\[\]$/.test(type)) return "{}";
  if (type === "boolean") return "true";
  // Of a2o.export_statement.
  if (name === "list") return "tables";
  if (name === "format") return "csv";
  if (/json/.test(type)) return JSON.stringify({ assessmentId: things.assessment });
  if (type === "interval") return "1 day";
  return /int|numeric|double/.test(type) ? "1" : "x";
}

/** What it answers, or why not, with the names of the things taken out. What it changes is rolled back. */
async function ask({ client }: Session, { name, inputs }: Routine, things: Things): Promise<string> {
  // Optional arguments are left out unless they say what the question is about.
  const given = inputs.filter(
    input =>
      !input.has_default || /assessment|reference|account|job_id|monitor|table_id|webhook_id|delivery/.test(input.name),
  );
  const call = given.map((input, i) => `${input.name === "" ? "" : `"${input.name}" => `}$${i + 1}::${input.type}`);
  const values = given.map(input => valueFor(input, things));
  await client.query("savepoint asking");
  const answer = await client
    .query<{ answer: string }>(
      `select coalesce(json_agg(a)::text, 'null') as answer from ${name}(${call.join(", ")}) as a`,
      values,
    )
    .then(
      ({ rows }) => rows[0]?.answer ?? "",
      (error: { code?: string; message: string; detail?: string; hint?: string }) =>
        JSON.stringify([error.code, error.message, error.detail, error.hint]),
    );
  await client.query("rollback to savepoint asking");
  return Object.entries(things).reduce((text, [kind, id]) => text.replaceAll(id, kind), answer);
}

describe.each(["a2o_reader", "a2o_operator"])("every function that %s may call", role => {
  it("says of another account's things what it says of things that are not there", async () => {
    const all = await routines(role);
    expect(all.length).toBeGreaterThan(20);
    await db.as(ann, async session => {
      for (const routine of all) {
        const [asked, unknown] = [await ask(session, routine, theirs), await ask(session, routine, nobodys)];
        expect([routine.signature, asked]).toEqual([routine.signature, unknown]);
      }
    });
  });

  it("says something else to whoever may read them, so that the test above can fail", async () => {
    const silent: string[] = [];
    await db.as(boss, async session => {
      for (const routine of await routines(role)) {
        if ((await ask(session, routine, theirs)) === (await ask(session, routine, nobodys))) silent.push(routine.name);
      }
    });
    // Whoever is named here was asked nothing sensible: give valueFor what its arguments are about.
    expect(silent).toEqual([]);
  });
});
