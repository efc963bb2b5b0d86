import type { WireColumn, WireStorageDescriptor, WireTable } from "../wire.ts";
import { type TableContext, tableOf } from "./context.ts";
import { descriptorOf, storageFormats } from "./storage-formats.ts";
import { crawlerName, hiveParameters } from "./writers.ts";

type Parameters = Record<string, string>;

/** The account that shares databases and tables with the demo account; one of AWS's documentation, nobody's. */
export const sharingAccountId = "444455556666";

/** A descriptor without formats: the data is no files. */
function bareDescriptor(columns: WireColumn[], location: string, parameters: Parameters): WireStorageDescriptor {
  return {
    Columns: columns,
    Location: location,
    Compressed: false,
    NumberOfBuckets: -1,
    SerdeInfo: { Parameters: {} },
    BucketColumns: [],
    SortColumns: [],
    Parameters: parameters,
    StoredAsSubDirectories: false,
  };
}

/** A table of a database that a crawler read over JDBC; no size is known. */
function jdbc(context: TableContext, engine: string, schema: string): WireTable {
  const { spec, database, columns, updatedAt } = context;
  const parameters: Parameters = {
    CrawlerSchemaDeserializerVersion: "1.0",
    CrawlerSchemaSerializerVersion: "1.0",
    UPDATED_BY_CRAWLER: crawlerName(context),
    classification: engine,
    compressionType: "none",
    connectionName: `${database.replaceAll("_", "-")}-${engine}`,
    typeOfData: spec.name.includes("view") ? "view" : "table",
  };
  const rawColumns = columns.map(column => ({
    ...column,
    Type: /^(?:array|map|struct|uniontype)</.test(column.Type ?? "") ? "string" : (column.Type ?? "string"),
  }));
  return tableOf(context, {
    Owner: "owner",
    LastAccessTime: updatedAt,
    StorageDescriptor: bareDescriptor(rawColumns, `${schema}.${spec.entity}`, parameters),
    Parameters: parameters,
  });
}

export const externalTables = {
  jdbc_mysql: (context: TableContext) => jdbc(context, "mysql", "shop"),
  jdbc_postgresql: (context: TableContext) => jdbc(context, "postgresql", "core.public"),
  jdbc_oracle: (context: TableContext) => jdbc(context, "oracle", "ERP.APPS"),
  jdbc_sqlserver: (context: TableContext) => jdbc(context, "sqlserver", "wms.dbo"),
  jdbc_redshift: (context: TableContext) => jdbc(context, "redshift", "dwh.public"),
  dynamodb(context: TableContext) {
    const { spec, region, accountId, columns, size, updatedAt } = context;
    const bytes = Math.floor(size.bytes / 40);
    const parameters: Parameters = {
      CrawlerSchemaDeserializerVersion: "1.0",
      CrawlerSchemaSerializerVersion: "1.0",
      UPDATED_BY_CRAWLER: crawlerName(context),
      averageRecordSize: String(size.bytesPerRow),
      classification: "dynamodb",
      compressionType: "none",
      hashKey: columns[0]?.Name ?? "id",
      recordCount: String(Math.floor(bytes / size.bytesPerRow)),
      sizeKey: String(bytes),
      typeOfData: "table",
    };
    return tableOf(context, {
      Owner: "owner",
      LastAccessTime: updatedAt,
      StorageDescriptor: bareDescriptor(
        columns,
        `arn:aws:dynamodb:${region}:${accountId}:table/${spec.name}`,
        parameters,
      ),
      Parameters: parameters,
    });
  },
  kinesis(context: TableContext) {
    const { spec, region, accountId, columns } = context;
    const stream = `${spec.entity}-stream`;
    return tableOf(context, {
      StorageDescriptor: {
        ...descriptorOf(storageFormats.openxJson, {
          Columns: columns,
          Location: stream,
          Parameters: {
            endpointUrl: `https://kinesis.${region}.amazonaws.com`,
            streamARN: `arn:aws:kinesis:${region}:${accountId}:stream/${stream}`,
            typeOfData: "kinesis",
          },
          serdeParameters: { paths: columns.map(column => column.Name).join(",") },
        }),
      },
      Parameters: { classification: "json", connectionName: "kinesis-events" },
    });
  },
  kafka(context: TableContext) {
    const { spec, columns } = context;
    return tableOf(context, {
      StorageDescriptor: descriptorOf(storageFormats.avro, {
        Columns: columns,
        Location: `${spec.entity}.v1`,
        Parameters: { connectionName: "msk-events", topicName: `${spec.entity}.v1`, typeOfData: "kafka" },
      }),
      Parameters: { classification: "avro", connectionName: "msk-events" },
    });
  },
  hbase: (context: TableContext) =>
    tableOf(context, {
      Owner: "hive",
      LastAccessTime: 0,
      StorageDescriptor: descriptorOf(storageFormats.hbase, {
        Columns: context.columns,
        Location: "",
        serdeParameters: { "hbase.columns.mapping": ":key,cf:value", "serialization.format": "1" },
      }),
      Parameters: {
        ...hiveParameters({ ...context, size: { ...context.size, bytes: 0, rows: 0, files: 0 } }),
        "hbase.table.name": spec(context),
        storage_handler: "org.apache.hadoop.hive.hbase.HBaseStorageHandler",
      },
    }),
  /** A link that the caller may follow: AWS answers with the target's properties and says whose they are. */
  link_table: (context: TableContext) => ({
    ...tableOf(context, {
      StorageDescriptor: descriptorOf(storageFormats.parquet, {
        Columns: context.columns,
        Location: `s3://lake-curated-${context.region}-${sharingAccountId}/reference/${context.spec.entity}/`,
      }),
      PartitionKeys: context.partitionKeys,
      Parameters: {
        classification: "parquet",
        sizeKey: String(context.size.bytes),
        recordCount: String(context.size.rows),
        typeOfData: "file",
      },
    }),
    ...linkTo(context),
  }),
  /** A link whose target the caller may not describe: nothing but the link itself. */
  link_unresolved: ({ spec: { name }, database, accountId, createdAt, ...context }: TableContext) => ({
    Name: name,
    DatabaseName: database,
    CreateTime: createdAt,
    UpdateTime: createdAt,
    IsRegisteredWithLakeFormation: false,
    CatalogId: accountId,
    ...linkTo({ ...context, spec: { entity: name } }),
  }),
  /** A table of a federated Hive metastore. */
  federated: (context: TableContext) =>
    tableOf(context, {
      StorageDescriptor: descriptorOf(storageFormats.orc, {
        Columns: context.columns,
        Location: `hdfs://onprem-nameservice/apps/hive/warehouse/${context.spec.name}`,
      }),
      PartitionKeys: context.partitionKeys,
      Parameters: hiveParameters(context),
      FederatedTable: {
        Identifier: `warehouse.${context.spec.name}`,
        DatabaseIdentifier: "warehouse",
        ConnectionName: "onprem-hive-metastore",
        ConnectionType: "HIVEMETASTORE",
      },
    }),
} as const;

function spec(context: TableContext): string {
  return `${context.database}:${context.spec.entity}`;
}

function linkTo({
  spec: { entity },
  region,
}: {
  spec: { entity: string };
  region: string;
}): Pick<WireTable, "TargetTable"> {
  return {
    TargetTable: { CatalogId: sharingAccountId, DatabaseName: "reference", Name: entity, Region: region },
  };
}
