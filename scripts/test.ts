// Everything `npm test` means: format, lint and types, then the tests, then the SQL tests once more on another PostgreSQL
// where the machine has one. Ends with "N passed, N failed". Arguments go to vitest, and then only those tests run.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../postgres/package-root.ts";

/** Debian's PostgreSQL 15, the oldest release we support. */
const OLDEST_POSTGRES = "/usr/lib/postgresql/15/bin";

const chosen = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), "a2o-results-"));
let passed = 0;
let failed = 0;

function run(name: string, script: string, args: string[]): void {
  const { status } = spawnSync(process.execPath, [join(packageRoot, "node_modules", script), ...args], {
    cwd: packageRoot,
    stdio: "inherit",
  });
  if (status === 0) passed++;
  else failed++;
  process.stdout.write(`${status === 0 ? "ok" : "FAILED"}: ${name}\n`);
}

function vitest(args: string[], environment: NodeJS.ProcessEnv = {}): void {
  const results = join(directory, `${Math.random()}.json`);
  const { status } = spawnSync(
    process.execPath,
    [
      join(packageRoot, "node_modules/vitest/vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${results}`,
      ...args,
    ],
    { cwd: packageRoot, stdio: "inherit", env: { ...process.env, ...environment } },
  );
  const counts: unknown = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : {};
  passed += countOf(counts, "numPassedTests");
  const failures = countOf(counts, "numFailedTests");
  // A file that does not load, or a server that does not start, fails no single test.
  failed += status === 0 ? failures : Math.max(1, failures);
}

function countOf(results: unknown, key: string): number {
  if (typeof results !== "object" || results === null) return 0;
  const value: unknown = Object.entries(results).find(([name]) => name === key)?.[1];
  return typeof value === "number" ? value : 0;
}

if (chosen.length > 0) {
  vitest(chosen);
} else {
  run("format and lint", "@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "."]);
  // The dashboard's documents get their types from the schema; git does not keep them.
  run("types of GraphQL's answers", "../scripts/graphql-types.ts", []);
  run("types", "typescript/bin/tsc", ["-p", "tsconfig.json"]);
  run("types of the dashboard", "typescript/bin/tsc", ["-p", "web/app/tsconfig.json"]);
  vitest([]);
  if (existsSync(join(OLDEST_POSTGRES, "postgres")) && process.env.A2O_TEST_PG_BIN === undefined) {
    process.stdout.write("\nThe SQL tests on PostgreSQL 15:\n");
    vitest(["sql", "worker/record", "test/database"], { A2O_TEST_PG_BIN: OLDEST_POSTGRES });
  }
}
rmSync(directory, { recursive: true, force: true });
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
