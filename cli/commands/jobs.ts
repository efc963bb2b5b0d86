import { defineCommand } from "citty";
import type pg from "pg";
import { choice, commonArgs, ExitCode, jsonArg, say, sayJson, wholeNumber, withStorage } from "../common.ts";
import { findById } from "../find.ts";
import { JOB, link, linksOf, sayLinks, unlink } from "../jobs/links.ts";
import { type Column, colour, count, minute, type Style, size, table } from "../text.ts";

const TYPES = ["DMS", "DATASYNC", "GLUE_JOB", "COPY"] as const;
const STATUSES = ["PENDING", "RUNNING", "COMPLETED", "FAILED"] as const;

interface Job {
  jobId: string;
  awsAccountId: string;
  region: string;
  jobType: string;
  jobName: string | null;
  awsJobId: string | null;
  status: (typeof STATUSES)[number];
  awsStatus: string | null;
  phase: string;
  isSimulated: boolean;
  percent: number | null;
  rowsCopied: number | null;
  bytesCopied: number | null;
  bytesTotal: number | null;
  tablesLoaded: number | null;
  tablesErrored: number | null;
  startedAt: Date | null;
  completedAt: Date | null;
  lastSeenAt: Date | null;
  rowsPerSecond: number | null;
  bytesPerSecond: number | null;
  etaAt: Date | null;
  etaConfidence: "HIGH" | "MEDIUM" | "LOW" | null;
  isStalled: boolean | null;
  stalledSince: Date | null;
  isStale: boolean | null;
  stopReason: string | null;
  errorMessage: string | null;
  source: string | null;
  target: string | null;
  consoleUrl: string | null;
}

/** What active_jobs tells, and the same of jobs that ended long ago, which have no pace. */
const ACTIVE = `select job_id, aws_account_id, region, job_type, job_name, aws_job_id, status, aws_status, phase::text, is_simulated, percent::float8 as percent,
    rows_copied::float8 as rows_copied, bytes_copied::float8 as bytes_copied, bytes_total::float8 as bytes_total, tables_loaded, tables_errored, started_at, completed_at,
    last_seen_at, rows_per_second, bytes_per_second, eta_at, eta_confidence, is_stalled, stalled_since, is_stale, stop_reason, error_message, source, target, console_url
  from a2o.active_jobs`;
const ALL = `select j.id as job_id, j.aws_account_id, j.region, j.job_type, j.job_name, j.aws_job_id, j.status, j.aws_status, a2o.migration_jobs_phase(j)::text as phase,
    j.is_simulated, j.percent::float8 as percent, j.rows_copied::float8 as rows_copied, j.bytes_copied::float8 as bytes_copied, j.bytes_total::float8 as bytes_total,
    j.tables_loaded, j.tables_errored, j.started_at, j.completed_at, j.last_seen_at, null::float8 as rows_per_second, null::float8 as bytes_per_second,
    null::timestamptz as eta_at, null::text as eta_confidence, null::boolean as is_stalled, null::timestamptz as stalled_since, null::boolean as is_stale, j.stop_reason,
    j.error_message, j.source, j.target, a2o.migration_jobs_console_url(j) as console_url
  from a2o.migration_jobs j`;

export default defineCommand({
  meta: {
    name: "jobs",
    description:
      "Migration jobs: what runs, waits or ended within the hour; --all for the history; JOB for one with its tables",
    examples: [
      ["jobs", "what is under way"],
      ["jobs --all --status FAILED --limit 20", "the latest failures"],
      ["jobs 3f9c", "one job, with its tables"],
    ],
  },
  args: {
    job: {
      type: "positional",
      required: false,
      valueHint: "JOB",
      description: "Id of a job, or its first four or more digits",
    },
    all: { type: "boolean", description: "Those that ended long ago too, newest first" },
    status: { type: "string", valueHint: "STATUS", description: `Only ${STATUSES.join(", ")}` },
    type: { type: "string", valueHint: "TYPE", description: `Only ${TYPES.join(", ")}` },
    account: { type: "string", valueHint: "ACCOUNT", description: "Only this AWS account" },
    region: { type: "string", valueHint: "REGION", description: "Only this region" },
    limit: { type: "string", valueHint: "N", description: "How many to show", default: "50" },
    ...jsonArg,
    ...commonArgs,
  },
  subCommands: { link, unlink },
  async run({ args }) {
    const limit = wholeNumber("--limit", args.limit);
    const status = choice("--status", args.status, STATUSES);
    const type = choice("--type", args.type, TYPES);
    return withStorage(["a2o_owner", "a2o_operator", "a2o_reader"], "jobs", async client => {
      if (args.job !== undefined) return showOne(client, args.job, args.json === true);
      const { rows } = await client.query<Record<string, unknown>>(
        `select * from (${args.all ? ALL : ACTIVE}) as j
         where ($1::text is null or status::text = $1) and ($2::text is null or job_type = $2) and ($3::text is null or aws_account_id = $3)
           and ($4::text is null or region = $4)
         order by ${args.all ? "" : "case status when 'RUNNING' then 0 when 'PENDING' then 1 else 2 end,"} coalesce(completed_at, started_at) desc nulls last, job_id
         limit $5`,
        [status ?? null, type ?? null, args.account ?? null, args.region ?? null, limit],
      );
      const jobs = rows.map(camelCased);
      if (args.json) sayJson(jobs);
      else if (jobs.length > 0) say(table(jobs, args.all ? HISTORY : NOW));
      else if (args.all || status !== undefined || type !== undefined) say("No job fits.");
      else {
        say("Nothing runs, and nothing ended within the hour. The history: aws2openstack jobs --all");
        say("What is watched: aws2openstack monitor list");
      }
      return ExitCode.ok;
    });
  },
});

interface JobTable {
  table: string;
  state: string | null;
  rows: number | null;
  errorRows: number | null;
  changes: number | null;
  validation: string | null;
}

async function showOne(client: pg.Client, reference: string, json: boolean): Promise<number> {
  const { job_id: id } = await findById<{ job_id: string }>(client, reference, JOB);
  const { rows } = await client.query<Record<string, unknown>>(
    `select * from (${ALL} where j.id = $1) as found
     left join lateral (select a.rows_per_second, a.bytes_per_second, a.eta_at, a.eta_confidence, a.is_stalled, a.stalled_since, a.is_stale
       from a2o.active_jobs a where a.job_id = found.job_id) as now on true`,
    [id],
  );
  const job = camelCased(rows[0] ?? {});
  const { rows: tables } = await client.query<JobTable>(
    `select schema_name || '.' || table_name as "table", table_state as state, full_load_rows::float8 as rows, full_load_error_rows::float8 as "errorRows",
       (inserts + updates + deletes)::float8 as changes, validation_state as validation
     from a2o.migration_job_tables where job_id = $1 order by 1`,
    [job.jobId],
  );
  const links = await linksOf(client, job.jobId);
  if (json) {
    sayJson({ ...job, tables, links });
    return ExitCode.ok;
  }
  const facts: [string, string | null][] = [
    ["Job", `${job.jobName ?? job.awsJobId ?? ""} (${job.jobId})`],
    [
      "Service",
      `${SERVICES[job.jobType] ?? job.jobType}, ${job.awsAccountId}${job.isSimulated ? " (simulated)" : ""} ${job.region}`,
    ],
    [
      "State",
      `${styledState(job)}${job.awsStatus === null ? "" : ` (AWS: ${[job.awsStatus, job.stopReason].filter(Boolean).join(", ")})`}`,
    ],
    ["Progress", progressOf(job)],
    ["Pace", paceOf(job) || null],
    ["Done at (UTC)", etaOf(job) || null],
    ["Started (UTC)", job.startedAt === null ? null : minute(job.startedAt)],
    ["Ended (UTC)", job.completedAt === null ? null : minute(job.completedAt)],
    ["From", job.source],
    ["To", job.target],
    ["Error", job.errorMessage],
    ["Console", job.consoleUrl],
    ["AWS id", job.awsJobId],
  ];
  for (const [name, value] of facts) if (value) say(`${`${name}:`.padEnd(15)} ${value}`);
  if (tables.length > 0) {
    say("");
    say(table(tables, TABLES));
  }
  sayLinks(job.jobId, links);
  return ExitCode.ok;
}

/** The last of two columns of one name wins, as in the join above, unless it is null. */
function camelCased(row: Record<string, unknown>): Job {
  const entries = Object.entries(row).map(([name, value]) => [
    name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return Object.fromEntries(entries) as Job;
}

const SERVICES: Record<string, string> = { DMS: "DMS", DATASYNC: "DataSync", GLUE_JOB: "Glue", COPY: "copy" };

const PHASES: Record<string, string> = {
  WAITING: "waiting",
  PREPARING: "preparing",
  LOADING: "loading",
  REPLICATING: "replicating",
  VERIFYING: "verifying",
  RUNNING: "running",
  GONE: "gone",
};

function stateOf(job: Job): string {
  if (job.status === "COMPLETED") return "completed";
  if (job.status === "FAILED") return "failed";
  if (job.isStalled) return `stalled since ${job.stalledSince === null ? "?" : minute(job.stalledSince).slice(11)}`;
  const phase = PHASES[job.phase] ?? job.phase.toLowerCase();
  return job.isStale
    ? `${phase}, not heard of since ${job.lastSeenAt === null ? "?" : minute(job.lastSeenAt).slice(11)}`
    : phase;
}

function styleOf(job: Job): Style | undefined {
  if (job.status === "COMPLETED") return "green";
  if (job.status === "FAILED") return "red";
  return job.isStalled || job.isStale ? "yellow" : undefined;
}

function styledState(job: Job): string {
  const style = styleOf(job);
  return style === undefined ? stateOf(job) : colour(style, stateOf(job));
}

/** What AWS counts: a percentage only where it gives a whole. */
function progressOf(job: Job): string {
  const bytes = (value: number) => bytesText(value);
  const parts = [
    job.percent === null ? "" : `${job.percent.toFixed(job.percent === 100 ? 0 : 1)}%`,
    job.rowsCopied === null ? "" : `${count(job.rowsCopied)} rows`,
    job.bytesCopied === null
      ? ""
      : `${bytes(job.bytesCopied)}${job.bytesTotal === null ? "" : ` of ${bytes(job.bytesTotal)}`}`,
    job.tablesErrored ? `${count(job.tablesErrored)} tables in error` : "",
  ];
  return parts.filter(part => part !== "").join(", ");
}

function paceOf(job: Job): string {
  if (job.status !== "RUNNING") return "";
  if (job.rowsPerSecond !== null) return `${count(job.rowsPerSecond)} rows/s`;
  return job.bytesPerSecond === null ? "" : `${bytesText(job.bytesPerSecond)}/s`;
}

function etaOf(job: Job): string {
  if (job.etaAt === null) return "";
  const sure = { HIGH: "", MEDIUM: " roughly", LOW: " (a guess)" } as const;
  // Most jobs are done today, where the hour is enough.
  const isToday = minute(job.etaAt).slice(0, 10) === minute(new Date()).slice(0, 10);
  return minute(job.etaAt).slice(isToday ? 11 : 0) + (job.etaConfidence === null ? "" : sure[job.etaConfidence]);
}

function bytesText(bytes: number): string {
  if (bytes >= 2 ** 30) return size(bytes / 2 ** 30);
  const [value, unit] =
    bytes >= 2 ** 20 ? [bytes / 2 ** 20, "MB"] : bytes >= 1024 ? [bytes / 1024, "KB"] : [bytes, "B"];
  return `${value.toLocaleString("en-GB", { maximumSignificantDigits: 3 })} ${unit}`;
}

const base: Column<Job>[] = [
  { title: "Job", value: job => job.jobName ?? job.awsJobId ?? "" },
  { title: "Id", value: job => job.jobId.slice(0, 8), whole: true },
  { title: "Service", value: job => SERVICES[job.jobType] ?? job.jobType, whole: true },
  { title: "State", value: stateOf, style: styleOf },
  { title: "Progress", value: progressOf },
];
const place: Column<Job>[] = [
  { title: "Account", value: job => job.awsAccountId + (job.isSimulated ? " (simulated)" : ""), whole: true, spare: 2 },
  { title: "Region", value: job => job.region, whole: true, spare: 1 },
];
const NOW: Column<Job>[] = [
  ...base,
  { title: "Pace", value: paceOf, align: "right" },
  { title: "Done at (UTC)", value: etaOf },
  ...place,
];
const HISTORY: Column<Job>[] = [
  ...base,
  { title: "Started (UTC)", value: job => (job.startedAt === null ? "–" : minute(job.startedAt)), whole: true },
  { title: "Ended (UTC)", value: job => (job.completedAt === null ? "–" : minute(job.completedAt)), whole: true },
  { title: "Error", value: job => job.errorMessage ?? "" },
  ...place,
];
const TABLES: Column<JobTable>[] = [
  { title: "Table", value: row => row.table },
  { title: "State", value: row => row.state ?? "" },
  { title: "Rows", value: row => (row.rows === null ? "" : count(row.rows)), align: "right" },
  { title: "Failed rows", value: row => (row.errorRows === null ? "" : count(row.errorRows)), align: "right" },
  { title: "Changes", value: row => (row.changes === null ? "" : count(row.changes)), align: "right" },
  { title: "Validation", value: row => row.validation ?? "" },
];
