import { defineCommand } from "citty";
import type pg from "pg";
import {
  assessmentId,
  catalogArgs,
  commonArgs,
  jsonArg,
  say,
  tell,
  UsageError,
  wholeNumber,
  withReader,
} from "../common.ts";
import { type Column, count, size, table } from "../text.ts";

const READINESS = ["ready", "needs_conversion", "unknown"];
const SORTS = ["largest_first", "smallest_first", "name", "name_descending", "recently_updated", "longest_unchanged"];
/** The largest page that SQL gives. */
const PAGE = 1000;
/** How far matches are counted. */
const COUNTED = 100_000;

interface FoundTable {
  database_name: string;
  table_name: string;
  table_format: string;
  migration_readiness: string;
  estimated_size_gb: number | null;
  row_count: number | null;
  storage_location: string | null;
}

interface Page {
  items: FoundTable[];
  next_cursor: string | null;
  total_count: number | null;
  total_is_exact: boolean | null;
}

export default defineCommand({
  meta: {
    name: "tables",
    description: "Search the tables of an assessment",
    examples: [
      ["tables", "the largest of the latest assessment"],
      ["tables 'events*' --format PARQUET --min-size-gb 100", "by name, format and size"],
      ["tables --database sales --readiness unknown --json", "what is unknown in a database, for a script"],
    ],
  },
  args: {
    pattern: {
      type: "positional",
      required: false,
      valueHint: "[PATTERN]",
      description: "Part of the name, or the whole with * for any letters and ? for one (SQL's % and _ do, too)",
    },
    assessment: {
      type: "string",
      valueHint: "ASSESSMENT",
      description: "latest, previous, latest~2, an id or its beginning",
      default: "latest",
    },
    database: { type: "string", valueHint: "DATABASE", description: "Only this database" },
    format: { type: "string", valueHint: "FORMAT", description: "Only this format, e.g. PARQUET; several with commas" },
    readiness: { type: "enum", options: READINESS, description: "Only this verdict" },
    finding: { type: "string", valueHint: "CODE", description: "Only tables with this finding; several with commas" },
    "min-size-gb": {
      type: "string",
      valueHint: "GB",
      description: "Only tables known to be so large (1 GB = 2^30 bytes)",
    },
    sort: { type: "enum", options: SORTS, description: "Order", default: "largest_first" },
    limit: { type: "string", valueHint: "N", description: "How many to show", default: "50" },
    ...catalogArgs,
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const limit = wholeNumber("--limit", args.limit);
    const leastGb = args["min-size-gb"];
    if (leastGb !== undefined && !/^\d{1,9}(\.\d+)?$/.test(leastGb)) {
      throw new UsageError(`--min-size-gb must be a number of GB, not ${leastGb}.`, "e.g. --min-size-gb 100");
    }
    const { items, total } = await withReader("tables", async client => {
      const id = await assessmentId(client, args.assessment, args);
      return search(client, limit, [
        id,
        likePattern(args._[0]),
        listOf(args.format)?.map(format => format.toUpperCase()),
        args.readiness?.toUpperCase(),
        leastGb === undefined ? undefined : String(Math.ceil(Number(leastGb) * 2 ** 30)),
        args.database,
        listOf(args.finding),
        args.sort.toUpperCase(),
      ]);
    });
    if (args.json) {
      say(JSON.stringify(items, null, 2));
      return;
    }
    say(items.length === 0 ? "No table fits." : table(items, COLUMNS));
    if (total !== undefined && items.length > 0) tell(`${count(items.length)} of ${total} tables`);
  },
});

function listOf(text: string | undefined): string[] | undefined {
  return text?.split(",").map(item => item.trim());
}

/** What the shell's wildcards mean, in SQL; a name without any may be a part of the table's. */
function likePattern(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (/[%*?]/.test(text)) return text.replaceAll("*", "%").replaceAll("?", "_");
  return `%${text.replace(/[\\_]/g, "\\$&")}%`;
}

async function search(client: pg.Client, limit: number, question: unknown[]) {
  const items: FoundTable[] = [];
  let total: string | undefined;
  let cursor: string | null = null;
  do {
    const page = await tablePage(client, question, Math.min(PAGE, limit - items.length), cursor);
    items.push(...page.items);
    if (page.total_count !== null) total = `${page.total_is_exact ? "" : "more than "}${count(page.total_count)}`;
    cursor = page.next_cursor;
  } while (cursor !== null && items.length < limit);
  return { items, total };
}

async function tablePage(client: pg.Client, question: unknown[], size: number, cursor: string | null): Promise<Page> {
  const { rows } = await client.query<{ page: Page }>(
    `select to_json(p) as page from a2o.search_tables($1, pattern => $2, formats => $3,
       readiness => case when $4::text is not null then array[$4]::a2o.migration_readiness[] end, min_size_bytes => $5, database => $6,
       findings => $7, sort => $8::text::a2o.table_sort, page_size => $9, cursor => $10, count_up_to => $11) as p`,
    [...question.map(value => value ?? null), size, cursor, cursor === null ? COUNTED : 0],
  );
  const page = rows[0]?.page;
  if (page === undefined) throw new Error("search_tables returned nothing");
  return page;
}

const COLUMNS: Column<FoundTable>[] = [
  { title: "Database", value: row => row.database_name },
  { title: "Table", value: row => row.table_name },
  { title: "Format", value: row => row.table_format, whole: true },
  { title: "Readiness", value: row => row.migration_readiness, whole: true },
  { title: "Size", value: row => size(row.estimated_size_gb), align: "right" },
  { title: "Rows", value: row => (row.row_count === null ? "–" : count(row.row_count)), align: "right", spare: 1 },
  { title: "Location", value: row => row.storage_location ?? "–", spare: 2 },
];
