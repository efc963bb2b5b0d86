import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../postgres/package-root.ts";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const SCHEMAS =
  "array['a2o', 'a2o_private', 'a2o_mcp', 'a2o_mcp_resources', 'a2o_mcp_prompts', 'a2o_mcp_completions', 'a2o_metrics']::regnamespace[]";

interface Rule {
  /** As it is meant to be read in a failing test: "every … , but these are not". */
  rule: string;
  /** Gives `offender`, one row for each object that breaks the rule. */
  find: string;
  /** Makes an object that breaks it, so that the query is known to find one. */
  break: string;
}

const rules: Rule[] = [
  {
    rule: "every view is a security_invoker, so that policies apply to who asks",
    find: `select c.relname as offender from pg_class c where c.relkind = 'v' and c.relnamespace = any (${SCHEMAS})
      and not coalesce(c.reloptions @> '{security_invoker=true}', false)`,
    break: "create or replace view a2o.format_overview as select * from a2o.format_overview",
  },
  {
    rule: "there is no materialized view or foreign table, which no policy can guard",
    find: `select c.relname as offender from pg_class c where c.relkind in ('m', 'f') and c.relnamespace = any (${SCHEMAS})`,
    break: "create materialized view a2o.copy as select * from a2o.accounts",
  },
  {
    rule: "no function is executable by everybody",
    find: `select p.oid::regprocedure as offender from pg_proc p where p.pronamespace = any (${SCHEMAS})
      and has_function_privilege('public', p.oid, 'execute')`,
    break:
      "create function a2o.open() returns int language sql return 1; grant execute on function a2o.open() to public",
  },
  {
    rule: "no relation, column, schema or type sequence is granted to everybody",
    find: `select c.relname as offender from pg_class c, aclexplode(c.relacl) g where c.relnamespace = any (${SCHEMAS}) and g.grantee = 0
      union all select n.nspname from pg_namespace n, aclexplode(n.nspacl) g where n.oid = any (${SCHEMAS}) and g.grantee = 0
      union all select attrelid::regclass || '.' || attname from pg_attribute a, aclexplode(a.attacl) g, pg_class c
        where c.oid = a.attrelid and c.relnamespace = any (${SCHEMAS}) and g.grantee = 0`,
    break: "grant select (member) on a2o.account_access to public",
  },
  {
    rule: "every security definer pins its search_path, temporary objects last",
    find: `select p.oid::regprocedure as offender from pg_proc p where p.pronamespace = any (${SCHEMAS}) and p.prosecdef
      and not coalesce(p.proconfig @> array['search_path=pg_catalog, pg_temp'], false)`,
    break: "create function a2o.loose() returns int language sql security definer return 1",
  },
  {
    rule: "every function says how volatile it is meant to be: nothing that writes is stable, nothing that reads tables immutable",
    find: `select p.oid::regprocedure as offender from pg_proc p where p.pronamespace = any (${SCHEMAS}) and p.provolatile = 'i'
      and coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) ~ '\\ma2o\\.(accounts|assessments|databases|tables|database_coverage)\\M'`,
    break: "create function a2o.many() returns bigint language sql immutable as 'select count(*) from a2o.tables'",
  },
  {
    rule: "no function with an exception block is parallel safe: before version 17 PostgreSQL refuses it there",
    find: `select p.oid::regprocedure as offender from pg_proc p join pg_language l on l.oid = p.prolang
      where p.pronamespace = any (${SCHEMAS}) and l.lanname = 'plpgsql' and p.proparallel <> 'u' and p.prosrc ~* '\\mexception\\s+when\\M'`,
    break: `create function a2o.tried() returns int language plpgsql parallel safe as
      'begin return 1 / 0; exception when division_by_zero then return 0; end'`,
  },
  {
    rule: "every schema, table, view, function and type has a comment",
    find: `select 'schema ' || n.nspname as offender from pg_namespace n
        where n.oid = any (${SCHEMAS}) and obj_description(n.oid, 'pg_namespace') is null
      union all select 'relation ' || c.relname from pg_class c
        where c.relnamespace = any (${SCHEMAS}) and c.relkind in ('r', 'p', 'v') and obj_description(c.oid, 'pg_class') is null
      union all select 'function ' || p.oid::regprocedure from pg_proc p
        where p.pronamespace = any (${SCHEMAS}) and obj_description(p.oid, 'pg_proc') is null
      union all select 'type ' || t.typname from pg_type t left join pg_class c on c.oid = t.typrelid
        where t.typnamespace = any (${SCHEMAS}) and t.typcategory <> 'A' and coalesce(c.relkind, 'c') = 'c'
          and obj_description(t.oid, 'pg_type') is null`,
    break: "create type a2o.mood as enum ('calm')",
  },
  {
    rule: "every column of a table that GraphQL shows has a comment, apart from id and assessment_id",
    find: `select c.relname || '.' || a.attname as offender from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'a2o'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and obj_description(c.oid, 'pg_class') not like '@behavior -*%'
        and a.attname not in ('id', 'assessment_id', 'database_name', 'table_name', 'table_format', 'job_id')
        and col_description(c.oid, a.attnum) is null`,
    break: "alter table a2o.accounts add column mood text",
  },
  {
    rule: "every foreign key has an index that starts with its columns",
    find: `select k.conrelid::regclass || ' ' || k.conname as offender from pg_constraint k
      where k.contype = 'f' and k.connamespace = any (${SCHEMAS}) and not exists (
        select from pg_index i where i.indrelid = k.conrelid and i.indpred is null
          and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)`,
    break: "alter table a2o.databases add foreign key (aws_account_id) references a2o.accounts",
  },
  {
    rule: "every table with an account has row-level security, partitions too",
    find: `select c.relname as offender from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'aws_account_id'
      where c.relnamespace = 'a2o'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity`,
    break: "create table a2o.secrets (aws_account_id text)",
  },
  {
    rule: "every policy asks for the visible accounts once per query, not once per row",
    find: `select p.polrelid::regclass || ' ' || p.polname as offender from pg_policy p
      where pg_get_expr(p.polqual, p.polrelid) <> 'true' and pg_get_expr(p.polqual, p.polrelid) !~ 'SELECT a2o_private.visible_accounts\\(\\)'`,
    break: `create policy slow on a2o.accounts for select to a2o_reader using (aws_account_id = any (a2o_private.visible_accounts()))`,
  },
  {
    rule: "everything is owned by a2o_owner, who is not a superuser and cannot log in",
    find: `select 'relation ' || c.relname as offender from pg_class c
        where c.relnamespace = any (${SCHEMAS}) and c.relowner <> 'a2o_owner'::regrole
      union all select 'function ' || p.oid::regprocedure from pg_proc p where p.pronamespace = any (${SCHEMAS}) and p.proowner <> 'a2o_owner'::regrole
      union all select 'type ' || t.typname from pg_type t where t.typnamespace = any (${SCHEMAS}) and t.typowner <> 'a2o_owner'::regrole
      union all select 'schema ' || n.nspname from pg_namespace n where n.oid = any (${SCHEMAS}) and n.nspowner <> 'a2o_owner'::regrole
      union all select 'role ' || r.rolname from pg_roles r where r.rolname = 'a2o_owner' and (r.rolsuper or r.rolcanlogin)`,
    break: "reset role; create view a2o.foreign_view with (security_invoker = true) as select 1 as one",
  },
  {
    rule: "no role is a superuser, makes roles or databases, or bypasses row-level security",
    find: `select r.rolname as offender from pg_roles r where r.rolname ~ '^a2o_'
      and (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolbypassrls or r.rolreplication)`,
    break: "reset role; alter role a2o_reader createdb",
  },
];

describe("in the catalogue", () => {
  it.each(rules)("$rule", async ({ find }) => {
    expect((await db.query<{ offender: string }>(find)).map(({ offender }) => offender)).toEqual([]);
  });

  it.each(rules)("a test fails when it is not so that $rule", async rule => {
    const owner = new Client({ connectionString: db.url });
    await owner.connect();
    try {
      await owner.query("begin; set local role a2o_owner");
      await owner.query(rule.break);
      await owner.query("reset role");
      expect((await owner.query(rule.find)).rows).not.toEqual([]);
    } finally {
      await owner.end();
    }
  });
});

describe("the committed migration", () => {
  it("is what migrations/current and sql/ give", async () => {
    const run = promisify(execFile)(process.execPath, ["scripts/commit-migration.ts", "--check"], { cwd: packageRoot });
    await expect(run, "run npm run db:commit").resolves.toBeTruthy();
  });

  it("includes every file of sql/", async () => {
    const current = join(packageRoot, "migrations", "current");
    const texts = await Promise.all((await readdir(current)).map(file => readFile(join(current, file), "utf8")));
    const included = [...texts.join("\n").matchAll(/^--!include (\S+)$/gm)].map(match => match[1]);
    const files = (await readdir(join(packageRoot, "sql"), { recursive: true })).filter(file => file.endsWith(".sql"));
    expect([...included].sort()).toEqual(files.sort());
  });
});
