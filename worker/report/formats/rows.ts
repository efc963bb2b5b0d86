import type pg from "pg";

/** Rows fetched at once: enough to hide the round trip, few enough to stay young garbage. */
const FETCH = 500;
let cursors = 0;

/**
 * Rows of a query in batches, through a cursor, so that memory stays flat at any size. `client` must be in a transaction; as
 * many of these may be open as somebody likes.
 */
export async function* batches<Row extends pg.QueryResultRow>(
  client: pg.Client,
  sql: string,
  values: unknown[],
  fetch = FETCH,
): AsyncGenerator<Row[]> {
  const cursor = `report_${++cursors}`;
  await client.query(`declare ${cursor} no scroll cursor for ${sql}`, values);
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${fetch} from ${cursor}`);
    if (rows.length > 0) yield rows;
    if (rows.length < fetch) break;
  }
  await client.query(`close ${cursor}`);
}

/** The rows of a query that has few. */
export async function few<Row extends pg.QueryResultRow>(
  client: pg.Client,
  sql: string,
  values: unknown[],
): Promise<Row[]> {
  const { rows } = await client.query<Row>(sql, values);
  return rows;
}
