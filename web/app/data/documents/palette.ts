import { graphql } from "../graphql.ts";

/** Databases and tables of an assessment by a part of their name, for the command palette. */
export const findAnything = graphql(`
  query FindAnything($assessment: UUID!, $pattern: String!) {
    databases(condition: { assessmentId: $assessment }) { nodes { databaseName tableCount } }
    searchTables(assessmentId: $assessment, pattern: $pattern, pageSize: 12) {
      items { databaseName tableName migrationReadiness tableFormat }
    }
  }`);
