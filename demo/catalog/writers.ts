import type { TableContext } from "./context.ts";
import { sparkSchemaParameters } from "./spark-schema.ts";

type Parameters = Record<string, string>;

/** What a Glue crawler is called that reads a database's path. */
export function crawlerName({ database, region }: TableContext): string {
  return `${database.replaceAll("_", "-")}-crawler-${region}`;
}

/**
 * The parameters a crawler writes.
 * Source: https://docs.aws.amazon.com/glue/latest/dg/table-properties-crawler.html
 */
export function crawlerParameters(context: TableContext, classification: string, compression = "none"): Parameters {
  const { size } = context;
  return {
    CrawlerSchemaDeserializerVersion: "1.0",
    CrawlerSchemaSerializerVersion: "1.0",
    UPDATED_BY_CRAWLER: crawlerName(context),
    averageRecordSize: String(size.bytesPerRow),
    classification,
    compressionType: compression,
    objectCount: String(size.files),
    recordCount: String(size.rows),
    sizeKey: String(size.bytes),
    typeOfData: "file",
  };
}

/**
 * Crawlers write the same parameters on the table and on its storage descriptor; tables that other tools touched
 * since keep only one of the two.
 */
export function spread(context: TableContext, parameters: Parameters): { table: Parameters; descriptor: Parameters } {
  const bare = { classification: parameters.classification ?? "", typeOfData: parameters.typeOfData ?? "file" };
  switch (context.random.weighted({ both: 80, table: 10, descriptor: 10 })) {
    case "table":
      return { table: parameters, descriptor: {} };
    case "descriptor":
      return { table: bare, descriptor: parameters };
    default:
      return { table: parameters, descriptor: parameters };
  }
}

/** Hive's statistics (StatsSetupConst) beside what DDL through Hive leaves behind. */
export function hiveParameters(context: TableContext): Parameters {
  const { size, updatedAt } = context;
  return {
    EXTERNAL: "TRUE",
    COLUMN_STATS_ACCURATE: '{"BASIC_STATS":"true"}',
    numFiles: String(size.files),
    numRows: String(size.rows),
    rawDataSize: String(size.bytes * 3),
    totalSize: String(size.bytes),
    transient_lastDdlTime: String(updatedAt),
  };
}

/** What Athena leaves behind after a CREATE EXTERNAL TABLE: no sizes at all. */
export function athenaParameters(context: TableContext, classification?: string): Parameters {
  return {
    EXTERNAL: "TRUE",
    ...(classification !== undefined && { classification }),
    transient_lastDdlTime: String(context.createdAt),
  };
}

/** A Spark data source table; with statistics when ANALYZE TABLE ran or automatic size update is on. */
export function sparkParameters(context: TableContext, provider: string, withStatistics: boolean): Parameters {
  const { size, columns, partitionKeys } = context;
  return {
    ...(partitionKeys.length > 0 && { "spark.sql.partitionProvider": "catalog" }),
    "spark.sql.create.version": "3.5.2-amzn-1",
    "spark.sql.sources.provider": provider,
    ...sparkSchemaParameters(columns, partitionKeys),
    ...(withStatistics && {
      "spark.sql.statistics.totalSize": String(size.bytes),
      "spark.sql.statistics.numRows": String(size.rows),
    }),
    transient_lastDdlTime: String(context.updatedAt),
  };
}
