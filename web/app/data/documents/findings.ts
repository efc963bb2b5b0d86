import { graphql, type ResultOf } from "../graphql.ts";

/** What was found in an assessment, with what to do and how many hours that may take. */
export const findingOverviews = graphql(`
  query FindingOverviews($assessment: UUID!) {
    findingOverviews(condition: { assessmentId: $assessment }) {
      nodes { code severity title explanation remedy tableCount databaseCount effortHours }
    }
    assessmentEffort(assessmentId: $assessment) { effortHours verdictHours findingHours }
  }`);

/** In which databases one finding is. */
export const findingDatabases = graphql(`
  query FindingDatabases($assessment: UUID!, $code: String!) {
    databaseFindingOverviews(condition: { assessmentId: $assessment, code: $code }) {
      nodes { databaseName tableCount effortHours }
    }
  }`);

export type FindingOverview = NonNullable<ResultOf<typeof findingOverviews>["findingOverviews"]>["nodes"][number];
export type Severity = FindingOverview["severity"];
