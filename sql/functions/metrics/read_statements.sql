-- pg_stat_statements is an administrator's to install, and may stand in any schema, or nowhere: then there are no rows, and a
-- notice says how to get them. Statements of others show only to members of pg_read_all_stats.
create or replace function a2o_metrics.read_statements()
returns table (login text, calls bigint, total_seconds double precision, mean_ms double precision, rows bigint, read_blocks bigint, statement text)
language plpgsql stable as $$
declare
  home text;
begin
  select n.nspname into home from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
  where e.extname = 'pg_stat_statements';
  if home is null then
    raise notice 'pg_stat_statements is not installed in this database'
      using hint = 'Put it into shared_preload_libraries, restart PostgreSQL, then: create extension pg_stat_statements schema public;';
    return;
  end if;
  return query execute format(
    'select r.rolname::text, s.calls, s.total_exec_time / 1000, s.mean_exec_time, s.rows, s.shared_blks_read, s.query
     from %I.pg_stat_statements s
     join pg_catalog.pg_database d on d.oid = s.dbid and d.datname = current_database()
     left join pg_catalog.pg_roles r on r.oid = s.userid', home);
exception when object_not_in_prerequisite_state then
  raise notice 'pg_stat_statements is installed, but not loaded'
    using hint = 'Put it into shared_preload_libraries and restart PostgreSQL.';
end
$$;
comment on function a2o_metrics.read_statements() is 'What the view statements shows; no rows, and a notice that says why, without pg_stat_statements.';
revoke all on function a2o_metrics.read_statements() from public;
grant execute on function a2o_metrics.read_statements() to a2o_metrics;
