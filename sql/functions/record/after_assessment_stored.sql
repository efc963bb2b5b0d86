-- What reads quickly later is prepared in the same transaction that stores an assessment.
create or replace function a2o_private.after_assessment_stored(assessment_id uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  stored a2o.assessments;
  successor uuid;
begin
  select * into stored from a2o.assessments a where a.id = after_assessment_stored.assessment_id;
  -- Two assessments of one catalog that end together wait here, so that the later one finds the earlier one.
  perform pg_advisory_xact_lock(20252, hashtext(stored.aws_account_id || ' ' || stored.region));
  perform a2o_private.store_changes(assessment_id);
  successor := a2o_private.next_assessment(stored.aws_account_id, stored.region, stored.timestamp, stored.id);
  if successor is not null then
    perform a2o_private.store_changes(successor);
  end if;
  perform a2o_private.maintain_search_indexes(stored.aws_account_id, stored.region);
  if successor is null then
    perform a2o_private.relink_jobs(stored.aws_account_id, stored.region);
    perform a2o_private.refresh_migration_rollups(stored.aws_account_id, stored.region);
  end if;
end
$$;
comment on function a2o_private.after_assessment_stored(uuid) is 'Stores how the assessment differs from its neighbours, moves the search indexes to the newest, and links the jobs to its tables.';
revoke all on function a2o_private.after_assessment_stored(uuid) from public;

create or replace function a2o_private.next_assessment(account_id text, in_region text, after_time timestamptz, after_id uuid) returns uuid
  language sql stable
  return (
    select a.id from a2o.assessments a
    where a.aws_account_id = account_id and a.region = in_region and (a.timestamp > after_time or a.timestamp = after_time and a.id < after_id)
    order by a.timestamp, a.id desc limit 1);
comment on function a2o_private.next_assessment(text, text, timestamptz, uuid) is 'The assessment after a moment, of one account and region.';
revoke all on function a2o_private.next_assessment(text, text, timestamptz, uuid) from public;

create or replace function a2o.tidy_assessments() returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
-- Definer: makes and drops indexes, which only their owner may.
declare
  behind uuid;
begin
  for behind in
    select a.id from a2o.assessments a
    where a2o_private.previous_assessment(a.id) is not null and not exists (select from a2o.assessment_churn c where c.assessment_id = a.id)
  loop
    perform a2o_private.store_changes(behind);
  end loop;
  perform a2o_private.maintain_search_indexes();
end
$$;
comment on function a2o.tidy_assessments() is E'@behavior -*\nMakes up for what deleting large assessments leaves: changes against the assessment that is the previous one now, and search indexes of the one that is the newest now.';
revoke all on function a2o.tidy_assessments() from public;
grant execute on function a2o.tidy_assessments() to a2o_ingest, a2o_worker;
