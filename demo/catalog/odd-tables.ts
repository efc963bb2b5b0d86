import type { WireTable } from "../wire.ts";
import { wideColumns } from "./columns.ts";
import { type TableContext, tableOf } from "./context.ts";
import { fileTables } from "./file-tables.ts";
import { crawlerParameters } from "./writers.ts";

/** A crawled Parquet table whose sizes were tampered with. */
function withSizes(context: TableContext, sizes: Record<string, string>): WireTable {
  const table = fileTables.parquet_crawled(context);
  const { StorageDescriptor: descriptor } = table;
  return {
    ...table,
    ...(descriptor && { StorageDescriptor: { ...descriptor, Parameters: {} } }),
    Parameters: { ...crawlerParameters(context, "parquet", "snappy"), ...sizes },
  };
}

const oddDescription = '| Pipe | table |\n|---|---|\n| `code` | *stars* and "quotes", a \\ backslash and a tab\t. |';

/** Tables as accidents, scripts and ten years of history leave them: all valid in Glue. */
export const oddTables = {
  odd_no_descriptor: (context: TableContext) =>
    tableOf(context, { Owner: "terraform", Parameters: { classification: "parquet", EXTERNAL: "TRUE" } }),
  odd_null_location(context: TableContext) {
    const table = fileTables.parquet_athena(context);
    const { Location: _, ...descriptor } = table.StorageDescriptor ?? {};
    return { ...table, StorageDescriptor: descriptor };
  },
  odd_empty_columns: (context: TableContext) => fileTables.json_athena({ ...context, columns: [] }),
  odd_size_unknown: (context: TableContext) =>
    withSizes(context, { sizeKey: "-1", recordCount: "-1", averageRecordSize: "-1", objectCount: "-1" }),
  odd_size_text: (context: TableContext) =>
    withSizes(context, { sizeKey: "1.2 GB", recordCount: "about 3 million", averageRecordSize: "n/a" }),
  odd_size_negative: (context: TableContext) =>
    withSizes(context, { sizeKey: "-734003200", recordCount: "-12", averageRecordSize: "61166933" }),
  odd_size_huge: (context: TableContext) =>
    withSizes(context, { sizeKey: "99999999999999999999999", recordCount: "18446744073709551616" }),
  odd_stale: (context: TableContext) =>
    // 2016-03-14, when Athena did not exist yet and this came from an imported Hive metastore.
    fileTables.text_hive({ ...context, createdAt: 1_457_913_600, updatedAt: 1_457_913_600 }),
  odd_wide: (context: TableContext) => fileTables.parquet_spark({ ...context, columns: wideColumns(1_200) }),
  odd_types: (context: TableContext) =>
    fileTables.orc_hive({
      ...context,
      columns: [
        ...context.columns,
        { Name: "tree", Type: "struct<id:bigint,kids:array<struct<id:bigint,tags:map<string,array<varchar(40)>>>>>" },
        { Name: "either", Type: "uniontype<int,string,struct<a:double,b:array<binary>>>" },
        { Name: "fixed", Type: "char(255)" },
        { Name: "tiny", Type: "tinyint" },
        { Name: "span", Type: "interval_day_time" },
        { Name: "nothing", Type: "void" },
        { Name: "exact", Type: "decimal(38,18)" },
      ],
    }),
  /** Glue keeps comments of columns on one line; descriptions and parameters may have several. */
  odd_comments(context: TableContext) {
    const columns = context.columns.map((column, index) => ({
      ...column,
      ...(index % 2 === 0 && { Comment: `first | second "quoted" <b>bold</b> ; drop table — naïve 日本 ${index}` }),
    }));
    const table = fileTables.csv_crawled({ ...context, columns });
    const comment = "line one\nline two | with a pipe\r\n";
    return { ...table, Description: oddDescription, Parameters: { ...table.Parameters, comment } };
  },
  odd_many_partitions: (context: TableContext) =>
    fileTables.parquet_crawled({
      ...context,
      partitionKeys: ["region_code", "tenant", "year", "month", "day", "hour"].map(Name => ({ Name, Type: "string" })),
      size: { ...context.size, files: 4_800_000 },
    }),
  /** What CreateTable makes of a name alone. */
  odd_bare: ({ spec: { name }, database, accountId, createdAt }: TableContext) => ({
    Name: name,
    DatabaseName: database,
    CreateTime: createdAt,
    CatalogId: accountId,
  }),
} as const;
