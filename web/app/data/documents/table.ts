import { graphql, type ResultOf } from "../graphql.ts";

/** Everything about one table of an assessment. */
export const tableDetails = graphql(`
  query TableDetails($assessment: UUID!, $database: String!, $table: String!) {
    table(assessmentId: $assessment, databaseName: $database, tableName: $table) {
      id databaseName tableName tableFormat migrationReadiness sizeBytes sizeSource rowCount rowCountSource columnCount
      partitionKeys lastUpdated isIceberg tableType storageLocation notes formatRule formatEvidence readinessRule
    }
    tableEffortHours(assessmentId: $assessment, databaseName: $database, tableName: $table)
    databaseOverview(assessmentId: $assessment, databaseName: $database) { coverage tablesRead failedOperation errorCode }
    findings(condition: { assessmentId: $assessment, databaseName: $database, tableName: $table }) {
      nodes { code severity title detail remedy }
    }
    tableHistory(assessmentId: $assessment, databaseName: $database, tableName: $table) {
      nodes {
        assessmentId timestamp sighting tableFormat migrationReadiness sizeBytes rowCount columnCount
        attributes { attribute before after } columnChanges { columnName change typeBefore typeAfter }
      }
    }
  }`);

/** How far the table's migration is, and the latest jobs that move it, or may. */
export const tableMigration = graphql(`
  query TableMigration($assessment: UUID!, $database: String!, $table: String!, $id: UUID!) {
    tableMigrations(condition: { assessmentId: $assessment, databaseName: $database, tableName: $table }, first: 1) {
      nodes { stage decidedAt migratedAt lastUpdated jobId jobName isSimulated }
    }
    jobLinks(condition: { tableId: $id }, orderBy: [STARTED_AT_DESC], first: 40) {
      nodes { jobId jobName jobType jobStatus state startedAt completedAt isSimulated tableState }
    }
  }`);

export type TableMigration = NonNullable<
  NonNullable<NonNullable<ResultOf<typeof tableMigration>["tableMigrations"]>["nodes"]>[number]
>;

/** What each rule looks at; the same for all tables. */
export const rules = graphql(`
  query Rules {
    formatRules { nodes { code explanation } }
    readinessRules { nodes { code explanation } }
  }`);

type Details = ResultOf<typeof tableDetails>;
export type TableDetails = NonNullable<Details["table"]>;
export type TableFinding = NonNullable<Details["findings"]>["nodes"][number];
export type Sighting = NonNullable<Details["tableHistory"]>["nodes"][number];

/** The live columns of one table. */
export const tableColumns = graphql(`
  query TableColumns($assessment: UUID!, $database: String!, $table: String!) {
    tableColumns(assessmentId: $assessment, databaseName: $database, tableName: $table) {
      nodes { place columnName dataType isPartitionKey comment }
    }
  }`);
