-- A recording inserts column lists and then the tables that use them, unseen by others until it commits. So what looks unused
-- is looked at again under a lock that no recording shares. While one is under way nothing goes; the next night comes.
create or replace function a2o_private.forget_unused_column_schemas() returns bigint
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  unused bytea[];
  removed bigint;
begin
  select array_agg(s.schema_hash) into unused from a2o.column_schemas s
  where not exists (select from a2o.tables t where t.column_schema_hash = s.schema_hash);
  if unused is null then
    return 0;
  end if;
  lock table a2o.column_schemas in share row exclusive mode nowait;
  delete from a2o.column_schemas s
  where s.schema_hash = any (unused) and not exists (select from a2o.tables t where t.column_schema_hash = s.schema_hash);
  get diagnostics removed = row_count;
  return removed;
exception when lock_not_available then
  return 0;
end
$$;
comment on function a2o_private.forget_unused_column_schemas() is 'Deletes column lists that no table has any more, and returns how many.';

create or replace function a2o.apply_retention() returns table (what text, removed bigint)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  rule a2o.retention;
begin
  for rule in select * from a2o.retention r order by r.what loop
    what := rule.what;
    removed := 0;
    case rule.what
      when 'assessments' then
        if rule.keep_for is not null or rule.keep_last is not null then
          select count(*) into removed from a2o.prune_assessments(keep_last => rule.keep_last, older_than => rule.keep_for);
        end if;
      when 'migration_jobs' then
        delete from a2o.migration_jobs j where j.completed_at < now() - rule.keep_for;
        get diagnostics removed = row_count;
      when 'migration_progress', 'migration_metrics', 'progress_5_minutes', 'progress_hours', 'metrics_5_minutes', 'metrics_hours' then
        removed := a2o_private.drop_history(rule.what, a2o_private.kept_since(rule.what));
      when 'alerts' then
        delete from a2o.alerts a where a.resolved_at < now() - rule.keep_for;
        get diagnostics removed = row_count;
      when 'alert_deliveries' then
        delete from a2o.alert_deliveries d where d.ended_at < now() - rule.keep_for;
        get diagnostics removed = row_count;
    end case;
    return next;
  end loop;
  what := 'column_schemas';
  removed := a2o_private.forget_unused_column_schemas();
  return next;
end
$$;
comment on function a2o.apply_retention() is E'@behavior -*\nDeletes what retention says is too old, and column lists that no table has any more; returns how many of each. The worker calls it every night.';
revoke all on function a2o.apply_retention() from public;
grant execute on function a2o.apply_retention() to a2o_worker;
