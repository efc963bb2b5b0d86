const FORMATS = ["PARQUET", "ICEBERG", "ORC", "AVRO", "UNKNOWN"];

/** A phase 1 report with this many tables, 500 in each database, indented by 2 as Python writes it, piece by piece. */
export function* sampleReport(tables: number): Generator<string> {
  const databases = Math.ceil(tables / 500);
  const metadata = {
    timestamp: "2026-01-09T12:34:56.123456Z",
    region: "eu-west-1",
    aws_account_id: "123456789012",
    tool_version: "0.1.0",
  };
  const summary = {
    total_databases: databases,
    total_tables: tables,
    iceberg_tables: Math.floor(tables / 5),
    migration_ready: Math.floor(tables / 5),
    needs_conversion: tables - 2 * Math.floor(tables / 5),
    unknown: Math.floor(tables / 5),
    total_estimated_size_gb: 12345.67,
  };
  const indented = (value: unknown, by: string) => JSON.stringify(value, null, 2).replaceAll("\n", `\n${by}`);
  yield `{\n  "assessment_metadata": ${indented(metadata, "  ")},\n  "summary": ${indented(summary, "  ")},\n  "databases": [`;
  for (let i = 0; i < databases; i++) {
    const database = {
      database_name: `db_${i}`,
      description: null,
      location_uri: `s3://lake/db_${i}/`,
      table_count: 500,
    };
    yield `${i ? "," : ""}\n    ${indented(database, "    ")}`;
  }
  yield '\n  ],\n  "tables": [';
  let batch = "";
  for (let i = 0; i < tables; i++) {
    const format = FORMATS[i % 5] ?? "UNKNOWN";
    const table = {
      database_name: `db_${Math.floor(i / 500)}`,
      table_name: `customer_orders_${i}`,
      table_format: format,
      storage_location: `s3://company-data-lake-prod/db_${Math.floor(i / 500)}/customer_orders_${i}/`,
      estimated_size_gb: i % 7 ? Math.round(i * 1.37) / 100 : null,
      partition_keys: i % 3 ? ["year", "month", "day"] : [],
      column_count: 5 + (i % 90),
      last_updated: "2026-01-07T10:30:00Z",
      is_iceberg: format === "ICEBERG",
      migration_readiness: format === "ICEBERG" ? "READY" : format === "UNKNOWN" ? "UNKNOWN" : "NEEDS_CONVERSION",
      notes: i % 4 ? [] : ["Large table: consider a phased migration"],
    };
    batch += `${i ? "," : ""}\n    ${indented(table, "    ")}`;
    if (batch.length > 100_000) {
      yield batch;
      batch = "";
    }
  }
  yield `${batch}\n  ]\n}\n`;
}
