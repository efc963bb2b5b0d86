-- Whether polls come when they are due.
create or replace view a2o_metrics.monitors with (security_invoker = true) as
  select m.aws_account_id, m.region, m.monitor_name, m.is_paused, m.is_simulated, m.running_jobs, m.consecutive_failures,
    case when m.is_paused then 0 else greatest(0, extract(epoch from now() - coalesce(m.next_poll_at, m.created_at))) end::double precision as poll_lag_seconds,
    extract(epoch from now() - m.last_succeeded_at)::double precision as seconds_since_success
  from a2o.monitors m;
comment on view a2o_metrics.monitors is 'Each monitor: whether its polls come when they are due and go well.';
comment on column a2o_metrics.monitors.aws_account_id is 'Account that is watched.';
comment on column a2o_metrics.monitors.region is 'Region that is watched.';
comment on column a2o_metrics.monitors.monitor_name is 'Name of the monitor.';
comment on column a2o_metrics.monitors.is_paused is 'True when nobody wants it polled now.';
comment on column a2o_metrics.monitors.is_simulated is 'True when the AWS simulator answers.';
comment on column a2o_metrics.monitors.running_jobs is 'Jobs that ran at the latest poll.';
comment on column a2o_metrics.monitors.consecutive_failures is 'Polls in a row in which not every service answered in full.';
comment on column a2o_metrics.monitors.poll_lag_seconds is 'Since when the next poll is overdue; 0 when it is not, or paused.';
comment on column a2o_metrics.monitors.seconds_since_success is 'Since the latest poll in which every service answered in full; null before the first.';
grant select on a2o_metrics.monitors to a2o_metrics, a2o_worker;
