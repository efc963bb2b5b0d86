-- Autovacuum analyzes partitions, and never the partitioned table above them, whose statistics a query over several
-- assessments or jobs is planned by.
create or replace function a2o.refresh_statistics() returns setof text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  stale regclass;
begin
  for stale in
    with parts as (
      select i.inhparent as parent, c.oid as part, c.reltuples >= 0 or pg_relation_size(c.oid) = 0 as is_known, greatest(c.reltuples, 0) as rows
      from pg_inherits i
      join pg_class c on c.oid = i.inhrelid and c.relkind = 'r'
      join pg_class p on p.oid = i.inhparent and p.relkind = 'p' and p.relnamespace = 'a2o'::regnamespace)
    select part from parts where not is_known
    union all
    (select p.oid from pg_class p join parts on parts.parent = p.oid
    group by p.oid, p.reltuples
    having sum(parts.rows) > 0 and abs(p.reltuples - sum(parts.rows)) > 0.1 * sum(parts.rows) or not bool_and(is_known))
  loop
    -- ANALYZE of a partitioned table reads its partitions once more, unless it can be told not to.
    execute format(case when current_setting('server_version_num')::integer >= 180000 then 'analyze only %s' else 'analyze %s' end, stale);
    return next stale::text;
  end loop;
end
$$;
comment on function a2o.refresh_statistics() is E'@behavior -*\nAnalyzes partitioned tables whose partitions have changed, and partitions nobody has analyzed yet; returns their names. The worker calls it every hour.';
revoke all on function a2o.refresh_statistics() from public;
grant execute on function a2o.refresh_statistics() to a2o_worker;
