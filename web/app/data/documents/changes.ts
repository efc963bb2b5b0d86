import { graphql, type VariablesOf } from "../graphql.ts";

/** What happens in the database, as it happens. RESYNC: something may have been missed, ask everything again. */
export const changes = graphql(`
  subscription Changes($kinds: [ChangeEventKind!]) {
    changes(kinds: $kinds) { kind id awsAccountId at }
  }`);

export type ChangeKind = NonNullable<VariablesOf<typeof changes>["kinds"]>[number];
