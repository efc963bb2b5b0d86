import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { storableJson } from "../worker/record/recording.ts";

interface Judged {
  table_name: string | null;
  table_format: string;
  storage_location: string | null;
  size_bytes: string | null;
  size_source: string | null;
  row_count: string | null;
  row_count_source: string | null;
  partition_keys: string[];
  columns: { name: string; type: string; comment: string | null; partition: boolean }[];
  column_count: number;
  last_updated: Date | null;
  migration_readiness: "READY" | "NEEDS_CONVERSION" | "UNKNOWN";
  notes: string[];
  table_type: string | null;
  format_rule: string;
  format_evidence: string;
  readiness_rule: string;
  glue_parameters: Record<string, unknown>;
}

interface Glue {
  [key: string]: unknown;
}

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

async function judge(glue: Glue, database: Glue | null = null): Promise<Judged> {
  const [row] = await db.query<Judged & Glue>("select * from a2o_private.judge_glue_table($1, $2)", [
    JSON.stringify(glue),
    database === null ? null : JSON.stringify(database),
  ]);
  if (row === undefined) throw new Error("judge_glue_table gave no row");
  return row;
}

const HIVE = "org.apache.hadoop.hive";
const INPUT = {
  parquet: `${HIVE}.ql.io.parquet.MapredParquetInputFormat`,
  text: "org.apache.hadoop.mapred.TextInputFormat",
  symlink: `${HIVE}.ql.io.SymlinkTextInputFormat`,
  sequence: "org.apache.hadoop.mapred.SequenceFileInputFormat",
};
const LAZY = `${HIVE}.serde2.lazy.LazySimpleSerDe`;
const OPEN_CSV = `${HIVE}.serde2.OpenCSVSerde`;
const S3 = "s3://lake/db/t/";

interface Short {
  type?: string;
  parameters?: Record<string, string>;
  location?: string | null;
  input?: string;
  serde?: string;
  serdeParameters?: Record<string, string>;
  storage?: Record<string, string>;
  more?: Glue;
}

/** A table as glue:GetTables gives it, of the parts a rule looks at. */
function table({ type, parameters, location = S3, input, serde, serdeParameters, storage, more }: Short = {}): Glue {
  return {
    Name: "t",
    DatabaseName: "db",
    TableType: type ?? "EXTERNAL_TABLE",
    ...(parameters && { Parameters: parameters }),
    StorageDescriptor: {
      Columns: [{ Name: "id", Type: "bigint" }],
      ...(location !== null && { Location: location }),
      ...(input !== undefined && { InputFormat: input }),
      SerdeInfo: {
        ...(serde !== undefined && { SerializationLibrary: serde }),
        ...(serdeParameters && { Parameters: serdeParameters }),
      },
      ...(storage && { Parameters: storage }),
    },
    ...more,
  };
}

interface Case {
  name: string;
  rule: string;
  format: string;
  evidence: string;
  glue: Glue;
  database?: Glue;
}

const target = { TargetTable: { CatalogId: "111122223333", DatabaseName: "sales", Name: "orders" } };
const byInput = (rule: string, format: string, input: string): Case => ({
  name: `InputFormat ${input}`,
  rule,
  format,
  evidence: `InputFormat=${input}`,
  glue: table({ input, serde: OPEN_CSV }),
});
const bySerde = (rule: string, format: string, serde: string): Case => ({
  name: `SerDe ${serde}`,
  rule,
  format,
  evidence: `SerDe=${serde}`,
  glue: table({ input: INPUT.text, serde }),
});
const byHandler = (rule: string, format: string, handler: string): Case => ({
  name: `storage handler ${handler}`,
  rule,
  format,
  evidence: `storage_handler=${handler.toLowerCase()}`,
  glue: table({ parameters: { storage_handler: handler }, location: null }),
});

const formats: Case[] = [
  {
    name: "a resource link, although AWS answers with its target's Iceberg properties",
    rule: "fmt-010",
    format: "RESOURCE_LINK",
    evidence: "TargetTable=sales.orders",
    glue: table({ parameters: { table_type: "ICEBERG", metadata_location: "s3://lake/m.json" }, more: target }),
  },
  {
    name: "a resource link to a view",
    rule: "fmt-010",
    format: "RESOURCE_LINK",
    evidence: "TargetTable=sales.orders",
    glue: table({ type: "VIRTUAL_VIEW", more: target }),
  },
  {
    name: "a resource link whose target says only its name",
    rule: "fmt-010",
    format: "RESOURCE_LINK",
    evidence: "TargetTable=.orders",
    glue: { Name: "t", TargetTable: { Name: "orders" } },
  },
  {
    name: "any table of a linked database",
    rule: "fmt-011",
    format: "RESOURCE_LINK",
    evidence: "TargetDatabase=sales",
    glue: table({ input: INPUT.parquet }),
    database: { Name: "link", TargetDatabase: { CatalogId: "111122223333", DatabaseName: "sales" } },
  },
  {
    name: "a table, in a database that says null for its target",
    rule: "fmt-310",
    format: "PARQUET",
    evidence: `InputFormat=${INPUT.parquet}`,
    glue: table({ input: INPUT.parquet, more: { TargetTable: null, FederatedTable: null } }),
    database: { Name: "db", TargetDatabase: null, FederatedDatabase: null },
  },
  {
    name: "a federated table",
    rule: "fmt-020",
    format: "FEDERATED",
    evidence: "FederatedTable=arn:share/x",
    glue: table({ more: { FederatedTable: { Identifier: "arn:share/x", ConnectionName: "c" } } }),
  },
  {
    name: "any table of a federated database",
    rule: "fmt-021",
    format: "FEDERATED",
    evidence: "FederatedDatabase=arn:share",
    glue: table({ type: "VIRTUAL_VIEW" }),
    database: { FederatedDatabase: { Identifier: "arn:share" } },
  },
  ...["VIRTUAL_VIEW", "virtual_view", "MATERIALIZED_VIEW", "VIEW"].map(type => ({
    name: `a view of type ${type}`,
    rule: "fmt-030",
    format: "VIEW",
    evidence: `TableType=${type}`,
    glue: table({ type, location: null, parameters: { table_type: "ICEBERG" } }),
  })),
  {
    name: "a Presto view",
    rule: "fmt-030",
    format: "VIEW",
    evidence: "TableType=VIRTUAL_VIEW",
    glue: table({ type: "VIRTUAL_VIEW", location: "", parameters: { presto_view: "true", comment: "Presto View" } }),
  },
  ...(["ICEBERG", "iceberg", "Delta", "hudi"] as const).map(type => ({
    name: `parameter table_type ${type}`,
    rule: "fmt-100",
    format: type.toUpperCase(),
    evidence: `table_type=${type}`,
    glue: table({ parameters: { table_type: type }, input: INPUT.parquet }),
  })),
  ...(["iceberg", "DELTA", "hudi"] as const).map(provider => ({
    name: `Spark's provider ${provider}, before its placeholder InputFormat`,
    rule: "fmt-110",
    format: provider.toUpperCase(),
    evidence: `spark.sql.sources.provider=${provider}`,
    glue: table({ parameters: { "spark.sql.sources.provider": provider }, input: INPUT.sequence }),
  })),
  {
    name: "metadata_location alone",
    rule: "fmt-120",
    format: "ICEBERG",
    evidence: "metadata_location=s3://lake/m.json",
    glue: table({ parameters: { metadata_location: "s3://lake/m.json" }, input: INPUT.parquet }),
  },
  {
    name: "an empty metadata_location, which says nothing",
    rule: "fmt-310",
    format: "PARQUET",
    evidence: `InputFormat=${INPUT.parquet}`,
    glue: table({ parameters: { metadata_location: "" }, input: INPUT.parquet }),
  },
  byInput("fmt-130", "ICEBERG", "org.apache.iceberg.mr.hive.HiveIcebergInputFormat"),
  byInput("fmt-131", "HUDI", "org.apache.hudi.hadoop.HoodieParquetInputFormat"),
  byInput("fmt-131", "HUDI", "org.apache.hudi.hadoop.realtime.HoodieParquetRealtimeInputFormat"),
  byInput("fmt-131", "HUDI", "com.uber.hoodie.hadoop.HoodieInputFormat"),
  byInput("fmt-132", "DELTA", "io.delta.hive.HiveInputFormat"),
  {
    name: "a symlink manifest of Delta",
    rule: "fmt-133",
    format: "DELTA",
    evidence: `InputFormat=${INPUT.symlink}, Location=s3://lake/t/_symlink_format_manifest`,
    glue: table({
      input: INPUT.symlink,
      location: "s3://lake/t/_symlink_format_manifest",
      serde: `${HIVE}.ql.io.parquet.serde.ParquetHiveSerDe`,
    }),
  },
  {
    name: "symlinks that a crawler classified as delta",
    rule: "fmt-133",
    format: "DELTA",
    evidence: `InputFormat=${INPUT.symlink}, classification=delta`,
    glue: table({ input: INPUT.symlink, storage: { classification: "delta" } }),
  },
  {
    name: "symlinks of S3 Inventory, which go by their SerDe",
    rule: "fmt-321",
    format: "ORC",
    evidence: `SerDe=${HIVE}.ql.io.orc.OrcSerde`,
    glue: table({ input: INPUT.symlink, location: "s3://inventory/b/hive/", serde: `${HIVE}.ql.io.orc.OrcSerde` }),
  },
  {
    name: "symlinks in a folder that merely looks like the manifest's name",
    rule: "fmt-324",
    format: "CSV",
    evidence: `SerDe=${OPEN_CSV}`,
    glue: table({ input: INPUT.symlink, location: "s3://lake/xsymlinkxformatxmanifest/", serde: OPEN_CSV }),
  },
  byHandler("fmt-140", "ICEBERG", "org.apache.iceberg.mr.hive.HiveIcebergStorageHandler"),
  byHandler("fmt-141", "HBASE", `${HIVE}.hbase.HBaseStorageHandler`),
  byHandler("fmt-142", "DYNAMODB", `${HIVE}.dynamodb.DynamoDBStorageHandler`),
  byHandler("fmt-143", "JDBC", `${HIVE}.jdbc.JdbcStorageHandler`),
  {
    name: "a crawled DynamoDB table",
    rule: "fmt-144",
    format: "DYNAMODB",
    evidence: "classification=dynamodb",
    glue: table({ parameters: { classification: "dynamodb" }, location: "arn:aws:dynamodb:eu-west-1:1:table/x" }),
  },
  {
    name: "a Kinesis stream, although it names a connection",
    rule: "fmt-200",
    format: "JSON",
    evidence: "typeOfData=kinesis, classification=json",
    glue: table({
      parameters: { classification: "json", connectionName: "c" },
      storage: { typeOfData: "kinesis", streamARN: "arn:aws:kinesis:eu-west-1:1:stream/x" },
    }),
  },
  {
    name: "a Kafka topic of an unknown record format",
    rule: "fmt-200",
    format: "UNKNOWN",
    evidence: "typeOfData=kafka",
    glue: table({ storage: { typeOfData: "Kafka", connectionName: "c" } }),
  },
  {
    name: "a stream told by the classification alone",
    rule: "fmt-201",
    format: "AVRO",
    evidence: `classification=kafka, InputFormat=${HIVE}.ql.io.avro.AvroContainerInputFormat`,
    glue: table({
      parameters: { classification: "kafka", connectionName: "c" },
      input: `${HIVE}.ql.io.avro.AvroContainerInputFormat`,
    }),
  },
  {
    name: "a table behind a connection, although its classification names files",
    rule: "fmt-210",
    format: "JDBC",
    evidence: "connectionName=warehouse",
    glue: table({ parameters: { connectionName: "warehouse", classification: "parquet" } }),
  },
  {
    name: "a connection on the storage descriptor",
    rule: "fmt-210",
    format: "JDBC",
    evidence: "connectionName=warehouse",
    glue: table({ storage: { connectionName: "warehouse" } }),
  },
  ...["mysql", "PostgreSQL", "redshift"].map(engine => ({
    name: `classification ${engine}`,
    rule: "fmt-211",
    format: "JDBC",
    evidence: `classification=${engine.toLowerCase()}`,
    glue: table({ parameters: { classification: engine }, location: "shop.public.orders" }),
  })),
  ...["parquet", "CSV", "json", "orc", "text"].map(provider => ({
    name: `Spark's provider ${provider}, before its placeholder InputFormat`,
    rule: "fmt-300",
    format: provider.toUpperCase(),
    evidence: `spark.sql.sources.provider=${provider.toLowerCase()}`,
    glue: table({ parameters: { "spark.sql.sources.provider": provider }, input: INPUT.sequence, serde: LAZY }),
  })),
  byInput("fmt-310", "PARQUET", INPUT.parquet),
  byInput("fmt-310", "PARQUET", "parquet.hive.DeprecatedParquetInputFormat"),
  byInput("fmt-311", "ORC", `${HIVE}.ql.io.orc.OrcInputFormat`),
  byInput("fmt-312", "AVRO", `${HIVE}.ql.io.avro.AvroContainerInputFormat`),
  byInput("fmt-313", "SEQUENCEFILE", INPUT.sequence),
  byInput("fmt-314", "RCFILE", `${HIVE}.ql.io.RCFileInputFormat`),
  byInput("fmt-315", "ION", "com.amazon.ionhiveserde.formats.IonInputFormat"),
  byInput("fmt-316", "CLOUDTRAIL", "com.amazon.emr.cloudtrail.CloudTrailInputFormat"),
  bySerde("fmt-320", "PARQUET", `${HIVE}.ql.io.parquet.serde.ParquetHiveSerDe`),
  bySerde("fmt-321", "ORC", `${HIVE}.ql.io.orc.OrcSerde`),
  bySerde("fmt-322", "AVRO", `${HIVE}.serde2.avro.AvroSerDe`),
  bySerde("fmt-323", "JSON", "org.openx.data.jsonserde.JsonSerDe"),
  bySerde("fmt-323", "JSON", "org.apache.hive.hcatalog.data.JsonSerDe"),
  bySerde("fmt-323", "JSON", `${HIVE}.serde2.JsonSerDe`),
  bySerde("fmt-324", "CSV", OPEN_CSV),
  bySerde("fmt-325", "REGEX", `${HIVE}.serde2.RegexSerDe`),
  bySerde("fmt-325", "REGEX", "com.amazon.athena.x.RegexSerDe"),
  bySerde("fmt-326", "GROK", "com.amazonaws.glue.serde.GrokSerDe"),
  bySerde("fmt-327", "XML", "com.ibm.spss.hive.serde2.xml.XmlSerDe"),
  bySerde("fmt-328", "CLOUDTRAIL", "com.amazon.emr.hive.serde.CloudTrailSerde"),
  bySerde("fmt-329", "ION", "com.amazon.ionhiveserde.IonHiveSerDe"),
  bySerde("fmt-330", "RCFILE", `${HIVE}.serde2.columnar.ColumnarSerDe`),
  bySerde("fmt-330", "RCFILE", `${HIVE}.serde2.columnar.LazyBinaryColumnarSerDe`),
  ...["csv", "TSV"].map(classification => ({
    name: `LazySimpleSerDe with classification ${classification}`,
    rule: "fmt-331",
    format: "CSV",
    evidence: `SerDe=${LAZY}, classification=${classification.toLowerCase()}`,
    glue: table({ input: INPUT.text, serde: LAZY, parameters: { classification } }),
  })),
  ...[",", ";", "|", "\t", "\\t"].map(delimiter => ({
    name: `LazySimpleSerDe with delimiter ${JSON.stringify(delimiter)}`,
    rule: "fmt-332",
    format: "CSV",
    evidence: `SerDe=${LAZY}, delimiter=${delimiter === "\t" ? "\\t" : delimiter}`,
    glue: table({ input: INPUT.text, serde: LAZY, serdeParameters: { "field.delim": delimiter } }),
  })),
  {
    name: "LazySimpleSerDe with a crawler's delimiter",
    rule: "fmt-332",
    format: "CSV",
    evidence: `SerDe=${LAZY}, delimiter=;`,
    glue: table({ input: INPUT.text, serde: LAZY, storage: { delimiter: ";" } }),
  },
  {
    name: "LazySimpleSerDe whose delimiter is its serialization.format, as Hive reads it",
    rule: "fmt-332",
    format: "CSV",
    evidence: `SerDe=${LAZY}, delimiter=,`,
    glue: table({ input: INPUT.text, serde: LAZY, serdeParameters: { "serialization.format": "," } }),
  },
  {
    name: "LazySimpleSerDe without a delimiter",
    rule: "fmt-333",
    format: "TEXT",
    evidence: `SerDe=${LAZY}`,
    glue: table({ input: INPUT.text, serde: LAZY, serdeParameters: { "serialization.format": "1" } }),
  },
  {
    name: "LazySimpleSerDe with Hive's own delimiter, ^A",
    rule: "fmt-333",
    format: "TEXT",
    evidence: `SerDe=${LAZY}`,
    glue: table({ input: INPUT.text, serde: LAZY, serdeParameters: { "field.delim": "\u0001" } }),
  },
  {
    name: "LazySimpleSerDe over what a crawler classified as JSON",
    rule: "fmt-340",
    format: "JSON",
    evidence: "classification=json",
    glue: table({ input: INPUT.text, serde: LAZY, parameters: { classification: "json" } }),
  },
  ...["parquet", "ORC", "avro", "csv", "xml"].map(classification => ({
    name: `classification ${classification} alone`,
    rule: "fmt-340",
    format: classification.toUpperCase(),
    evidence: `classification=${classification.toLowerCase()}`,
    glue: table({ parameters: { classification } }),
  })),
  {
    name: "a classification on the storage descriptor alone",
    rule: "fmt-340",
    format: "PARQUET",
    evidence: "classification=parquet",
    glue: table({ storage: { classification: "parquet" } }),
  },
  {
    name: "different classifications on both: the table's own counts",
    rule: "fmt-340",
    format: "AVRO",
    evidence: "classification=avro",
    glue: table({ parameters: { classification: "avro" }, storage: { classification: "parquet" } }),
  },
  {
    name: "classification tsv alone",
    rule: "fmt-341",
    format: "CSV",
    evidence: "classification=tsv",
    glue: table({ parameters: { classification: "tsv" } }),
  },
  {
    name: "a SerDe nobody knows",
    rule: "fmt-900",
    format: "UNKNOWN",
    evidence: "SerDe=com.example.OwnSerDe",
    glue: table({ input: INPUT.text, serde: "com.example.OwnSerDe" }),
  },
  {
    name: "an InputFormat nobody knows",
    rule: "fmt-900",
    format: "UNKNOWN",
    evidence: "InputFormat=com.example.OwnInput",
    glue: table({ input: "com.example.OwnInput" }),
  },
  {
    name: "a classification nobody knows",
    rule: "fmt-900",
    format: "UNKNOWN",
    evidence: "classification=unknown",
    glue: table({ parameters: { classification: "UNKNOWN" } }),
  },
  {
    name: "a table without a storage descriptor",
    rule: "fmt-900",
    format: "UNKNOWN",
    evidence: "no InputFormat, SerDe or classification",
    glue: { Name: "t", DatabaseName: "db" },
  },
  {
    name: "an empty object",
    rule: "fmt-900",
    format: "UNKNOWN",
    evidence: "no InputFormat, SerDe or classification",
    glue: {},
  },
];

describe("the format of a table", () => {
  it.each(formats)("$rule $format: $name", async ({ rule, format, evidence, glue, database }) => {
    const judged = await judge(glue, database);
    expect({ rule: judged.format_rule, format: judged.table_format, evidence: judged.format_evidence }).toEqual({
      rule,
      format,
      evidence,
    });
  });

  it("has a rule in format_rules for each code that has a case here, and the other way round", async () => {
    const rules = await db.query<{ code: string }>("select code from a2o.format_rules order by code");
    const tried = [...new Set(formats.map(({ rule }) => rule))].sort();
    expect(rules.map(({ code }) => code)).toEqual(tried);
  });

  it("gives no code that format_rules or readiness_rules lack", async () => {
    // The functions' own text: a code in it that no case reaches would escape the test above.
    const missing = await db.query(
      `select distinct code[1] as code from pg_proc p,
         regexp_matches(p.prosrc, '(?:fmt|rdy)-[0-9]{3}', 'g') as code
       where p.pronamespace = 'a2o_private'::regnamespace
         and code[1] not in (select code from a2o.format_rules union all select code from a2o.readiness_rules)`,
    );
    expect(missing).toEqual([]);
  });

  it("is the one the rule names, where it names one", async () => {
    const rules = await db.query<{ code: string; table_format: string | null }>(
      "select code, table_format from a2o.format_rules",
    );
    const named = new Map(rules.map(({ code, table_format }) => [code, table_format]));
    for (const { rule, format } of formats) expect([rule, named.get(rule) ?? format]).toEqual([rule, format]);
  });

  it("keeps evidence short", async () => {
    const judged = await judge(table({ parameters: { metadata_location: `s3://${"x".repeat(5000)}` } }));
    expect(judged.format_evidence).toHaveLength(1000);
  });
});

const iceberg = (location: string | null, metadata?: string) =>
  table({
    location,
    parameters: { table_type: "ICEBERG", ...(metadata !== undefined && { metadata_location: metadata }) },
  });
const parquet = (location: string | null) => table({ location, input: INPUT.parquet });

const readiness: { name: string; rule: string; verdict: Judged["migration_readiness"]; glue: Glue }[] = [
  { name: "a resource link", rule: "rdy-010", verdict: "UNKNOWN", glue: table({ more: target }) },
  { name: "an unrecognised table", rule: "rdy-020", verdict: "UNKNOWN", glue: table() },
  {
    name: "an unrecognised table without location",
    rule: "rdy-020",
    verdict: "UNKNOWN",
    glue: table({ location: null }),
  },
  {
    name: "a view",
    rule: "rdy-030",
    verdict: "NEEDS_CONVERSION",
    glue: table({ type: "VIRTUAL_VIEW", location: null }),
  },
  {
    name: "a database's table",
    rule: "rdy-030",
    verdict: "NEEDS_CONVERSION",
    glue: table({ parameters: { classification: "mysql" }, location: null }),
  },
  {
    name: "a DynamoDB table",
    rule: "rdy-030",
    verdict: "NEEDS_CONVERSION",
    glue: table({ parameters: { classification: "dynamodb" } }),
  },
  {
    name: "a federated table",
    rule: "rdy-030",
    verdict: "NEEDS_CONVERSION",
    glue: table({ more: { FederatedTable: { Identifier: "x" } } }),
  },
  {
    name: "a stream, which has no location",
    rule: "rdy-031",
    verdict: "NEEDS_CONVERSION",
    glue: table({ parameters: { classification: "json" }, storage: { typeOfData: "kinesis" }, location: null }),
  },
  { name: "Parquet without location", rule: "rdy-040", verdict: "UNKNOWN", glue: parquet(null) },
  { name: "Parquet with an empty location", rule: "rdy-040", verdict: "UNKNOWN", glue: parquet("") },
  { name: "Iceberg that names no place at all", rule: "rdy-040", verdict: "UNKNOWN", glue: iceberg(null) },
  { name: "Iceberg with an empty metadata_location", rule: "rdy-040", verdict: "UNKNOWN", glue: iceberg(null, "") },
  ...["s3://b/t", "s3a://b/t", "s3n://b/t", "S3://b/t"].map(location => ({
    name: `Iceberg at ${location}`,
    rule: "rdy-100",
    verdict: "READY" as const,
    glue: iceberg(location),
  })),
  {
    name: "Iceberg whose metadata alone has a place",
    rule: "rdy-100",
    verdict: "READY",
    glue: iceberg(null, "s3://b/m.json"),
  },
  {
    name: "Iceberg with metadata on S3 and another location",
    rule: "rdy-100",
    verdict: "READY",
    glue: iceberg("hdfs://nn/t", "s3://b/m.json"),
  },
  {
    name: "Iceberg on HDFS",
    rule: "rdy-110",
    verdict: "NEEDS_CONVERSION",
    glue: iceberg("hdfs://nn/t", "hdfs://nn/m.json"),
  },
  { name: "Iceberg at s3x://", rule: "rdy-110", verdict: "NEEDS_CONVERSION", glue: iceberg("s3x://b/t") },
  {
    name: "Iceberg with types that Iceberg lacks",
    rule: "rdy-100",
    verdict: "READY",
    glue: {
      ...iceberg(S3),
      StorageDescriptor: {
        Location: S3,
        Columns: [
          { Name: "a", Type: "char(3)" },
          { Name: "b", Type: "smallint" },
        ],
      },
    },
  },
  { name: "Parquet on S3", rule: "rdy-120", verdict: "NEEDS_CONVERSION", glue: parquet(S3) },
  { name: "Parquet on HDFS", rule: "rdy-120", verdict: "NEEDS_CONVERSION", glue: parquet("hdfs://nn/t") },
];

describe("the readiness of a table", () => {
  it.each(readiness)("$rule $verdict: $name", async ({ rule, verdict, glue }) => {
    const judged = await judge(glue);
    expect([judged.readiness_rule, judged.migration_readiness]).toEqual([rule, verdict]);
  });

  it("has a rule in readiness_rules for each code that has a case here, with the same verdict", async () => {
    const rules = await db.query<{ code: string; migration_readiness: string }>(
      "select code, migration_readiness from a2o.readiness_rules order by code",
    );
    const tried = new Map(readiness.map(({ rule, verdict }) => [rule, verdict]));
    expect(rules.map(({ code, migration_readiness }) => [code, migration_readiness])).toEqual(
      [...tried].sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  });
});

const product = "recordCount × averageRecordSize";
const sizes: { name: string; parameters: Record<string, string>; bytes: string | null; source: string | null }[] = [
  { name: "no parameter", parameters: {}, bytes: null, source: null },
  {
    name: "all of them: Hive's",
    parameters: {
      totalSize: "1",
      "spark.sql.statistics.totalSize": "2",
      sizeKey: "3",
      recordCount: "2",
      averageRecordSize: "2",
    },
    bytes: "1",
    source: "totalSize",
  },
  {
    name: "Spark's before the crawler's",
    parameters: { "spark.sql.statistics.totalSize": "2", sizeKey: "3", recordCount: "2", averageRecordSize: "2" },
    bytes: "2",
    source: "spark.sql.statistics.totalSize",
  },
  {
    name: "the crawler's size before its product",
    parameters: { sizeKey: "3", recordCount: "2", averageRecordSize: "2" },
    bytes: "3",
    source: "sizeKey",
  },
  { name: "the product", parameters: { recordCount: "7", averageRecordSize: "11" }, bytes: "77", source: product },
  { name: "zero, which is a size", parameters: { totalSize: "0", sizeKey: "5" }, bytes: "0", source: "totalSize" },
  {
    name: "-1, then the next that knows",
    parameters: { totalSize: "-1", sizeKey: "5" },
    bytes: "5",
    source: "sizeKey",
  },
  { name: "-1 alone", parameters: { totalSize: "-1" }, bytes: null, source: null },
  { name: "another negative", parameters: { sizeKey: "-4096" }, bytes: null, source: null },
  { name: "words", parameters: { totalSize: "1.2 GB" }, bytes: null, source: null },
  { name: "nothing", parameters: { totalSize: "" }, bytes: null, source: null },
  { name: "an exponent", parameters: { totalSize: "1e9" }, bytes: null, source: null },
  { name: "digits of another script", parameters: { totalSize: "١٢٣" }, bytes: null, source: null },
  { name: "a line break after the digits", parameters: { totalSize: "12\n" }, bytes: null, source: null },
  { name: "18 digits", parameters: { totalSize: "9".repeat(18) }, bytes: "9".repeat(18), source: "totalSize" },
  { name: "19 digits, an exabyte and more", parameters: { totalSize: "9".repeat(19) }, bytes: null, source: null },
  { name: "30 digits", parameters: { totalSize: "1".repeat(30) }, bytes: null, source: null },
  {
    name: "a whole number written as decimal",
    parameters: { totalSize: "1024.0" },
    bytes: "1024",
    source: "totalSize",
  },
  { name: "half a byte", parameters: { totalSize: "1024.5" }, bytes: null, source: null },
  {
    name: "a product past what a bigint holds",
    parameters: { recordCount: "999999999999999999", averageRecordSize: "999999999999999999" },
    bytes: null,
    source: null,
  },
  { name: "half a product", parameters: { recordCount: "5" }, bytes: null, source: null },
  { name: "a product with -1", parameters: { recordCount: "-1", averageRecordSize: "100" }, bytes: null, source: null },
];

describe("the size of a table", () => {
  it.each(sizes)("$name", async ({ parameters, bytes, source }) => {
    for (const short of [{ parameters }, { storage: parameters }, { parameters, storage: parameters }]) {
      const judged = await judge(table({ ...short, input: INPUT.parquet }));
      expect([judged.size_bytes, judged.size_source]).toEqual([bytes, source]);
    }
  });

  it("is the table's own where the storage descriptor says otherwise", async () => {
    const judged = await judge(table({ parameters: { sizeKey: "1" }, storage: { sizeKey: "2", recordCount: "3" } }));
    expect([judged.size_bytes, judged.row_count]).toEqual(["1", "3"]);
  });

  it("is never that of a link's target", async () => {
    const told = { parameters: { totalSize: "4096" }, input: INPUT.parquet };
    const link = await judge(table({ ...told, more: target }));
    const linked = await judge(table(told), { TargetDatabase: { DatabaseName: "sales" } });
    for (const judged of [link, linked]) expect([judged.size_bytes, judged.size_source]).toEqual([null, null]);
    expect(link.notes.join()).not.toContain("Size");
  });

  it.each([
    [{ numRows: "1", "spark.sql.statistics.numRows": "2", recordCount: "3" }, "1", "numRows"],
    [{ numRows: "-1", "spark.sql.statistics.numRows": "2", recordCount: "3" }, "2", "spark.sql.statistics.numRows"],
    [{ recordCount: "3" }, "3", "recordCount"],
    [{ recordCount: "-1" }, null, null],
    [{ numRows: "many", recordCount: "0" }, "0", "recordCount"],
    [{}, null, null],
  ])("rows: %j are %s", async (parameters, count, source) => {
    const judged = await judge(table({ parameters }));
    expect([judged.row_count, judged.row_count_source]).toEqual([count, source]);
  });
});

const placeholder = (parameters: Record<string, string>, more: Glue = {}): Glue => ({
  Name: "t",
  DatabaseName: "db",
  TableType: "EXTERNAL_TABLE",
  Parameters: { "spark.sql.sources.provider": "delta", ...parameters },
  StorageDescriptor: {
    Columns: [{ Name: "col", Type: "array<string>", Comment: "from deserializer" }],
    Location: "s3://lake/db/t-__PLACEHOLDER__",
    InputFormat: INPUT.sequence,
    SerdeInfo: { SerializationLibrary: LAZY, Parameters: { path: "s3://lake/real/t", "serialization.format": "1" } },
  },
  ...more,
});
const sparkSchema = JSON.stringify({
  type: "struct",
  fields: [
    { name: "id", type: "long", nullable: true, metadata: { comment: "the key" } },
    { name: "tags", type: { type: "array", elementType: "string", containsNull: true }, nullable: true, metadata: {} },
    { name: "by", type: { type: "map", keyType: "string", valueType: "integer" }, nullable: true, metadata: {} },
    {
      name: "at",
      type: {
        type: "struct",
        fields: [
          { name: "x", type: "double" },
          { name: "y", type: "decimal(10,2)" },
        ],
      },
      metadata: {},
    },
    { name: "day", type: "date", nullable: true, metadata: {} },
  ],
});
const cut = (text: string, parts: number) => {
  const size = Math.ceil(text.length / parts);
  return Object.fromEntries(
    Array.from({ length: parts }, (_, i) => [
      `spark.sql.sources.schema.part.${i}`,
      text.slice(i * size, (i + 1) * size),
    ]),
  );
};
const sparkColumns = [
  { name: "id", type: "long", comment: "the key", partition: false },
  { name: "tags", type: "array<string>", comment: null, partition: false },
  { name: "by", type: "map<string,integer>", comment: null, partition: false },
  { name: "at", type: "struct<x:double,y:decimal(10,2)>", comment: null, partition: false },
  { name: "day", type: "date", comment: null, partition: true },
];
const ownColumn = [{ name: "col", type: "array<string>", comment: "from deserializer", partition: false }];
const day = { PartitionKeys: [{ Name: "day", Type: "date" }] };

describe("a placeholder that Spark registered", () => {
  it("has the real path and the schema Spark wrote", async () => {
    const judged = await judge(placeholder({ "spark.sql.sources.schema": sparkSchema }, day));
    expect(judged.storage_location).toBe("s3://lake/real/t");
    expect(judged.columns).toEqual(sparkColumns);
    expect([judged.column_count, judged.partition_keys, judged.table_format]).toEqual([4, ["day"], "DELTA"]);
  });

  it("has its schema put together from 12 parts, in the order of their numbers", async () => {
    const parts = { "spark.sql.sources.schema.numParts": "12", ...cut(sparkSchema, 12) };
    expect((await judge(placeholder(parts, day))).columns).toEqual(sparkColumns);
  });

  it("has no location when the SerDe names no path", async () => {
    const glue = placeholder({});
    const judged = await judge({
      ...glue,
      StorageDescriptor: { ...(glue.StorageDescriptor as Glue), SerdeInfo: { Parameters: {} } },
    });
    expect([judged.storage_location, judged.readiness_rule]).toEqual([null, "rdy-040"]);
  });

  it("goes by the SerDe's path also when there is no location at all", async () => {
    expect((await judge({ ...table({ location: null, serdeParameters: { path: S3 } }) })).storage_location).toBe(S3);
  });

  const part0 = "spark.sql.sources.schema.part.0";
  const numParts = "spark.sql.sources.schema.numParts";
  it.each<[string, Record<string, string>]>([
    ["no schema", {}],
    ["broken JSON", { "spark.sql.sources.schema": "{" }],
    ["JSON that is no schema", { "spark.sql.sources.schema": "[1]" }],
    ["fields that are no list", { "spark.sql.sources.schema": '{"fields": 7}' }],
    ["no fields", { "spark.sql.sources.schema": '{"fields": []}' }],
    ["a NUL character", { "spark.sql.sources.schema": '{"fields": [{"name": "\\u0000"}]}' }],
    ["JSON too deep", { "spark.sql.sources.schema": "[".repeat(100_000) }],
    [
      "a part that is missing at the end",
      { [numParts]: "3", ...Object.fromEntries(Object.entries(cut(sparkSchema, 3)).slice(0, 2)) },
    ],
    [
      "a part that is missing in the middle, with sense around it",
      {
        [numParts]: "3",
        [part0]: '{"fields": [',
        "spark.sql.sources.schema.part.2": '{"name": "x", "type": "long"}]}',
      },
    ],
    ["no parts", { [numParts]: "0" }],
    ["parts that are no number", { [numParts]: "two", [part0]: sparkSchema }],
    ["-1 parts", { [numParts]: "-1", [part0]: sparkSchema }],
    ["more parts than an integer holds", { [numParts]: "99999999999", [part0]: sparkSchema }],
    ["18 digits of parts", { [numParts]: "9".repeat(18), [part0]: sparkSchema }],
  ])("keeps its own column when Spark wrote %s", async (_, parameters) => {
    const judged = await judge(placeholder(parameters));
    expect(judged.columns).toEqual(ownColumn);
    expect(judged.column_count).toBe(1);
  });

  it("does not believe the schema of Hudi, nor one beside real columns", async () => {
    const hudi = placeholder({ "spark.sql.sources.schema": sparkSchema, "spark.sql.sources.provider": "hudi" });
    expect((await judge(hudi)).columns).toEqual(ownColumn);
    const real = await judge(table({ parameters: { "spark.sql.sources.schema": sparkSchema } }));
    expect(real.columns.map(({ name }) => name)).toEqual(["id"]);
  });

  it("may also be called dummy", async () => {
    const glue = placeholder({ "spark.sql.sources.schema": sparkSchema });
    const judged = await judge({ ...glue, StorageDescriptor: { Columns: [{ Name: "dummy", Type: "string" }] } });
    expect(judged.columns).toHaveLength(5);
  });
});

describe("the columns of a table", () => {
  it("are the live ones, partition keys last", async () => {
    const judged = await judge({
      ...iceberg(S3),
      StorageDescriptor: {
        Location: S3,
        Columns: [
          { Name: "id", Type: "bigint", Parameters: { "iceberg.field.current": "true" } },
          { Name: "gone", Type: "string", Parameters: { "iceberg.field.current": "false" } },
          { Name: "name", Type: "string", Comment: "what it is called" },
        ],
      },
      PartitionKeys: [{ Name: "year", Type: "int" }, { Name: "month" }],
    });
    expect(judged.columns).toEqual([
      { name: "id", type: "bigint", comment: null, partition: false },
      { name: "name", type: "string", comment: "what it is called", partition: false },
      { name: "year", type: "int", comment: null, partition: true },
      { name: "month", type: null, comment: null, partition: true },
    ]);
    expect([judged.column_count, judged.partition_keys]).toEqual([2, ["year", "month"]]);
  });

  it.each([
    {},
    { StorageDescriptor: {} },
    { StorageDescriptor: { Columns: [] }, PartitionKeys: [] },
    { StorageDescriptor: null, PartitionKeys: null, Parameters: null },
  ])("are none in %j", async glue => {
    const judged = await judge(glue);
    expect([judged.columns, judged.column_count, judged.partition_keys]).toEqual([[], 0, []]);
  });

  const view = (text: string, columns: Glue[] = []) =>
    judge({ Name: "v", TableType: "VIRTUAL_VIEW", ViewOriginalText: text, StorageDescriptor: { Columns: columns } });
  const encoded = (definition: unknown) =>
    `/* Presto View: ${Buffer.from(typeof definition === "string" ? definition : JSON.stringify(definition)).toString("base64")} */`;

  it("of a view without any are those of its definition", async () => {
    const definition = {
      originalSql: "select 'ü' as größe",
      columns: [
        { name: "größe", type: "varchar" },
        { name: "n", type: "bigint", comment: "count" },
      ],
    };
    expect((await view(encoded(definition))).columns).toEqual([
      { name: "größe", type: "varchar", comment: null, partition: false },
      { name: "n", type: "bigint", comment: "count", partition: false },
    ]);
    expect((await view(encoded(definition), [{ Name: "id", Type: "int" }])).columns.map(({ name }) => name)).toEqual([
      "id",
    ]);
  });

  it.each([
    ["plain SQL", "select 1"],
    ["broken base64", "/* Presto View: abc== = */"],
    ["base64 cut off", encoded({ columns: [{ name: "a", type: "b" }] }).replace(/.{9} \*\/$/, " */")],
    ["no JSON", encoded("select 1")],
    ["no text", "/* Presto View: /w== */"],
    ["no columns", encoded({ originalSql: "select 1" })],
    ["columns that are no list", encoded({ columns: 7 })],
    ["the bare remark", "/* Presto View */"],
  ])("of a view are unknown when its text is %s", async (_, text) => {
    const judged = await view(text);
    expect([judged.columns, judged.table_format]).toEqual([[], "VIEW"]);
  });
});

describe("what else is read", () => {
  it("keeps type, names and time", async () => {
    const judged = await judge({ ...table(), UpdateTime: "2026-01-09T12:34:56.789Z" });
    expect(judged).toMatchObject({ table_name: "t", database_name: "db", table_type: "EXTERNAL_TABLE" });
    expect(judged.last_updated?.toISOString()).toBe("2026-01-09T12:34:56.789Z");
  });

  it.each([
    null,
    "",
    "yesterday",
    "+275760-09-13T00:00:00.000Z",
    "-000001-01-01T00:00:00.000Z",
    "0000-01-01T00:00:00.000Z",
  ])("has no time when AWS says %j", async UpdateTime => {
    expect((await judge({ UpdateTime })).last_updated).toBeNull();
  });

  it("keeps what scoring needs, without the columns", async () => {
    const { glue_parameters } = await judge(
      table({
        parameters: { a: "b" },
        input: INPUT.text,
        serde: LAZY,
        storage: { c: "d" },
        more: { ViewOriginalText: "select 1" },
      }),
    );
    expect(glue_parameters).toEqual({
      Parameters: { a: "b" },
      "StorageDescriptor.Parameters": { c: "d" },
      SerdeInfo: { SerializationLibrary: LAZY },
      InputFormat: INPUT.text,
      Location: S3,
      ViewOriginalText: "select 1",
    });
  });
});

describe("the notes on a table", () => {
  const text = { input: INPUT.parquet };
  it.each<[string, Glue, string[]]>([
    ["plain Parquet", table(text), []],
    ["a link", table({ more: target }), ["Resource link: its target decides, and its bytes are counted there."]],
    ["an unknown table", table(), ["The catalog does not say what the data is."]],
    [
      "a stream",
      table({ parameters: { classification: "json" }, storage: { typeOfData: "kafka" }, location: "topic" }),
      ["A stream, not files: its producers and consumers have to move."],
    ],
    ["a table nowhere", table({ ...text, location: null }), ["No storage location."]],
    ["Iceberg on HDFS", iceberg("hdfs://nn/t"), ["Iceberg, but not on S3.", "Not on S3: hdfs."]],
    ["a view", table({ type: "VIRTUAL_VIEW" }), ["View: its SQL has to be rewritten for the target engine."]],
    ["JDBC", table({ parameters: { connectionName: "c" } }), ["The data lies in a database and has to be exported."]],
    [
      "a federated table",
      table({ more: { FederatedTable: { Identifier: "x" } } }),
      ["Federated: the data lies outside this catalog."],
    ],
    [
      "DynamoDB",
      table({ parameters: { classification: "dynamodb" }, location: "arn:x" }),
      ["The data lies in DynamoDB and has to be exported."],
    ],
    [
      "HBase",
      table({ parameters: { storage_handler: "x.HBaseStorageHandler" } }),
      ["The data lies in HBase and has to be exported."],
    ],
    ["Delta", table({ parameters: { table_type: "delta" } }), ["Delta Lake: convert in place or rewrite as Iceberg."]],
    ["Hudi", table({ parameters: { table_type: "hudi" } }), ["Hudi: convert in place or rewrite as Iceberg."]],
    ["a crawled size", table({ ...text, storage: { sizeKey: "1" } }), ["Size estimated by a crawler."]],
    [
      "a crawled product",
      table({ ...text, parameters: { recordCount: "1", averageRecordSize: "1" } }),
      ["Size estimated by a crawler."],
    ],
    [
      "sizes nobody can believe",
      table({ ...text, parameters: { sizeKey: "it's 1.2 GB", totalSize: "-1" } }),
      ["Size unknown: totalSize is '-1', sizeKey is 'it''s 1.2 GB'."],
    ],
    [
      "a product nobody can believe",
      table({ ...text, parameters: { recordCount: "9".repeat(18), averageRecordSize: "1000" } }),
      [`Size unknown: recordCount is '${"9".repeat(18)}', averageRecordSize is '1000'.`],
    ],
    [
      "partition projection",
      table({ ...text, parameters: { "projection.enabled": "TRUE" } }),
      ["Partition projection: the partitions are rules in Athena, not entries in the catalog."],
    ],
    [
      "Lake Formation",
      table({ ...text, more: { IsRegisteredWithLakeFormation: true } }),
      ["Governed by Lake Formation: its permissions have to be rebuilt."],
    ],
  ])("of %s", async (_, glue, notes) => {
    expect((await judge(glue)).notes).toEqual(notes);
  });
});

/** Any text that JSON can carry, with the words that rules look for among it. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(
    ...["", "-1", "1.2 GB", "9".repeat(30), "99999999999", "true", "ICEBERG", "delta", "kinesis", "json", "csv", LAZY],
    ...[INPUT.parquet, INPUT.symlink, "s3://b/t", "s3://b/t-__PLACEHOLDER__", "col", "array<string>", "VIRTUAL_VIEW"],
    ...[sparkSchema, "{", "/* Presto View: e30= */", "2026-01-09T12:34:56.789Z", "%", "\\", "'", '"', "\\u0000", "😀"],
  ),
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 });
const parameterNames = [
  ...[
    "table_type",
    "classification",
    "typeOfData",
    "connectionName",
    "metadata_location",
    "storage_handler",
    "totalSize",
  ],
  ...[
    "sizeKey",
    "recordCount",
    "averageRecordSize",
    "numRows",
    "spark.sql.sources.provider",
    "spark.sql.sources.schema",
  ],
  ...["spark.sql.sources.schema.numParts", "spark.sql.sources.schema.part.0", "spark.sql.sources.schema.part.1"],
  ...["spark.sql.statistics.totalSize", "spark.sql.statistics.numRows", "projection.enabled", "field.delim", "path"],
];
const parameters = fc.dictionary(fc.oneof(fc.constantFrom(...parameterNames), text), maybe(text), { maxKeys: 6 });
const columns = fc.array(
  fc.record(
    { Name: maybe(text), Type: maybe(text), Comment: maybe(text), Parameters: maybe(parameters) },
    { requiredKeys: [] },
  ),
  { maxLength: 3 },
);
const partial = { requiredKeys: [] as [] };
const anyDatabase = maybe(
  fc.record(
    {
      Name: maybe(text),
      TargetDatabase: maybe(fc.record({ DatabaseName: maybe(text) }, partial)),
      FederatedDatabase: maybe(fc.record({ Identifier: maybe(text) }, partial)),
      Parameters: maybe(parameters),
    },
    partial,
  ),
);
const anyTable = fc.record(
  {
    Name: maybe(text),
    DatabaseName: maybe(text),
    Description: maybe(text),
    TableType: maybe(text),
    CreateTime: maybe(text),
    UpdateTime: maybe(fc.date({ noInvalidDate: true }).map(date => date.toISOString())),
    Parameters: maybe(parameters),
    PartitionKeys: maybe(columns),
    TargetTable: fc.option(fc.record({ DatabaseName: maybe(text), Name: maybe(text) }, partial), { freq: 1 }),
    FederatedTable: fc.option(fc.record({ Identifier: maybe(text) }, partial), { freq: 1 }),
    ViewOriginalText: maybe(text),
    ViewDefinition: maybe(fc.record({ IsProtected: fc.boolean() }, partial)),
    IsRegisteredWithLakeFormation: maybe(fc.boolean()),
    UnheardOf: fc.jsonValue(),
    StorageDescriptor: maybe(
      fc.record(
        {
          Columns: maybe(columns),
          Location: maybe(text),
          InputFormat: maybe(text),
          OutputFormat: maybe(text),
          SerdeInfo: maybe(fc.record({ SerializationLibrary: maybe(text), Parameters: maybe(parameters) }, partial)),
          Parameters: maybe(parameters),
        },
        partial,
      ),
    ),
  },
  partial,
);

describe("any table of Glue's shape", () => {
  it("is judged without an error, as one row, and the verdict has its rule", async () => {
    const batch = fc.array(fc.tuple(anyTable, anyDatabase), { minLength: 40, maxLength: 40 });
    const property = fc.asyncProperty(batch, async batch => {
      const rows = await db.query<{ rows: number; unexplained: number }>(
        `select count(*)::int as rows,
           count(*) filter (where f.code is null or r.migration_readiness is distinct from j.migration_readiness
             or j.table_format is null or j.columns is null or j.column_count is null or j.notes is null or j.partition_keys is null)::int as unexplained
         from unnest($1::jsonb[], $2::jsonb[]) as asked(glue, database)
         cross join lateral a2o_private.judge_glue_table(asked.glue, asked.database) as j
         left join a2o.format_rules f on f.code = j.format_rule
         left join a2o.readiness_rules r on r.code = j.readiness_rule`,
        [
          batch.map(([glue]) => storableJson(glue)),
          batch.map(([, database]) => (database === null ? null : storableJson(database))),
        ],
      );
      expect(rows).toEqual([{ rows: batch.length, unexplained: 0 }]);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
