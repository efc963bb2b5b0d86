import { graphql, type ResultOf } from "../graphql.ts";

/** What the overview shows below its first numbers: the way here, the largest databases, findings and effort. */
export const overviewDetails = graphql(`
  query OverviewDetails($assessment: UUID!, $account: String!, $region: String!) {
    assessmentTrends(
      condition: { awsAccountId: $account, region: $region }, orderBy: [TIMESTAMP_DESC], first: 60
    ) {
      nodes {
        assessmentId timestamp totalTables migrationReady needsConversion unknown completenessPercent previousId
        tablesAdded tablesRemoved tablesChanged totalSizeBytes
      }
    }
    databaseOverviews(condition: { assessmentId: $assessment }) {
      nodes { databaseName tableCount migrationReady needsConversion unknown sizeBytes sizedTables }
    }
    findingOverviews(condition: { assessmentId: $assessment }) {
      nodes { code severity title tableCount effortHours }
    }
    assessmentEffort(assessmentId: $assessment) { effortHours }
  }`);

export type OverviewDetails = ResultOf<typeof overviewDetails>;
export type TrendNode = NonNullable<OverviewDetails["assessmentTrends"]>["nodes"][number];
