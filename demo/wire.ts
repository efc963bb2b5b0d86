import type { Database, Table } from "@aws-sdk/client-glue";

/**
 * A value as the AWS JSON protocols put it on the wire: dates are numbers, in seconds since the Unix epoch
 * (fractions allowed); absent members are left out, never null.
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export type Wire<T> = T extends Date
  ? number
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

/** A Glue table as GetTables answers it, with the members that AWS sends but the SDK's model leaves out. */
export type WireTable = Wire<Table> & { Name: string; DatabaseId?: string; IsRowFilteringEnabled?: boolean };

/** A Glue database as GetDatabases answers it. */
export type WireDatabase = Wire<Database> & { Name: string };

export type WireColumn = NonNullable<NonNullable<WireTable["StorageDescriptor"]>["Columns"]>[number];

export type WireStorageDescriptor = NonNullable<WireTable["StorageDescriptor"]>;
