// Records an assessment in a process of its own, to be killed: prints `staged` before it finishes and `stored` after.
//   node recording.fixture.ts URL TABLES
import { Client } from "pg";
import { Recording } from "./recording.ts";
import { glueHeader, glueTable, stageCatalog } from "./testing.ts";

const [url, tables] = process.argv.slice(2);
const client = new Client({ connectionString: url });
await client.connect();
const recording = await Recording.begin(client);
process.stdout.write("begun\n");
await stageCatalog(recording, [
  { name: "killed", tables: Array.from({ length: Number(tables) }, (_, i) => glueTable(`t${i}`)) },
]);
process.stdout.write("staged\n");
await recording.finish(glueHeader);
process.stdout.write("stored\n");
await client.end();
