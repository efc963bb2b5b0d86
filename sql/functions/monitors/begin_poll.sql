-- A poll is leased for a minute, less where polls follow each other quickly: two workers do not ask AWS twice for one thing. That saves calls and is no lock; polls that
-- overlap all the same are told apart by record_poll.
create or replace function a2o.begin_poll(monitor_id uuid, poll_id uuid) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors;
begin
  update a2o.monitors m set poll_id = begin_poll.poll_id, poll_started_at = now(), leased_until = now() + make_interval(secs => least(greatest(2 * m.poll_seconds, 6), 60))
  where m.id = begin_poll.monitor_id and not m.is_paused and coalesce(m.next_poll_at, now()) <= now() + interval '1 second'
    and coalesce(m.leased_until, now()) <= now()
  returning * into monitor;
  if not found then
    return null;
  end if;
  return jsonb_build_object(
    'monitor', to_jsonb(monitor),
    'seconds_left', extract(epoch from monitor.leased_until - now()),
    'asks_metrics', monitor.metrics_seconds is not null and not exists (
      select from a2o.monitor_services s
      where s.monitor_id = monitor.id and s.service = 'CLOUDWATCH' and s.last_polled_at > now() - make_interval(secs => monitor.metrics_seconds) + interval '1 second'),
    'open_jobs', coalesce((
      select jsonb_agg(jsonb_build_object('job_type', j.job_type, 'aws_job_id', j.aws_job_id, 'aws_parent_id', j.aws_parent_id, 'job_name', j.job_name,
        'source', j.source, 'target', j.target, 'details', j.details))
      from a2o.migration_jobs j
      where j.aws_account_id = monitor.aws_account_id and j.region = monitor.region and j.status in ('PENDING', 'RUNNING') and j.gone_at is null), '[]'));
end
$$;
comment on function a2o.begin_poll(uuid, uuid) is E'@behavior -*\nStarts a poll: returns the monitor, the jobs that have not ended, and whether CloudWatch is to be asked; null when the monitor is gone, paused, not due, or being polled.';
revoke all on function a2o.begin_poll(uuid, uuid) from public;
grant execute on function a2o.begin_poll(uuid, uuid) to a2o_worker;

create or replace function a2o.monitors_to_poll() returns table (monitor_id uuid)
  language sql stable as $$
  select m.id from a2o.monitors m
  where not m.is_paused and coalesce(m.next_poll_at, now()) <= now() and coalesce(m.leased_until, now()) <= now()
  order by m.next_poll_at, m.id
$$;
comment on function a2o.monitors_to_poll() is E'@behavior -*\nMonitors that are due and not being polled: new ones, and those whose worker died.';
revoke all on function a2o.monitors_to_poll() from public;
grant execute on function a2o.monitors_to_poll() to a2o_worker;

create or replace function a2o.jobs_to_describe(monitor_id uuid, job_type text, aws_job_ids text[]) returns text[]
  language sql stable as $$
  select coalesce(array_agg(asked.aws_job_id), '{}')
  from a2o.monitors m cross join unnest(aws_job_ids) as asked(aws_job_id)
  where m.id = jobs_to_describe.monitor_id and not exists (
    select from (
      select j.status, j.details from a2o.migration_jobs j
      where j.aws_account_id = m.aws_account_id and j.region = m.region and j.job_type = jobs_to_describe.job_type and j.aws_job_id = asked.aws_job_id
      order by j.created_at desc, j.run_key desc limit 1) as newest
    where case jobs_to_describe.job_type when 'DMS' then newest.details ? 'TableMappings' else newest.status in ('COMPLETED', 'FAILED') end)
$$;
comment on function a2o.jobs_to_describe(uuid, text, text[]) is E'@behavior -*\nWhich of these jobs AWS has to be asked about in full: DMS tasks whose table mappings are not known for their latest run, and runs of the other services that are not known to be over.';
revoke all on function a2o.jobs_to_describe(uuid, text, text[]) from public;
grant execute on function a2o.jobs_to_describe(uuid, text, text[]) to a2o_worker;
