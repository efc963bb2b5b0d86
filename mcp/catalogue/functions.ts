import type { ClientBase } from "pg";

/** The schemas that MCP reads: what a function in each of them is. */
export const SCHEMAS = {
  a2o_mcp: "tool",
  a2o_mcp_resources: "resource",
  a2o_mcp_prompts: "prompt",
  a2o_mcp_completions: "completion",
} as const;

export type McpSchema = keyof typeof SCHEMAS;

export interface FunctionRow {
  schema: McpSchema;
  name: string;
  comment: string | null;
  returns: string;
  returns_set: boolean;
  is_variadic: boolean;
  types: string[];
  /** i, o, b, v or t per type; null when all are inputs. */
  modes: string[] | null;
  names: string[] | null;
  /** SQL of each default, null where there is none. */
  defaults: (string | null)[];
  input_count: number;
  default_count: number;
}

const FUNCTIONS = `
  select n.nspname::text as schema, p.proname::text as name, obj_description(p.oid, 'pg_proc') as comment, p.prorettype::text as returns,
    p.proretset as returns_set, p.provariadic <> 0 as is_variadic, a.types::text[] as types,
    p.proargmodes::text[] as modes, p.proargnames::text[] as names, p.pronargs::int as input_count,
    p.pronargdefaults::int as default_count,
    array(select pg_get_function_arg_default(p.oid, n) from generate_series(1, cardinality(a.types)) n order by n) as defaults
  from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace and n.nspname = any ($1)
  cross join lateral (select coalesce(p.proallargtypes, p.proargtypes::oid[])) as a(types)
  where p.prokind = 'f' and has_function_privilege(p.oid, 'execute')
  order by p.proname, p.oid`;

export interface TypeRow {
  oid: string;
  schema: string;
  name: string;
  /** b base, c composite, d domain, e enum, p pseudo, r range, m multirange */
  kind: string;
  element: string | null;
  base: string | null;
  labels: string[] | null;
  columns: { name: string; type: string; comment: string | null }[] | null;
}

// The types of arguments and answers, and the types that those are made of.
const TYPES = `
  with recursive needed(oid) as (
    select unnest($1::text[])::oid
    union
    select part.oid
    from needed n
    join pg_catalog.pg_type t on t.oid = n.oid
    cross join lateral (
      select t.typelem where t.typcategory = 'A'
      union all select t.typbasetype
      union all select a.atttypid from pg_catalog.pg_attribute a
        where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
    ) as part(oid)
    where part.oid <> 0
  )
  select t.oid::text as oid, n.nspname::text as schema, t.typname::text as name, t.typtype::text as kind,
    case when t.typcategory = 'A' then nullif(t.typelem, 0)::text end as element,
    nullif(t.typbasetype, 0)::text as base,
    (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid) as labels,
    (select json_agg(json_build_object('name', a.attname, 'type', a.atttypid::text,
        'comment', col_description(a.attrelid, a.attnum)) order by a.attnum)
      from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) as columns
  from needed
  join pg_catalog.pg_type t on t.oid = needed.oid
  join pg_catalog.pg_namespace n on n.oid = t.typnamespace`;

/** By oid. */
export type Types = Map<string, TypeRow>;

/** Every function of those schemas that the current role may execute, by name, and the types they are made of. */
export async function readFunctions(client: ClientBase): Promise<{ functions: FunctionRow[]; types: Types }> {
  const { rows: functions } = await client.query<FunctionRow>(FUNCTIONS, [Object.keys(SCHEMAS)]);
  const { rows: types } = await client.query<TypeRow>(TYPES, [functions.flatMap(f => [f.returns, ...f.types])]);
  return { functions, types: new Map(types.map(type => [type.oid, type])) };
}
