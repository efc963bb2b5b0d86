import type pg from "pg";
import { few } from "./rows.ts";

/** What reports say of an assessment as a whole, as the SQL views give it. Shares are 0 to 100, null of nothing. */
export interface Facts {
  id: string;
  timestamp: Date;
  region: string;
  accountId: string;
  accountName: string | null;
  toolVersion: string;
  origin: "GLUE" | "REPORT";
  isSimulated: boolean;
  databases: number;
  databasesComplete: number;
  completenessPercent: number | null;
  tables: number;
  icebergTables: number;
  sizedTables: number;
  sizedPercent: number | null;
  /** GB of 2^30 bytes. */
  sizeGb: number | null;
  effortHours: number;
  readiness: ReadinessFact[];
  formats: FormatFact[];
  findings: FindingFact[];
  unread: UnreadFact[];
}

export interface ReadinessFact {
  verdict: "READY" | "NEEDS_CONVERSION" | "UNKNOWN";
  tables: number;
  percent: number | null;
  sizeGb: number | null;
}

export interface FormatFact {
  format: string;
  tables: number;
  sizedTables: number;
  sizeGb: number | null;
}

export interface FindingFact {
  code: string;
  severity: "INFO" | "LOW" | "MEDIUM" | "HIGH";
  title: string;
  tables: number;
  databases: number;
  hours: number;
  explanation: string;
  remedy: string;
}

/** A database that was not read in full; the empty name is the list of databases itself. */
export interface UnreadFact {
  database: string;
  status: string;
  tablesRead: number;
  operation: string | null;
  error: string | null;
}

export async function readFacts(client: pg.Client, id: string): Promise<Facts> {
  const [overview] = await few<Omit<Facts, "readiness" | "formats" | "findings" | "unread">>(
    client,
    `select a.id, a.timestamp, a.region, a.aws_account_id as "accountId", a.account_name as "accountName", a.tool_version as "toolVersion",
       a.origin, a.is_simulated as "isSimulated", a.total_databases as databases, a.databases_complete as "databasesComplete",
       a.completeness_percent::float8 as "completenessPercent", a.total_tables as tables, a.iceberg_tables as "icebergTables",
       a.sized_tables as "sizedTables", a.sized_percent::float8 as "sizedPercent", a.total_estimated_size_gb::float8 as "sizeGb",
       e.effort_hours::float8 as "effortHours"
     from a2o.assessment_overview a join a2o.assessment_effort e on e.assessment_id = a.id where a.id = $1`,
    [id],
  );
  if (overview === undefined) throw new Error(`assessment ${id} is not there`);
  const readiness = await few<ReadinessFact>(
    client,
    `select migration_readiness as verdict, table_count as tables, percent::float8, a2o.bytes_to_gb(size_bytes)::float8 as "sizeGb"
     from a2o.readiness_overview where assessment_id = $1 order by migration_readiness`,
    [id],
  );
  const formats = await few<FormatFact>(
    client,
    `select table_format as format, table_count as tables, sized_tables as "sizedTables", a2o.bytes_to_gb(size_bytes)::float8 as "sizeGb"
     from a2o.format_overview where assessment_id = $1 order by table_count desc, table_format`,
    [id],
  );
  const findings = await few<FindingFact>(
    client,
    `select code, severity, title, table_count as tables, database_count as databases, effort_hours::float8 as hours, explanation, remedy
     from a2o.export_findings($1)`,
    [id],
  );
  const unread = await few<UnreadFact>(
    client,
    `select database_name as database, status, tables_read as "tablesRead", operation,
       nullif(concat_ws(': ', error_code, error_message), '') as error
     from a2o.database_coverage where assessment_id = $1 and status <> 'COMPLETE' order by database_name`,
    [id],
  );
  return { ...overview, readiness, formats, findings, unread };
}
