import type pg from "pg";
import { type Facts, readFacts } from "../facts.ts";
import { batches } from "../rows.ts";
import type { Kind } from "./markup.ts";
import { type Cell, type OddCell, type Sheet, workbook } from "./workbook.ts";

interface ExportColumn {
  /** Of the SQL function. */
  key: string;
  title: string;
  kind: Kind;
  width: number;
}

const column = (key: string, title: string, kind: Kind, width: number): ExportColumn => ({ key, title, kind, width });

const DATABASES = [
  column("database_name", "Database", "text", 30),
  column("description", "Description", "text", 40),
  column("table_count", "Tables", "count", 10),
  column("iceberg_tables", "Iceberg", "count", 10),
  column("migration_ready", "Ready", "count", 10),
  column("needs_conversion", "Needs conversion", "count", 17),
  column("unknown", "Unknown", "count", 10),
  column("ready_share", "Ready share", "percent", 12),
  column("size_bytes", "Known bytes", "count", 20),
  column("estimated_size_gb", "Known size (GB)", "decimal", 17),
  column("tables_with_known_size", "Tables with known size", "count", 22),
  column("effort_hours", "Effort (hours)", "decimal", 14),
  column("coverage", "Coverage", "text", 12),
  column("coverage_error", "Why not in full", "text", 40),
  column("location_uri", "Default location", "text", 40),
];

const TABLES = [
  column("database_name", "Database", "text", 24),
  column("table_name", "Table", "text", 36),
  column("table_format", "Format", "text", 14),
  column("migration_readiness", "Readiness", "text", 19),
  column("size_bytes", "Bytes", "count", 20),
  column("estimated_size_gb", "Size (GB)", "decimal", 14),
  column("size_source", "Size from", "text", 14),
  column("row_count", "Rows", "count", 16),
  column("column_count", "Columns", "count", 10),
  column("partition_keys", "Partition keys", "text", 24),
  column("storage_location", "Location", "text", 50),
  column("last_updated", "Last updated (UTC)", "date", 19),
  column("is_iceberg", "Iceberg", "text", 10),
  column("table_type", "Table type", "text", 18),
  column("findings", "Findings", "text", 36),
  column("notes", "Notes", "text", 50),
  column("format_rule", "Format rule", "text", 12),
  column("format_evidence", "Format evidence", "text", 40),
  column("readiness_rule", "Readiness rule", "text", 14),
  column("table_id", "Table id", "text", 38),
];

const FINDINGS = [
  column("severity", "Severity", "text", 10),
  column("title", "Finding", "wrapped", 32),
  column("table_count", "Tables", "count", 10),
  column("database_count", "Databases", "count", 11),
  column("effort_hours", "Effort (hours)", "decimal", 14),
  column("remedy", "What to do", "wrapped", 60),
  column("explanation", "Why it matters", "wrapped", 60),
  column("code", "Code", "text", 24),
];

/** An assessment as a workbook: Summary, Databases, Tables and Findings. More tables than a worksheet holds go on in another. */
export async function* xlsxReport(client: pg.Client, id: string): AsyncGenerator<Uint8Array> {
  const facts = await readFacts(client, id);
  const rows = (columns: readonly ExportColumn[], sql: string) => cells(client, columns, sql, id);
  const sheets: Sheet[] = [
    { name: "Summary", columns: SUMMARY, rows: summary(facts), hasHeader: false },
    {
      ...{ name: "Databases", columns: DATABASES, hasHeader: true },
      rows: rows(DATABASES, "select d.*, d.ready_percent / 100 as ready_share from a2o.export_databases($1) as d"),
    },
    { name: "Tables", columns: TABLES, rows: rows(TABLES, "select * from a2o.export_tables($1)"), hasHeader: true },
    {
      name: "Findings",
      columns: FINDINGS,
      rows: rows(FINDINGS, "select * from a2o.export_findings($1)"),
      hasHeader: true,
    },
  ];
  yield* workbook(sheets, { title: "AWS Glue Catalog Assessment", created: facts.timestamp });
}

async function* cells(
  client: pg.Client,
  columns: readonly ExportColumn[],
  sql: string,
  id: string,
): AsyncGenerator<Cell[][]> {
  for await (const rows of batches<Record<string, Cell>>(client, sql, [id])) {
    yield rows.map(row => columns.map(({ key }) => row[key] ?? null));
  }
}

const SUMMARY = [
  { title: "", kind: "text" as const, width: 30 },
  { title: "", kind: "count" as const, width: 24 },
  { title: "", kind: "percent" as const, width: 14 },
  { title: "", kind: "decimal" as const, width: 18 },
];

async function* summary(facts: Facts): AsyncGenerator<(Cell | OddCell)[][]> {
  const text = (value: Cell): OddCell => ({ kind: "text", value });
  const header = (...titles: string[]) => titles.map((value): OddCell => ({ kind: "header", value }));
  const share = (percent: number | null) => (percent === null ? null : percent / 100);
  yield [
    [{ kind: "title", value: "AWS Glue Catalog Assessment" }],
    [],
    ["AWS account", text(facts.accountId + (facts.isSimulated ? " (simulated)" : ""))],
    ...(facts.accountName === null ? [] : [["Account name", text(facts.accountName)]]),
    ["Region", text(facts.region)],
    ["Assessed (UTC)", { kind: "date" as const, value: facts.timestamp }],
    ["Verdicts", text(facts.origin === "GLUE" ? "judged here" : "as the report brought them")],
    ["Tool version", text(facts.toolVersion)],
    ["Assessment", text(facts.id)],
    [],
    ["Databases", facts.databases],
    ["Databases read in full", facts.databasesComplete, share(facts.completenessPercent)],
    ["Tables", facts.tables],
    ["Tables with known size", facts.sizedTables, share(facts.sizedPercent)],
    ["Known size (GB of 2^30 bytes)", { kind: "decimal", value: facts.sizeGb ?? "unknown" }],
    ["Estimated effort (hours)", { kind: "decimal", value: facts.effortHours }],
    [],
    header("Readiness", "Tables", "Share", "Known size (GB)"),
    ...facts.readiness.map(({ verdict, tables, percent, sizeGb }) => [verdict, tables, share(percent), sizeGb]),
    [],
    header("Format", "Tables", "Share", "Known size (GB)"),
    ...facts.formats.map(({ format, tables, sizeGb }) => [format, tables, tables / facts.tables, sizeGb]),
  ];
  if (facts.unread.length === 0) return;
  yield [
    [],
    header("Not read in full", "Status", "Tables read", "Error"),
    ...facts.unread.map(({ database, status, tablesRead, error }) => [
      database === "" ? "(the list of databases)" : database,
      text(status),
      { kind: "count" as const, value: tablesRead },
      text(error),
    ]),
  ];
}
