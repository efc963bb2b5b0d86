import type { WireColumn, WireTable } from "../wire.ts";
import { type TableContext, tableOf } from "./context.ts";
import { sparkSchemaParameter, sparkSchemaParameters } from "./spark-schema.ts";
import { descriptorOf, storageFormats } from "./storage-formats.ts";
import { crawlerParameters } from "./writers.ts";

type Parameters = Record<string, string>;

/** Iceberg has no char, varchar, smallint, tinyint and union: engines widen them. */
function icebergType(type = "string"): string {
  return type
    .replaceAll(/\b(?:var)?char\(\d+\)/g, "string")
    .replaceAll(/\b(?:smallint|tinyint)\b/g, "int")
    .replace(/^uniontype<.*>$/, "string");
}

/** Columns with Iceberg's field ids, as the Glue catalog of Iceberg and Athena write them. */
function icebergColumns(columns: readonly WireColumn[], isCurrent = true, firstId = 1): WireColumn[] {
  return columns.map((column, index) => ({
    ...column,
    Type: icebergType(column.Type),
    Parameters: {
      "iceberg.field.current": String(isCurrent),
      "iceberg.field.id": String(firstId + index),
      "iceberg.field.optional": String(firstId + index !== 1),
    },
  }));
}

/** Where the current and the previous metadata are; every commit adds a version. */
function icebergParameters(context: TableContext, base: string): Parameters {
  const { random, versionRandom, history } = context;
  const version = random.integer(1, 900) + history.changedIn * 7;
  const file = (number: number): string =>
    `${base}metadata/${String(number).padStart(5, "0")}-${versionRandom.uuid()}.metadata.json`;
  const previous = file(version - 1);
  return { metadata_location: file(version), previous_metadata_location: previous, table_type: "ICEBERG" };
}

function icebergTable(context: TableContext, columns: WireColumn[], more: Parameters = {}, base?: string): WireTable {
  const root = base ?? context.location;
  return tableOf(context, {
    StorageDescriptor: {
      Columns: columns,
      Location: root.slice(0, -1),
      Compressed: false,
      NumberOfBuckets: 0,
      SortColumns: [],
      StoredAsSubDirectories: false,
    },
    Parameters: { ...more, ...icebergParameters(context, root) },
  });
}

/** All columns: Iceberg's partition columns are ordinary ones. */
function allColumns({ columns, partitionKeys }: TableContext): WireColumn[] {
  return [...columns, ...partitionKeys];
}

/** The summary that Iceberg's Hive integration keeps of the current snapshot. */
function snapshotSummary({ size, updatedAt, random, versionRandom }: TableContext): Parameters {
  return {
    "current-snapshot-id": String(versionRandom.integer(1e15, 9e15)),
    "current-snapshot-timestamp-ms": String(updatedAt * 1000),
    "current-snapshot-summary": JSON.stringify({
      "spark.app.id": `application_${updatedAt}_0042`,
      "added-data-files": "12",
      "added-records": String(Math.floor(size.rows / 50)),
      "total-records": String(size.rows),
      "total-files-size": String(size.bytes),
      "total-data-files": String(size.files),
      "total-delete-files": "0",
      "total-position-deletes": "0",
      "total-equality-deletes": "0",
    }),
    "snapshot-count": String(versionRandom.integer(2, 300)),
    uuid: random.uuid(),
  };
}

const hudiColumns: readonly WireColumn[] = [
  "_hoodie_commit_time",
  "_hoodie_commit_seqno",
  "_hoodie_record_key",
  "_hoodie_partition_path",
  "_hoodie_file_name",
].map(Name => ({ Name, Type: "string" }));

function hudiTable(context: TableContext, isRealtime: boolean, isReadOptimized: boolean): WireTable {
  const { columns, partitionKeys, location, updatedAt } = context;
  const path = location.slice(0, -1).replace(/_(?:ro|rt)$/, "");
  const commit = new Date(updatedAt * 1000).toISOString().replaceAll(/\D/g, "");
  const all = [...hudiColumns, ...columns];
  return tableOf(context, {
    Owner: "hadoop",
    LastAccessTime: updatedAt,
    StorageDescriptor: descriptorOf(isRealtime ? storageFormats.hudiRealtime : storageFormats.hudi, {
      Columns: all,
      Location: path,
      NumberOfBuckets: 0,
      serdeParameters: {
        "hoodie.query.as.ro.table": String(isReadOptimized),
        path,
        "serialization.format": "1",
      },
    }),
    PartitionKeys: partitionKeys,
    Parameters: {
      EXTERNAL: "TRUE",
      last_commit_completion_time_sync: commit,
      last_commit_time_sync: commit,
      "spark.sql.sources.provider": "hudi",
      ...sparkSchemaParameters(all, partitionKeys),
    },
  });
}

const deltaPlaceholder: WireColumn[] = [{ Name: "col", Type: "array<string>", Comment: "from deserializer" }];

/** Delta as Spark registers it in a Hive metastore: the columns, the format and the location are placeholders. */
function sparkDelta(context: TableContext, schema: Parameters): WireTable {
  const { location, database, spec, region, accountId } = context;
  return tableOf(context, {
    Owner: "hadoop",
    LastAccessTime: 0,
    StorageDescriptor: descriptorOf(storageFormats.sequenceFile, {
      Columns: deltaPlaceholder,
      Location: `s3://lake-warehouse-${region}-${accountId}/${database}.db/${spec.name}-__PLACEHOLDER__`,
      serdeParameters: { path: location.slice(0, -1), "serialization.format": "1" },
    }),
    Parameters: {
      EXTERNAL: "TRUE",
      "spark.sql.create.version": "3.5.2-amzn-1",
      "spark.sql.partitionProvider": "catalog",
      "spark.sql.sources.provider": "delta",
      ...schema,
      transient_lastDdlTime: String(context.createdAt),
    },
  });
}

export const lakeTables = {
  iceberg_athena: (context: TableContext) => icebergTable(context, icebergColumns(allColumns(context))),
  iceberg_spark: (context: TableContext) =>
    icebergTable(context, icebergColumns(allColumns(context)), {
      ...(context.random.chance(0.75) && snapshotSummary(context)),
      owner: "hadoop",
    }),
  iceberg_evolved(context: TableContext) {
    const columns = allColumns(context);
    const dropped: WireColumn[] = [
      { Name: "legacy_code", Type: "string" },
      { Name: "tmp_flag", Type: "boolean", Comment: "dropped after the migration" },
    ];
    return icebergTable(context, [...icebergColumns(columns), ...icebergColumns(dropped, false, columns.length + 1)]);
  },
  iceberg_hive(context: TableContext) {
    const { location } = context;
    return tableOf(context, {
      Owner: "hive",
      LastAccessTime: 0,
      StorageDescriptor: descriptorOf(storageFormats.icebergHive, {
        Columns: icebergColumns(allColumns(context)),
        Location: location.slice(0, -1),
        NumberOfBuckets: 0,
      }),
      Parameters: {
        EXTERNAL: "TRUE",
        "engine.hive.enabled": "true",
        storage_handler: "org.apache.iceberg.mr.hive.HiveIcebergStorageHandler",
        ...snapshotSummary(context),
        ...icebergParameters(context, location),
        numFiles: String(context.size.files),
        numRows: String(context.size.rows),
        totalSize: String(context.size.bytes),
      },
    });
  },
  iceberg_crawled: (context: TableContext) =>
    icebergTable(context, icebergColumns(allColumns(context)), crawlerParameters(context, "iceberg")),
  iceberg_hdfs: (context: TableContext) =>
    icebergTable(
      context,
      icebergColumns(allColumns(context)),
      { owner: "hdfs" },
      `hdfs://onprem-nameservice/warehouse/${context.database}.db/${context.spec.name}/`,
    ),
  delta_spark: (context: TableContext) =>
    sparkDelta(context, sparkSchemaParameters(context.columns, context.partitionKeys)),
  delta_short: (context: TableContext) => sparkDelta(context, sparkSchemaParameter(allColumns(context))),
  /** CREATE EXTERNAL TABLE … TBLPROPERTIES ('table_type' = 'DELTA') in Athena. */
  delta_native: (context: TableContext) =>
    tableOf(context, {
      Owner: "hadoop",
      LastAccessTime: 0,
      StorageDescriptor: descriptorOf(storageFormats.sequenceFile, {
        Columns: allColumns(context),
        Location: context.location,
      }),
      Parameters: { EXTERNAL: "TRUE", table_type: "DELTA", transient_lastDdlTime: String(context.createdAt) },
    }),
  delta_crawled(context: TableContext) {
    const { columns, partitionKeys, location, versionRandom, updatedAt } = context;
    return tableOf(context, {
      Owner: "owner",
      LastAccessTime: updatedAt,
      StorageDescriptor: descriptorOf(storageFormats.parquet, {
        Columns: columns,
        Location: location,
        AdditionalLocations: [`${location}_delta_log/`],
        serdeParameters: { path: location, "serialization.format": "1" },
      }),
      PartitionKeys: partitionKeys,
      Parameters: {
        ...crawlerParameters(context, "delta"),
        EXTERNAL: "true",
        "delta.lastCommitTimestamp": String(updatedAt * 1000),
        "delta.lastUpdateVersion": String(versionRandom.integer(1, 4000)),
        "delta.minReaderVersion": "1",
        "delta.minWriterVersion": "2",
        "spark.sql.partitionProvider": "catalog",
        "spark.sql.sources.provider": "delta",
        ...sparkSchemaParameters(columns, partitionKeys),
        table_type: "delta",
      },
    });
  },
  /** For engines that read manifests instead of the Delta log. */
  delta_symlink: (context: TableContext) =>
    tableOf(context, {
      Owner: "hadoop",
      LastAccessTime: 0,
      StorageDescriptor: descriptorOf(storageFormats.symlinkParquet, {
        Columns: context.columns,
        Location: `${context.location}_symlink_format_manifest`,
      }),
      PartitionKeys: context.partitionKeys,
      Parameters: { EXTERNAL: "TRUE", transient_lastDdlTime: String(context.createdAt) },
    }),
  hudi_cow: (context: TableContext) => hudiTable(context, false, false),
  hudi_mor_ro: (context: TableContext) => hudiTable(context, false, true),
  hudi_mor_rt: (context: TableContext) => hudiTable(context, true, false),
} as const;
