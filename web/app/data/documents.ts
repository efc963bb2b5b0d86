import { gql } from "@urql/core";
import type { Access, Assessment, Connection, DatabaseCoverage, FormatOverview, ReadinessOverview } from "./types.ts";

// Text and not a fragment: `assessments` and `newestAssessments` are two GraphQL types with the same fields.
const assessmentFields = `
  id timestamp region awsAccountId toolVersion origin isSimulated totalDatabases totalTables
  migrationReady needsConversion unknown totalSizeBytes sizedTables databasesComplete completenessPercent`;

export interface NewestAssessments {
  newestAssessments: Pick<Connection<Assessment>, "nodes">;
  currentAccess: Access | null;
}

/** The newest assessment of each account and region, and whose rights the page has. Asked again every 30 seconds. */
export const newestAssessments = gql<NewestAssessments, Record<string, never>>(`
  query NewestAssessments {
    newestAssessments(orderBy: [TIMESTAMP_DESC]) { nodes { ${assessmentFields} } }
    currentAccess { userName roleName accounts }
  }`);

export interface SelectedAssessment {
  assessments: Pick<Connection<Assessment>, "nodes">;
}

/** One assessment that is not the newest of its account and region, named in the address. */
export const selectedAssessment = gql<SelectedAssessment, { id: string }>(`
  query SelectedAssessment($id: UUID!) {
    assessments(condition: { id: $id }) { nodes { ${assessmentFields} } }
  }`);

export interface AssessmentOverview {
  assessments: Pick<Connection<Assessment>, "nodes">;
  formatOverviews: Pick<Connection<FormatOverview>, "nodes">;
  readinessOverviews: Pick<Connection<ReadinessOverview>, "nodes">;
  databaseCoverages: Connection<DatabaseCoverage>;
}

/** Everything the Overview page shows of one assessment. */
export const assessmentOverview = gql<AssessmentOverview, { id: string }>(`
  query AssessmentOverview($id: UUID!) {
    assessments(condition: { id: $id }) { nodes { ${assessmentFields} } }
    formatOverviews(condition: { assessmentId: $id }) { nodes { tableFormat tableCount sizedTables sizeBytes } }
    readinessOverviews(condition: { assessmentId: $id }) {
      nodes { migrationReadiness tableCount sizedTables sizeBytes }
    }
    databaseCoverages(condition: { assessmentId: $id }) {
      totalCount
      nodes { databaseName status operation errorCode errorMessage tablesRead }
    }
  }`);

export interface AssessmentHistory {
  assessments: Connection<Assessment>;
}

/** The assessments of one account and region, newest first: for the picker, and to say what changed since. */
export const assessmentHistory = gql<AssessmentHistory, { account: string; region: string; first: number }>(`
  query AssessmentHistory($account: String!, $region: String!, $first: Int!) {
    assessments(
      condition: { awsAccountId: $account, region: $region }
      orderBy: [TIMESTAMP_DESC]
      first: $first
    ) {
      totalCount
      nodes { ${assessmentFields} }
    }
  }`);
