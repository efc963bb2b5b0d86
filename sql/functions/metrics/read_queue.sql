-- The queue's schema is made after ours, by its own tool, so its view is named only when it is read.
create or replace function a2o_metrics.read_queue()
returns table (task text, waiting bigint, running bigint, retrying bigint, given_up bigint, oldest_wait_seconds double precision)
language plpgsql stable as $$
begin
  if to_regclass('graphile_worker.jobs') is null then
    return;
  end if;
  return query
    select j.task_identifier::text,
      count(*) filter (where j.locked_at is null and j.attempts < j.max_attempts and j.run_at <= now()),
      count(*) filter (where j.locked_at is not null),
      count(*) filter (where j.locked_at is null and j.attempts between 1 and j.max_attempts - 1),
      count(*) filter (where j.attempts >= j.max_attempts and j.locked_at is null),
      coalesce(extract(epoch from now() - min(j.run_at) filter (where j.locked_at is null and j.attempts < j.max_attempts and j.run_at <= now())), 0)::double precision
    from graphile_worker.jobs j
    group by 1;
end
$$;
comment on function a2o_metrics.read_queue() is 'What the view queue shows.';
revoke all on function a2o_metrics.read_queue() from public;
grant execute on function a2o_metrics.read_queue() to a2o_metrics, a2o_worker;
