// Writes web/app/data/schema.generated.ts, by which TypeScript checks the dashboard's GraphQL documents against
// web/server/schema.graphql and knows the types of their answers. Quick, so `npm run check` always does it first.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { minifyIntrospection, outputIntrospectionFile } from "@gql.tada/internal";
import { buildSchema, introspectionFromSchema } from "graphql";
import { packageRoot } from "../postgres/package-root.ts";

const source = await readFile(join(packageRoot, "web/server/schema.graphql"), "utf8");
const introspection = minifyIntrospection(introspectionFromSchema(buildSchema(source), { descriptions: false }));
await writeFile(
  join(packageRoot, "web/app/data/schema.generated.ts"),
  outputIntrospectionFile(introspection, { fileType: ".d.ts", shouldPreprocess: true }),
);
