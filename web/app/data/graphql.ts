import { initGraphQLTada } from "gql.tada";
import type { introspection } from "./schema.generated.ts";

/**
 * Makes a GraphQL document whose answer and variables are typed by `web/server/schema.graphql`: a field that is not
 * there is a type error. Numbers beyond 32 bits and numerics arrive as text.
 */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: {
    UUID: string;
    Datetime: string;
    Date: string;
    BigInt: string;
    BigFloat: string;
    Cursor: string;
    JSON: unknown;
  };
}>();

export type { FragmentOf, ResultOf, VariablesOf } from "gql.tada";

/** Lists in answers of functions are typed as if an item could be missing; none ever is. */
export function present<Item>(items: readonly (Item | null)[] | null | undefined): Item[] {
  return (items ?? []).filter((item): item is Item => item !== null);
}

/** The rows of a connection; none while there is no answer. */
export function nodes<Item>(connection: { nodes: readonly (Item | null)[] } | null | undefined): Item[] {
  return present(connection?.nodes);
}
