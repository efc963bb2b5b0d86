import { graphql } from "../graphql.ts";

/** What tables can be filtered by, with how many tables of the whole assessment that is. */
export const tableFacets = graphql(`
  query TableFacets($assessment: UUID!) {
    formatOverviews(condition: { assessmentId: $assessment }) { nodes { tableFormat tableCount } }
    readinessOverviews(condition: { assessmentId: $assessment }) { nodes { migrationReadiness tableCount } }
    findingOverviews(condition: { assessmentId: $assessment }) { nodes { code title severity tableCount } }
    databases(condition: { assessmentId: $assessment }) { nodes { databaseName tableCount } }
  }`);
