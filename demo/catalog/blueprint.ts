import type { Domain } from "./columns.ts";
import type { TableKind } from "./kinds.ts";
import { lakehouse, landing, legacy, type Mix, mart } from "./mixes.ts";

/** A database of the demo catalog. */
export interface DatabaseBlueprint {
  readonly region: string;
  readonly name: string;
  readonly description?: string;
  readonly locationUri?: string;
  readonly domain: Domain;
  /** How many tables are drawn from the mix, besides the fixed ones. */
  readonly tables: number;
  readonly mix: Mix;
  /** Tables that are always there: name and kind. */
  readonly fixed?: readonly (readonly [name: string, kind: TableKind])[];
  /** Sizes relative to the usual. */
  readonly scale?: number;
  readonly isDenied?: boolean;
  readonly isLink?: boolean;
  readonly isFederated?: boolean;
}

const frankfurt = "eu-central-1";
const virginia = "us-east-1";

const logs: DatabaseBlueprint["fixed"] = [
  ["cloudtrail_logs", "log_cloudtrail"],
  ["cloudtrail_logs_2018", "log_cloudtrail_old"],
  ["vpc_flow_logs", "log_vpc_flow"],
  ["vpc_flow_logs_parquet", "log_vpc_flow_parquet"],
  ["alb_access_logs", "log_alb"],
  ["cloudfront_standard_logs", "log_cloudfront"],
  ["s3_access_logs", "log_s3_access"],
  ["s3_inventory_lake_curated", "log_s3_inventory_orc"],
  ["s3_inventory_lake_raw", "log_s3_inventory_parquet"],
  ["s3_inventory_backups", "log_s3_inventory_csv"],
  ["waf_logs", "log_waf"],
];

const longName = "quarterly_reconciliation_".repeat(12).slice(0, 255);

/** The demo company: a retailer with warehouses, a web shop and machines, in two regions. */
export const blueprint: readonly DatabaseBlueprint[] = [
  {
    region: frankfurt,
    name: "aws_logs",
    description: "Service logs of the account, as the Athena user guide declares them",
    domain: "clickstream",
    tables: 14,
    mix: { regex_athena: 3, grok_crawled: 2, json_athena: 4, view_athena: 5 },
    fixed: logs,
    scale: 0.6,
  },
  {
    region: frankfurt,
    name: "clickstream",
    description: "Events of web shop and app",
    locationUri: "s3://lake-curated-eu-central-1-210987654321/clickstream/",
    domain: "clickstream",
    tables: 165,
    mix: { ...mart, parquet_projected: 14, parquet_crawled: 24, json_crawled: 6 },
    fixed: [
      ["events", "parquet_projected"],
      ["sessions", "iceberg_spark"],
      ["bot_filter", "odd_many_partitions"],
    ],
    scale: 1.5,
  },
  {
    region: frankfurt,
    name: "customer",
    description: "Customers and their consents | personal data, ask before use",
    domain: "customer",
    tables: 130,
    mix: mart,
    fixed: [
      ["customer_360", "view_athena"],
      ["consent_history", "governed"],
      ["segments_shared", "view_catalog"],
    ],
    scale: 0.3,
  },
  {
    region: frankfurt,
    name: "default",
    description: "Default Hive database",
    locationUri: "hdfs:///user/hive/warehouse",
    domain: "sales",
    tables: 0,
    mix: {},
  },
  {
    region: frankfurt,
    name: "erp_replica",
    description: "Tables of the ERP and shop databases, read over JDBC",
    domain: "finance",
    tables: 105,
    mix: { jdbc_oracle: 40, jdbc_postgresql: 25, jdbc_mysql: 20, jdbc_sqlserver: 10, jdbc_redshift: 5 },
  },
  {
    region: frankfurt,
    name: "finance",
    description: "Ledgers, invoices and closing.\nOwner: finance data team",
    domain: "finance",
    tables: 155,
    mix: { ...mart, orc_hive: 12, csv_athena: 6 },
    fixed: [
      [longName, "csv_crawled"],
      ["closing_2016", "odd_stale"],
      ["budget_import", "odd_size_text"],
    ],
    scale: 0.25,
  },
  {
    region: frankfurt,
    name: "iot_telemetry",
    description: "Measurements of conveyor belts, forklifts and cold rooms",
    domain: "iot",
    tables: 190,
    mix: { ...mart, parquet_projected: 8, avro_crawled: 8, orc_crawled: 6, kinesis: 2, hudi_mor_ro: 2, hudi_mor_rt: 2 },
    fixed: [
      ["measurements", "parquet_spark"],
      ["measurements_live", "kinesis"],
      ["alarms", "odd_size_huge"],
    ],
    scale: 2,
  },
  {
    region: frankfurt,
    name: "logistics",
    description: "Shipments, routes and stock movements",
    domain: "logistics",
    tables: 150,
    mix: mart,
    fixed: [
      ["shipments", "iceberg_evolved"],
      ["cold_chain_onprem", "iceberg_hdfs"],
      ["stock_movements", "delta_spark"],
    ],
    scale: 0.7,
  },
  {
    region: frankfurt,
    name: "ml_features",
    description: "Feature store and predictions",
    domain: "ml",
    tables: 85,
    mix: { ...lakehouse, parquet_spark: 30 },
    fixed: [
      ["wide_features", "odd_wide"],
      ["embeddings", "iceberg_spark"],
    ],
    scale: 0.5,
  },
  {
    region: frankfurt,
    name: "onprem_warehouse",
    description: "Federated from the Hive metastore of the data centre",
    domain: "logistics",
    tables: 24,
    mix: { federated: 1 },
    // Only a federated metastore has names that differ by nothing but their case.
    fixed: [
      ["Orders", "federated"],
      ["orders", "federated"],
    ],
    isFederated: true,
  },
  {
    region: frankfurt,
    name: "raw_ingest",
    description: "Landing zone",
    locationUri: "s3://lake-raw-eu-central-1-210987654321/",
    domain: "product",
    tables: 175,
    mix: landing,
    fixed: [
      ["supplier_feed", "odd_comments"],
      ["empty_drop", "odd_empty_columns"],
      ["failed_crawl", "odd_size_unknown"],
    ],
    scale: 0.15,
  },
  {
    region: frankfurt,
    name: "reference_shared",
    description: "Reference data of the group, shared by another account",
    domain: "product",
    tables: 12,
    mix: { parquet_crawled: 3, iceberg_athena: 2, csv_crawled: 1 },
    isLink: true,
  },
  {
    region: frankfurt,
    name: "sales",
    description: "Orders, baskets, returns",
    locationUri: "s3://lake-curated-eu-central-1-210987654321/sales/",
    domain: "sales",
    tables: 185,
    mix: mart,
    fixed: [
      ["orders", "iceberg_spark"],
      ["order_lines", "parquet_spark"],
      ["orders_cdc", "hudi_mor_rt"],
      ["daily_revenue", "view_athena"],
      ["revenue_by_store", "view_materialized"],
      ["currencies", "link_table"],
      ["countries", "link_unresolved"],
    ],
  },
  {
    region: virginia,
    name: "billing",
    description: "Cost and usage",
    domain: "finance",
    tables: 6,
    mix: { view_athena: 4, parquet_athena: 2 },
    fixed: [
      ["cost_and_usage_report", "log_cost_and_usage"],
      ["cost_and_usage_data_status", "parquet_athena"],
    ],
    scale: 0.2,
  },
  {
    region: virginia,
    name: "data_science_sandbox",
    domain: "ml",
    tables: 70,
    mix: { csv_athena: 24, parquet_athena: 20, csv_crawled: 14, json_athena: 10, iceberg_athena: 8, view_athena: 10 },
    fixed: [
      ["100%_sample", "csv_athena"],
      ["a'quoted\"name", "parquet_athena"],
      ["back`tick", "parquet_athena"],
      ["comma, separated", "csv_athena"],
      ["données_été", "parquet_athena"],
      ["name | with pipe", "csv_athena"],
      ["no_columns", "odd_bare"],
      ["no_descriptor", "odd_no_descriptor"],
      ["no_location", "odd_null_location"],
      ["nested_everything", "odd_types"],
      ["negative_size", "odd_size_negative"],
      ["select", "parquet_athena"],
      ["tmp__", "csv_athena"],
      ["tmp_%_like", "json_athena"],
      ["x", "csv_athena"],
      ["ünï©ode_テーブル_🚚", "parquet_crawled"],
      ["\\backslash", "csv_athena"],
      [" leading space", "csv_athena"],
    ],
    scale: 0.02,
  },
  {
    region: virginia,
    name: "empty_staging",
    description: "",
    domain: "sales",
    tables: 0,
    mix: {},
  },
  {
    region: virginia,
    name: "hr_restricted",
    description: "Personnel data; access on request",
    domain: "people",
    tables: 38,
    mix: { parquet_crawled: 6, csv_crawled: 2, iceberg_athena: 2 },
    isDenied: true,
    scale: 0.05,
  },
  {
    region: virginia,
    name: "legacy_hive",
    description: "Imported from the cluster that was shut down",
    locationUri: "s3://legacy-cluster-exports/warehouse/",
    domain: "sales",
    tables: 165,
    mix: legacy,
    scale: 0.8,
  },
  {
    region: virginia,
    name: "sales_us",
    description: "Orders of the American web shop",
    domain: "sales",
    tables: 140,
    mix: lakehouse,
    scale: 0.6,
  },
  {
    region: virginia,
    name: "supply_chain",
    description: "Suppliers, purchase orders, forecasts",
    domain: "logistics",
    tables: 105,
    mix: mart,
    scale: 0.5,
  },
  {
    region: virginia,
    name: "analytics",
    description: "Campaigns and visits",
    domain: "marketing",
    tables: 120,
    mix: { ...mart, delta_spark: 8, json_crawled: 8 },
    fixed: logs.slice(0, 7),
    scale: 1.2,
  },
];
