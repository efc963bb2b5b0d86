/** What a phase 1 report (`glue-catalog-assessment.json`) holds, once it has been checked. */

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue;
}

export type Readiness = "READY" | "NEEDS_CONVERSION" | "UNKNOWN";

export interface ReportMetadata {
  /** ISO 8601 in UTC, ending in `Z`, microseconds kept. A timestamp without a zone (Python's naive ones) counts as UTC. */
  timestamp: string;
  region: string;
  /** Twelve digits. */
  aws_account_id: string;
  tool_version: string;
  /** Keys we do not know, kept, with `report_version` among them when the report has one. */
  extra: JsonObject;
}

export interface ReportSummary {
  total_databases: number;
  total_tables: number;
  iceberg_tables: number;
  migration_ready: number;
  needs_conversion: number;
  unknown: number;
  /** 1 GB = 2^30 bytes. */
  total_estimated_size_gb: number | null;
  /** Keys we do not know, kept. */
  extra: JsonObject;
}

export interface ReportedDatabase {
  database_name: string;
  description: string | null;
  location_uri: string | null;
  table_count: number;
  /** Keys we do not know, kept. */
  extra: JsonObject;
}

export interface ReportedTable {
  database_name: string;
  table_name: string;
  table_format: string;
  storage_location: string | null;
  /** 1 GB = 2^30 bytes; null means unknown. */
  estimated_size_gb: number | null;
  partition_keys: string[];
  column_count: number;
  /** As `ReportMetadata.timestamp`. */
  last_updated: string | null;
  is_iceberg: boolean;
  migration_readiness: Readiness;
  notes: string[];
  /** Keys we do not know, kept. */
  extra: JsonObject;
}

/**
 * Receives a report in the order of the file: any section may come first.
 * A method that returns a promise holds the reader back until it settles.
 */
export interface ReportSink {
  metadata(metadata: ReportMetadata): void | Promise<void>;
  summary(summary: ReportSummary): void | Promise<void>;
  database(database: ReportedDatabase): void | Promise<void>;
  table(table: ReportedTable): void | Promise<void>;
  /**
   * A top-level key we do not know. A list that is not empty comes element by element with its `index`, so that its
   * size does not matter; everything else comes whole, with `index` null.
   */
  other?(key: string, value: JsonValue, index: number | null): void | Promise<void>;
}
