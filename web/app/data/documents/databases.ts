import { graphql, type ResultOf } from "../graphql.ts";

/** A thousand databases of an assessment, with how they are judged and how far they were read. */
export const databaseOverviews = graphql(`
  query DatabaseOverviews($assessment: UUID!, $after: Cursor) {
    databaseOverviews(condition: { assessmentId: $assessment }, after: $after, first: 1000) {
      pageInfo { hasNextPage endCursor }
      nodes {
        databaseName description locationUri tableCount icebergTables icebergPercent migrationReady needsConversion
        unknown readyPercent sizeBytes sizedTables coverage tablesRead failedOperation errorCode
      }
    }
  }`);

/** Findings and hours of work of each database. */
export const databaseFindings = graphql(`
  query DatabaseFindings($assessment: UUID!) {
    databaseEfforts(condition: { assessmentId: $assessment }) { nodes { databaseName effortHours } }
  }`);

export type DatabaseOverview = NonNullable<ResultOf<typeof databaseOverviews>["databaseOverviews"]>["nodes"][number];
