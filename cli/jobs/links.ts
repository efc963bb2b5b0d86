import { defineCommand } from "citty";
import type pg from "pg";
import { commonArgs, jsonArg, say, sayJson, UsageError, withStorage } from "../common.ts";
import { type Found, findById } from "../find.ts";
import { type Column, count, type Style, table } from "../text.ts";

/** A job, as people name one. */
export const JOB: Found = {
  select: "select id as job_id, coalesce(job_name, aws_job_id, id::text) as name from a2o.migration_jobs",
  id: "job_id",
  what: "a job",
  whose: "that you may read",
  listing: "jobs --all",
};

type LinkState = "LINKED" | "CANDIDATE" | "REJECTED";

/** A table of the catalog that a job moves, or may move. */
export interface Link {
  databaseName: string;
  tableName: string;
  state: LinkState;
  source: string;
  /** What it was concluded from; null when a person decided. */
  reason: string | null;
  evidence: Record<string, unknown>;
  decidedBy: string | null;
  decidedAt: Date | null;
}

export async function linksOf(client: pg.Client, jobId: string): Promise<Link[]> {
  const { rows } = await client.query<Link>(
    `select database_name as "databaseName", table_name as "tableName", state, source, reason, evidence, decided_by as "decidedBy", decided_at as "decidedAt"
     from a2o.job_links where job_id = $1 order by state = 'CANDIDATE' desc, state, database_name, table_name`,
    [jobId],
  );
  return rows;
}

/** As many as a person reads; --json has all. */
const SHOWN = 40;

export function sayLinks(jobId: string, links: readonly Link[]): void {
  if (links.length === 0) return;
  say("");
  say(table(links.slice(0, SHOWN), COLUMNS));
  if (links.length > SHOWN) say(`and ${count(links.length - SHOWN)} more; --json has all`);
  const candidate = links.find(({ state }) => state === "CANDIDATE");
  if (candidate === undefined) return;
  const name = `${jobId.slice(0, 8)} ${candidate.databaseName}.${candidate.tableName}`;
  say("");
  say(`Candidates are for an operator to confirm or reject:`);
  say(`  aws2openstack jobs link ${name}`);
  say(`  aws2openstack jobs unlink ${name}`);
}

const STYLES: Partial<Record<LinkState, Style>> = { LINKED: "green", CANDIDATE: "yellow" };

const COLUMNS: Column<Link>[] = [
  { title: "Catalog table", value: row => `${row.databaseName}.${row.tableName}` },
  { title: "Link", value: row => row.state.toLowerCase(), style: row => STYLES[row.state], whole: true },
  { title: "Why", value: row => row.reason ?? `decided by ${row.decidedBy}` },
];

function deciding(name: "link" | "unlink", texts: { description: string; example: string; all: string; done: string }) {
  return defineCommand({
    meta: {
      name,
      description: texts.description,
      examples: [
        [`jobs ${name} 3f9c sales.orders`, texts.example],
        [`jobs ${name} 3f9c sales`, texts.all],
      ],
    },
    args: {
      job: {
        type: "positional",
        required: true,
        valueHint: "JOB",
        description: "Id of a job, or its first four or more digits",
      },
      table: {
        type: "positional",
        required: true,
        valueHint: "DATABASE.TABLE",
        description: "Table of the catalog; a database alone means the job's candidates in it",
      },
      ...jsonArg,
      ...commonArgs,
    },
    async run({ args }) {
      const point = args.table.indexOf(".");
      const database = point === -1 ? args.table : args.table.slice(0, point);
      const tableName = point === -1 ? null : args.table.slice(point + 1);
      if (database === "" || tableName === "") {
        throw new UsageError(`${args.table} names no table.`, "Write it as DATABASE.TABLE, e.g. sales.orders");
      }
      const { job, links } = await withStorage(["a2o_owner", "a2o_operator"], `jobs ${name}`, async client => {
        const found = await findById<{ job_id: string; name: string }>(client, args.job, JOB);
        await client.query(`select from a2o.${name}_job($1, $2, $3)`, [found.job_id, database, tableName]);
        return { job: found, links: await linksOf(client, found.job_id) };
      });
      if (args.json) sayJson(links);
      else say(`${job.name}: ${tableName === null ? `the candidates in ${database}` : args.table} ${texts.done}.`);
    },
  });
}

export const link = deciding("link", {
  description: "Say that a job moves a table: confirm a candidate, or add a link that no rule found",
  example: "that job moves that table, and so do its later runs",
  all: "every candidate in that database is right",
  done: "linked",
});

export const unlink = deciding("unlink", {
  description: "Say that a job does not move a table; no rule brings the link back",
  example: "it does not move that table",
  all: "no candidate in that database is right",
  done: "unlinked",
});
