import { withClient } from "../postgres/connect.ts";
import { Recording } from "../worker/record/recording.ts";
import type { TestDatabase } from "./database.ts";

/** Glue tables for tests that need a few: one ready, one to convert, one unknown. */
const TABLES = [
  {
    DatabaseName: "sales",
    Name: "orders",
    TableType: "EXTERNAL_TABLE",
    Parameters: {
      table_type: "ICEBERG",
      metadata_location: "s3://lake/sales/orders/metadata/1.json",
      totalSize: "1073741824",
    },
    StorageDescriptor: { Location: "s3://lake/sales/orders", Columns: [{ Name: "id", Type: "bigint" }] },
  },
  {
    DatabaseName: "sales",
    Name: "events",
    TableType: "EXTERNAL_TABLE",
    Parameters: { classification: "parquet", sizeKey: "2147483648", recordCount: "12" },
    PartitionKeys: [{ Name: "day", Type: "date" }],
    StorageDescriptor: {
      Location: "s3://lake/sales/events",
      InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      Columns: [{ Name: "id", Type: "bigint" }],
    },
  },
  {
    DatabaseName: "sales",
    Name: "mystery",
    Parameters: {},
    StorageDescriptor: { Location: "s3://lake/sales/mystery", Columns: [] },
  },
];

export interface ExampleOptions {
  awsAccountId: string;
  region: string;
  /** ISO 8601; now when left out. */
  timestamp?: string;
}

/** Records a small assessment as a2o_ingest: `sales` with three tables, and `secret`, which could not be read. Returns its id. */
export async function storeExample(database: Pick<TestDatabase, "url">, options: ExampleOptions): Promise<string> {
  return withClient(database.url, { purpose: "test", role: "a2o_ingest" }, async client => {
    const recording = await Recording.begin(client);
    for (const table of TABLES) await recording.glueTable("sales", table);
    await recording.glueDatabase("sales", { Name: "sales" }, { status: "COMPLETE", tablesRead: TABLES.length });
    const denied = {
      operation: "glue:GetTables",
      errorCode: "AccessDeniedException",
      errorMessage: "no rule allows it",
    };
    await recording.glueDatabase("secret", { Name: "secret" }, { status: "DENIED", tablesRead: 0, ...denied });
    const { id } = await recording.finish({
      origin: "GLUE",
      timestamp: options.timestamp ?? new Date().toISOString(),
      region: options.region,
      awsAccountId: options.awsAccountId,
      toolVersion: "0.0.0",
      isSimulated: false,
    });
    return id;
  });
}
