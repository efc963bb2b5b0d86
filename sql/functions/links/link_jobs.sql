-- Links follow from what jobs say and from the newest assessment of their account and region. Nothing is done when neither has
-- changed. A link to a table that is no longer in the catalog stays: it is history. What a person decided is never touched.
create or replace function a2o_private.link_jobs(account_id text, in_region text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
declare
  newest uuid;
  due uuid[];
begin
  perform a2o_private.assign_scopes(account_id, in_region);
  if not exists (select from a2o_private.job_scopes s where s.aws_account_id = account_id and s.region = in_region and s.is_due) then
    return;
  end if;
  perform pg_advisory_xact_lock(20254, hashtext(account_id || ' ' || in_region));
  newest := (select a.id from a2o.assessments a where a.aws_account_id = account_id and a.region = in_region order by a.timestamp desc, a.id limit 1);
  with taken as (
    update a2o_private.job_scopes s set is_due = false where s.aws_account_id = account_id and s.region = in_region and s.is_due returning s.id)
  select array_agg(t.id) into due from taken t;
  if newest is null or due is null then
    return;
  end if;
  with found as materialized (
    select * from a2o_private.found_dms_links(newest, due)
    union all select * from a2o_private.found_datasync_links(newest, due)
    union all select * from a2o_private.found_glue_links(newest, due)),
  stored as (
    insert into a2o.migration_job_links as l (scope_id, database_name, table_name, table_id, aws_account_id, region, state, source, source_schema, source_table, evidence)
    select f.scope_id, f.database_name, f.table_name, a2o.table_identity(account_id, in_region, f.database_name, f.table_name), account_id, in_region, f.state, f.source,
      f.source_schema, f.source_table, f.evidence
    from found f
    on conflict (scope_id, database_name, table_name) do update set state = excluded.state, source = excluded.source, source_schema = excluded.source_schema,
      source_table = excluded.source_table, evidence = excluded.evidence
    where l.source <> 'PERSON'
      and (l.state, l.source, l.source_schema, l.source_table, l.evidence) is distinct from (excluded.state, excluded.source, excluded.source_schema, excluded.source_table, excluded.evidence))
  delete from a2o.migration_job_links l
  where l.scope_id = any (due) and l.source <> 'PERSON'
    and not exists (select from found f where f.scope_id = l.scope_id and f.database_name = l.database_name and f.table_name = l.table_name)
    and exists (select from a2o.tables t where t.assessment_id = newest and t.database_name = l.database_name and t.table_name = l.table_name);
  perform a2o_private.name_only_tables(due);
end
$$;
comment on function a2o_private.link_jobs(text, text) is 'Brings the links between the jobs of an account and region and the tables of its newest assessment up to date.';
revoke all on function a2o_private.link_jobs(text, text) from public;

create or replace function a2o_private.name_only_tables(scopes uuid[]) returns void
  language sql volatile set search_path = pg_catalog, pg_temp begin atomic
  update a2o.migration_jobs j set table_id = n.table_id
  from (
    select l.scope_id, case when count(*) filter (where l.state = 'LINKED') = 1 then (array_agg(l.table_id) filter (where l.state = 'LINKED'))[1] end as table_id
    from a2o.migration_job_links l where l.scope_id = any (scopes) group by l.scope_id) as n
  where j.scope_id = n.scope_id and j.table_id is distinct from n.table_id;
  end;
comment on function a2o_private.name_only_tables(uuid[]) is 'Names in migration_jobs.table_id the table of those jobs that are linked to one alone.';
revoke all on function a2o_private.name_only_tables(uuid[]) from public;

create or replace function a2o_private.relink_jobs(account_id text, in_region text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  update a2o_private.job_scopes s set is_due = true where s.aws_account_id = account_id and s.region = in_region and not s.is_due;
  perform a2o_private.link_jobs(account_id, in_region);
end
$$;
comment on function a2o_private.relink_jobs(text, text) is 'The same when the newest assessment has changed: every link is looked at again.';
revoke all on function a2o_private.relink_jobs(text, text) from public;
