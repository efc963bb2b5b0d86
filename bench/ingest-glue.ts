// What recording and judging the answers of glue:GetTables costs. Reading the answers from their file is left out of the time;
// what the server does meanwhile is not left out.
import "../worker/flat-memory.ts";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type pg from "pg";
import { createCatalog } from "../demo/catalog.ts";
import { Recording } from "../worker/record/recording.ts";
import { type Bench, run } from "./frame.ts";
import { measureStoring, runChild } from "./stored.ts";

export const bench: Bench = {
  name: "ingest-glue",
  measure: ({ tables }) =>
    measureStoring(
      { what: "recording and judging Glue's answers", input: glueAnswers, module: import.meta.filename, limit: 10 },
      tables,
    ),
};

/** What glue:GetTables answers for a generated catalog, a table in each line, 500 in each database. */
export function* glueAnswers(tables: number): Generator<string> {
  const region = "eu-central-1";
  const databases = Math.ceil(tables / 500);
  const catalog = createCatalog({ databases, tablesPerDatabase: 500, regions: [region] });
  const date = (seconds: number | undefined) => (seconds === undefined ? undefined : new Date(seconds * 1000));
  for (let i = 0; i < databases; i++) {
    const entry = catalog.databaseAt(region, i);
    let lines = "";
    for (let j = 0; j < (entry?.tableCount ?? 0); j++) {
      const table = entry?.tableAt(j);
      const answer = { ...table, CreateTime: date(table?.CreateTime), UpdateTime: date(table?.UpdateTime) };
      lines += `${JSON.stringify([entry?.database.Name, answer])}\n`;
    }
    yield lines;
  }
}

export async function recordGlue(client: pg.Client, file: string, day = "2026-11-02"): Promise<number> {
  let seconds = 0;
  const timed = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    seconds += (performance.now() - start) / 1000;
  };
  const recording = await Recording.begin(client);
  const counts = new Map<string, number>();
  let batch: [string, object][] = [];
  const send = () =>
    timed(async () => {
      let last: Promise<void> | undefined;
      for (const [database, table] of batch) last = recording.glueTable(database, table) ?? last;
      await last;
      batch = [];
    });
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [database, table]: [string, object] = JSON.parse(line);
    counts.set(database, (counts.get(database) ?? 0) + 1);
    batch.push([database, table]);
    if (batch.length === 500) await send();
  }
  await send();
  await timed(async () => {
    for (const [name, tablesRead] of counts) {
      await recording.glueDatabase(name, { Name: name }, { status: "COMPLETE", tablesRead });
    }
    await recording.finish({
      origin: "GLUE",
      timestamp: `${day}T00:00:00Z`,
      region: "eu-central-1",
      awsAccountId: "123456789012",
      toolVersion: "bench",
      isSimulated: true,
    });
  });
  return seconds;
}

if (import.meta.main) {
  if (process.argv[2] === "--child") await runChild(recordGlue);
  else await run([bench]);
}
