import { Transform } from "node:stream";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

/** What can be written as CSV, and the SQL function that gives its rows, safe for spreadsheets. */
export const CSV_SOURCES = {
  tables: "a2o.csv_tables",
  databases: "a2o.csv_databases",
  findings: "a2o.csv_findings",
} as const;
export type CsvSheet = keyof typeof CSV_SOURCES;

/** CSV of an assessment as RFC 4180 has it: a header, CRLF, quotes where needed. PostgreSQL writes it, by COPY. */
export async function* csvReport(client: pg.Client, assessmentId: string, sheet: CsvSheet): AsyncGenerator<Uint8Array> {
  const source = `${CSV_SOURCES[sheet]}(${client.escapeLiteral(assessmentId)})`;
  yield* client.query(copyTo(`copy (select * from ${source}) to stdout with (format csv, header)`)).pipe(new CrLf());
}

/** Ends the lines of CSV with CRLF as RFC 4180 wants; line breaks inside quotes stay as they are. */
export class CrLf extends Transform {
  #isQuoted = false;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const parts: Buffer[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === 0x22) this.#isQuoted = !this.#isQuoted;
      else if (byte === 0x0a && !this.#isQuoted) {
        parts.push(chunk.subarray(from, at), CRLF);
        from = at + 1;
      }
    }
    parts.push(chunk.subarray(from));
    this.push(Buffer.concat(parts));
    done();
  }
}

const CRLF = Buffer.from("\r\n");
