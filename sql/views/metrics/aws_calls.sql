-- What monitors ask of AWS, which bills some of it.
create or replace view a2o_metrics.aws_calls with (security_invoker = true) as
  select u.day, u.aws_account_id, u.operation, sum(u.calls)::bigint as calls, sum(u.errors)::bigint as errors, sum(u.throttled)::bigint as throttled,
    sum(u.metrics_requested)::bigint as metrics_requested
  from a2o.monitor_usage u
  group by 1, 2, 3;
comment on view a2o_metrics.aws_calls is 'Calls of monitors to AWS, by day (UTC), account and operation; each attempt counts.';
comment on column a2o_metrics.aws_calls.day is 'Day in UTC.';
comment on column a2o_metrics.aws_calls.aws_account_id is 'Account that was asked.';
comment on column a2o_metrics.aws_calls.operation is 'Operation as IAM names it.';
comment on column a2o_metrics.aws_calls.calls is 'Requests sent, repeated ones too.';
comment on column a2o_metrics.aws_calls.errors is 'Those that AWS did not answer as asked.';
comment on column a2o_metrics.aws_calls.throttled is 'Those that AWS throttled.';
comment on column a2o_metrics.aws_calls.metrics_requested is 'Metrics asked for, which CloudWatch bills one by one.';
grant select on a2o_metrics.aws_calls to a2o_metrics, a2o_worker;
