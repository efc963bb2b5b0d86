create type a2o.schedule_state as enum ('WAITING', 'QUEUED', 'RUNNING', 'SUCCEEDED', 'PARTIAL', 'FAILED');
comment on type a2o.schedule_state is 'How the last run of a scheduled assessment went. WAITING: none yet. QUEUED: due, a worker will take it. PARTIAL: stored, but something could not be read.';

create table a2o.assessment_schedules (
  id uuid primary key default gen_random_uuid(),
  aws_account_id varchar(12) not null references a2o.accounts,
  regions text not null check (regions ~ '^[a-z0-9*,-]+$'),
  profile_name text check (profile_name <> ''),
  role_arn text,
  external_id text check (external_id <> ''),
  scope jsonb not null default '{}' check (jsonb_typeof(scope) = 'object'),
  every text not null,
  is_paused boolean not null default false,
  next_run_at timestamptz not null,
  state a2o.schedule_state not null default 'WAITING',
  last_started_at timestamptz,
  last_finished_at timestamptz,
  last_succeeded_at timestamptz,
  last_message text,
  consecutive_failures integer not null default 0,
  created_at timestamptz not null default now(),
  created_by text not null default session_user,
  check (role_arn ~ ('^arn:aws[a-z-]*:iam::' || aws_account_id || ':role/.+$')),
  check (external_id is null or role_arn is not null),
  constraint assessment_schedules_wish_key unique nulls not distinct (aws_account_id, regions, profile_name, role_arn, scope)
);
create index assessment_schedules_next_run_at_idx on a2o.assessment_schedules (next_run_at) where not is_paused;
comment on table a2o.assessment_schedules is 'Assessments that the worker makes again and again. Names where credentials come from; holds none.';
comment on column a2o.assessment_schedules.aws_account_id is 'Account that is assessed; credentials of another one are refused.';
comment on column a2o.assessment_schedules.regions is 'Regions as they were asked for: names, patterns such as eu-*, or all, separated by commas.';
comment on column a2o.assessment_schedules.profile_name is 'Profile in the AWS configuration of the worker''s machine; null for its usual credentials.';
comment on column a2o.assessment_schedules.role_arn is 'Role to assume, in the assessed account.';
comment on column a2o.assessment_schedules.external_id is E'@behavior -*\nExternal id to give when the role is assumed. AWS does not count it as a secret.';
comment on column a2o.assessment_schedules.scope is 'Which part of the catalog is read: patterns of databases and the like; {} for all of it.';
comment on column a2o.assessment_schedules.every is 'How often: hour, day, week, month, a number with m, h, d or w, or five fields as cron takes them, in UTC.';
comment on column a2o.assessment_schedules.is_paused is 'True when it waits until somebody resumes it.';
comment on column a2o.assessment_schedules.next_run_at is 'When it is due next.';
comment on column a2o.assessment_schedules.state is 'How the last run went, or goes.';
comment on column a2o.assessment_schedules.last_started_at is 'When a worker last took it.';
comment on column a2o.assessment_schedules.last_finished_at is 'When that ended, well or not.';
comment on column a2o.assessment_schedules.last_succeeded_at is 'When an assessment of it was last stored, in full or in part.';
comment on column a2o.assessment_schedules.last_message is 'What went wrong in the last run, for people; null when all went well.';
comment on column a2o.assessment_schedules.consecutive_failures is 'Runs that failed since one went well.';
comment on column a2o.assessment_schedules.created_at is 'When it was made.';
comment on column a2o.assessment_schedules.created_by is 'Who made it.';
