-- What database_migrations counts follows from links, from the runs of their scopes, and from what DMS says of single tables. A mark
-- is always added, even where one stands: that one may be on its way out.
create or replace function a2o_private.mark_databases_of_links() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into a2o.stale_migration_rollups (aws_account_id, region, database_name)
  select distinct c.aws_account_id, c.region, c.database_name from changed c;
  return null;
end
$$;
comment on function a2o_private.mark_databases_of_links() is 'Trigger: the stages of the databases of changed links are to be counted again.';
revoke all on function a2o_private.mark_databases_of_links() from public;

create or replace trigger mark_inserted after insert on a2o.migration_job_links
  referencing new table as changed for each statement execute function a2o_private.mark_databases_of_links();
create or replace trigger mark_updated after update on a2o.migration_job_links
  referencing new table as changed for each statement execute function a2o_private.mark_databases_of_links();
create or replace trigger mark_deleted after delete on a2o.migration_job_links
  referencing old table as changed for each statement execute function a2o_private.mark_databases_of_links();

create or replace function a2o_private.mark_databases_of_scopes(scopes uuid[]) returns void
  language sql volatile set search_path = pg_catalog, pg_temp begin atomic
  insert into a2o.stale_migration_rollups (aws_account_id, region, database_name)
  select distinct l.aws_account_id, l.region, l.database_name from a2o.migration_job_links l where l.scope_id = any (scopes) and l.state = 'LINKED';
  end;
comment on function a2o_private.mark_databases_of_scopes(uuid[]) is 'The stages of the databases to which these scopes are linked are to be counted again.';
revoke all on function a2o_private.mark_databases_of_scopes(uuid[]) from public;

create or replace function a2o_private.mark_databases_of_jobs() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  scopes uuid[];
begin
  if tg_op = 'UPDATE' then
    -- Not what a poll tells all the time: bytes, rows and percent.
    scopes := array(
      select x.scope_id from before_rows o join after_rows n on n.id = o.id cross join lateral (values (o.scope_id), (n.scope_id)) as x(scope_id)
      where (o.scope_id, o.status, o.started_at, o.completed_at, o.migration_type, o.gone_at is null)
          is distinct from (n.scope_id, n.status, n.started_at, n.completed_at, n.migration_type, n.gone_at is null)
        and x.scope_id is not null);
  elsif tg_op = 'INSERT' then
    scopes := array(select n.scope_id from after_rows n where n.scope_id is not null);
  else
    scopes := array(select o.scope_id from before_rows o where o.scope_id is not null);
  end if;
  if cardinality(scopes) > 0 then
    perform a2o_private.mark_databases_of_scopes(scopes);
  end if;
  return null;
end
$$;
comment on function a2o_private.mark_databases_of_jobs() is 'Trigger: runs have come, gone or changed their state, so the stages of the databases of their links are to be counted again.';
revoke all on function a2o_private.mark_databases_of_jobs() from public;

create or replace trigger mark_inserted after insert on a2o.migration_jobs
  referencing new table as after_rows for each statement execute function a2o_private.mark_databases_of_jobs();
create or replace trigger mark_updated after update on a2o.migration_jobs
  referencing old table as before_rows new table as after_rows for each statement execute function a2o_private.mark_databases_of_jobs();
create or replace trigger mark_deleted after delete on a2o.migration_jobs
  referencing old table as before_rows for each statement execute function a2o_private.mark_databases_of_jobs();

create or replace function a2o_private.mark_databases_of_told_tables() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    perform a2o_private.mark_databases_of_scopes(array(
      select distinct j.scope_id
      from before_rows o
      join after_rows n on n.job_id = o.job_id and n.schema_name = o.schema_name and n.table_name = o.table_name
        and (n.table_state, n.full_load_ended_at) is distinct from (o.table_state, o.full_load_ended_at)
      join a2o.migration_jobs j on j.id = n.job_id and j.scope_id is not null));
  else
    perform a2o_private.mark_databases_of_scopes(array(
      select j.scope_id from a2o.migration_jobs j where j.id in (select distinct n.job_id from after_rows n) and j.scope_id is not null));
  end if;
  return null;
end
$$;
comment on function a2o_private.mark_databases_of_told_tables() is 'Trigger: DMS says something else of tables, so the stages of the databases of their links are to be counted again.';
revoke all on function a2o_private.mark_databases_of_told_tables() from public;

create or replace trigger mark_inserted after insert on a2o.migration_job_tables
  referencing new table as after_rows for each statement execute function a2o_private.mark_databases_of_told_tables();
create or replace trigger mark_updated after update on a2o.migration_job_tables
  referencing old table as before_rows new table as after_rows for each statement execute function a2o_private.mark_databases_of_told_tables();
create or replace trigger mark_deleted after delete on a2o.migration_job_tables
  referencing old table as after_rows for each statement execute function a2o_private.mark_databases_of_told_tables();
