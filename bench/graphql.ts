// What the dashboard's own documents cost over HTTP, against the same answers by SQL written by hand, over HTTP too: one
// transaction with the same settings, one statement for each list, JSON. Both take turns in one server process. Then 200 users
// at once for a minute, and what memory does meanwhile. Documents without SQL by hand are measured against their own statements.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type DocumentNode, Kind, type OperationDefinitionNode, print } from "postgraphile/graphql";
import { packageRoot } from "../postgres/package-root.ts";
import { type Bench, count, type Figure, run } from "./frame.ts";
import { storeAssessment } from "./read.ts";
import { withServer } from "./server.ts";
import { storeMigration } from "./stored-migration.ts";

const USERS = 200;
/** Seconds. */
const WARM_UP = 8;
const REGION = "eu-west-1";
const ACCOUNT = "111111111111";

export const bench: Bench = {
  name: "graphql",
  measure: ({ tables, quick }) =>
    withServer(async server => {
      const owner = new pg.Client({ connectionString: server.url });
      await owner.connect();
      const assessments: string[] = [];
      let job = "";
      let table: Row = {};
      try {
        for (let day = 1; day <= 3; day++)
          assessments.push(await storeAssessment(owner, day === 1 ? tables / 10 : tables, day));
        job = await storeMigration(owner, ACCOUNT, REGION);
        const some =
          "select database_name, table_name from a2o.tables where assessment_id = $1 order by 1, 2 offset 1000 limit 1";
        table = (await owner.query<Row>(some, [assessments.at(-1)])).rows[0] ?? {};
        await owner.query("select a2o.grant_account_access('bench', '*')");
        await owner.query("vacuum analyze");
      } finally {
        await owner.end();
      }
      const web = await startWeb(server.url);
      try {
        const documents = await dashboardDocuments({ assessments, job, table });
        const figures: Figure[] = [];
        for (const document of documents) figures.push(...(await compare(web, document, quick ? 30 : 300)));
        figures.push(...(await crowd(web, documents, quick ? 12 : 60)));
        return figures;
      } finally {
        await web.stop();
      }
    }),
};

interface Question {
  name: string;
  query: string;
  variables: Record<string, unknown>;
  /** One statement for each list of the answer. */
  byHand: string[] | undefined;
}

type Row = Record<string, string>;

/** What is stored: assessments, the newest last, a running job, and a table of the newest assessment. */
interface Stored {
  assessments: string[];
  job: string;
  table: Row;
}

/** Every query among the dashboard's documents, with values for its variables. */
async function dashboardDocuments({ assessments, job, table }: Stored): Promise<Question[]> {
  const [newest = "", previous = ""] = assessments.toReversed();
  const values: Record<string, unknown> = {
    ...{
      id: newest,
      assessment: newest,
      assessmentId: newest,
      account: ACCOUNT,
      awsAccountId: ACCOUNT,
      region: REGION,
    },
    ...{ first: 50, pageSize: 50, pattern: "%order%", upTo: 10_000, sort: "LARGEST_FIRST" },
    ...{ from: previous, to: newest, code: "text_types", job, state: "OPEN", status: "COMPLETED", points: 120 },
    ...{
      since: new Date(Date.now() - 3_600_000).toISOString(),
      database: table.database_name,
      table: table.table_name,
    },
  };
  const folder = join(packageRoot, "web/app/data/documents");
  const found: Question[] = [];
  for (const file of (await readdir(folder)).filter(name => name.endsWith(".ts")).sort()) {
    const module: Record<string, unknown> = await import(join(folder, file));
    for (const document of Object.values(module).filter(isDocument)) {
      const operation = document.definitions.find(
        (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
      );
      if (operation?.operation !== "query" || operation.name === undefined) continue;
      const names = (operation.variableDefinitions ?? []).map(
        ({ variable, type }) => [variable.name.value, type.kind === Kind.NON_NULL_TYPE] as const,
      );
      const missing = names.find(([name, isRequired]) => isRequired && !(name in values));
      if (missing !== undefined) throw new Error(`${operation.name.value} needs a value for $${missing[0]}`);
      const variables = Object.fromEntries(
        // Searches are over all databases unless the page is about one.
        names
          .filter(([name, isRequired]) => name in values && (isRequired || name !== "database"))
          .map(([name]) => [name, values[name]]),
      );
      const name = operation.name.value;
      found.push({ name, query: print(document), variables, byHand: BY_HAND[name]?.(newest) });
    }
  }
  return found;
}

function isDocument(value: unknown): value is DocumentNode {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === Kind.DOCUMENT;
}

const ASSESSMENT = `id, timestamp, region, aws_account_id, tool_version, origin, is_simulated, total_databases, total_tables, iceberg_tables,
  migration_ready, needs_conversion, unknown, total_size_bytes, sized_tables, databases_complete, completeness_percent`;
const FOUND = `database_name, table_name, table_format, migration_readiness, size_bytes, size_source, storage_location, partition_keys, column_count,
  last_updated, row_count, table_type, notes, findings, format_rule, readiness_rule`;

const BY_HAND: Record<string, (newest: string) => string[]> = {
  NewestAssessments: () => [
    `select ${ASSESSMENT} from a2o.newest_assessments order by timestamp desc, id limit 1001`,
    "select * from a2o.current_access()",
  ],
  SelectedAssessment: newest => [`select ${ASSESSMENT} from a2o.assessments where id = '${newest}'`],
  AssessmentHistory: () => {
    const where = `aws_account_id = '${ACCOUNT}' and region = '${REGION}'`;
    return [
      `select ${ASSESSMENT} from a2o.assessments where ${where} order by timestamp desc, id limit 51`,
      `select count(*) from a2o.assessments where ${where}`,
    ];
  },
  AssessmentOverview: newest => [
    `select ${ASSESSMENT} from a2o.assessments where id = '${newest}'`,
    `select table_format, table_count, sized_tables, size_bytes from a2o.format_overview where assessment_id = '${newest}' order by table_format`,
    `select migration_readiness, table_count, sized_tables, size_bytes from a2o.readiness_overview where assessment_id = '${newest}' order by 1`,
    `select database_name, status, operation, error_code, error_message, tables_read from a2o.database_coverage where assessment_id = '${newest}' order by 1`,
    `select count(*) from a2o.database_coverage where assessment_id = '${newest}'`,
  ],
  TableFacets: newest => [
    `select table_format, table_count from a2o.format_overview where assessment_id = '${newest}' order by table_format`,
    `select migration_readiness, table_count from a2o.readiness_overview where assessment_id = '${newest}' order by 1`,
    `select code, title, severity, table_count from a2o.finding_overview where assessment_id = '${newest}' order by code`,
    `select database_name, table_count from a2o.databases where assessment_id = '${newest}' order by database_name`,
  ],
  FindAnything: newest => [
    `select database_name, table_count from a2o.databases where assessment_id = '${newest}' order by database_name`,
    `select database_name, table_name, migration_readiness, table_format
     from unnest((a2o.search_tables('${newest}', pattern => '%order%', page_size => 12)).items)`,
  ],
  SearchTables: newest => [
    `select p.next_cursor, (select json_agg(f) from (select ${FOUND} from unnest(p.items)) as f) as items
     from a2o.search_tables('${newest}', pattern => '%order%', page_size => 50) as p`,
  ],
  CountTables: newest => [
    `select total_count, total_is_exact
     from a2o.search_tables('${newest}', pattern => '%order%', page_size => 1, count_up_to => 10000)`,
  ],
};

async function compare(web: Web, question: Question, times: number): Promise<Figure[]> {
  const { name, byHand } = question;
  const statements = byHand ?? (await web.statementsOf(question));
  const samples = { graphql: [] as number[], sql: [] as number[] };
  for (let i = -10; i < times; i++) {
    const sql = await timed(() => web.sql(statements));
    const graphql = await timed(() => web.ask(question));
    if (i < 0) continue;
    samples.sql.push(sql);
    samples.graphql.push(graphql);
  }
  const floor = byHand === undefined ? "its own statements" : "SQL by hand";
  return [50, 95].map(percent => ({
    what: `${name}, p${percent}`,
    value: percentile(samples.graphql, percent),
    unit: "ms",
    floor: { what: floor, value: percentile(samples.sql, percent) },
    limit: 2,
  }));
}

/** Everybody asks for one thing after the other, without a pause. */
async function crowd(web: Web, questions: Question[], seconds: number): Promise<Figure[]> {
  const began = Date.now();
  const until = began + seconds * 1000;
  const durations: number[] = [];
  let failed = 0;
  const users = Array.from({ length: USERS }, async (_, user) => {
    for (let turn = user; Date.now() < until; turn++) {
      const question = questions[turn % questions.length];
      if (question === undefined) return;
      try {
        durations.push(await timed(() => web.ask(question)));
      } catch (error) {
        failed++;
        if (failed <= 3) process.stderr.write(`${question.name}: ${error}\n`);
      }
    }
  });
  // Until then, connections and buffers are made that stay.
  const warm = Math.max(seconds / 4, WARM_UP);
  await sleep(warm * 1000);
  const early = await web.memory();
  await Promise.all(users);
  const late = await web.memory();
  const what = `${USERS} users at once for ${seconds} s (${count(Math.round(durations.length / seconds))} answers a second)`;
  return [
    { what: `${what}: p95`, value: percentile(durations, 95), unit: "ms" },
    // A thousandth of a failure would be one too many.
    { what: `${what}: errors`, value: failed, unit: "", limit: 0 },
    {
      what: `heap gained from second ${warm} to its end`,
      value: Math.max(0, late.heap - early.heap),
      unit: "MiB",
      limit: 16,
    },
    {
      what: `resident memory gained in the same time, to ${count(Math.round(late.resident))} MiB`,
      value: Math.max(0, late.resident - early.resident),
      unit: "MiB",
      limit: 64,
    },
  ];
}

function percentile(values: number[], percent: number): number {
  return (
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor((values.length * percent) / 100))] ??
    Number.NaN
  );
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

interface Web {
  ask(question: Question): Promise<void>;
  sql(statements: string[]): Promise<void>;
  /** What GraphQL sends to answer a question. */
  statementsOf(question: Question): Promise<string[]>;
  /** In MiB, after collecting garbage. */
  memory(): Promise<{ heap: number; resident: number }>;
  stop(): Promise<void>;
}

async function startWeb(databaseUrl: string): Promise<Web> {
  const child = fork(join(packageRoot, "bench/graphql-server.ts"), [databaseUrl], { execArgv: ["--expose-gc"] });
  const url = String(await told(child));
  const post = async (path: string, body: unknown) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = JSON.parse(await response.text());
    if (response.status !== 200 || answer.errors) throw new Error(JSON.stringify(answer).slice(0, 500));
    return answer;
  };
  return {
    async ask({ query, variables }) {
      await post("/graphql", { query, variables });
    },
    async sql(statements) {
      await post("/sql", { statements });
    },
    async statementsOf({ query, variables }) {
      child.send("record");
      await told(child);
      await post("/graphql", { query, variables });
      child.send("recorded");
      return (await told(child)) as string[];
    },
    async memory() {
      child.send("memory");
      return (await told(child)) as { heap: number; resident: number };
    },
    async stop() {
      child.send("stop");
      await once(child, "exit");
    },
  };
}

async function told(child: ChildProcess): Promise<unknown> {
  const answered = new AbortController();
  const ended = once(child, "exit", { signal: answered.signal }).then(([code]) => {
    throw new Error(`the web server ended with ${code}`);
  });
  try {
    const [message] = await Promise.race([once(child, "message"), ended]);
    return message;
  } finally {
    ended.catch(() => undefined);
    answered.abort();
  }
}

if (import.meta.main) await run([bench]);
