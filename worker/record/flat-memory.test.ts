import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { sampleReport } from "../../bench/sample-report.ts";
import { packageRoot } from "../../postgres/package-root.ts";
import { createTestDatabase } from "../../test/database.ts";

it("stores a report of any size in less than 200 MB of Node's memory", async () => {
  const directory = await mkdtemp(join(tmpdir(), "a2o-memory-"));
  const database = await createTestDatabase();
  try {
    const report = join(directory, "report.json");
    // 97 MB; what comes after it takes no more: `node bench/ingest-report.ts` tells the same of a million tables.
    await pipeline(Readable.from(sampleReport(200_000)), createWriteStream(report));
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(packageRoot, "bench/ingest-report.ts"),
      "--child",
      database.url,
      report,
    ]);
    const { memory }: { memory: number } = JSON.parse(stdout);
    expect(memory).toBeLessThan(200);
    expect(await database.query("select total_tables from a2o.assessments")).toEqual([{ total_tables: 200_000 }]);
  } finally {
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  }
});
