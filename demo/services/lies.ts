/** Values that no 64-bit integer holds, that are no numbers, or that no table has. */
const absurd: Readonly<Record<string, string>> = {
  sizeKey: "9223372036854775808",
  recordCount: "1e309",
  averageRecordSize: "-42",
  objectCount: "NaN",
  totalSize: "340282366920938463463374607431768211456",
  numRows: "-9223372036854775809",
  "spark.sql.statistics.totalSize": "0x7fffffff",
  "spark.sql.statistics.numRows": "12,345,678",
};

/** The same table with sizes that cannot be; databases and catalogs stay as they are. */
export function makeAbsurd<T extends { readonly Parameters?: Readonly<Record<string, string>> | undefined }>(
  item: T,
): T {
  return "TableType" in item || "StorageDescriptor" in item
    ? { ...item, Parameters: { ...item.Parameters, ...absurd } }
    : item;
}
