-- Series of one job for a chart: equal steps in time, each with the last sample in it, and steps without a sample as nulls, so
-- that a gap is seen as a gap.
create or replace function a2o_private.chart_step(since timestamptz, until timestamptz, points integer, finest integer) returns interval
  language sql immutable parallel safe
  return make_interval(secs => (select min(s) from unnest(array[1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800, 2592000]) as s
    where s >= finest and (s * greatest(points, 2) >= extract(epoch from until - since) or s = 2592000)));
comment on function a2o_private.chart_step(timestamptz, timestamptz, integer, integer) is 'A round step in time that cuts a span into no more than so many points, and is no finer than so many seconds.';
revoke all on function a2o_private.chart_step(timestamptz, timestamptz, integer, integer) from public;
grant execute on function a2o_private.chart_step(timestamptz, timestamptz, integer, integer) to a2o_reader;

create or replace function a2o.job_progress(job_id uuid, since timestamptz default null, until timestamptz default null, points integer default 240)
  returns table (step_at timestamptz, samples integer, percent numeric, rows_copied bigint, bytes_copied bigint, bytes_total bigint, tables_loaded integer, tables_total integer,
    files_copied bigint, rows_per_second double precision, bytes_per_second double precision)
  language sql stable begin atomic
  with span as (
    select s.since, greatest(s.until, s.since + interval '1 second') as until, m.finest
    from a2o.migration_jobs j
    left join lateral (select greatest(x.poll_seconds, 1) as finest from a2o.monitors x where x.id = j.monitor_id) as m on true
    cross join lateral (
      select coalesce(job_progress.since, j.started_at, j.created_at) as since, coalesce(job_progress.until, least(j.completed_at + interval '1 minute', now()), now()) as until) as s
    where j.id = job_progress.job_id),
  step as (
    select a2o_private.chart_step(span.since, span.until, least(greatest(points, 2), 2000), coalesce(span.finest, 30)) as width, span.* from span),
  stepped as (
    select date_bin(step.width, p.sampled_at, timestamptz '2000-01-01 00:00+00') as step_at, count(*) over in_step as samples, p.*,
      row_number() over (partition by date_bin(step.width, p.sampled_at, timestamptz '2000-01-01 00:00+00') order by p.sampled_at desc) as from_last
    from step join a2o.migration_progress p on p.job_id = job_progress.job_id and p.sampled_at >= step.since and p.sampled_at <= step.until
    window in_step as (partition by date_bin(step.width, p.sampled_at, timestamptz '2000-01-01 00:00+00')))
  select g.step_at, coalesce(s.samples, 0)::integer, s.percent, s.rows_copied, s.bytes_copied, s.bytes_total, s.tables_loaded, s.tables_total, s.files_copied,
    -- Over a gap there is no rate: nobody knows how it went there. Nor is there one when the count starts anew.
    case when s.rows_copied >= lag(s.rows_copied) over in_time then
      (s.rows_copied - lag(s.rows_copied) over in_time) / nullif(extract(epoch from s.sampled_at - lag(s.sampled_at) over in_time)::double precision, 0) end,
    case when s.bytes_copied >= lag(s.bytes_copied) over in_time then
      (s.bytes_copied - lag(s.bytes_copied) over in_time) / nullif(extract(epoch from s.sampled_at - lag(s.sampled_at) over in_time)::double precision, 0) end
  from step
  cross join lateral generate_series(date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00'), step.until, step.width) as g(step_at)
  left join stepped s on s.step_at = g.step_at and s.from_last = 1
  window in_time as (order by g.step_at)
  order by g.step_at;
  end;
comment on function a2o.job_progress(uuid, timestamptz, timestamptz, integer) is
  'Progress of one job in equal steps of time, from its start until now unless told otherwise, in no more than so many points. A step in which nobody asked AWS, or AWS did not answer, has samples 0 and nulls: a gap.';
revoke all on function a2o.job_progress(uuid, timestamptz, timestamptz, integer) from public;
grant execute on function a2o.job_progress(uuid, timestamptz, timestamptz, integer) to a2o_reader;
