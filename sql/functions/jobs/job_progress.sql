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
  step as materialized (
    select a2o_private.chart_step(span.since, span.until, least(greatest(points, 2), 2000), greatest(coalesce(span.finest, 30), a2o_private.finest_kept('progress', span.since))) as width, span.*
    from span),
  -- Each branch speaks for one resolution and is not run for the others. Steps of five minutes and more are whole ones.
  sampled as (
    select date_bin(step.width, p.sampled_at, timestamptz '2000-01-01 00:00+00') as step_at, 1 as samples, p.sampled_at, p.percent, p.rows_copied, p.bytes_copied, p.bytes_total,
      p.tables_loaded, p.tables_total, p.files_copied
    from step join a2o.migration_progress p on p.job_id = job_progress.job_id and p.sampled_at >= step.since and p.sampled_at <= step.until
    where step.width < interval '5 minutes'
    union all
    select date_bin(step.width, r.step_at, timestamptz '2000-01-01 00:00+00'), r.samples, r.last_sampled_at, r.percent, r.rows_copied, r.bytes_copied, r.bytes_total,
      r.tables_loaded, r.tables_total, r.files_copied
    from step join a2o.progress_5_minutes r on r.job_id = job_progress.job_id
      and r.step_at >= date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00') and r.step_at <= step.until
    where step.width >= interval '5 minutes' and step.width < interval '1 hour' and not exists (
      select from a2o_private.stale_hours h where h.kind = 'PROGRESS' and h.job_id = r.job_id and h.hour_at = date_trunc('hour', r.step_at, 'UTC'))
    union all
    select date_bin(step.width, r.step_at, timestamptz '2000-01-01 00:00+00'), r.samples, r.last_sampled_at, r.percent, r.rows_copied, r.bytes_copied, r.bytes_total,
      r.tables_loaded, r.tables_total, r.files_copied
    from step join a2o.progress_hours r on r.job_id = job_progress.job_id
      and r.step_at >= date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00') and r.step_at <= step.until
    where step.width >= interval '1 hour' and not exists (
      select from a2o_private.stale_hours h where h.kind = 'PROGRESS' and h.job_id = r.job_id and h.hour_at = r.step_at)
    union all
    -- Hours that are not rolled up yet.
    select date_bin(step.width, p.sampled_at, timestamptz '2000-01-01 00:00+00'), 1, p.sampled_at, p.percent, p.rows_copied, p.bytes_copied, p.bytes_total,
      p.tables_loaded, p.tables_total, p.files_copied
    from step
    join a2o_private.stale_hours h on h.kind = 'PROGRESS' and h.job_id = job_progress.job_id and h.hour_at >= step.since - interval '1 hour' - step.width and h.hour_at <= step.until
    join a2o.migration_progress p on p.job_id = h.job_id and p.sampled_at >= h.hour_at and p.sampled_at < h.hour_at + interval '1 hour'
    where step.width >= interval '5 minutes' and p.sampled_at >= date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00')
      and date_bin(case when step.width < interval '1 hour' then interval '5 minutes' else interval '1 hour' end, p.sampled_at, timestamptz '2000-01-01 00:00+00') <= step.until),
  stepped as (
    select s.*, sum(s.samples) over (partition by s.step_at) as samples_in_step, row_number() over (partition by s.step_at order by s.sampled_at desc) as from_last
    from sampled s)
  select g.step_at, coalesce(s.samples_in_step, 0)::integer, s.percent, s.rows_copied, s.bytes_copied, s.bytes_total, s.tables_loaded, s.tables_total, s.files_copied,
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
  'Progress of one job in equal steps of time, from its start until now unless told otherwise, in no more than so many points. Long times come from the roll-ups, in whole steps. A step in which nobody asked AWS, or AWS did not answer, has samples 0 and nulls: a gap.';
revoke all on function a2o.job_progress(uuid, timestamptz, timestamptz, integer) from public;
grant execute on function a2o.job_progress(uuid, timestamptz, timestamptz, integer) to a2o_reader;
