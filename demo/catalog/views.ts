import type { WireColumn, WireTable } from "../wire.ts";
import { type TableContext, type TableSpec, tableOf } from "./context.ts";
import { sparkSchemaParameters } from "./spark-schema.ts";
import { descriptorOf, storageFormats } from "./storage-formats.ts";

/** A Hive type as Trino, and so Athena, names it. */
function trinoType(type = "string"): string {
  return type
    .replaceAll(/\bstring\b/g, "varchar")
    .replaceAll(/\bint\b/g, "integer")
    .replaceAll(/\bfloat\b/g, "real")
    .replaceAll(/\bbinary\b/g, "varbinary")
    .replaceAll(/\btimestamp\b/g, "timestamp(3)")
    .replaceAll("struct<", "row(")
    .replaceAll("uniontype<", "row(")
    .replaceAll("array<", "array(")
    .replaceAll("map<", "map(")
    .replaceAll(">", ")")
    .replaceAll(":", " ");
}

function baseOf({ base, entity }: TableSpec): string {
  return base ?? entity;
}

function selectOf({ columns, database, spec }: TableContext, quote: string): string {
  const names = columns.map(column => `${quote}${column.Name}${quote}`).join(", ");
  return `SELECT ${names}\nFROM ${database}.${baseOf(spec)}\nWHERE ${quote}${columns[0]?.Name}${quote} IS NOT NULL`;
}

/** Views have no files: no formats, an empty location and an empty SerDe. */
function viewDescriptor(columns: WireColumn[]): NonNullable<WireTable["StorageDescriptor"]> {
  return {
    Columns: columns,
    Location: "",
    Compressed: false,
    NumberOfBuckets: 0,
    SerdeInfo: {},
    SortColumns: [],
    StoredAsSubDirectories: false,
  };
}

export const views = {
  view_athena(context: TableContext) {
    const { columns, database, random } = context;
    const definition = {
      originalSql: selectOf(context, '"'),
      catalog: "awsdatacatalog",
      schema: database,
      columns: columns.map(({ Name: name, Type: type }) => ({ name, type: trinoType(type) })),
    };
    return tableOf(context, {
      StorageDescriptor: viewDescriptor(columns),
      ViewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString("base64")} */`,
      ViewExpandedText: "/* Presto View */",
      TableType: "VIRTUAL_VIEW",
      Parameters: {
        comment: "Presto View",
        presto_view: "true",
        ...(random.chance(0.3) && { transient_lastDdlTime: String(context.createdAt) }),
      },
    });
  },
  /** A view that several engines share. Source: https://docs.aws.amazon.com/lake-formation/latest/dg/working-with-views.html */
  view_catalog(context: TableContext) {
    const { columns, database, spec, accountId, region, random } = context;
    const representation = (Dialect: "ATHENA" | "SPARK" | "REDSHIFT", DialectVersion: string, quote: string) => ({
      Dialect,
      DialectVersion,
      ViewOriginalText: selectOf(context, quote),
      ViewExpandedText: selectOf(context, quote),
      IsStale: Dialect === "REDSHIFT",
    });
    return tableOf(context, {
      StorageDescriptor: viewDescriptor(columns),
      TableType: "VIRTUAL_VIEW",
      Parameters: { transient_lastDdlTime: String(context.createdAt) },
      IsRegisteredWithLakeFormation: true,
      IsMultiDialectView: true,
      ViewDefinition: {
        IsProtected: true,
        Definer: `arn:aws:iam::${accountId}:role/ViewDefiner`,
        SubObjects: [`arn:aws:glue:${region}:${accountId}:table/${database}/${baseOf(spec)}`],
        Representations: [
          representation("ATHENA", "3", '"'),
          representation("SPARK", "3.5", "`"),
          ...(random.chance(0.3) ? [representation("REDSHIFT", "1.0", '"')] : []),
        ],
      },
    });
  },
  view_hive: (context: TableContext) =>
    tableOf(context, {
      Owner: "hive",
      LastAccessTime: 0,
      StorageDescriptor: {
        ...descriptorOf(storageFormats.text, { Columns: context.columns }),
        InputFormat: "org.apache.hadoop.mapred.SequenceFileInputFormat",
        OutputFormat: "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
      },
      ViewOriginalText: selectOf(context, "`"),
      ViewExpandedText: selectOf(context, "`"),
      TableType: "VIRTUAL_VIEW",
      Parameters: { transient_lastDdlTime: String(context.createdAt) },
    }),
  view_spark: (context: TableContext) =>
    tableOf(context, {
      Owner: "hadoop",
      LastAccessTime: 0,
      StorageDescriptor: {
        ...descriptorOf(storageFormats.sequenceFile, { Columns: context.columns }),
        SerdeInfo: { Parameters: { "serialization.format": "1" } },
      },
      ViewOriginalText: selectOf(context, "`"),
      ViewExpandedText: selectOf(context, "`"),
      TableType: "VIRTUAL_VIEW",
      Parameters: {
        "spark.sql.create.version": "3.5.2-amzn-1",
        ...sparkSchemaParameters(context.columns),
        "view.catalogAndNamespace.numParts": "2",
        "view.catalogAndNamespace.part.0": "spark_catalog",
        "view.catalogAndNamespace.part.1": context.database,
        "view.query.out.numCols": String(context.columns.length),
        ...Object.fromEntries(
          context.columns.map((column, index) => [`view.query.out.col.${index}`, column.Name ?? ""]),
        ),
        transient_lastDdlTime: String(context.createdAt),
      },
    }),
  /**
   * A materialised view is kept as an Iceberg table, and its parameters say so. AWS does not document its TableType;
   * this is Hive's. Source: https://docs.aws.amazon.com/glue/latest/dg/materialized-views.html
   */
  view_materialized(context: TableContext) {
    const { columns, location, random, accountId, region, database, spec } = context;
    return tableOf(context, {
      StorageDescriptor: {
        Columns: columns,
        Location: location.slice(0, -1),
        Compressed: false,
        NumberOfBuckets: 0,
        SortColumns: [],
        StoredAsSubDirectories: false,
      },
      TableType: "MATERIALIZED_VIEW",
      IsMaterializedView: true,
      Parameters: {
        table_type: "ICEBERG",
        metadata_location: `${location}metadata/00007-${random.uuid()}.metadata.json`,
      },
      ViewDefinition: {
        IsProtected: false,
        IsManaged: true,
        RefreshSeconds: 3600,
        SubObjects: [`arn:aws:glue:${region}:${accountId}:table/${database}/${baseOf(spec)}`],
        Representations: [{ Dialect: "SPARK", DialectVersion: "3.5", ViewOriginalText: selectOf(context, "`") }],
      },
    });
  },
} as const;
