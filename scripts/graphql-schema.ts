// Writes web/server/schema.graphql, what the dashboard and every other caller may ask: `npm run graphql:schema`.
// web/server/graphql/schema/schema.test.ts fails when it is out of date.
import "../web/server/graphql/environment.ts";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { postgraphile } from "postgraphile";
import { lexicographicSortSchema, printSchema } from "postgraphile/graphql";
import { migrate } from "../postgres/migrate.ts";
import { packageRoot } from "../postgres/package-root.ts";
import { startThrowaway } from "../postgres/throwaway.ts";
import { openDatabase } from "../web/server/database/database.ts";
import { createPreset } from "../web/server/graphql/preset.ts";

/** The schema as the web server serves it for this database, sorted, so that it depends on nothing but what is exposed. */
export async function renderSchema(databaseUrl: string): Promise<string> {
  const database = openDatabase({ databaseUrl, log: () => undefined });
  const instance = postgraphile(createPreset({ database, subscribe: notServed, onError: () => undefined }));
  try {
    return `${printSchema(lexicographicSortSchema(await instance.getSchema()))}\n`;
  } finally {
    await instance.release();
    await database.close();
  }
}

/** Nobody subscribes to a schema that is only printed. */
function notServed(): never {
  throw new Error("this schema is not served");
}

if (import.meta.main) {
  const server = await startThrowaway();
  try {
    const url = server.urlOf("postgres");
    await migrate(url);
    await writeFile(join(packageRoot, "web/server/schema.graphql"), await renderSchema(url));
  } finally {
    // graphile-migrate keeps its idle connections for 200 ms and ends the process when the server closes one of them.
    await sleep(300);
    await server.stop();
  }
}
