-- Roll-ups hold for equal steps what the samples in them say, so that a year is charted without reading a year of samples. One
-- table for each width, since each is kept for another time; all are partitioned by month, so that keeping ends with a drop.
create table a2o.progress_5_minutes (
  job_id uuid not null references a2o.migration_jobs on delete cascade,
  step_at timestamptz not null,
  aws_account_id varchar(12) not null,
  samples integer not null,
  first_sampled_at timestamptz not null,
  last_sampled_at timestamptz not null,
  percent numeric(5, 2),
  percent_min numeric(5, 2),
  percent_max numeric(5, 2),
  percent_avg double precision,
  rows_copied bigint,
  rows_copied_min bigint,
  rows_copied_max bigint,
  rows_copied_avg double precision,
  bytes_copied bigint,
  bytes_copied_min bigint,
  bytes_copied_max bigint,
  bytes_copied_avg double precision,
  bytes_total bigint,
  tables_loaded integer,
  tables_total integer,
  files_copied bigint,
  elapsed_ms bigint,
  primary key (job_id, step_at)
) partition by range (step_at);
create table a2o.progress_hours (like a2o.progress_5_minutes including all, foreign key (job_id) references a2o.migration_jobs on delete cascade) partition by range (step_at);
comment on table a2o.progress_5_minutes is E'@behavior -*\nSamples of progress rolled up to steps of five minutes: percent, rows_copied and the like as in the last sample, with the least, the most and the mean. A step without a sample has no row.';
comment on table a2o.progress_hours is E'@behavior -*\nSamples of progress rolled up to hours, as progress_5_minutes.';

create table a2o.metrics_5_minutes (
  job_id uuid not null references a2o.migration_jobs on delete cascade,
  metric_name text not null,
  step_at timestamptz not null,
  aws_account_id varchar(12) not null,
  unit text,
  samples integer not null,
  value_avg double precision not null,
  value_min double precision not null,
  value_max double precision not null,
  value_last double precision not null,
  last_sampled_at timestamptz not null,
  primary key (job_id, metric_name, step_at)
) partition by range (step_at);
create table a2o.metrics_hours (like a2o.metrics_5_minutes including all, foreign key (job_id) references a2o.migration_jobs on delete cascade) partition by range (step_at);
comment on table a2o.metrics_5_minutes is E'@behavior -*\nCloudWatch data points rolled up to steps of five minutes: mean, least, most and last value. A step without a data point has no row.';
comment on table a2o.metrics_hours is E'@behavior -*\nCloudWatch data points rolled up to hours, as metrics_5_minutes.';

create type a2o_private.sample_kind as enum ('PROGRESS', 'METRICS');
comment on type a2o_private.sample_kind is 'What was sampled.';

create table a2o_private.stale_hours (
  kind a2o_private.sample_kind not null,
  job_id uuid not null references a2o.migration_jobs on delete cascade,
  hour_at timestamptz not null,
  touched_at timestamptz not null default clock_timestamp(),
  primary key (kind, job_id, hour_at)
) with (fillfactor = 50);
create index stale_hours_job_id_idx on a2o_private.stale_hours (job_id);
create index stale_hours_hour_at_idx on a2o_private.stale_hours (hour_at);
comment on table a2o_private.stale_hours is 'Hours of jobs with samples that came since they were last rolled up. Until then, charts take these hours from the samples themselves.';
-- job_progress and job_metrics look here as whoever asks. Without usage on the schema nobody reads it by its name.
grant select on a2o_private.stale_hours to a2o_reader;
