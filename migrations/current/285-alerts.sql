create type a2o.alert_severity as enum ('INFO', 'WARNING', 'CRITICAL');
comment on type a2o.alert_severity is 'How much an alert matters, the least first.';

create type a2o.alert_state as enum ('OPEN', 'ACKNOWLEDGED', 'RESOLVED');
comment on type a2o.alert_state is 'OPEN: nobody has looked after it. ACKNOWLEDGED: somebody has, and it holds still. RESOLVED: over.';

create type a2o.alert_resolution as enum ('CLEARED', 'ACKNOWLEDGED');
comment on type a2o.alert_resolution is 'CLEARED: what it told of ended, or a later run took the place of the job. ACKNOWLEDGED: its job is over, so nothing but a person could end it.';

create table a2o.alert_rules (
  code text primary key,
  severity a2o.alert_severity not null,
  title text not null,
  threshold double precision,
  unit text,
  is_enabled boolean not null default true,
  explanation text not null,
  remedy text not null
);
comment on table a2o.alert_rules is 'What is looked for after every poll. The owner changes severity, threshold and is_enabled; the next poll goes by them.';
comment on column a2o.alert_rules.code is 'Code kept in alerts.rule_code.';
comment on column a2o.alert_rules.severity is 'How much it matters.';
comment on column a2o.alert_rules.title is 'The alert in a few words.';
comment on column a2o.alert_rules.threshold is 'What the value must exceed; null where there is none.';
comment on column a2o.alert_rules.unit is 'Unit of threshold and value.';
comment on column a2o.alert_rules.is_enabled is 'False silences the rule, and resolves its alerts.';
comment on column a2o.alert_rules.explanation is 'When the rule speaks.';
comment on column a2o.alert_rules.remedy is 'What to do.';
insert into a2o.alert_rules (code, severity, title, threshold, unit, explanation, remedy) values
  ('JOB_FAILED', 'CRITICAL', 'Job failed', null, null,
    'A job ended with an error while it was watched, or within the day before it was first seen. Ends when it runs again, or a later run of the same task ends.',
    'Read AWS''s message, mend its cause and start the task again, or acknowledge.'),
  ('JOB_STALLED', 'WARNING', 'Job stalled', 600, 'seconds',
    'A job loads, AWS answers, and nothing moved for longer than the threshold.',
    'Look at the task''s log in AWS: locks at the source, a full target, throttled storage.'),
  ('VALIDATION_ERRORS', 'CRITICAL', 'Validation found differences', 0, 'rows',
    'DMS compared source and target, and more rows differ than the threshold.',
    'Look the rows up in the control table awsdms_validation_failures_v1 of the target; reload the tables concerned.'),
  ('CDC_LATENCY', 'WARNING', 'Replication lags behind', 300, 'seconds',
    'The newer of CDCLatencySource and CDCLatencyTarget that CloudWatch told in the last quarter of an hour is above the threshold.',
    'High at the source: reading its log is slow. High at the target only: writing is; look at its indexes, size and batch apply.'),
  ('ERROR_ROWS', 'WARNING', 'Rows were refused', 0, 'rows',
    'The target refused more rows of the full load than the threshold.',
    'Look the rows up in the control table awsdms_apply_exceptions of the target.'),
  ('TABLES_ERRORED', 'CRITICAL', 'Tables failed', 0, 'tables',
    'DMS gave up more tables of a task than the threshold; the others go on.',
    'See which in migration_job_tables, mend the cause and reload them.'),
  ('MONITOR_BLIND', 'CRITICAL', 'AWS does not answer', 2, 'polls',
    'No service has answered a monitor in more polls in a row than the threshold.',
    'aws2openstack monitor test NAME tells what is refused and which permission or credential is missing.'),
  ('MONITOR_LATE', 'CRITICAL', 'Nobody polls', 300, 'seconds',
    'A monitor has been overdue for longer than the threshold, although a worker is there.',
    'See what the worker logs; start more workers when one is too slow.');

create table a2o.alerts (
  id uuid primary key default gen_random_uuid(),
  rule_code text not null references a2o.alert_rules,
  aws_account_id varchar(12) not null references a2o.accounts,
  region varchar(50) not null,
  job_id uuid references a2o.migration_jobs on delete cascade,
  monitor_id uuid references a2o.monitors on delete cascade,
  severity a2o.alert_severity not null,
  message text not null,
  value double precision,
  threshold double precision,
  opened_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  acknowledged_at timestamptz,
  acknowledged_by text,
  acknowledged_note text,
  resolved_at timestamptz,
  resolution a2o.alert_resolution,
  job_completed_at timestamptz,
  is_simulated boolean not null default false,
  check (num_nonnulls(job_id, monitor_id) = 1),
  check ((acknowledged_at is null) = (acknowledged_by is null)),
  check (acknowledged_note is null or acknowledged_at is not null),
  check ((resolved_at is null) = (resolution is null))
);
create unique index alerts_open_key on a2o.alerts (rule_code, coalesce(job_id, monitor_id)) where resolved_at is null;
create index alerts_rule_code_idx on a2o.alerts (rule_code);
create index alerts_aws_account_id_idx on a2o.alerts (aws_account_id, opened_at desc);
create index alerts_opened_at_idx on a2o.alerts (opened_at desc);
create index alerts_job_id_idx on a2o.alerts (job_id, rule_code);
create index alerts_monitor_id_idx on a2o.alerts (monitor_id);
comment on table a2o.alerts is 'What went wrong with jobs and monitors: one open alert for each rule and subject, opened and resolved in the transaction of the poll that told.';
comment on column a2o.alerts.rule_code is 'The rule that spoke.';
comment on column a2o.alerts.aws_account_id is 'Account of the subject.';
comment on column a2o.alerts.region is 'Region of the subject.';
comment on column a2o.alerts.job_id is 'The job it is about; null when it is about a monitor.';
comment on column a2o.alerts.monitor_id is 'The monitor it is about; null when it is about a job.';
comment on column a2o.alerts.severity is 'The rule''s severity when it was opened.';
comment on column a2o.alerts.message is 'What happened, in words; AWS''s own are kept as they are.';
comment on column a2o.alerts.value is 'What was measured last, in the rule''s unit.';
comment on column a2o.alerts.threshold is 'What it exceeded.';
comment on column a2o.alerts.opened_at is 'When it was opened.';
comment on column a2o.alerts.last_seen_at is 'When it was last found to hold, to within five minutes.';
comment on column a2o.alerts.acknowledged_at is 'When somebody took it on; null when nobody has.';
comment on column a2o.alerts.acknowledged_by is 'Who did: login, or the user that the web server vouches for.';
comment on column a2o.alerts.acknowledged_note is 'What they said.';
comment on column a2o.alerts.resolved_at is 'When it ended; null while it holds.';
comment on column a2o.alerts.resolution is 'How it ended.';
comment on column a2o.alerts.job_completed_at is E'@behavior -*\nWhen the job ended that it is about: whoever acknowledged it is not told of that end again.';
comment on column a2o.alerts.is_simulated is 'True when the AWS simulator told what led to it.';

alter table a2o.monitors add column late_since timestamptz;
comment on column a2o.monitors.late_since is E'@behavior -*\nSince when a living worker has seen it overdue.';

-- Ended jobs of the last days, and the runs of a task, are looked at after every poll.
create index migration_jobs_monitor_id_completed_at_idx on a2o.migration_jobs (monitor_id, completed_at);
create index migration_jobs_runs_idx on a2o.migration_jobs (aws_account_id, region, job_type, aws_parent_id, started_at);

create type a2o_private.alert_condition as (rule_code text, job_id uuid, monitor_id uuid, message text, value double precision, completed_at timestamptz);
comment on type a2o_private.alert_condition is 'A rule that speaks of a job or a monitor now.';
