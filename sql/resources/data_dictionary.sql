-- The comments of the schema, put together: what the words in the answers mean.
create or replace function a2o_mcp_resources.data_dictionary() returns text
  language sql stable as $$
  with plain as (
    -- Smart tags come before the description.
    select c.oid, c.relname, regexp_replace(obj_description(c.oid, 'pg_class'), '^(@[^\n]*\n)+', '') as description
    from pg_class c
    where c.relnamespace = 'a2o'::regnamespace and c.relkind in ('r', 'p', 'v') and has_table_privilege(c.oid, 'select')
      and coalesce(obj_description(c.oid, 'pg_class'), '') !~ '@behavior -\*'),
  told as (
    select p.*, p.relname in ('assessments', 'databases', 'tables', 'database_coverage', 'migration_jobs', 'active_jobs') as is_central from plain p)
  select concat_ws(E'\n\n',
    E'# Data dictionary\n\nSizes are in bytes, or in GB of 2^30 bytes where the name ends in _gb. Null is unknown or none, never zero. Times are UTC.',
    E'## Verdicts, states and formats\n\n' || (
      select string_agg(format('- **%s**: %s', t.typname, obj_description(t.oid, 'pg_type')), E'\n' order by t.typname)
      from pg_type t where t.typnamespace = 'a2o'::regnamespace and t.typtype = 'e'),
    E'## How a format is recognised\n\n' || (
      select string_agg(format('- %s %s: %s', r.code, coalesce(r.table_format, '(the record format)'), r.explanation), E'\n' order by r.code) from a2o.format_rules r),
    E'## How a verdict is reached\n\n' || (
      select string_agg(format('- %s %s: %s', r.code, r.migration_readiness, r.explanation), E'\n' order by r.code) from a2o.readiness_rules r),
    E'## Findings\n\n' || (
      select string_agg(format('- %s (%s): %s', r.code, r.severity, r.title), E'\n' order by r.severity desc, r.code) from a2o.finding_rules r where r.is_enabled),
    E'## Tables and views\n\n' || (
      select string_agg(format(E'### %s\n\n%s', t.relname, t.description) || coalesce(E'\n\n' || (
          select string_agg(format('- %s (%s)%s', a.attname, format_type(a.atttypid, a.atttypmod),
            coalesce(': ' || regexp_replace(col_description(t.oid, a.attnum), '^(@[^\n]*\n)+', ''), '')), E'\n' order by a.attnum)
          from pg_attribute a
          where t.is_central and a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
            and coalesce(col_description(t.oid, a.attnum), '') !~ '@behavior -\*'), ''), E'\n\n' order by not t.is_central, t.relname)
      from told t))
$$;
comment on function a2o_mcp_resources.data_dictionary() is
$$What the words in the answers mean: verdicts, formats and the rules behind them, findings, and the columns of the central tables and views.

@title Data dictionary
@uri a2o://dictionary
@mime text/markdown$$;
revoke all on function a2o_mcp_resources.data_dictionary() from public;
grant execute on function a2o_mcp_resources.data_dictionary() to a2o_reader;
