create type a2o.aws_service as enum ('DMS', 'DATASYNC', 'GLUE', 'CLOUDWATCH');
comment on type a2o.aws_service is 'Services that the worker asks. CLOUDWATCH gives the metrics of the jobs of the other three.';

create type a2o.credentials_kind as enum ('DEFAULT', 'PROFILE', 'ROLE', 'STAND_IN');
comment on type a2o.credentials_kind is 'Where the worker takes credentials from. DEFAULT: the SDK''s default chain. PROFILE: a profile of the worker''s machine. ROLE: a role, assumed from either. STAND_IN: none of those; a stand-in for AWS gets the keys that AWS''s documentation uses as its example.';

create table a2o.monitors (
  id uuid primary key default gen_random_uuid(),
  aws_account_id varchar(12) not null references a2o.accounts,
  region varchar(50) not null check (region ~ '^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$'),
  monitor_name text not null check (monitor_name <> ''),
  services a2o.aws_service[] not null check (cardinality(services) > 0 and not 'CLOUDWATCH' = any (services)),
  name_patterns text[] check (cardinality(name_patterns) > 0),
  credentials_kind a2o.credentials_kind not null,
  profile_name text check (profile_name <> ''),
  role_arn text,
  external_id text check (external_id <> ''),
  endpoint text check (endpoint ~ '^https?://'),
  poll_seconds integer not null default 30 check (poll_seconds between 1 and 3600),
  idle_poll_seconds integer not null default 300 check (idle_poll_seconds between 1 and 86400),
  metrics_seconds integer default 60 check (metrics_seconds between 1 and 86400),
  is_paused boolean not null default false,
  is_simulated boolean not null default false,
  created_at timestamptz not null default now(),
  created_by text not null default session_user,
  last_polled_at timestamptz,
  last_succeeded_at timestamptz,
  next_poll_at timestamptz,
  failing_since timestamptz,
  consecutive_failures integer not null default 0,
  error_code text,
  error_message text,
  running_jobs integer not null default 0,
  metrics_until timestamptz,
  clock_skew_ms bigint,
  poll_id uuid,
  poll_started_at timestamptz,
  leased_until timestamptz,
  check (case credentials_kind when 'DEFAULT' then profile_name is null when 'PROFILE' then profile_name is not null when 'STAND_IN' then profile_name is null else true end),
  check ((credentials_kind = 'ROLE') = (role_arn is not null)),
  check (role_arn ~ ('^arn:aws[a-z-]*:iam::' || aws_account_id || ':role/.+$')),
  check (external_id is null or credentials_kind = 'ROLE'),
  check ((credentials_kind = 'STAND_IN') = (endpoint is not null)),
  unique (aws_account_id, region, monitor_name)
);
comment on table a2o.monitors is 'What the worker watches: the migrations of one account and region. Names where credentials come from; holds none.';
comment on column a2o.monitors.aws_account_id is 'Account that is watched; answers of another account are refused.';
comment on column a2o.monitors.region is 'Region that is watched.';
comment on column a2o.monitors.monitor_name is 'Name for people, unique in the account and region.';
comment on column a2o.monitors.services is 'Services that are polled: DMS, DATASYNC, GLUE. CloudWatch follows by itself.';
comment on column a2o.monitors.name_patterns is 'Only tasks and jobs whose name fits one of these, * for anything; null watches all.';
comment on column a2o.monitors.credentials_kind is 'Where the worker takes credentials from.';
comment on column a2o.monitors.profile_name is 'Profile in the AWS configuration of the worker''s machine.';
comment on column a2o.monitors.role_arn is 'Role to assume, in the watched account.';
comment on column a2o.monitors.external_id is 'External id to give when the role is assumed. AWS does not count it as a secret.';
comment on column a2o.monitors.endpoint is 'A stand-in for AWS, that is the simulator; null for AWS itself.';
comment on column a2o.monitors.poll_seconds is 'Seconds between polls while something runs.';
comment on column a2o.monitors.idle_poll_seconds is 'Seconds between polls while nothing runs.';
comment on column a2o.monitors.metrics_seconds is 'Seconds between questions to CloudWatch, which bills every metric asked for; null asks for none.';
comment on column a2o.monitors.is_paused is 'True when nothing is polled until somebody resumes it.';
comment on column a2o.monitors.is_simulated is 'True when the AWS simulator answers.';
comment on column a2o.monitors.created_at is 'When it was added.';
comment on column a2o.monitors.created_by is 'Login that added it, or the user that the web server vouches for.';
comment on column a2o.monitors.last_polled_at is 'When the latest poll ended, well or not.';
comment on column a2o.monitors.last_succeeded_at is 'When the latest poll ended in which every service answered in full.';
comment on column a2o.monitors.next_poll_at is 'When the next poll is due.';
comment on column a2o.monitors.failing_since is 'When the first of the failed polls in a row ended; null when the latest one went well.';
comment on column a2o.monitors.consecutive_failures is 'Polls in a row in which not every service answered in full.';
comment on column a2o.monitors.error_code is 'Why the latest poll failed: AWS''s error code, or ours; null when it went well.';
comment on column a2o.monitors.error_message is 'The same in words.';
comment on column a2o.monitors.running_jobs is 'Jobs that ran at the latest poll.';
comment on column a2o.monitors.metrics_until is E'@behavior -*\nEnd of the time that CloudWatch was asked about.';
comment on column a2o.monitors.clock_skew_ms is 'How far the worker''s clock was ahead of AWS''s, in milliseconds.';
comment on column a2o.monitors.poll_id is E'@behavior -*\nThe latest poll that was started.';
comment on column a2o.monitors.poll_started_at is E'@behavior -*\nWhen that was.';
comment on column a2o.monitors.leased_until is E'@behavior -*\nUntil when no other worker starts another; null when it has ended.';

create table a2o.monitor_services (
  monitor_id uuid not null references a2o.monitors on delete cascade,
  service a2o.aws_service not null,
  aws_account_id varchar(12) not null,
  last_polled_at timestamptz,
  last_succeeded_at timestamptz,
  failing_since timestamptz,
  consecutive_failures integer not null default 0,
  operation text,
  error_code text,
  error_message text,
  is_blind boolean not null default false,
  jobs_listed integer,
  listed_at timestamptz,
  primary key (monitor_id, service)
);
comment on table a2o.monitor_services is 'Health of each service that a monitor polls: one that fails does not hold up the others.';
comment on column a2o.monitor_services.monitor_id is 'The monitor.';
comment on column a2o.monitor_services.service is 'The service.';
comment on column a2o.monitor_services.aws_account_id is 'Account of the monitor.';
comment on column a2o.monitor_services.last_polled_at is 'When it was last asked.';
comment on column a2o.monitor_services.last_succeeded_at is 'When it last answered in full.';
comment on column a2o.monitor_services.failing_since is 'When it first failed of the times in a row; null when it answered last time.';
comment on column a2o.monitor_services.consecutive_failures is 'Failed polls in a row.';
comment on column a2o.monitor_services.operation is 'Operation that failed, as IAM names it: dms:DescribeReplicationTasks.';
comment on column a2o.monitor_services.error_code is 'AWS''s error code; null when it answered in full.';
comment on column a2o.monitor_services.error_message is 'AWS''s own words.';
comment on column a2o.monitor_services.is_blind is 'True when it told nothing at all last time; otherwise an error leaves only a part unknown.';
comment on column a2o.monitor_services.listed_at is E'@behavior -*\nWhen it last listed everything, by AWS''s clock.';
comment on column a2o.monitor_services.jobs_listed is 'Tasks and runs that it listed last time.';

create table a2o.monitor_usage (
  monitor_id uuid not null references a2o.monitors on delete cascade,
  day date not null,
  operation text not null,
  aws_account_id varchar(12) not null,
  calls bigint not null default 0,
  errors bigint not null default 0,
  throttled bigint not null default 0,
  metrics_requested bigint not null default 0,
  primary key (monitor_id, day, operation)
);
comment on table a2o.monitor_usage is 'Calls to AWS, day by day (UTC) and operation. Each attempt counts, since AWS counts it.';
comment on column a2o.monitor_usage.monitor_id is 'The monitor.';
comment on column a2o.monitor_usage.day is 'Day in UTC.';
comment on column a2o.monitor_usage.operation is 'Operation as IAM names it: cloudwatch:GetMetricData.';
comment on column a2o.monitor_usage.aws_account_id is 'Account of the monitor.';
comment on column a2o.monitor_usage.calls is 'Requests sent, repeated ones too.';
comment on column a2o.monitor_usage.errors is 'Those that AWS did not answer as asked.';
comment on column a2o.monitor_usage.throttled is 'Those that AWS throttled.';
comment on column a2o.monitor_usage.metrics_requested is 'Metrics asked for, which CloudWatch bills one by one.';

alter table a2o.migration_jobs add foreign key (monitor_id) references a2o.monitors on delete set null;
create index migration_jobs_monitor_id_idx on a2o.migration_jobs (monitor_id, status);

create table a2o.migration_job_tables (
  job_id uuid not null references a2o.migration_jobs on delete cascade,
  schema_name text collate "C" not null,
  table_name text collate "C" not null,
  aws_account_id varchar(12) not null,
  table_state text,
  full_load_rows bigint,
  full_load_error_rows bigint,
  full_load_started_at timestamptz,
  full_load_ended_at timestamptz,
  inserts bigint,
  updates bigint,
  deletes bigint,
  ddls bigint,
  validation_state text,
  validation_pending_records bigint,
  validation_failed_records bigint,
  validation_suspended_records bigint,
  validation_details text,
  updated_at timestamptz,
  observed_at timestamptz not null,
  primary key (job_id, schema_name, table_name)
);
comment on table a2o.migration_job_tables is 'Tables of a DMS task, as DescribeTableStatistics tells them.';
comment on column a2o.migration_job_tables.schema_name is 'Schema in the source.';
comment on column a2o.migration_job_tables.aws_account_id is 'Account of the job.';
comment on column a2o.migration_job_tables.table_state is 'State in AWS''s words: Table completed, Full load, Table error, ….';
comment on column a2o.migration_job_tables.full_load_rows is 'Rows added in the full load.';
comment on column a2o.migration_job_tables.full_load_error_rows is 'Rows that failed in the full load.';
comment on column a2o.migration_job_tables.full_load_started_at is 'When its full load started.';
comment on column a2o.migration_job_tables.full_load_ended_at is 'When its full load ended.';
comment on column a2o.migration_job_tables.inserts is 'Inserts replicated after the full load.';
comment on column a2o.migration_job_tables.updates is 'Updates replicated after the full load.';
comment on column a2o.migration_job_tables.deletes is 'Deletes replicated after the full load.';
comment on column a2o.migration_job_tables.ddls is 'DDL statements replicated.';
comment on column a2o.migration_job_tables.validation_state is 'State of the validation in AWS''s words: Validated, Pending records, Mismatched records, ….';
comment on column a2o.migration_job_tables.validation_pending_records is 'Rows that wait for validation.';
comment on column a2o.migration_job_tables.validation_failed_records is 'Rows that differ.';
comment on column a2o.migration_job_tables.validation_suspended_records is 'Rows that cannot be validated.';
comment on column a2o.migration_job_tables.validation_details is 'What AWS adds to that state.';
comment on column a2o.migration_job_tables.updated_at is 'When AWS last changed these figures.';
comment on column a2o.migration_job_tables.observed_at is 'When AWS gave them, by AWS''s clock. Older answers change nothing.';

create type a2o.confidence as enum ('HIGH', 'MEDIUM', 'LOW');
comment on type a2o.confidence is 'How much an estimate can be relied on: by the number of samples and how even their pace is.';

create type a2o.job_phase as enum ('WAITING', 'PREPARING', 'LOADING', 'REPLICATING', 'VERIFYING', 'RUNNING', 'ENDED', 'GONE');
comment on type a2o.job_phase is 'What a job is at. WAITING: not started. PREPARING: starting, nothing copied yet. LOADING: copying. REPLICATING: the full load is done, changes follow (DMS). VERIFYING: checking what was copied (DataSync). RUNNING: AWS does not tell more (Glue). ENDED: over. GONE: no longer known to AWS.';

create type a2o.monitor_state as enum ('PAUSED', 'WAITING', 'WATCHING', 'DEGRADED', 'BLIND', 'LATE');
comment on type a2o.monitor_state is 'PAUSED: somebody paused it. WAITING: not polled yet. WATCHING: every service answers. DEGRADED: some do. BLIND: none does. LATE: no worker has polled it for long.';

create table a2o_private.recorded_polls (
  poll_id uuid primary key,
  monitor_id uuid not null references a2o.monitors on delete cascade,
  recorded_at timestamptz not null default now()
);
create index recorded_polls_monitor_id_idx on a2o_private.recorded_polls (monitor_id, recorded_at);
comment on table a2o_private.recorded_polls is 'Polls of the last day that were recorded, so that one sent twice counts once.';

create type a2o_private.job_answer as (
  id uuid, is_new boolean, job_type text, aws_job_id text, run_key text, observed_at timestamptz, status a2o.job_status, aws_status text, started_at timestamptz,
  resumed_at timestamptz, completed_at timestamptz, aws_parent_id text, job_name text, migration_type text, stop_reason text, error_code text, error_message text,
  percent numeric, rows_copied bigint, bytes_copied bigint, bytes_total bigint, files_copied bigint, files_total bigint, tables_loaded integer, tables_loading integer,
  tables_queued integer, tables_errored integer, tables_total integer, error_rows bigint, validation_failed_rows bigint, elapsed_ms bigint, source text, target text,
  details jsonb);
comment on type a2o_private.job_answer is 'What AWS said of one job, as the worker sends it; id and is_new are found by record_poll.';
