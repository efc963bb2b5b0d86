import type pg from "pg";
import { UserError } from "../postgres/user-error.ts";
import { UsageError } from "./common.ts";

/** Where rows are looked for by the beginning of their id, and how people call them. */
export interface Found {
  /** A query of them, without conditions. */
  select: string;
  /** The column of the query that has the id. */
  id: string;
  /** "a job" */
  what: string;
  /** "that you may read", when none is found. */
  whose: string;
  /** The command that lists them all. */
  listing: string;
}

/**
 * The one row whose id begins with what somebody typed.
 * @throws UsageError when it is no beginning of an id
 * @throws UserError when there is none for the caller, or several
 */
export async function findById<Row extends object>(
  client: pg.Client,
  reference: string,
  { select, id, what, whose, listing }: Found,
): Promise<Row> {
  const name = what.replace(/^an? /, "");
  if (!/^[0-9a-f-]{4,36}$/i.test(reference)) {
    throw new UsageError(
      `${reference} is no id of ${what}.`,
      `aws2openstack ${listing} shows them; four digits are enough.`,
    );
  }
  const { rows } = await client.query<Row & Record<string, unknown>>(
    `select * from (${select}) as known where starts_with(${id}::text, $1) limit 2`,
    [reference.toLowerCase()],
  );
  const [row, another] = rows;
  if (row === undefined)
    throw new UserError(`There is no ${name} ${reference} ${whose}.`, `All of them: aws2openstack ${listing}`);
  if (another !== undefined) throw new UserError(`${reference} fits several ${name}s.`, "Give more digits.");
  return row;
}
