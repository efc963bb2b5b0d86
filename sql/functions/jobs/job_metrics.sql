create or replace function a2o.job_metrics(job_id uuid, since timestamptz default null, until timestamptz default null, points integer default 240, metric_names text[] default null)
  returns table (metric_name text, unit text, step_at timestamptz, samples integer, average double precision, minimum double precision, maximum double precision)
  language sql stable begin atomic
  with span as (
    select coalesce(job_metrics.since, j.started_at, j.created_at) as since, coalesce(job_metrics.until, least(j.completed_at + interval '5 minutes', now()), now()) as until
    from a2o.migration_jobs j where j.id = job_metrics.job_id),
  step as (select a2o_private.chart_step(span.since, greatest(span.until, span.since), least(greatest(points, 2), 2000), 60) as width, span.* from span),
  stepped as (
    select m.metric_name, max(m.unit) as unit, date_bin(step.width, m.sampled_at, timestamptz '2000-01-01 00:00+00') as step_at, count(*)::integer as samples,
      avg(m.value) as average, min(m.value) as minimum, max(m.value) as maximum
    from step join a2o.migration_metrics m on m.job_id = job_metrics.job_id and m.sampled_at >= step.since - step.width and m.sampled_at <= step.until
    where job_metrics.metric_names is null or m.metric_name = any (job_metrics.metric_names)
    group by m.metric_name, date_bin(step.width, m.sampled_at, timestamptz '2000-01-01 00:00+00'))
  -- Each metric from its first data point to its last: before and after, CloudWatch had none to give.
  select n.metric_name, n.unit, g.step_at, coalesce(s.samples, 0), s.average, s.minimum, s.maximum
  from (select x.metric_name, max(x.unit) as unit, min(x.step_at) as first_at, max(x.step_at) as last_at from stepped x group by x.metric_name) as n
  cross join step
  cross join lateral generate_series(n.first_at, n.last_at, step.width) as g(step_at)
  left join stepped s on s.metric_name = n.metric_name and s.step_at = g.step_at
  order by n.metric_name, g.step_at;
  end;
comment on function a2o.job_metrics(uuid, timestamptz, timestamptz, integer, text[]) is
  'CloudWatch metrics of one job in equal steps of time, all of them or those named, in no more than so many points each. A step without a data point has samples 0 and nulls: a gap.';
revoke all on function a2o.job_metrics(uuid, timestamptz, timestamptz, integer, text[]) from public;
grant execute on function a2o.job_metrics(uuid, timestamptz, timestamptz, integer, text[]) to a2o_reader;
