import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { makeDirectories } from "../../../postgres/server/files.ts";
import { errorCode, fileErrorReason, UserError } from "../../../postgres/user-error.ts";

/** Where a report goes: a path, gzipped when its name ends in `.gz`, or a stream that stays open. */
export type Output = string | Writable;

/**
 * Writes the chunks; a file appears whole or not at all.
 * @throws UserError when the file cannot be written
 */
export async function write(output: Output, chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
  const source = Readable.from(chunks, { objectMode: false, highWaterMark: 256 * 1024 });
  if (typeof output !== "string") {
    await pipeline(source, output, { end: false });
    return;
  }
  const partial = `${output}.partial-${process.pid}`;
  try {
    await makeDirectories(dirname(output));
    const file = createWriteStream(partial, { highWaterMark: 256 * 1024 });
    if (isGzip(output)) await pipeline(source, createGzip(), file);
    else await pipeline(source, file);
    await rename(partial, output);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    const reason = fileErrorReason(error) ?? errorCode(error);
    if (error instanceof UserError || !(error instanceof Error) || !("syscall" in error)) throw error;
    throw new UserError(`${output} cannot be written: ${reason}.`, "Choose another place for it.", { cause: error });
  }
}

export function isGzip(path: string): boolean {
  return path.toLowerCase().endsWith(".gz");
}
