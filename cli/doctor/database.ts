import type pg from "pg";
import { describeUrl, withClient } from "../../postgres/connect.ts";
import { acquireEmbedded } from "../../postgres/embedded/acquire.ts";
import { embeddedStatus } from "../../postgres/embedded/manage.ts";
import { migrationState, otherVersionError } from "../../postgres/migrate.ts";
import { errorCode, UserError } from "../../postgres/user-error.ts";
import { count } from "../text.ts";
import { type Found, failed, ok, skipped, warning } from "./check.ts";

const LEAST_VERSION = 150_000;
/** Seconds by which clocks may differ before ages and polls look wrong. */
const SKEW = 60;
const ROLES = [
  "a2o_owner",
  "a2o_ingest",
  "a2o_reader",
  "a2o_operator",
  "a2o_worker",
  "a2o_authenticator",
  "a2o_mcp",
  "a2o_metrics",
];

/** The database of DATABASE_URL, or the embedded one when it is set up. Changes nothing. */
export async function* checkDatabase(url: string | undefined): AsyncGenerator<Found> {
  if (url !== undefined) {
    yield* checkServer(url, describeUrl(url));
    return;
  }
  const status = await embeddedStatus();
  if (status.state === "absent") {
    yield skipped("postgresql", "The embedded PostgreSQL is not set up yet; the first command that needs it does that");
    return;
  }
  try {
    const embedded = await acquireEmbedded({ say: () => undefined });
    try {
      yield* checkServer(embedded.url, `embedded, data in ${status.dataDirectory}`);
    } finally {
      await embedded.release();
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    yield failed("postgresql", error.message, error.advice ?? `Look into ${status.logFile}.`);
  }
}

async function* checkServer(url: string, place: string): AsyncGenerator<Found> {
  const found: Found[] = [];
  try {
    await withClient(url, { purpose: "doctor" }, async client => {
      for await (const one of checksOn(client, url, place)) found.push(one);
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const advice = error instanceof UserError ? error.advice : undefined;
    found.push(failed("postgresql", message, advice ?? "Check DATABASE_URL and that server."));
  }
  yield* found;
}

async function* checksOn(client: pg.Client, url: string, place: string): AsyncGenerator<Found> {
  const before = Date.now();
  const [server] = await ask<{ number: number; version: string; login: string; now: Date; bytes: string }>(
    client,
    `select current_setting('server_version_num')::integer as number, current_setting('server_version') as version, session_user as login,
       clock_timestamp() as now, pg_database_size(current_database()) as bytes`,
  );
  if (server === undefined) throw new Error("PostgreSQL told nothing about itself");
  const what = `PostgreSQL ${server.version.split(" ")[0]} (${place}), ${count(Math.ceil(Number(server.bytes) / 2 ** 20))} MB`;
  yield server.number >= LEAST_VERSION
    ? ok("postgresql", what)
    : failed("postgresql", `${what} is too old`, "Use PostgreSQL 15 or later.");
  const skew = (server.now.getTime() - (before + Date.now()) / 2) / 1000;
  yield Math.abs(skew) < SKEW
    ? ok("database clock", "Its clock agrees with this machine's")
    : warning("database clock", `Its clock is ${Math.round(skew)} s off this machine's`, "Let both keep time by NTP.");

  const migrations = await checkMigrations(url);
  yield migrations;
  if (migrations.status === "failed") return;
  yield* checkRoles(client, server.login);
  yield* checkGrants(client);
}

async function checkMigrations(url: string): Promise<Found> {
  const name = "migrations";
  try {
    const state = await migrationState(url);
    const otherVersion = otherVersionError(state);
    if (otherVersion !== undefined)
      return failed(name, otherVersion.message.replace(/\.$/, ""), otherVersion.advice ?? "");
    const { pending } = state;
    if (pending.length > 0) return failed(name, `Missing: ${pending.join(", ")}`, "aws2openstack db migrate");
    return ok(name, "The schema is this version's");
  } catch (error) {
    // Only who migrates may look; readers need not.
    if (errorCode(error) !== "42501") throw error;
    return skipped(name, "This login may not see which migrations ran");
  }
}

async function* checkRoles(client: pg.Client, login: string): AsyncGenerator<Found> {
  const roles = await ask<{ role: string; exists: boolean; member: boolean }>(
    client,
    `select r as role, p.oid is not null as exists, coalesce(pg_has_role(session_user, p.oid, 'member'), false) as member
     from unnest($1::text[]) as r left join pg_roles p on p.rolname = r`,
    [ROLES],
  );
  const missing = roles.filter(({ exists }) => !exists).map(({ role }) => role);
  if (missing.length > 0) {
    const fix = "aws2openstack db migrate, as a login that may create roles";
    yield failed("roles", `There is no role ${missing.join(", ")}`, fix);
    return;
  }
  yield ok("roles", "All eight roles are there");
  const may = (role: string) => roles.some(one => one.role === role && one.member);
  const grant = `As an administrator: grant a2o_ingest to ${client.escapeIdentifier(login)};`;
  if (may("a2o_ingest")) yield ok("login", `${login} records and reads`);
  else if (may("a2o_reader")) yield warning("login", `${login} reads, and may not record`, grant);
  else yield failed("login", `${login} may neither record nor read`, grant);
}

async function* checkGrants(client: pg.Client): AsyncGenerator<Found> {
  const [schema] = await ask<{ usable: boolean }>(
    client,
    "select coalesce(has_schema_privilege(to_regnamespace('a2o')::oid, 'usage'), false) as usable",
  );
  // Tables in a schema that one may not use cannot even be named.
  if (schema?.usable !== true) {
    yield skipped("grants", "This login may not look into the schema a2o");
    return;
  }
  const wrong = await ask<{ what: string; fix: string }>(
    client,
    `select x.what, x.fix from (
       select 'a2o_reader may not use the schema a2o' as what, 'grant usage on schema a2o to a2o_reader;' as fix
         where not has_schema_privilege('a2o_reader', 'a2o', 'usage')
       union all select 'a2o_reader may not read assessments', 'grant select on a2o.assessments to a2o_reader;'
         where not has_table_privilege('a2o_reader', 'a2o.assessments', 'select')
       union all select 'a2o_mcp is no reader', 'grant a2o_reader to a2o_mcp;' where not pg_has_role('a2o_mcp', 'a2o_reader', 'usage')
       union all select 'a2o_mcp may write: its transactions are not read-only', 'alter role a2o_mcp set default_transaction_read_only = on;'
         where not exists (select from pg_db_role_setting s where s.setrole = 'a2o_mcp'::regrole and 'default_transaction_read_only=on' = any (s.setconfig))
       union all select format('%s passes row-level security', r.rolname), format('alter role %I nosuperuser nobypassrls;', r.rolname)
         from pg_roles r where r.rolname = any ($1) and (r.rolsuper or r.rolbypassrls)
       union all select 'a2o_authenticator inherits rights', 'alter role a2o_authenticator noinherit;'
         from pg_roles r where r.rolname = 'a2o_authenticator' and r.rolinherit
       union all select format('row-level security is off on %s', 'a2o.' || c.relname), format('alter table %s enable row level security;', 'a2o.' || c.relname)
         from pg_class c where c.oid in ('a2o.assessments'::regclass, 'a2o.databases'::regclass, 'a2o.tables'::regclass) and not c.relrowsecurity) as x`,
    [ROLES],
  );
  for (const { what, fix } of wrong) yield failed("grants", what, `As the owner or an administrator: ${fix}`);
  if (wrong.length === 0) yield ok("grants", "Readers may read, and none of the roles passes row-level security");
  const extensions = await ask(client, "select from pg_extension where extname = 'pg_trgm'");
  yield extensions.length > 0
    ? ok("extension", "pg_trgm is installed")
    : failed(
        "extension",
        "pg_trgm is missing, so searches by name fail",
        "As an administrator: create extension pg_trgm;",
      );
}

async function ask<Row extends pg.QueryResultRow>(
  client: pg.Client,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const { rows } = await client.query<Row>(sql, values);
  return rows;
}
