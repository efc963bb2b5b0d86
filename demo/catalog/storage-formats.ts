import type { WireStorageDescriptor } from "../wire.ts";

/** A Hive storage format: its input format, output format and SerDe classes. */
export interface StorageFormat {
  readonly input: string;
  readonly output: string;
  readonly serde: string;
}

const textInput = "org.apache.hadoop.mapred.TextInputFormat";
const textOutput = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";

/** The class names as they stand in Glue. Source: https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html */
export const storageFormats = {
  parquet: {
    input: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    output: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serde: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  },
  orc: {
    input: "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
    output: "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
    serde: "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
  },
  avro: {
    input: "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
    output: "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
    serde: "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
  },
  text: { input: textInput, output: textOutput, serde: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe" },
  openCsv: { input: textInput, output: textOutput, serde: "org.apache.hadoop.hive.serde2.OpenCSVSerde" },
  openxJson: { input: textInput, output: textOutput, serde: "org.openx.data.jsonserde.JsonSerDe" },
  hcatalogJson: { input: textInput, output: textOutput, serde: "org.apache.hive.hcatalog.data.JsonSerDe" },
  hiveJson: { input: textInput, output: textOutput, serde: "org.apache.hadoop.hive.serde2.JsonSerDe" },
  regex: { input: textInput, output: textOutput, serde: "org.apache.hadoop.hive.serde2.RegexSerDe" },
  grok: { input: textInput, output: textOutput, serde: "com.amazonaws.glue.serde.GrokSerDe" },
  ion: {
    input: "com.amazon.ionhiveserde.formats.IonInputFormat",
    output: "com.amazon.ionhiveserde.formats.IonOutputFormat",
    serde: "com.amazon.ionhiveserde.IonHiveSerDe",
  },
  sequenceFile: {
    input: "org.apache.hadoop.mapred.SequenceFileInputFormat",
    output: "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
    serde: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
  },
  rcFile: {
    input: "org.apache.hadoop.hive.ql.io.RCFileInputFormat",
    output: "org.apache.hadoop.hive.ql.io.RCFileOutputFormat",
    serde: "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe",
  },
  symlinkParquet: {
    input: "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat",
    output: textOutput,
    serde: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  },
  symlinkOrc: {
    input: "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat",
    output: textOutput,
    serde: "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
  },
  symlinkCsv: {
    input: "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat",
    output: textOutput,
    serde: "org.apache.hadoop.hive.serde2.OpenCSVSerde",
  },
  cloudTrail: {
    input: "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
    output: textOutput,
    serde: "org.apache.hive.hcatalog.data.JsonSerDe",
  },
  oldCloudTrail: {
    input: "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
    output: textOutput,
    serde: "com.amazon.emr.hive.serde.CloudTrailSerde",
  },
  hudi: {
    input: "org.apache.hudi.hadoop.HoodieParquetInputFormat",
    output: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serde: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  },
  hudiRealtime: {
    input: "org.apache.hudi.hadoop.realtime.HoodieParquetRealtimeInputFormat",
    output: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serde: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  },
  icebergHive: {
    input: "org.apache.iceberg.mr.hive.HiveIcebergInputFormat",
    output: "org.apache.iceberg.mr.hive.HiveIcebergOutputFormat",
    serde: "org.apache.iceberg.mr.hive.HiveIcebergSerDe",
  },
  hbase: {
    input: "org.apache.hadoop.hive.hbase.HiveHBaseTableInputFormat",
    output: "org.apache.hadoop.hive.hbase.HiveHBaseTableOutputFormat",
    serde: "org.apache.hadoop.hive.hbase.HBaseSerDe",
  },
} as const satisfies Record<string, StorageFormat>;

/** A storage descriptor as Hive, Spark, Athena and crawlers fill it, members in AWS's order. */
export function descriptorOf(
  format: StorageFormat,
  parts: WireStorageDescriptor & { serdeParameters?: Record<string, string> },
): WireStorageDescriptor {
  const { serdeParameters, ...own } = parts;
  return {
    ...own,
    InputFormat: format.input,
    OutputFormat: format.output,
    Compressed: own.Compressed ?? false,
    NumberOfBuckets: own.NumberOfBuckets ?? -1,
    SerdeInfo: {
      SerializationLibrary: format.serde,
      Parameters: serdeParameters ?? { "serialization.format": "1" },
    },
    BucketColumns: own.BucketColumns ?? [],
    SortColumns: own.SortColumns ?? [],
    Parameters: own.Parameters ?? {},
    SkewedInfo: { SkewedColumnNames: [], SkewedColumnValues: [], SkewedColumnValueLocationMaps: {} },
    StoredAsSubDirectories: false,
  };
}
