import type { TableKind } from "./kinds.ts";

/** How likely each kind is among a database's tables. */
export type Mix = Readonly<Partial<Record<TableKind, number>>>;

/** A data mart: mostly Parquet, some already Iceberg, views on top. */
export const mart: Mix = {
  parquet_crawled: 17,
  parquet_spark: 20,
  parquet_hive: 9,
  parquet_athena: 8,
  parquet_projected: 2,
  iceberg_athena: 9,
  iceberg_spark: 8,
  iceberg_evolved: 2,
  iceberg_crawled: 1,
  orc_hive: 4,
  csv_crawled: 3,
  csv_athena: 3,
  json_crawled: 2,
  delta_spark: 2,
  delta_native: 1,
  hudi_cow: 1,
  view_athena: 8,
  view_spark: 1,
};

/** A landing zone: whatever the sources deliver. */
export const landing: Mix = {
  json_crawled: 26,
  csv_crawled: 22,
  avro_crawled: 12,
  parquet_crawled: 14,
  json_athena: 6,
  csv_athena: 5,
  csv_semicolon: 3,
  tsv_athena: 3,
  grok_crawled: 2,
  xml_crawled: 2,
  orc_crawled: 2,
  kinesis: 2,
  kafka: 2,
  dynamodb: 3,
  ion_athena: 1,
};

/** A cluster's metastore of ten years ago, imported. */
export const legacy: Mix = {
  orc_hive: 34,
  text_hive: 18,
  parquet_hive: 12,
  avro_hive: 8,
  rcfile_hive: 6,
  sequencefile_hive: 6,
  json_hive: 4,
  view_hive: 7,
  iceberg_hive: 3,
  hbase: 2,
};

/** A modern lakehouse. */
export const lakehouse: Mix = {
  iceberg_spark: 30,
  iceberg_athena: 14,
  iceberg_evolved: 6,
  delta_spark: 12,
  delta_short: 2,
  delta_crawled: 4,
  delta_symlink: 3,
  hudi_cow: 6,
  hudi_mor_ro: 3,
  hudi_mor_rt: 3,
  parquet_spark: 14,
  view_spark: 3,
};

/** What tables of a catalog of any size are: as in an average company's. */
export const averageMix: Mix = {
  ...mart,
  json_athena: 3,
  avro_crawled: 2,
  text_hive: 2,
  tsv_athena: 1,
  delta_crawled: 1,
  delta_symlink: 1,
  hudi_mor_rt: 1,
  view_hive: 1,
  jdbc_postgresql: 2,
  dynamodb: 0.5,
  kafka: 0.3,
  link_table: 0.5,
  log_alb: 0.1,
  odd_no_descriptor: 0.2,
  odd_null_location: 0.2,
  odd_size_unknown: 0.3,
};
