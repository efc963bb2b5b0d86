import type {
  JsonObject,
  JsonValue,
  ReportedDatabase,
  ReportedTable,
  ReportMetadata,
  ReportSummary,
} from "./format.ts";
import { readReport } from "./read.ts";

/** Reports for tests, in the shape in which Python's phase 1 tool writes them. */
export function sampleTable(changes: JsonObject = {}): JsonObject {
  return {
    database_name: "sales",
    table_name: "orders",
    table_format: "PARQUET",
    storage_location: "s3://lake/sales/orders/",
    estimated_size_gb: 12.5,
    partition_keys: ["year", "month"],
    column_count: 12,
    last_updated: "2026-01-07T10:30:00Z",
    is_iceberg: false,
    migration_readiness: "NEEDS_CONVERSION",
    notes: [],
    ...changes,
  };
}

export function sampleReport(changes: JsonObject = {}): JsonObject {
  return {
    assessment_metadata: {
      timestamp: "2026-01-09T12:34:56.123456",
      region: "eu-west-1",
      aws_account_id: "123456789012",
      tool_version: "0.1.0",
    },
    summary: {
      total_databases: 1,
      total_tables: 2,
      iceberg_tables: 1,
      migration_ready: 1,
      needs_conversion: 1,
      unknown: 0,
      total_estimated_size_gb: 12.5,
    },
    databases: [{ database_name: "sales", description: null, location_uri: "s3://lake/sales/", table_count: 2 }],
    tables: [
      sampleTable(),
      sampleTable({
        table_name: "events",
        table_format: "ICEBERG",
        estimated_size_gb: null,
        is_iceberg: true,
        migration_readiness: "READY",
        notes: ["Größe unbekannt 🧊"],
      }),
    ],
    ...changes,
  };
}

export interface Read {
  metadata: ReportMetadata[];
  summary: ReportSummary[];
  databases: ReportedDatabase[];
  tables: ReportedTable[];
  other: [key: string, value: JsonValue, index: number | null][];
  result: { databases: number; tables: number; contentHash: string };
}

/** Cuts bytes into chunks of the given sizes, over and over. */
export async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** Everything that a report says, read through a sink that keeps it. */
export async function readAll(text: string | Uint8Array, sizes: readonly number[] = [65536]): Promise<Read> {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  const kept: Omit<Read, "result"> = { metadata: [], summary: [], databases: [], tables: [], other: [] };
  const result = await readReport(inChunks(bytes, sizes), "reports/x.json", {
    metadata: metadata => void kept.metadata.push(metadata),
    summary: summary => void kept.summary.push(summary),
    database: database => void kept.databases.push(database),
    table: table => void kept.tables.push(table),
    other: (key, value, index) => void kept.other.push([key, value, index]),
  });
  return { ...kept, result };
}
