-- How fast a running job is, from its samples of the last 15 minutes, and when it will be done if it goes on like that. The
-- window is halved: if both halves went at the same pace, the estimate is good. Where a percentage moves in steps too coarse for
-- the window, the pace since the start must do, with little confidence. Called once per job by views, so it reads few rows.
create or replace function a2o_private.pace(from_value double precision, from_time timestamptz, to_value double precision, to_time timestamptz) returns double precision
  language sql immutable parallel safe
  return case when to_value < from_value then 0 else (to_value - from_value) / nullif(extract(epoch from to_time - from_time)::double precision, 0) end;
comment on function a2o_private.pace(double precision, timestamptz, double precision, timestamptz) is 'How much a value rises in a second; zero when it falls, null when one of the two is missing.';
revoke all on function a2o_private.pace(double precision, timestamptz, double precision, timestamptz) from public;
grant execute on function a2o_private.pace(double precision, timestamptz, double precision, timestamptz) to a2o_reader, a2o_worker;

create or replace function a2o_private.job_pace(job_id uuid, started_at timestamptz, percent numeric, is_loading boolean)
  returns table (samples integer, sampled_at timestamptz, rows_per_second double precision, bytes_per_second double precision, percent_per_hour double precision,
    eta_at timestamptz, eta_earliest_at timestamptz, eta_latest_at timestamptz, eta_confidence a2o.confidence, quiet_since timestamptz)
  language sql stable begin atomic
  with recent as (
    select p.*, case when p.bytes_total > 0 and p.bytes_copied is not null then least(p.bytes_copied::double precision / p.bytes_total, 1) else p.percent::double precision / 100 end as fraction
    from (
      select * from a2o.migration_progress x
      where x.job_id = job_pace.job_id and x.sampled_at > now() - interval '15 minutes'
      order by x.sampled_at desc limit 30) as p),
  stepped as (
    select r.*, row_number() over in_time as position, count(*) over () as total,
      extract(epoch from r.sampled_at - lag(r.sampled_at) over in_time)::double precision as seconds,
      r.rows_copied - lag(r.rows_copied) over in_time as row_step, r.bytes_copied - lag(r.bytes_copied) over in_time as byte_step
    from recent r window in_time as (order by r.sampled_at)),
  summed as (
    select count(*)::integer as samples, max(s.sampled_at) as last_at,
      sum(s.row_step) filter (where s.row_step >= 0)::double precision / nullif(sum(s.seconds) filter (where s.row_step >= 0), 0) as rows_per_second,
      sum(s.byte_step) filter (where s.byte_step >= 0)::double precision / nullif(sum(s.seconds) filter (where s.byte_step >= 0), 0) as bytes_per_second,
      max(s.fraction) filter (where s.position = 1) as first_fraction, max(s.fraction) filter (where s.position = (s.total + 1) / 2) as middle_fraction,
      max(s.fraction) filter (where s.position = s.total) as last_fraction, min(s.sampled_at) as first_at,
      max(s.sampled_at) filter (where s.position = (s.total + 1) / 2) as middle_at
    from stepped s),
  paced as (
    select s.*, 1 - s.last_fraction as remaining,
      a2o_private.pace(s.first_fraction, s.first_at, s.last_fraction, s.last_at) as pace,
      a2o_private.pace(s.first_fraction, s.first_at, s.middle_fraction, s.middle_at) as first_pace,
      a2o_private.pace(s.middle_fraction, s.middle_at, s.last_fraction, s.last_at) as second_pace,
      -- Since its start, which for one that waited long is too slow: that is why it is trusted last.
      s.last_fraction / nullif(extract(epoch from s.last_at - job_pace.started_at)::double precision, 0) as overall_pace
    from summed s),
  judged as (
    select p.*, case
        when p.samples >= 10 and p.pace > 0 and p.last_fraction - p.first_fraction >= 0.02 and least(p.first_pace, p.second_pace) >= 0.8 * greatest(p.first_pace, p.second_pace) then 'HIGH'
        when p.samples >= 4 and p.pace > 0 and p.last_fraction - p.first_fraction >= 0.01 and least(p.first_pace, p.second_pace) >= 0.5 * greatest(p.first_pace, p.second_pace) then 'MEDIUM'
        when p.samples >= 2 and (p.pace > 0 or p.overall_pace > 0) then 'LOW' end::a2o.confidence as confidence
    from paced p),
  -- The last sample that differs from the newest one; all since then say that nothing moved.
  quiet as (
    select coalesce((
        select x.sampled_at from a2o.migration_progress x
        where x.job_id = job_pace.job_id and x.sampled_at > now() - interval '6 hours' and x.sampled_at < n.sampled_at
          and (x.percent, x.rows_copied, x.bytes_copied, x.tables_loaded, x.files_copied) is distinct from (n.percent, n.rows_copied, n.bytes_copied, n.tables_loaded, n.files_copied)
        order by x.sampled_at desc limit 1), (
        -- Before the first sample nobody looked.
        select min(x.sampled_at) from a2o.migration_progress x where x.job_id = job_pace.job_id and x.sampled_at > now() - interval '6 hours')) as since
    from (select r.* from recent r order by r.sampled_at desc limit 1) as n
    where job_pace.is_loading and coalesce(n.percent, n.rows_copied, n.bytes_copied, n.tables_loaded, n.files_copied) is not null)
  select j.samples, j.last_at, j.rows_per_second, j.bytes_per_second, j.pace * 360000,
    case when j.remaining > 0 and is_loading then j.last_at + make_interval(secs => least(j.remaining / nullif(case when j.pace > 0 then j.pace else j.overall_pace end, 0), 315360000)) end,
    case when j.remaining > 0 and is_loading and j.samples >= 2 then j.last_at + make_interval(secs => least(j.remaining / nullif(greatest(j.first_pace, j.second_pace, j.pace, j.overall_pace), 0), 315360000)) end,
    case when j.remaining > 0 and is_loading and j.samples >= 2 and least(j.first_pace, j.second_pace) > 0
      then j.last_at + make_interval(secs => least(j.remaining / nullif(least(j.first_pace, j.second_pace), 0), 315360000)) end,
    case when j.remaining > 0 and is_loading then j.confidence end, (select q.since from quiet q)
  from judged j
  where j.samples > 0;
  end;
comment on function a2o_private.job_pace(uuid, timestamptz, numeric, boolean) is 'Rates of a job over its latest samples, when it will be done with what confidence, and since when nothing moved.';
revoke all on function a2o_private.job_pace(uuid, timestamptz, numeric, boolean) from public;
grant execute on function a2o_private.job_pace(uuid, timestamptz, numeric, boolean) to a2o_reader, a2o_worker;
