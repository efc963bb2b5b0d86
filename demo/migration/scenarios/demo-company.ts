import type { Catalog } from "../../catalog/model.ts";
import type { DmsScript, JobScript } from "../scripts.ts";
import { folderOf, locationOf, tablesOf } from "./sources.ts";

const frankfurt = "eu-central-1";
const virginia = "us-east-1";

/** When the demo company began to migrate. Fixed, so that a run keeps its id and course however often the simulator starts. */
export const demoBeginning = Date.UTC(2026, 10, 3, 6);

const day = 1_440;
const terabyte = 1e12;

/**
 * The demo company's migration: at any moment some jobs run, some have ended well, one stands still, one has failed, one
 * follows changes and now and then falls behind. Empty for a catalog that is not the demo company's.
 */
export function demoCompanyJobs(catalog: Catalog): JobScript[] {
  if (!catalog.findDatabase(frankfurt, "erp_replica")) return [];
  return [...dmsTasks(catalog), ...dataSyncTasks(catalog), ...glueJobs()];
}

function dmsTasks(catalog: Catalog): JobScript[] {
  const tables = (database: string, pattern: string, except?: string, most = 24, region = frankfurt) =>
    tablesOf(catalog, region, database, pattern, except, most);
  const load = { kind: "dms", type: "full-load" } as const;
  const logistics = tables("logistics", "%", "%_archive", 18).map((table, index) => {
    if (index === 3) return { ...table, failsAfter: 0.62 };
    return index === 7 ? { ...table, mismatches: 41 } : table;
  });
  const jobs: DmsScript[] = [
    {
      kind: "dms",
      name: "shop-orders-live",
      type: "full-load-and-cdc",
      engine: "mysql",
      instance: "dms-shop",
      tables: tables("sales", "order%", "%_archive"),
      mappings: [
        { action: "include", schema: "sales", table: "order%" },
        { action: "exclude", schema: "sales", table: "%_archive" },
      ],
      changes: {
        perSecond: 180,
        latencySeconds: 3,
        delays: [{ startsAfter: 40, minutes: 45, peakSeconds: 780, every: 200 }],
      },
      runs: [{ startsAfter: 0, minutes: 240 }],
    },
    {
      ...load,
      name: "erp-finance",
      tables: tables("finance", "%", "quarterly%", 40),
      mappings: [
        { action: "include", schema: "finance", table: "%" },
        { action: "exclude", schema: "finance", table: "quarterly%" },
      ],
      runs: { startsAfter: 15, every: 45, minutes: 36 },
    },
    {
      ...load,
      name: "logistics-validated",
      engine: "postgres",
      tables: logistics,
      isValidated: true,
      runs: { startsAfter: 5, every: 75, minutes: 50 },
    },
    {
      ...load,
      name: "customer-consents",
      engine: "postgres",
      tables: tables("customer", "c%", undefined, 20),
      mappings: [{ action: "include", schema: "customer", table: "c%" }],
      // Stands still for most of its life.
      runs: { startsAfter: 20, every: 360, minutes: 40, stall: { at: 0.55, minutes: 305 } },
    },
    {
      ...load,
      name: "telemetry-archive",
      engine: "sqlserver",
      tables: tables("iot_telemetry", "%", undefined, 30),
      mappings: [{ action: "include", schema: "iot_telemetry", table: "%" }],
      runs: {
        startsAfter: 30,
        every: day / 2,
        minutes: 60,
        ends: { failed: 1 },
        message:
          "Last Error  Failed to write to the target. Stop Reason FATAL_ERROR Error Level FATAL. " +
          "The target bucket answered 507 Insufficient Storage",
      },
    },
    {
      ...load,
      name: "ml-features-first-load",
      engine: "postgres",
      tables: tables("ml_features", "%", undefined, 16),
      runs: [{ startsAfter: 5 * day, minutes: 190 }],
      createdAfter: 4 * day,
    },
    {
      ...load,
      // The pilot, before the rest began; the catalog's entries were changed after it.
      name: "reference-data-pilot",
      engine: "postgres",
      tables: tables("reference_shared", "%", undefined, 12),
      runs: [{ startsAfter: -19 * day, minutes: 25 }],
    },
    {
      ...load,
      name: "product-trial",
      tables: tables("raw_ingest", "s%", undefined, 8),
      runs: [{ startsAfter: 2 * day, minutes: 150, end: "stopped", endsAfter: 0.4 }],
    },
    {
      ...load,
      name: "supply-chain",
      region: virginia,
      isServerless: true,
      engine: "oracle",
      tables: tables("supply_chain", "%", undefined, 25, virginia),
      runs: { startsAfter: 10, every: 60, minutes: 48 },
    },
    {
      kind: "dms",
      name: "web-shop-us-changes",
      region: virginia,
      type: "cdc",
      engine: "mysql",
      tables: tables("sales_us", "order%", undefined, 12, virginia),
      mappings: [{ action: "include", schema: "sales_us", table: "order%" }],
      changes: { perSecond: 60 },
      runs: [{ startsAfter: day, minutes: 2 }],
    },
  ];
  return jobs.filter(job => job.tables.length > 0);
}

function dataSyncTasks(catalog: Catalog): JobScript[] {
  const task = (
    name: string,
    source: string | undefined,
    script: Omit<Extract<JobScript, { kind: "datasync" }>, "kind" | "name" | "source">,
  ): JobScript[] => (source === undefined ? [] : [{ kind: "datasync", name, source, ...script }]);
  return [
    ...task("clickstream-history", folderOf(catalog, frankfurt, "clickstream"), {
      bytes: 21.4 * terabyte,
      files: 168_000,
      runs: { startsAfter: 0, every: 60, minutes: 44, laterScale: 0.04, ends: { done: 24, failed: 1 } },
    }),
    ...task("order-lines", locationOf(catalog, frankfurt, "sales", "order_lines"), {
      bytes: 3.1 * terabyte,
      files: 24_500,
      runs: { startsAfter: 25, every: 90, minutes: 50, laterScale: 0.1 },
    }),
    ...task("measurements", locationOf(catalog, frankfurt, "iot_telemetry", "measurements"), {
      mode: "ENHANCED",
      bytes: 46.8 * terabyte,
      files: 1_204_000,
      runs: {
        startsAfter: 60,
        every: day / 2,
        minutes: 160,
        laterScale: 0.06,
        ends: { done: 9, failed: 1, stopped: 1 },
      },
    }),
    ...task("legacy-warehouse", folderOf(catalog, virginia, "legacy_hive"), {
      region: virginia,
      bytes: 12.9 * terabyte,
      files: 310_000,
      runs: { startsAfter: 35, every: 120, minutes: 70, laterScale: 0.05, ends: { done: 14, failed: 1 } },
    }),
  ];
}

function glueJobs(): JobScript[] {
  const convert = (database: string, table: string): Record<string, string> => ({
    "--source_database": database,
    "--source_table": table,
    "--target_table": `lakehouse.${database}.${table}`,
  });
  return [
    {
      kind: "glue",
      name: "convert-sales-to-iceberg",
      bytes: 0.9 * terabyte,
      arguments: { "--target_catalog": "lakehouse" },
      turns: [convert("sales", "order_lines"), convert("sales", "orders"), convert("sales", "orders_cdc")],
      workers: 20,
      runs: { startsAfter: 0, every: 40, minutes: 26 },
    },
    {
      kind: "glue",
      name: "convert-clickstream",
      bytes: 2.2 * terabyte,
      arguments: convert("clickstream", "events"),
      hasMetrics: false,
      workers: 40,
      runs: { startsAfter: 12, every: 55, minutes: 40, ends: { done: 10, failed: 2, stopped: 1 } },
      maxRetries: 1,
    },
    {
      kind: "glue",
      name: "rewrite-stock-movements",
      bytes: 0.3 * terabyte,
      arguments: convert("logistics", "stock_movements"),
      runs: {
        startsAfter: 20,
        every: 120,
        minutes: 45,
        ends: { done: 5, failed: 3, timeout: 1 },
        message:
          "An error occurred while calling o148.pyWriteDynamicFrame. Job aborted due to stage failure: ExecutorLostFailure " +
          "(executor 7 exited caused by one of the running tasks) Reason: Container killed for exceeding memory limits",
      },
      maxRetries: 2,
      timeoutMinutes: 60,
    },
    {
      kind: "glue",
      name: "legacy-hive-to-iceberg",
      region: virginia,
      bytes: 0.7 * terabyte,
      arguments: { "--source_database": "legacy_hive" },
      runs: { startsAfter: 8, every: 50, minutes: 34 },
    },
    {
      kind: "glue",
      name: "nightly-reconciliation",
      bytes: 0.05 * terabyte,
      arguments: { "--check": "row-counts" },
      runs: { startsAfter: 20 * 60, every: day, minutes: 25, ends: { done: 12, failed: 1 } },
    },
  ];
}
