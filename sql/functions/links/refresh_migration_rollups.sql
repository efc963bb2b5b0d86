-- Whoever changes links or jobs adds a mark in the same transaction (see the triggers), so a reader sees both or neither. Here marks
-- are taken away first and the databases counted afterwards: what is committed in between has a mark of its own, which stays.
create or replace function a2o_private.refresh_migration_rollups(account_id text, in_region text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  newest uuid;
  stale text[];
begin
  -- One at a time. What is marked meanwhile waits for the next poll; until then readers count it themselves.
  if not pg_try_advisory_xact_lock(20255, hashtext(account_id || ' ' || in_region)) then
    return;
  end if;
  newest := (select a.id from a2o.assessments a where a.aws_account_id = account_id and a.region = in_region order by a.timestamp desc, a.id limit 1);
  delete from a2o.migration_rollups r where r.aws_account_id = account_id and r.region = in_region and r.assessment_id is distinct from newest;
  with taken as (
    delete from a2o.stale_migration_rollups s where s.aws_account_id = account_id and s.region = in_region returning s.database_name)
  select array_agg(distinct t.database_name) into stale from taken t;
  if newest is null then
    return;
  end if;
  if not exists (select from a2o.migration_rollups r where r.assessment_id = newest) then
    stale := array(select distinct l.database_name from a2o.migration_job_links l where l.aws_account_id = account_id and l.region = in_region);
  end if;
  if cardinality(stale) > 0 then
    insert into a2o.migration_rollups as r (assessment_id, database_name, aws_account_id, region, migrating, migrated, changed_since, candidates)
    select newest, d.database_name, account_id, in_region, c.migrating, c.migrated, c.changed_since, c.candidates
    from a2o.databases d
    cross join lateral a2o_private.count_stages(newest, account_id, in_region, d.database_name) as c
    where d.assessment_id = newest and d.database_name = any (stale)
    on conflict (assessment_id, database_name) do update
      set migrating = excluded.migrating, migrated = excluded.migrated, changed_since = excluded.changed_since, candidates = excluded.candidates
      where (r.migrating, r.migrated, r.changed_since, r.candidates)
        is distinct from (excluded.migrating, excluded.migrated, excluded.changed_since, excluded.candidates);
  end if;
end
$$;
comment on function a2o_private.refresh_migration_rollups(text, text) is 'Counts the stages again of those databases of an account and region that are marked as stale, in its newest assessment.';
revoke all on function a2o_private.refresh_migration_rollups(text, text) from public;
