import { once } from "node:events";
import { PassThrough, type Readable } from "node:stream";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { cancelOnAbort } from "../../../postgres/connect.ts";
import { CrLf } from "../../../worker/report/formats/csv.ts";
import { type Identity, settingsOf } from "../identity.ts";

const FORMATS = ["csv", "ndjson"] as const;
export type Format = (typeof FORMATS)[number];

export function isFormat(text: string): text is Format {
  return FORMATS.some(format => format === text);
}

export interface ExportRequest {
  list: string;
  format: Format;
  filters: Record<string, string[]>;
}

export interface Exported {
  fileName: string;
  rows: Readable;
  /** Settles when the last row was read and the connection is given back, before `rows` ends; rejects when it came to nothing. */
  ended: Promise<void>;
}

/** Milliseconds; a reader who stops reading holds a connection no longer than that. */
const TIMEOUT = 30 * 60_000;

/**
 * Begins to read a list by COPY, in a transaction that has the rights of the user and can only read. The database cancels
 * what it is at when the signal is aborted.
 * @throws the errors of a2o.export_statement
 */
export async function openExport(
  pool: pg.Pool,
  identity: Identity,
  { list, format, filters }: ExportRequest,
  signal: AbortSignal,
): Promise<Exported> {
  const client = await pool.connect();
  const giveBack = async () => {
    // A connection that cannot even roll back is of no use to anybody.
    const isSound = await client.query("rollback").then(
      () => true,
      () => false,
    );
    client.release(!isSound);
  };
  try {
    await client.query("begin read only");
    const settings = { ...settingsOf(identity), statement_timeout: String(TIMEOUT) };
    for (const [name, value] of Object.entries(settings)) {
      await client.query("select set_config($1, $2, true)", [name, value]);
    }
    const { rows: made } = await client.query<{ statement: string; file_name: string }>(
      "select * from a2o.export_statement($1, $2, $3)",
      [list, format, JSON.stringify(filters)],
    );
    const [copy] = made;
    if (copy === undefined) throw new Error("the database made no statement");
    const lines = copyTo(copy.statement);
    const converted: Readable = format === "csv" ? lines.pipe(new CrLf()) : lines;
    const rows = converted.pipe(new PassThrough(), { end: false });
    // What is cancelled must be read to its end all the same: the error comes after the rows that are on their way.
    const drop = () => {
      lines.unpipe();
      lines.resume();
    };
    signal.addEventListener("abort", drop, { once: true });
    // A pool's clients are clients; only the type of the pool does not say so.
    const work = cancelOnAbort(client as pg.PoolClient & pg.Client, signal, async () => {
      client.query(lines);
      await Promise.all([once(lines, "close"), once(converted, "end")]);
    });
    const ended = work.finally(() => {
      signal.removeEventListener("abort", drop);
      return giveBack();
    });
    // The reader's end comes last, and only when nothing is missing.
    ended.then(
      () => rows.end(),
      (error: Error) => rows.destroy(error),
    );
    return { fileName: copy.file_name, rows, ended };
  } catch (error) {
    await giveBack();
    throw error;
  }
}
