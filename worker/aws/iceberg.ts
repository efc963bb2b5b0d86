import type { IcebergTableMetadata, Table } from "@aws-sdk/client-glue";

/** By what Iceberg's own Glue catalog writes (`table_type`), or by where its metadata lies. */
export function isIceberg({ Parameters }: Table): boolean {
  return Parameters?.table_type?.toUpperCase() === "ICEBERG" || Parameters?.metadata_location !== undefined;
}

/** The present state without the history of schemas, partition specifications and sort orders, which can be long. */
export function kept(metadata: IcebergTableMetadata): IcebergTableMetadata {
  const { Schemas, PartitionSpecs, SortOrders, ...rest } = metadata;
  return {
    ...rest,
    Schemas: Schemas?.filter(({ SchemaId }) => SchemaId === rest.CurrentSchemaId),
    PartitionSpecs: PartitionSpecs?.filter(({ SpecId }) => SpecId === rest.DefaultSpecId),
    SortOrders: SortOrders?.filter(({ OrderId }) => OrderId === rest.DefaultSortOrderId),
  };
}
