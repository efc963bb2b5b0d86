import { defineCommand } from "citty";
import type pg from "pg";
import {
  ASSESSMENT_HINT,
  assessmentId,
  catalogArgs,
  commonArgs,
  jsonArg,
  say,
  UsageError,
  wholeNumber,
  withReader,
} from "../common.ts";
import { type Column, change, count, minute, oneLine, size, table } from "../text.ts";

const KINDS = ["added", "removed", "changed"] as const;
/** The largest page that SQL gives. */
const PAGE = 1000;

interface Comparison {
  from_assessment: string;
  to_assessment: string;
  from_timestamp: string;
  to_timestamp: string;
  from_account_id: string;
  to_account_id: string;
  from_region: string;
  to_region: string;
  is_same_catalog: boolean;
  tables_added: number;
  tables_removed: number;
  tables_changed: number;
  tables_before: number;
  tables_after: number;
  ready_before: number;
  ready_after: number;
  needs_conversion_before: number;
  needs_conversion_after: number;
  unknown_before: number;
  unknown_after: number;
  iceberg_before: number;
  iceberg_after: number;
  size_bytes_before: number | null;
  size_bytes_after: number | null;
  unread_databases: string[];
  unread_database_count: number;
}

interface TableChange {
  database_name: string;
  table_name: string;
  change: "ADDED" | "REMOVED" | "CHANGED";
  attributes: { attribute: string; before: string | null; after: string | null }[] | null;
  column_changes:
    | { column_name: string; change: string; type_before: string | null; type_after: string | null }[]
    | null;
}

interface ChangePage {
  items: TableChange[];
  next_cursor: string | null;
}

export default defineCommand({
  meta: {
    name: "compare",
    countsArguments: true,
    description: "Say what changed from one assessment to another",
    examples: [
      ["compare", "the latest with the one before"],
      ["compare latest~5 latest --kind removed", "tables that went in the last five"],
      ["compare 8c1f 27ab --database sales --json", "two by their ids, one database"],
    ],
  },
  args: {
    from: {
      type: "positional",
      required: false,
      valueHint: "[ASSESSMENT]",
      description: "The earlier (default: previous)",
    },
    to: {
      type: "positional",
      required: false,
      valueHint: "[ASSESSMENT]",
      description: `The later (default: latest); each is ${ASSESSMENT_HINT}`,
    },
    kind: { type: "enum", options: [...KINDS], description: "List only tables that were added, removed or changed" },
    database: { type: "string", valueHint: "DATABASE", description: "List only tables of this database" },
    limit: { type: "string", valueHint: "N", description: "How many tables to list", default: "50" },
    "across-catalogs": { type: "boolean", description: "Compare different accounts or regions all the same" },
    ...catalogArgs,
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const limit = wholeNumber("--limit", args.limit, 0);
    if (args._.length > 2) {
      throw new UsageError("A comparison is of two assessments.", "e.g. aws2openstack compare previous latest");
    }
    const [from = "previous", to = "latest"] = args._;
    const { comparison, changes, isCut } = await withReader("compare", async client => {
      const [first, second] = await bothIds(client, from, to, args);
      const across = args["across-catalogs"] === true;
      const { rows } = await client.query<{ comparison: Comparison }>(
        "select to_json(c) as comparison from a2o.compare_assessments($1, $2, $3) as c",
        [first, second, across],
      );
      const [row] = rows;
      if (row === undefined) throw new Error("compare_assessments returned nothing");
      const listed = await listChanges(client, [first, second, args.kind?.toUpperCase(), args.database, across], limit);
      return { comparison: row.comparison, ...listed };
    });
    if (args.json) {
      say(JSON.stringify({ ...comparison, changes, changes_are_complete: !isCut }, null, 2));
      return;
    }
    print(comparison);
    if (changes.length > 0) say(`\n${table(changes, CHANGES)}`);
    if (isCut) say(`and more: --limit ${limit * 10 || 50} lists more, --kind and --database narrow it.`);
  },
});

/** `previous` of a comparison with an assessment of a named catalog is that catalog's. */
async function bothIds(
  client: pg.Client,
  from: string,
  to: string,
  catalog: { account?: string | undefined; region?: string | undefined },
): Promise<[string, string]> {
  const isRelative = (reference: string) => /^(latest|previous)/i.test(reference.trim());
  const catalogOf = async (id: string) => {
    const { rows } = await client.query<{ account: string; region: string }>(
      "select aws_account_id as account, region from a2o.assessments where id = $1",
      [id],
    );
    return rows[0] ?? catalog;
  };
  if (isRelative(from) && !isRelative(to)) {
    const second = await assessmentId(client, to, catalog);
    // The one before the one named, not before the latest.
    const base = from.trim().toLowerCase() === "previous" ? `${second}~1` : from;
    return [await assessmentId(client, base, await catalogOf(second)), second];
  }
  const first = await assessmentId(client, from, catalog);
  return [
    first,
    await assessmentId(client, to, isRelative(to) && !isRelative(from) ? await catalogOf(first) : catalog),
  ];
}

async function listChanges(client: pg.Client, question: unknown[], limit: number) {
  const changes: TableChange[] = [];
  let cursor: string | null = null;
  do {
    const page = await changePage(client, question, Math.max(1, Math.min(PAGE, limit - changes.length)), cursor);
    changes.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null && changes.length < limit);
  return { changes: changes.slice(0, limit), isCut: cursor !== null || changes.length > limit };
}

async function changePage(
  client: pg.Client,
  question: unknown[],
  size: number,
  cursor: string | null,
): Promise<ChangePage> {
  const { rows } = await client.query<{ page: ChangePage }>(
    `select to_json(p) as page from a2o.list_changes($1, $2, kinds => case when $3::text is not null then array[$3]::a2o.change_kind[] end,
       database => $4, across_catalogs => $5, page_size => $6, cursor => $7) as p`,
    [...question.map(value => value ?? null), size, cursor],
  );
  return rows[0]?.page ?? { items: [], next_cursor: null };
}

function print(comparison: Comparison): void {
  const { from_account_id, to_account_id, from_region, to_region, is_same_catalog } = comparison;
  const side = (id: string, timestamp: string, account: string, region: string) =>
    `${id}  ${minute(new Date(timestamp))} UTC${is_same_catalog ? "" : `  ${account} in ${region}`}`;
  if (is_same_catalog) say(`Account ${to_account_id}, ${to_region}`);
  say(`From  ${side(comparison.from_assessment, comparison.from_timestamp, from_account_id, from_region)}`);
  say(`To    ${side(comparison.to_assessment, comparison.to_timestamp, to_account_id, to_region)}`);
  say("");
  const gigabytes = (bytes: number | null) => size(bytes === null ? null : bytes / 2 ** 30);
  const row = (what: string, before: number, after: number) => [
    what,
    count(before),
    count(after),
    change(after - before),
  ];
  const sizeChange = () => {
    const { size_bytes_before, size_bytes_after } = comparison;
    if (size_bytes_before === null || size_bytes_after === null || size_bytes_before === size_bytes_after) return "";
    const difference = size_bytes_after - size_bytes_before;
    return `${difference > 0 ? "+" : "−"}${gigabytes(Math.abs(difference))}`;
  };
  const rows = [
    row("Tables", comparison.tables_before, comparison.tables_after),
    row("Ready", comparison.ready_before, comparison.ready_after),
    row("Needs conversion", comparison.needs_conversion_before, comparison.needs_conversion_after),
    row("Unknown", comparison.unknown_before, comparison.unknown_after),
    row("Iceberg", comparison.iceberg_before, comparison.iceberg_after),
    ["Known size", gigabytes(comparison.size_bytes_before), gigabytes(comparison.size_bytes_after), sizeChange()],
  ];
  say(
    table(rows, [
      { title: "", value: cells => cells[0] ?? "", whole: true },
      { title: "From", value: cells => cells[1] ?? "", align: "right" },
      { title: "To", value: cells => cells[2] ?? "", align: "right" },
      { title: "Change", value: cells => cells[3] ?? "", align: "right" },
    ]),
  );
  say("");
  say(
    `${count(comparison.tables_added)} added, ${count(comparison.tables_removed)} removed, ${count(comparison.tables_changed)} changed`,
  );
  if (comparison.unread_database_count > 0) {
    const more = comparison.unread_database_count - 10;
    const named = comparison.unread_databases
      .slice(0, 10)
      .map(name => (name === "" ? "the list of databases" : oneLine(name)));
    say(
      `Not read in full on one side, so neither added nor removed there: ${named.join(", ")}${more > 0 ? ` and ${count(more)} more` : ""}`,
    );
  }
}

const CHANGES: Column<TableChange>[] = [
  { title: "Change", value: item => item.change.toLowerCase(), whole: true },
  { title: "Database", value: item => item.database_name },
  { title: "Table", value: item => item.table_name },
  { title: "What changed", value: whatChanged },
];

function whatChanged({ change: kind, attributes, column_changes }: TableChange): string {
  if (kind !== "CHANGED") return "";
  const columns = (column_changes ?? []).map(({ column_name, type_before, type_after }) => {
    if (type_before === null) return `+${column_name}`;
    return type_after === null ? `−${column_name}` : `${column_name} ${type_before} → ${type_after}`;
  });
  return [
    ...(attributes ?? [])
      .toSorted((one, other) => LATER.indexOf(one.attribute) - LATER.indexOf(other.attribute))
      .map(
        ({ attribute, before, after }) =>
          `${LABELS[attribute] ?? attribute} ${shown(attribute, before)} → ${shown(attribute, after)}`,
      ),
    ...(columns.length === 0 ? [] : [`columns ${columns.join(", ")}`]),
  ].join("; ");
}

/** Attributes that change without anybody deciding something; verdict, format and place come before them. */
const LATER = ["size_bytes", "row_count", "last_updated"];
const LABELS: Record<string, string> = { size_bytes: "size", row_count: "rows", last_updated: "updated" };

function shown(attribute: string, value: string | null): string {
  if (value === null) return "none";
  if (attribute === "size_bytes") return size(Number(value) / 2 ** 30);
  if (attribute === "row_count") return count(Number(value));
  return attribute === "last_updated" ? minute(new Date(value)) : value;
}
