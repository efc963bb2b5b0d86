import { graphql } from "../graphql.ts";

/** How many alerts nobody has acknowledged: the side bar shows it on every page. */
export const alertCount = graphql(`
  query AlertCount { alertOverviews(condition: { state: OPEN }, orderBy: [OPENED_AT_DESC], first: 1) { totalCount } }`);
