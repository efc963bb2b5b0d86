create or replace function a2o.job_metrics(job_id uuid, since timestamptz default null, until timestamptz default null, points integer default 240, metric_names text[] default null)
  returns table (metric_name text, unit text, step_at timestamptz, samples integer, average double precision, minimum double precision, maximum double precision)
  language sql stable begin atomic
  with span as (
    select coalesce(job_metrics.since, j.started_at, j.created_at) as since, coalesce(job_metrics.until, least(j.completed_at + interval '5 minutes', now()), now()) as until
    from a2o.migration_jobs j where j.id = job_metrics.job_id),
  step as materialized (
    select a2o_private.chart_step(span.since, greatest(span.until, span.since), least(greatest(points, 2), 2000), greatest(60, a2o_private.finest_kept('metrics', span.since))) as width, span.*
    from span),
  -- Each branch speaks for one resolution and is not run for the others. Steps of five minutes and more are whole ones.
  sampled as (
    select m.metric_name, m.unit, m.sampled_at, 1 as samples, m.value as value_avg, m.value as value_min, m.value as value_max
    from step join a2o.migration_metrics m on m.job_id = job_metrics.job_id and m.sampled_at >= step.since - step.width and m.sampled_at <= step.until
    where step.width < interval '5 minutes' and (job_metrics.metric_names is null or m.metric_name = any (job_metrics.metric_names))
    union all
    select r.metric_name, r.unit, r.step_at, r.samples, r.value_avg, r.value_min, r.value_max
    from step join a2o.metrics_5_minutes r on r.job_id = job_metrics.job_id
      and r.step_at >= date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00') and r.step_at <= step.until
    where step.width >= interval '5 minutes' and step.width < interval '1 hour' and (job_metrics.metric_names is null or r.metric_name = any (job_metrics.metric_names))
      and not exists (select from a2o_private.stale_hours h where h.kind = 'METRICS' and h.job_id = r.job_id and h.hour_at = date_trunc('hour', r.step_at, 'UTC'))
    union all
    select r.metric_name, r.unit, r.step_at, r.samples, r.value_avg, r.value_min, r.value_max
    from step join a2o.metrics_hours r on r.job_id = job_metrics.job_id
      and r.step_at >= date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00') and r.step_at <= step.until
    where step.width >= interval '1 hour' and (job_metrics.metric_names is null or r.metric_name = any (job_metrics.metric_names))
      and not exists (select from a2o_private.stale_hours h where h.kind = 'METRICS' and h.job_id = r.job_id and h.hour_at = r.step_at)
    union all
    -- Hours that are not rolled up yet.
    select m.metric_name, m.unit, m.sampled_at, 1, m.value, m.value, m.value
    from step
    join a2o_private.stale_hours h on h.kind = 'METRICS' and h.job_id = job_metrics.job_id and h.hour_at >= step.since - interval '1 hour' - step.width and h.hour_at <= step.until
    join a2o.migration_metrics m on m.job_id = h.job_id and m.sampled_at >= h.hour_at and m.sampled_at < h.hour_at + interval '1 hour'
    where step.width >= interval '5 minutes' and (job_metrics.metric_names is null or m.metric_name = any (job_metrics.metric_names))
      and m.sampled_at >= date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00')
      and date_bin(case when step.width < interval '1 hour' then interval '5 minutes' else interval '1 hour' end, m.sampled_at, timestamptz '2000-01-01 00:00+00') <= step.until),
  stepped as (
    select s.metric_name, max(s.unit) as unit, date_bin(step.width, s.sampled_at, timestamptz '2000-01-01 00:00+00') as step_at, sum(s.samples)::integer as samples,
      sum(s.value_avg * s.samples) / sum(s.samples) as average, min(s.value_min) as minimum, max(s.value_max) as maximum
    from step cross join sampled s
    group by s.metric_name, date_bin(step.width, s.sampled_at, timestamptz '2000-01-01 00:00+00'))
  -- Each metric from its first data point to its last: before and after, CloudWatch had none to give.
  select n.metric_name, n.unit, g.step_at, coalesce(s.samples, 0), s.average, s.minimum, s.maximum
  from (select x.metric_name, max(x.unit) as unit, min(x.step_at) as first_at, max(x.step_at) as last_at from stepped x group by x.metric_name) as n
  cross join step
  cross join lateral generate_series(n.first_at, n.last_at, step.width) as g(step_at)
  left join stepped s on s.metric_name = n.metric_name and s.step_at = g.step_at
  order by n.metric_name, g.step_at;
  end;
comment on function a2o.job_metrics(uuid, timestamptz, timestamptz, integer, text[]) is
  'CloudWatch metrics of one job in equal steps of time, all of them or those named, in no more than so many points each. Long times come from the roll-ups, in whole steps. A step without a data point has samples 0 and nulls: a gap.';
revoke all on function a2o.job_metrics(uuid, timestamptz, timestamptz, integer, text[]) from public;
grant execute on function a2o.job_metrics(uuid, timestamptz, timestamptz, integer, text[]) to a2o_reader;
