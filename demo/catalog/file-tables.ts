import type { WireTable } from "../wire.ts";
import { type TableContext, tableOf } from "./context.ts";
import { descriptorOf, type StorageFormat, storageFormats } from "./storage-formats.ts";
import { athenaParameters, crawlerParameters, hiveParameters, sparkParameters, spread } from "./writers.ts";

type Parameters = Record<string, string>;

/** A table that a crawler made. */
function crawled(
  context: TableContext,
  format: StorageFormat,
  classification: string,
  compression: string,
  serdeParameters: Parameters = { "serialization.format": "1" },
  more: Parameters = {},
): WireTable {
  const { columns, partitionKeys, location, updatedAt } = context;
  const { table, descriptor } = spread(context, {
    ...crawlerParameters(context, classification, compression),
    ...more,
  });
  return tableOf(context, {
    Owner: "owner",
    LastAccessTime: updatedAt,
    StorageDescriptor: descriptorOf(format, {
      Columns: columns,
      Location: location,
      Compressed: compression !== "none",
      Parameters: descriptor,
      serdeParameters,
    }),
    PartitionKeys: partitionKeys,
    Parameters: { ...table, ...(partitionKeys.length > 0 && { "partition_filtering.enabled": "true" }) },
  });
}

/** A table that a statement made, in Athena or Hive. */
function declared(
  context: TableContext,
  format: StorageFormat,
  parameters: Parameters,
  serdeParameters: Parameters = { "serialization.format": "1" },
): WireTable {
  const { columns, partitionKeys, location } = context;
  return tableOf(context, {
    Owner: "hadoop",
    LastAccessTime: 0,
    StorageDescriptor: descriptorOf(format, { Columns: columns, Location: location, serdeParameters }),
    PartitionKeys: partitionKeys,
    Parameters: parameters,
  });
}

const openxSerde: Parameters = {
  "case.insensitive": "TRUE",
  "dots.in.keys": "FALSE",
  "ignore.malformed.json": "FALSE",
  mapping: "TRUE",
  "serialization.format": "1",
};

function crawledPaths({ columns }: TableContext): Parameters {
  return { paths: columns.map(column => column.Name).join(",") };
}

function delimited(delimiter: string): Parameters {
  return { "field.delim": delimiter, "line.delim": "\n", "serialization.format": delimiter };
}

/** The Avro schema that crawlers and Hive keep beside the columns. */
function avroSchema({ columns, spec }: TableContext): Parameters {
  const avroType = (type = "string"): string =>
    ({ bigint: "long", int: "int", double: "double", boolean: "boolean", timestamp: "long" })[type] ?? "string";
  const fields = columns.map(({ Name: name, Type: type }) => ({ name, type: ["null", avroType(type)], default: null }));
  return { "avro.schema.literal": JSON.stringify({ type: "record", name: spec.entity, fields }) };
}

export const fileTables = {
  parquet_crawled: (context: TableContext) => crawled(context, storageFormats.parquet, "parquet", "snappy"),
  parquet_spark(context: TableContext) {
    const { columns, partitionKeys, location, random } = context;
    const path = location.slice(0, -1);
    return tableOf(context, {
      Owner: "hadoop",
      LastAccessTime: 0,
      StorageDescriptor: descriptorOf(storageFormats.parquet, {
        Columns: columns,
        Location: path,
        serdeParameters: { path, "serialization.format": "1" },
      }),
      PartitionKeys: partitionKeys,
      Parameters: { EXTERNAL: "TRUE", ...sparkParameters(context, "parquet", random.chance(0.7)) },
    });
  },
  parquet_hive: (context: TableContext) =>
    declared(context, storageFormats.parquet, { ...hiveParameters(context), "parquet.compression": "SNAPPY" }),
  parquet_athena: (context: TableContext) =>
    declared(context, storageFormats.parquet, {
      ...athenaParameters(context, "parquet"),
      "parquet.compression": "SNAPPY",
      has_encrypted_data: "false",
    }),
  parquet_projected: (context: TableContext) =>
    declared({ ...context, partitionKeys: [{ Name: "dt", Type: "string" }] }, storageFormats.parquet, {
      ...athenaParameters(context, "parquet"),
      "projection.enabled": "true",
      "projection.dt.type": "date",
      "projection.dt.format": "yyyy-MM-dd",
      "projection.dt.range": "2021-01-01,NOW",
      "projection.dt.interval": "1",
      "projection.dt.interval.unit": "DAYS",
      "storage.location.template": `${context.location}dt=\${dt}/`,
    }),
  orc_hive: (context: TableContext) =>
    declared(context, storageFormats.orc, { ...hiveParameters(context), "orc.compress": "ZLIB" }),
  orc_crawled: (context: TableContext) => crawled(context, storageFormats.orc, "orc", "none"),
  avro_crawled: (context: TableContext) =>
    crawled(
      context,
      storageFormats.avro,
      "avro",
      "none",
      { ...avroSchema(context), "serialization.format": "1" },
      avroSchema(context),
    ),
  avro_hive: (context: TableContext) =>
    declared(context, storageFormats.avro, {
      ...hiveParameters(context),
      "avro.schema.url": `${context.location}_schema/${context.spec.entity}.avsc`,
    }),
  json_crawled: (context: TableContext) =>
    crawled(context, storageFormats.openxJson, "json", "gzip", crawledPaths(context)),
  json_athena: (context: TableContext) =>
    declared(context, storageFormats.openxJson, athenaParameters(context, "json"), openxSerde),
  json_hive: (context: TableContext) =>
    declared(
      context,
      context.random.chance(0.5) ? storageFormats.hcatalogJson : storageFormats.hiveJson,
      hiveParameters(context),
    ),
  csv_crawled: (context: TableContext) =>
    crawled(
      context,
      storageFormats.text,
      "csv",
      "none",
      { "field.delim": "," },
      { areColumnsQuoted: "false", columnsOrdered: "true", delimiter: ",", "skip.header.line.count": "1" },
    ),
  csv_athena: (context: TableContext) =>
    declared(
      // OpenCSVSerde reads every column as text.
      { ...context, columns: context.columns.map(column => ({ ...column, Type: "string" })) },
      storageFormats.openCsv,
      { ...athenaParameters(context, "csv"), "skip.header.line.count": "1" },
      { escapeChar: "\\", quoteChar: '"', separatorChar: ",", "serialization.format": "1" },
    ),
  csv_semicolon: (context: TableContext) =>
    declared(context, storageFormats.text, athenaParameters(context), delimited(";")),
  tsv_athena: (context: TableContext) =>
    declared(
      context,
      storageFormats.text,
      { ...athenaParameters(context), "skip.header.line.count": "1" },
      delimited("\t"),
    ),
  text_hive: (context: TableContext) => declared(context, storageFormats.text, hiveParameters(context)),
  sequencefile_hive: (context: TableContext) =>
    declared(context, storageFormats.sequenceFile, hiveParameters(context), delimited("\u0001")),
  rcfile_hive: (context: TableContext) => declared(context, storageFormats.rcFile, hiveParameters(context)),
  regex_athena: (context: TableContext) =>
    declared(context, storageFormats.regex, athenaParameters(context), {
      "input.regex": '^(\\S+) (\\S+) (\\S+) \\[([^\\]]+)\\] "([^"]*)" (\\d{3}) (\\d+|-)$',
      "serialization.format": "1",
    }),
  grok_crawled(context: TableContext) {
    const pattern = { grokPattern: "%{TIMESTAMP_ISO8601:logged_at} %{LOGLEVEL:level} %{GREEDYDATA:message}" };
    return crawled(context, storageFormats.grok, "app-log", "gzip", { "input.format": pattern.grokPattern }, pattern);
  },
  xml_crawled: (context: TableContext) =>
    // Crawlers leave the format classes of XML empty: no SerDe reads it.
    crawled(context, { input: "", output: "", serde: "" }, "xml", "none", { rowTag: context.spec.entity }),
  ion_athena: (context: TableContext) => declared(context, storageFormats.ion, athenaParameters(context, "ion")),
  governed: (context: TableContext) => ({
    ...declared(context, storageFormats.parquet, {
      classification: "parquet",
      "lakeformation.aso.status": "true",
      transient_lastDdlTime: String(context.createdAt),
    }),
    TableType: "GOVERNED",
    IsRegisteredWithLakeFormation: true,
  }),
} as const;
