-- The same figures one by one, as Prometheus takes them.
create or replace view a2o_metrics.samples with (security_invoker = true) as
  select 'a2o_queue_jobs'::text as metric, 'gauge'::text as kind, 'Tasks in the queue, by name and state.'::text as help, s.labels, s.value::double precision as value
  from (select jsonb_build_object('task', q.task, 'state', s.state), s.value from a2o_metrics.queue q cross join lateral (values ('waiting', q.waiting), ('running', q.running), ('retrying', q.retrying), ('given_up', q.given_up)) as s(state, value)) as s(labels, value)
  union all
  select 'a2o_queue_oldest_wait_seconds'::text as metric, 'gauge'::text as kind, 'Since when the oldest due task waits, by name.'::text as help, s.labels, s.value::double precision as value
  from (select jsonb_build_object('task', q.task), q.oldest_wait_seconds from a2o_metrics.queue q) as s(labels, value)
  union all
  select 'a2o_poll_lag_seconds'::text as metric, 'gauge'::text as kind, 'Since when a monitor''s next poll is overdue.'::text as help, s.labels, s.value::double precision as value
  from (select jsonb_build_object('account', m.aws_account_id, 'region', m.region, 'monitor', m.monitor_name), m.poll_lag_seconds from a2o_metrics.monitors m) as s(labels, value)
  union all
  select 'a2o_poll_success_age_seconds'::text as metric, 'gauge'::text as kind, 'Since a monitor''s latest poll in which every service answered in full.'::text as help, s.labels, s.value::double precision as value
  from (select jsonb_build_object('account', m.aws_account_id, 'region', m.region, 'monitor', m.monitor_name), m.seconds_since_success from a2o_metrics.monitors m where m.seconds_since_success is not null) as s(labels, value)
  union all
  select 'a2o_poll_consecutive_failures'::text as metric, 'gauge'::text as kind, 'Polls in a row in which not every service answered in full.'::text as help, s.labels, s.value::double precision as value
  from (select jsonb_build_object('account', m.aws_account_id, 'region', m.region, 'monitor', m.monitor_name), m.consecutive_failures from a2o_metrics.monitors m) as s(labels, value)
  union all
  select 'a2o_aws_calls_total'::text as metric, 'counter'::text as kind, 'Calls of monitors to AWS; each attempt counts.'::text as help, s.labels, s.value::double precision as value
  from (select jsonb_build_object('account', c.aws_account_id, 'operation', c.operation), sum(c.calls) from a2o_metrics.aws_calls c group by 1) as s(labels, value)
  union all
  select 'a2o_aws_call_errors_total'::text as metric, 'counter'::text as kind, 'Calls that AWS did not answer as asked.'::text as help, s.labels, s.value::double precision as value
  from (select jsonb_build_object('account', c.aws_account_id, 'operation', c.operation), sum(c.errors) from a2o_metrics.aws_calls c group by 1) as s(labels, value)
  union all
  select 'a2o_aws_calls_throttled_total'::text as metric, 'counter'::text as kind, 'Calls that AWS throttled.'::text as help, s.labels, s.value::double precision as value
  from (select jsonb_build_object('account', c.aws_account_id, 'operation', c.operation), sum(c.throttled) from a2o_metrics.aws_calls c group by 1) as s(labels, value)
  union all
  select 'a2o_cloudwatch_metrics_requested_total'::text as metric, 'counter'::text as kind, 'Metrics that CloudWatch was asked for, which it bills.'::text as help, s.labels, s.value::double precision as value
  from (select jsonb_build_object('account', c.aws_account_id), sum(c.metrics_requested) from a2o_metrics.aws_calls c group by 1) as s(labels, value)
  union all
  select 'a2o_assessment_age_seconds'::text as metric, 'gauge'::text as kind, 'Age of the newest assessment of an account and region.'::text as help, s.labels, s.value::double precision as value
  from (select jsonb_build_object('account', a.aws_account_id, 'region', a.region), a.age_seconds from a2o_metrics.assessments a) as s(labels, value)
  union all
  select 'a2o_assessment_tables'::text as metric, 'gauge'::text as kind, 'Tables in the newest assessment of an account and region.'::text as help, s.labels, s.value::double precision as value
  from (select jsonb_build_object('account', a.aws_account_id, 'region', a.region), a.total_tables from a2o_metrics.assessments a) as s(labels, value)
  union all
  select 'a2o_migration_jobs'::text as metric, 'gauge'::text as kind, 'Migration jobs, by account, type and status.'::text as help, s.labels, s.value::double precision as value
  from (select jsonb_build_object('account', j.aws_account_id, 'type', j.job_type, 'status', j.status), j.jobs from a2o_metrics.jobs j) as s(labels, value)
  union all
  select 'a2o_alerts'::text as metric, 'gauge'::text as kind, 'Alerts that are not over, by account, severity and state.'::text as help, s.labels, s.value::double precision as value
  from (select jsonb_build_object('account', a.aws_account_id, 'severity', a.severity, 'state', s.state), s.value from a2o_metrics.alerts a cross join lateral (values ('open', a.open), ('acknowledged', a.acknowledged)) as s(state, value)) as s(labels, value)
  union all
  select 'a2o_database_size_bytes'::text as metric, 'gauge'::text as kind, 'Size of the database.'::text as help, s.labels, s.value::double precision as value
  from (select '{}'::jsonb, d.size_bytes from a2o_metrics.database d) as s(labels, value)
  union all
  select 'a2o_database_connections'::text as metric, 'gauge'::text as kind, 'Connections to the database.'::text as help, s.labels, s.value::double precision as value
  from (select '{}'::jsonb, d.connections from a2o_metrics.database d) as s(labels, value)
  union all
  select 'a2o_database_max_connections'::text as metric, 'gauge'::text as kind, 'Connections that the server allows.'::text as help, s.labels, s.value::double precision as value
  from (select '{}'::jsonb, d.max_connections from a2o_metrics.database d) as s(labels, value)
  union all
  select 'a2o_database_deadlocks_total'::text as metric, 'counter'::text as kind, 'Deadlocks found since the statistics were reset.'::text as help, s.labels, s.value::double precision as value
  from (select '{}'::jsonb, d.deadlocks from a2o_metrics.database d) as s(labels, value);
comment on view a2o_metrics.samples is 'Every figure of the other views as one sample of a metric, as /metrics of the worker tells them.';
comment on column a2o_metrics.samples.metric is 'Name of the metric.';
comment on column a2o_metrics.samples.kind is 'counter or gauge.';
comment on column a2o_metrics.samples.help is 'What it means.';
comment on column a2o_metrics.samples.labels is 'Its labels.';
comment on column a2o_metrics.samples.value is 'Its value.';
grant select on a2o_metrics.samples to a2o_metrics, a2o_worker;
