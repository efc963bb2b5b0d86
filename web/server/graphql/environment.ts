// Grafast reads this once, when it is loaded, and otherwise tells everybody to set it. Imported before everything else.
process.env.GRAPHILE_ENV ??= "production";
// Named prepared statements belong to a connection, which PgBouncer shares; and a kept plan would look at all partitions.
process.env.DATAPLAN_PG_PREPARED_STATEMENT_CACHE_SIZE ??= "0";

/** GRAPHILE_ENV=development: GraphiQL at /graphiql, and Grafast's own checks. */
export const isDevelopment = process.env.GRAPHILE_ENV === "development";
