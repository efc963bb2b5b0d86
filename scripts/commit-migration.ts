// Writes migrations/committed from migrations/current and sql/, by graphile-migrate's own commit in a copy of the folder, so
// that current/ keeps its include lines. Until the first release everything is one migration.
//   node scripts/commit-migration.ts           write it
//   node scripts/commit-migration.ts --check   fail when it is not what current/ and sql/ would give
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import graphileMigrate from "graphile-migrate";
import pg from "pg";
import { acquireEmbedded } from "../postgres/embedded/acquire.ts";
import { resetEmbedded } from "../postgres/embedded/manage.ts";
import { packageRoot } from "../postgres/package-root.ts";

const migrations = join(packageRoot, "migrations");
const check = process.argv.includes("--check");

const folder = await mkdtemp(join(tmpdir(), "a2o-commit-"));
const home = join(folder, "postgresql");
const server = await acquireEmbedded({ home });
try {
  await mkdir(join(folder, "committed"));
  await cp(join(migrations, "current"), join(folder, "current"), { recursive: true });
  await symlink(join(packageRoot, "sql"), join(folder, "fixtures"));
  const databaseUrl = (name: string) => Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
  const root = new pg.Client({ connectionString: databaseUrl("postgres") });
  await root.connect();
  for (const name of ["a2o_commit", "a2o_commit_shadow"]) {
    await root.query(`drop database if exists ${name}`);
    await root.query(`create database ${name}`);
  }
  await root.end();
  await graphileMigrate.commit({
    migrationsFolder: folder,
    connectionString: databaseUrl("a2o_commit"),
    shadowConnectionString: databaseUrl("a2o_commit_shadow"),
    rootConnectionString: databaseUrl("postgres"),
  });
  for (const file of await readdir(join(folder, "committed"))) {
    const written = await readFile(join(folder, "committed", file), "utf8");
    const target = join(migrations, "committed", file);
    if (!check) {
      await rm(target, { force: true });
      await writeFile(target, written);
    } else if ((await readFile(target, "utf8")) !== written) {
      process.stderr.write(`${file} is not what migrations/current and sql/ give; run npm run db:commit\n`);
      process.exitCode = 1;
    }
  }
} finally {
  // graphile-migrate keeps its idle connections for 200 ms and ends the process when the server closes one of them.
  await sleep(300);
  await server.release();
  await resetEmbedded(home);
  await rm(folder, { recursive: true, force: true });
}
