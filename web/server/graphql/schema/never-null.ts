import type { PgAttribute } from "postgraphile/graphile-build-pg/pg-introspection";
import { pgSmartTags } from "postgraphile/utils";

/**
 * Columns that always hold a value. PostgreSQL knows that of tables only; of views and of composite types it has to be
 * told, or every caller would have to expect nulls that cannot come. A null here all the same is an error of the query.
 */
const neverNull: Record<string, string> = {
  newest_assessments:
    "timestamp region aws_account_id tool_version total_databases total_tables iceberg_tables migration_ready needs_conversion unknown sized_tables databases_complete origin is_simulated created_at",
  assessment_overview:
    "timestamp region aws_account_id tool_version total_databases total_tables iceberg_tables migration_ready needs_conversion unknown sized_tables databases_complete origin is_simulated created_at",
  assessment_trend:
    "aws_account_id region timestamp total_databases total_tables iceberg_tables migration_ready needs_conversion unknown",
  format_trend: "aws_account_id region timestamp",
  database_overview:
    "id aws_account_id table_count iceberg_tables migration_ready needs_conversion unknown sized_tables",
  found_table:
    "assessment_id database_name table_name id aws_account_id table_format migration_readiness partition_keys column_count is_iceberg notes",
  table_page: "items",
  change_page: "items",
  table_change: "database_name table_name change",
  attribute_change: "attribute",
  column_change: "column_name change",
  assessment_comparison:
    "is_same_catalog from_assessment to_assessment from_timestamp to_timestamp from_account_id to_account_id from_region to_region tables_before tables_after ready_before ready_after needs_conversion_before needs_conversion_after unknown_before unknown_after iceberg_before iceberg_after unread_databases unread_database_count tables_added tables_removed tables_changed",
  access: "accounts",
  table_sighting: "assessment_id timestamp sighting",
  readiness_move: "fate table_count",
};

export const NeverNullPlugin: GraphileConfig.Plugin = pgSmartTags(
  Object.entries(neverNull).map(([name, columns]) => ({
    kind: "attribute" as const,
    match: (attribute: PgAttribute) => {
      const owner = attribute.getClass();
      return (
        owner?.relname === name &&
        owner.getNamespace()?.nspname === "a2o" &&
        columns.split(" ").includes(attribute.attname)
      );
    },
    tags: { notNull: true },
  })),
  null,
  { name: "NeverNullPlugin", version: "1.0.0" },
);
