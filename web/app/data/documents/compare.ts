import { graphql, type ResultOf } from "../graphql.ts";

/** Two assessments side by side. */
export const comparison = graphql(`
  query Comparison($from: UUID!, $to: UUID!) {
    compareAssessments(fromAssessment: $from, toAssessment: $to, acrossCatalogs: true) {
      isSameCatalog fromAccountId fromRegion fromTimestamp toAccountId toRegion toTimestamp tablesBefore tablesAfter
      tablesAdded tablesRemoved tablesChanged readyBefore readyAfter needsConversionBefore needsConversionAfter
      unknownBefore unknownAfter sizeBytesBefore sizeBytesAfter unreadDatabases unreadDatabaseCount
    }
    before: assessment(id: $from) { id databasesComplete totalDatabases completenessPercent isSimulated }
    after: assessment(id: $to) { id databasesComplete totalDatabases completenessPercent isSimulated }
    formatsBefore: formatOverviews(condition: { assessmentId: $from }) { nodes { tableFormat tableCount sizeBytes } }
    formatsAfter: formatOverviews(condition: { assessmentId: $to }) { nodes { tableFormat tableCount sizeBytes } }
  }`);

/** How many tables went from which verdict to which. */
export const readinessMoves = graphql(`
  query ReadinessMoves($from: UUID!, $to: UUID!) {
    readinessMoves(fromAssessment: $from, toAssessment: $to, acrossCatalogs: true) {
      nodes { fate readinessBefore readinessAfter tableCount }
    }
  }`);

/** A page of the tables that differ. */
export const listChanges = graphql(`
  query ListChanges($from: UUID!, $to: UUID!, $kinds: [ChangeKind], $database: String, $cursor: String, $pageSize: Int) {
    listChanges(
      fromAssessment: $from, toAssessment: $to, acrossCatalogs: true, kinds: $kinds, database: $database,
      cursor: $cursor, pageSize: $pageSize
    ) {
      nextCursor
      items {
        databaseName tableName change
        attributes { attribute before after } columnChanges { columnName change typeBefore typeAfter }
      }
    }
  }`);

export type Comparison = NonNullable<ResultOf<typeof comparison>["compareAssessments"]>;
export type TableChange = NonNullable<ResultOf<typeof listChanges>["listChanges"]>["items"][number];
export type ChangeKind = TableChange["change"];
export type ReadinessMove = NonNullable<ResultOf<typeof readinessMoves>["readinessMoves"]>["nodes"][number];
