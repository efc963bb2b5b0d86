-- A job that says something else about what it moves gets another scope at the end of the poll.
create or replace function a2o_private.forget_job_scope() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.scope_id := null;
  return new;
end
$$;
comment on function a2o_private.forget_job_scope() is 'Trigger: the definition of a job has changed, so its scope is looked for anew.';
revoke all on function a2o_private.forget_job_scope() from public;

create or replace trigger forget_job_scope before update on a2o.migration_jobs
  for each row when (old.scope_id is not null and new.scope_id is not null and (
    old.source is distinct from new.source and new.job_type = 'DATASYNC'
    or old.details -> 'TableMappings' is distinct from new.details -> 'TableMappings'
    or old.details -> 'Arguments' is distinct from new.details -> 'Arguments'
    or old.details -> 'Includes' is distinct from new.details -> 'Includes'
    or old.details -> 'Excludes' is distinct from new.details -> 'Excludes'))
  execute function a2o_private.forget_job_scope();

-- The tables that DMS counts say more than patterns do.
create or replace function a2o_private.note_told_tables() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update a2o_private.job_scopes s set is_due = true
  where not s.is_due and s.id in (select j.scope_id from a2o.migration_jobs j where j.id in (select distinct t.job_id from added t));
  return null;
end
$$;
comment on function a2o_private.note_told_tables() is 'Trigger: DMS counts tables that it did not before, so the links of their task are looked at again.';
revoke all on function a2o_private.note_told_tables() from public;

create or replace trigger note_told_tables after insert on a2o.migration_job_tables
  referencing new table as added for each statement execute function a2o_private.note_told_tables();

-- Scopes go with their last job; what a person decided stays for the next run.
create or replace function a2o_private.forget_empty_scopes() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  with emptied as (
    delete from a2o_private.job_scopes s
    where s.id in (select r.scope_id from removed r) and not exists (select from a2o.migration_jobs j where j.scope_id = s.id)
      and not exists (select from a2o.migration_job_links l where l.scope_id = s.id and l.source = 'PERSON')
    returning s.id)
  delete from a2o.migration_job_links l using emptied e where l.scope_id = e.id;
  return null;
end
$$;
comment on function a2o_private.forget_empty_scopes() is 'Trigger: deletes the scopes, with their links, of which no job is left and about which nobody decided anything.';
revoke all on function a2o_private.forget_empty_scopes() from public;

create or replace trigger forget_empty_scopes after delete on a2o.migration_jobs
  referencing old table as removed for each statement execute function a2o_private.forget_empty_scopes();
