/** Formats, spelled as their makers do. Any other is its code in plain letters. */
export const formatNames: Record<string, string> = {
  ICEBERG: "Iceberg",
  PARQUET: "Parquet",
  ORC: "ORC",
  DELTA: "Delta Lake",
  CSV: "CSV",
  JSON: "JSON",
  AVRO: "Avro",
  HUDI: "Hudi",
  VIEW: "View",
  JDBC: "JDBC, federated",
  RESOURCE_LINK: "Resource link",
  UNKNOWN: "Not recognised",
  TEXT: "Text",
  XML: "XML",
  ION: "Ion",
  REGEX: "Regular expression",
  GROK: "Grok",
  CLOUDTRAIL: "CloudTrail",
  RCFILE: "RCFile",
  SEQUENCEFILE: "SequenceFile",
  HBASE: "HBase",
  DYNAMODB: "DynamoDB",
};

/** A table of JDBC beside one that is federated. */
export const jdbcName = "JDBC";

/** The formats that have no colour of their own, as one. */
export const otherFormats = "Others";

/** Why the size of a table is not known. */
export const noSize = { notStored: "not stored", notCounted: "not counted", notReported: "not reported" } as const;
