-- Definers, because operators write no table. What they decide holds for the other runs that say they move the same.
create or replace function a2o_private.operated_job(job_id uuid) returns a2o.migration_jobs
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  found_one a2o.migration_jobs;
begin
  select * into found_one from a2o.migration_jobs j where j.id = operated_job.job_id for update;
  if not coalesce(a2o_private.may_read_account(coalesce(found_one.aws_account_id, '')), false) or found_one.id is null then
    raise exception 'there is no job % of yours', coalesce(job_id::text, 'null') using errcode = 'A2O62', hint = 'The table migration_jobs lists them.';
  end if;
  if found_one.scope_id is null then
    perform a2o_private.assign_scopes(found_one.aws_account_id, found_one.region);
    select * into found_one from a2o.migration_jobs j where j.id = operated_job.job_id;
  end if;
  return found_one;
end
$$;
comment on function a2o_private.operated_job(uuid) is 'The job, locked, with its scope, if the caller may read its account. Error: A2O62 there is none, or it belongs to another account.';
revoke all on function a2o_private.operated_job(uuid) from public;

create or replace function a2o_private.decided(job a2o.migration_jobs) returns a2o.migration_jobs
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform a2o_private.name_only_tables(array[job.scope_id]);
  perform a2o_private.refresh_migration_rollups(job.aws_account_id, job.region);
  perform a2o_private.announce('job', job.aws_account_id, job.id);
  select * into job from a2o.migration_jobs j where j.id = job.id;
  return job;
end
$$;
comment on function a2o_private.decided(a2o.migration_jobs) is 'The job after a decision about its links, of which listeners hear.';
revoke all on function a2o_private.decided(a2o.migration_jobs) from public;

create or replace function a2o.link_job(job_id uuid, database_name text, table_name text default null) returns a2o.migration_jobs
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  job a2o.migration_jobs := a2o_private.operated_job(job_id);
  who text := coalesce(a2o_private.current_member(), session_user);
  identity uuid := a2o.table_identity(job.aws_account_id, job.region, link_job.database_name, link_job.table_name);
begin
  if table_name is null then
    update a2o.migration_job_links l set state = 'LINKED', source = 'PERSON', decided_by = who, decided_at = now()
    where l.scope_id = job.scope_id and l.database_name = link_job.database_name and l.state = 'CANDIDATE';
    if not found then
      raise exception 'the job has no candidates in database %', coalesce(quote_literal(left(database_name, 100)), 'null')
        using errcode = 'A2O64', hint = 'Name a table to link, or see the view job_links.';
    end if;
    return a2o_private.decided(job);
  end if;
  update a2o.migration_job_links l set state = 'LINKED', source = 'PERSON', decided_by = who, decided_at = now()
  where l.scope_id = job.scope_id and l.database_name = link_job.database_name and l.table_name = link_job.table_name
    and (l.state <> 'LINKED' or l.source <> 'PERSON');
  if not found and not exists (
    select from a2o.migration_job_links l where l.scope_id = job.scope_id and l.database_name = link_job.database_name and l.table_name = link_job.table_name)
  then
    if not exists (select from a2o.tables t where t.id = identity) then
      raise exception 'no assessment of account % in % has a table %', job.aws_account_id, job.region, quote_literal(left(database_name, 100) || '.' || left(table_name, 100))
        using errcode = 'A2O63', hint = 'Names are those of the Glue catalog, in lower case; search_tables finds them.';
    end if;
    insert into a2o.migration_job_links (scope_id, database_name, table_name, table_id, aws_account_id, region, state, source, decided_by, decided_at)
    values (job.scope_id, database_name, table_name, identity, job.aws_account_id, job.region, 'LINKED', 'PERSON', who, now());
  end if;
  return a2o_private.decided(job);
end
$$;
comment on function a2o.link_job(uuid, text, text) is 'Says that a job moves a table of its account and region: confirms a candidate, or adds a link that no rule finds. Without a table, confirms every candidate in the database. Holds for every run that says it moves the same, and is never overwritten. Errors: A2O62 no such job, A2O63 no such table, A2O64 no candidates there.';
revoke all on function a2o.link_job(uuid, text, text) from public;
grant execute on function a2o.link_job(uuid, text, text) to a2o_operator;

create or replace function a2o.unlink_job(job_id uuid, database_name text, table_name text default null) returns a2o.migration_jobs
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  job a2o.migration_jobs := a2o_private.operated_job(job_id);
begin
  update a2o.migration_job_links l set state = 'REJECTED', source = 'PERSON', decided_by = coalesce(a2o_private.current_member(), session_user), decided_at = now()
  where l.scope_id = job.scope_id and l.database_name = unlink_job.database_name
    and case when unlink_job.table_name is null then l.state = 'CANDIDATE' else l.table_name = unlink_job.table_name and l.state <> 'REJECTED' end;
  if not found then
    raise exception 'the job has no link to %', coalesce(quote_literal(left(database_name, 100) || coalesce('.' || left(table_name, 100), '.…')), 'null')
      using errcode = 'A2O64', hint = 'The view job_links lists those it has, and those that were rejected already.';
  end if;
  return a2o_private.decided(job);
end
$$;
comment on function a2o.unlink_job(uuid, text, text) is 'Says that a job does not move a table: rejects a candidate or a link, so that no rule brings it back. Without a table, rejects every candidate in the database. Taken back by link_job. Errors: A2O62 no such job, A2O64 no such link.';
revoke all on function a2o.unlink_job(uuid, text, text) from public;
grant execute on function a2o.unlink_job(uuid, text, text) to a2o_operator;
