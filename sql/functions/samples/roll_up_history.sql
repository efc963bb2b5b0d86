-- Rolls up hours whose samples changed, each time from all of its samples: late and repeated ones count as they should, and
-- doing it twice changes nothing. Writers of samples touch the row of their hour and so wait for whoever rolls it up, and the
-- other way round an hour that somebody writes to is left for the next time: no sample slips between.
create or replace function a2o.roll_up_history(at_most integer default 500) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  hours a2o_private.stale_hours[];
begin
  perform a2o_private.make_history_partitions(array(
    select distinct date_trunc('month', s.hour_at at time zone 'UTC') at time zone 'UTC'
    from (select x.hour_at from a2o_private.stale_hours x order by x.hour_at limit at_most) as s));
  with picked as (
    select s.kind, s.job_id, s.hour_at from a2o_private.stale_hours s order by s.hour_at limit at_most for update skip locked),
  gone as (
    delete from a2o_private.stale_hours s using picked p where (s.kind, s.job_id, s.hour_at) = (p.kind, p.job_id, p.hour_at) returning s.*)
  select array_agg(g) into hours from gone g;
  if hours is null then
    return 0;
  end if;
  perform a2o_private.roll_up_progress(hours, 'progress_5_minutes', interval '5 minutes');
  perform a2o_private.roll_up_progress(hours, 'progress_hours', interval '1 hour');
  perform a2o_private.roll_up_metrics(hours, 'metrics_5_minutes', interval '5 minutes');
  perform a2o_private.roll_up_metrics(hours, 'metrics_hours', interval '1 hour');
  return cardinality(hours);
end
$$;
comment on function a2o.roll_up_history(integer) is E'@behavior -*\nRolls up so many hours of jobs whose samples changed, the oldest first; returns how many there were. The worker calls it every five minutes until none is left.';
revoke all on function a2o.roll_up_history(integer) from public;
grant execute on function a2o.roll_up_history(integer) to a2o_worker;

create or replace function a2o_private.roll_up_progress(hours a2o_private.stale_hours[], target text, width interval) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  execute format($sql$
    insert into a2o.%I as r (job_id, step_at, aws_account_id, samples, first_sampled_at, last_sampled_at, percent, percent_min, percent_max, percent_avg,
      rows_copied, rows_copied_min, rows_copied_max, rows_copied_avg, bytes_copied, bytes_copied_min, bytes_copied_max, bytes_copied_avg,
      bytes_total, tables_loaded, tables_total, files_copied, elapsed_ms)
    select s.job_id, s.step_at, (s.last).aws_account_id, s.samples, s.first_sampled_at, (s.last).sampled_at, (s.last).percent, s.percent_min, s.percent_max, s.percent_avg,
      (s.last).rows_copied, s.rows_copied_min, s.rows_copied_max, s.rows_copied_avg, (s.last).bytes_copied, s.bytes_copied_min, s.bytes_copied_max, s.bytes_copied_avg,
      (s.last).bytes_total, (s.last).tables_loaded, (s.last).tables_total, (s.last).files_copied, (s.last).elapsed_ms
    from (
      select p.job_id, date_bin($2, p.sampled_at, timestamptz '2000-01-01 00:00+00') as step_at, count(*)::integer as samples, min(p.sampled_at) as first_sampled_at,
        (array_agg(p order by p.sampled_at desc))[1] as last, min(p.percent) as percent_min, max(p.percent) as percent_max, avg(p.percent)::double precision as percent_avg,
        min(p.rows_copied) as rows_copied_min, max(p.rows_copied) as rows_copied_max, avg(p.rows_copied)::double precision as rows_copied_avg,
        min(p.bytes_copied) as bytes_copied_min, max(p.bytes_copied) as bytes_copied_max, avg(p.bytes_copied)::double precision as bytes_copied_avg
      from unnest($1) as h
      join a2o.migration_progress p on p.job_id = h.job_id and p.sampled_at >= h.hour_at and p.sampled_at < h.hour_at + interval '1 hour'
      where h.kind = 'PROGRESS'
      group by 1, 2) as s
    on conflict (job_id, step_at) do update set samples = excluded.samples, first_sampled_at = excluded.first_sampled_at, last_sampled_at = excluded.last_sampled_at,
      percent = excluded.percent, percent_min = excluded.percent_min, percent_max = excluded.percent_max, percent_avg = excluded.percent_avg,
      rows_copied = excluded.rows_copied, rows_copied_min = excluded.rows_copied_min, rows_copied_max = excluded.rows_copied_max, rows_copied_avg = excluded.rows_copied_avg,
      bytes_copied = excluded.bytes_copied, bytes_copied_min = excluded.bytes_copied_min, bytes_copied_max = excluded.bytes_copied_max,
      bytes_copied_avg = excluded.bytes_copied_avg, bytes_total = excluded.bytes_total, tables_loaded = excluded.tables_loaded, tables_total = excluded.tables_total,
      files_copied = excluded.files_copied, elapsed_ms = excluded.elapsed_ms
    -- Samples are only added; fewer than before means that the others have been dropped since. A step that stays costs no write.
    where excluded.samples >= r.samples and r is distinct from excluded$sql$, target) using hours, width;
end
$$;
comment on function a2o_private.roll_up_progress(a2o_private.stale_hours[], text, interval) is 'Rolls up the progress in these hours into a table of steps so wide.';
revoke all on function a2o_private.roll_up_progress(a2o_private.stale_hours[], text, interval) from public;

create or replace function a2o_private.roll_up_metrics(hours a2o_private.stale_hours[], target text, width interval) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  execute format($sql$
    insert into a2o.%I as r (job_id, metric_name, step_at, aws_account_id, unit, samples, value_avg, value_min, value_max, value_last, last_sampled_at)
    select s.job_id, s.metric_name, s.step_at, (s.last).aws_account_id, (s.last).unit, s.samples, s.value_avg, s.value_min, s.value_max, (s.last).value, (s.last).sampled_at
    from (
      select m.job_id, m.metric_name, date_bin($2, m.sampled_at, timestamptz '2000-01-01 00:00+00') as step_at, count(*)::integer as samples, avg(m.value) as value_avg,
        min(m.value) as value_min, max(m.value) as value_max, (array_agg(m order by m.sampled_at desc))[1] as last
      from unnest($1) as h
      join a2o.migration_metrics m on m.job_id = h.job_id and m.sampled_at >= h.hour_at and m.sampled_at < h.hour_at + interval '1 hour'
      where h.kind = 'METRICS'
      group by 1, 2, 3) as s
    on conflict (job_id, metric_name, step_at) do update set unit = excluded.unit, samples = excluded.samples, value_avg = excluded.value_avg, value_min = excluded.value_min,
      value_max = excluded.value_max, value_last = excluded.value_last, last_sampled_at = excluded.last_sampled_at
    where excluded.samples >= r.samples and r is distinct from excluded$sql$, target) using hours, width;
end
$$;
comment on function a2o_private.roll_up_metrics(a2o_private.stale_hours[], text, interval) is 'Rolls up the metrics in these hours into a table of steps so wide.';
revoke all on function a2o_private.roll_up_metrics(a2o_private.stale_hours[], text, interval) from public;
