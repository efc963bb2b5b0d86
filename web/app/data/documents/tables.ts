import { graphql, type ResultOf, type VariablesOf } from "../graphql.ts";

/** One page of the tables of an assessment that fit the filters. */
export const searchTables = graphql(`
  query SearchTables(
    $assessment: UUID!, $pattern: String, $formats: [String], $readiness: [MigrationReadiness], $minSize: BigInt,
    $maxSize: BigInt, $database: String, $findings: [String], $sort: TableSort, $pageSize: Int, $cursor: String
  ) {
    searchTables(
      assessmentId: $assessment, pattern: $pattern, formats: $formats, readiness: $readiness, minSizeBytes: $minSize,
      maxSizeBytes: $maxSize, database: $database, findings: $findings, sort: $sort, pageSize: $pageSize, cursor: $cursor
    ) {
      nextCursor
      items {
        databaseName tableName tableFormat migrationReadiness sizeBytes sizeSource storageLocation partitionKeys
        columnCount lastUpdated rowCount tableType notes findings formatRule readinessRule
      }
    }
  }`);

/** How many tables fit, counted to the end. */
export const countTables = graphql(`
  query CountTables(
    $assessment: UUID!, $pattern: String, $formats: [String], $readiness: [MigrationReadiness], $minSize: BigInt,
    $maxSize: BigInt, $database: String, $findings: [String], $upTo: Int!
  ) {
    searchTables(
      assessmentId: $assessment, pattern: $pattern, formats: $formats, readiness: $readiness, minSizeBytes: $minSize,
      maxSizeBytes: $maxSize, database: $database, findings: $findings, pageSize: 1, countUpTo: $upTo
    ) { totalCount totalIsExact }
  }`);

export type FoundTable = NonNullable<
  NonNullable<NonNullable<ResultOf<typeof searchTables>["searchTables"]>["items"]>[number]
>;
export type TableFilter = Omit<VariablesOf<typeof searchTables>, "pageSize" | "cursor" | "sort">;
export type TableSort = NonNullable<VariablesOf<typeof searchTables>["sort"]>;
