import { graphql, nodes, type ResultOf } from "../graphql.ts";

const fields = `
  id timestamp region awsAccountId toolVersion origin isSimulated totalDatabases totalTables icebergTables
  migrationReady needsConversion unknown totalSizeBytes sizedTables databasesComplete completenessPercent` as const;

const assessmentFields = graphql(`fragment AssessmentFields on Assessment {${fields}}`);
// The view has the table's fields, but is another type to GraphQL.
const newestFields = graphql(`fragment NewestFields on NewestAssessment {${fields}}`);

/** The newest assessment of each account and region, and whose rights the page has. Asked again every 30 seconds. */
export const newestAssessments = graphql(
  `query NewestAssessments {
    newestAssessments(orderBy: [TIMESTAMP_DESC]) { nodes { ...NewestFields } }
    currentAccess { userName roleName accounts }
  }`,
  [newestFields],
);

/** One assessment that is not the newest of its account and region, named in the address. */
export const selectedAssessment = graphql(
  `query SelectedAssessment($id: UUID!) { assessment(id: $id) { ...AssessmentFields } }`,
  [assessmentFields],
);

/** The assessments of one account and region, newest first: for the picker, and to say what changed since. */
export const assessmentHistory = graphql(
  `query AssessmentHistory($account: String!, $region: String!, $first: Int!) {
    assessments(condition: { awsAccountId: $account, region: $region }, orderBy: [TIMESTAMP_DESC], first: $first) {
      totalCount
      nodes { ...AssessmentFields }
    }
  }`,
  [assessmentFields],
);

/** Everything the Overview page shows of one assessment. */
export const assessmentOverview = graphql(
  `query AssessmentOverview($id: UUID!) {
    assessment(id: $id) { ...AssessmentFields }
    formatOverviews(condition: { assessmentId: $id }) { nodes { tableFormat tableCount sizedTables sizeBytes } }
    readinessOverviews(condition: { assessmentId: $id }) {
      nodes { migrationReadiness tableCount sizedTables sizeBytes }
    }
    databaseCoverages(condition: { assessmentId: $id }) {
      totalCount
      nodes { databaseName status operation errorCode errorMessage tablesRead }
    }
  }`,
  [assessmentFields],
);

/** The newest assessment of each account and region, the newest of all first. */
export function newestFirst(answer: ResultOf<typeof newestAssessments>): Assessment[] {
  return nodes(answer.newestAssessments).sort((a, b) => Date.parse(b.timestamp) - Date.parse(a.timestamp));
}

export type Assessment = NonNullable<ResultOf<typeof selectedAssessment>["assessment"]>;
export type Access = NonNullable<ResultOf<typeof newestAssessments>["currentAccess"]>;
type Overview = ResultOf<typeof assessmentOverview>;
type Node<Connection> = Connection extends { nodes: (infer Item)[] } | null ? NonNullable<Item> : never;
export type FormatOverview = Node<NonNullable<Overview["formatOverviews"]>>;
export type ReadinessOverview = Node<NonNullable<Overview["readinessOverviews"]>>;
export type DatabaseCoverage = Node<NonNullable<Overview["databaseCoverages"]>>;
export type Readiness = ReadinessOverview["migrationReadiness"];
export type CoverageStatus = DatabaseCoverage["status"];
