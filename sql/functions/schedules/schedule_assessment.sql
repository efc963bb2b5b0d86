-- Definers, because an operator writes no table directly and may be the first to name an account. Only the names of
-- credentials are taken.
create or replace function a2o.schedule_assessment(
  account_id text, regions text, every text, profile_name text default null, role_arn text default null, external_id text default null, scope jsonb default '{}'
) returns a2o.assessment_schedules
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  scheduled a2o.assessment_schedules;
  is_cron boolean := cardinality(regexp_split_to_array(trim(every), '\s+')) = 5;
  next_one timestamptz := a2o.next_run(every, now());
begin
  if account_id = '*' then
    raise exception 'a schedule assesses one account' using errcode = 'A2O05', hint = 'Give its twelve digits.';
  end if;
  perform a2o_private.check_account_id(account_id);
  if not a2o_private.may_read_account(account_id)
    and not exists (select from a2o.account_access g where g.member = a2o_private.current_member() and g.aws_account_id in ('*', schedule_assessment.account_id)) then
    raise exception 'account % is not yours to assess', account_id using errcode = 'A2O41', hint = 'Whoever owns the database grants it: aws2openstack access grant MEMBER ACCOUNT.';
  end if;
  insert into a2o.accounts (aws_account_id) values (account_id) on conflict do nothing;
  -- The first run of an interval is at once, so that one sees soon whether it works.
  insert into a2o.assessment_schedules as s (aws_account_id, regions, every, profile_name, role_arn, external_id, scope, created_by, next_run_at)
  values (account_id, schedule_assessment.regions, schedule_assessment.every, schedule_assessment.profile_name, schedule_assessment.role_arn,
    schedule_assessment.external_id, schedule_assessment.scope, coalesce(a2o_private.current_member(), session_user),
    case when is_cron then next_one else now() end)
  on conflict on constraint assessment_schedules_wish_key do update
    set every = excluded.every, external_id = excluded.external_id, is_paused = false,
      next_run_at = a2o.next_run(excluded.every, coalesce(s.last_started_at, now()))
  returning * into scheduled;
  return scheduled;
exception when check_violation then
  raise exception 'the schedule does not fit together: %', sqlerrm
    using errcode = 'A2O42', hint = 'Regions are names, patterns or all; a role is one of the assessed account; an external id goes with a role.';
end
$$;
comment on function a2o.schedule_assessment(text, text, text, text, text, text, jsonb) is
  'Lets the worker assess an account again and again; the same account, regions, credentials and scope once more changes how often. Errors: A2O05 not an account id, A2O40 every makes no sense, A2O41 not your account, A2O42 the settings do not fit.';
revoke all on function a2o.schedule_assessment(text, text, text, text, text, text, jsonb) from public;
grant execute on function a2o.schedule_assessment(text, text, text, text, text, text, jsonb) to a2o_operator, a2o_ingest;
