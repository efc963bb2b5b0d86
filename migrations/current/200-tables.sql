create type a2o.migration_readiness as enum ('READY', 'NEEDS_CONVERSION', 'UNKNOWN');
comment on type a2o.migration_readiness is 'READY: an Iceberg table on S3. NEEDS_CONVERSION: recognised, but to be converted, rewritten or exported. UNKNOWN: the catalog does not say enough.';

create type a2o.coverage_status as enum ('COMPLETE', 'PARTIAL', 'DENIED', 'THROTTLED', 'FAILED');
comment on type a2o.coverage_status is 'How far one database could be read. COMPLETE: every page. PARTIAL: some pages. DENIED: AWS refused. THROTTLED: AWS kept throttling. FAILED: another error.';

create type a2o.assessment_origin as enum ('GLUE', 'REPORT');
comment on type a2o.assessment_origin is 'GLUE: read from AWS Glue and judged here. REPORT: a report file that brought its own verdicts.';

create type a2o.job_status as enum ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED');
comment on type a2o.job_status is 'State of a migration job; AWS''s own word stands in aws_status.';

-- Used by a generated column, so it stands here and not among the includes.
create function a2o.bytes_to_gb(bytes bigint) returns numeric
  language sql immutable parallel safe
  return round(bytes / 1073741824.0, 6);
comment on function a2o.bytes_to_gb(bigint) is E'@behavior -*\nSize in GB of 2^30 bytes, as the reports count them, rounded to six decimals (about one kilobyte).';
grant execute on function a2o.bytes_to_gb(bigint) to a2o_reader, a2o_ingest, a2o_worker;

create table a2o.accounts (
  aws_account_id varchar(12) primary key check (aws_account_id ~ '^[0-9]{12}$'),
  account_name text,
  first_seen_at timestamptz not null default now()
);
comment on table a2o.accounts is 'AWS accounts that were assessed or watched.';
comment on column a2o.accounts.aws_account_id is 'Twelve digits.';
comment on column a2o.accounts.account_name is 'A name people know the account by; null until somebody gives one.';
comment on column a2o.accounts.first_seen_at is 'When the account first appeared here.';

create table a2o.account_access (
  member text not null,
  aws_account_id varchar(12) not null check (aws_account_id = '*' or aws_account_id ~ '^[0-9]{12}$'),
  granted_at timestamptz not null default now(),
  granted_by text not null default session_user,
  primary key (member, aws_account_id)
);
comment on table a2o.account_access is E'@behavior -*\nWhich member may read which account. A member is a login role (direct SQL) or a signed-in user (web); ''*'' means every account.';
comment on column a2o.account_access.member is 'Login role, or the user name the web server vouches for.';
comment on column a2o.account_access.aws_account_id is 'Account the member may read, or * for all.';
comment on column a2o.account_access.granted_at is 'When it was granted.';
comment on column a2o.account_access.granted_by is 'Login that granted it.';

create table a2o.assessments (
  id uuid primary key default gen_random_uuid(),
  timestamp timestamptz not null,
  region varchar(50) not null check (region <> ''),
  aws_account_id varchar(12) not null references a2o.accounts,
  tool_version varchar(20) not null,
  total_databases integer not null,
  total_tables integer not null,
  iceberg_tables integer not null,
  migration_ready integer not null,
  needs_conversion integer not null,
  unknown integer not null,
  total_size_bytes bigint,
  total_estimated_size_gb numeric generated always as (a2o.bytes_to_gb(total_size_bytes)) stored,
  sized_tables integer not null,
  databases_complete integer not null,
  completeness_percent numeric(5, 2),
  origin a2o.assessment_origin not null,
  is_simulated boolean not null default false,
  reported jsonb not null default '{}',
  content_hash bytea not null unique,
  created_at timestamptz not null default now()
);
create index assessments_account_region_timestamp_idx on a2o.assessments (aws_account_id, region, timestamp desc, id);
create index assessments_timestamp_idx on a2o.assessments (timestamp desc);
comment on table a2o.assessments is 'One row for each run of the assessment: one account, one region, one moment.';
comment on column a2o.assessments.timestamp is 'When the catalog was read.';
comment on column a2o.assessments.region is 'AWS region, e.g. eu-central-1.';
comment on column a2o.assessments.aws_account_id is 'Account whose catalog was read.';
comment on column a2o.assessments.tool_version is 'Version of the tool that read it.';
comment on column a2o.assessments.total_databases is 'Databases in the catalog, those that could not be read included.';
comment on column a2o.assessments.total_tables is 'Tables that were read, views and links included.';
comment on column a2o.assessments.iceberg_tables is 'Tables in Iceberg format.';
comment on column a2o.assessments.migration_ready is 'Tables with verdict READY.';
comment on column a2o.assessments.needs_conversion is 'Tables with verdict NEEDS_CONVERSION.';
comment on column a2o.assessments.unknown is 'Tables with verdict UNKNOWN.';
comment on column a2o.assessments.total_size_bytes is 'Bytes of all tables whose size is known, resource links left out; null when no size is known.';
comment on column a2o.assessments.total_estimated_size_gb is 'total_size_bytes in GB of 2^30 bytes.';
comment on column a2o.assessments.sized_tables is 'Tables whose size is known.';
comment on column a2o.assessments.databases_complete is 'Databases that were read to the last page.';
comment on column a2o.assessments.completeness_percent is 'Share of databases that were read to the last page; null when the list of databases itself is incomplete.';
comment on column a2o.assessments.origin is 'GLUE: judged here. REPORT: verdicts as the report brought them.';
comment on column a2o.assessments.is_simulated is 'True when the AWS simulator produced it.';
comment on column a2o.assessments.reported is E'@behavior -*\nFields of an ingested report that have no column here, and its summary as reported.';
comment on column a2o.assessments.content_hash is E'@behavior -*\nHash of everything a report tells; an identical report is recognised by it.';
comment on column a2o.assessments.created_at is 'When it was stored.';

create table a2o.databases (
  assessment_id uuid not null references a2o.assessments on delete cascade,
  database_name text collate "C" not null check (database_name <> ''),
  id uuid not null unique,
  aws_account_id varchar(12) not null,
  description text,
  location_uri text,
  table_count integer not null,
  iceberg_tables integer not null,
  migration_ready integer not null,
  needs_conversion integer not null,
  unknown integer not null,
  size_bytes bigint,
  sized_tables integer not null,
  glue jsonb,
  reported jsonb,
  primary key (assessment_id, database_name)
);
comment on table a2o.databases is E'@within assessment_id\n@behavior +single\nDatabases of an assessed catalog, with the counts of their tables.';
comment on constraint databases_id_key on a2o.databases is '@behavior -single';
comment on column a2o.databases.id is 'Identity of the database within its assessment.';
comment on column a2o.databases.aws_account_id is 'Account of the assessment.';
comment on column a2o.databases.description is 'Description in Glue.';
comment on column a2o.databases.location_uri is 'Default location of new tables (Glue LocationUri).';
comment on column a2o.databases.table_count is 'Tables that were read, or that the report counted.';
comment on column a2o.databases.iceberg_tables is 'Tables in Iceberg format.';
comment on column a2o.databases.migration_ready is 'Tables with verdict READY.';
comment on column a2o.databases.needs_conversion is 'Tables with verdict NEEDS_CONVERSION.';
comment on column a2o.databases.unknown is 'Tables with verdict UNKNOWN.';
comment on column a2o.databases.size_bytes is 'Bytes of the tables whose size is known; null when none is.';
comment on column a2o.databases.sized_tables is 'Tables whose size is known.';
comment on column a2o.databases.reported is E'@behavior -*\nFields of an ingested report that have no column here.';
comment on column a2o.databases.glue is E'@behavior -*\nWhat Glue said of the database (TargetDatabase, FederatedDatabase, Parameters); null for a report.';

create table a2o.database_coverage (
  assessment_id uuid not null references a2o.assessments on delete cascade,
  database_name text collate "C" not null,
  aws_account_id varchar(12) not null,
  status a2o.coverage_status not null,
  tables_read integer not null,
  operation text,
  error_code text,
  error_message text,
  primary key (assessment_id, database_name)
);
comment on table a2o.database_coverage is E'@within assessment_id\nCoverage ledger: how far each database could be read, and why not further. The empty database name stands for the list of databases itself.';
comment on column a2o.database_coverage.database_name is 'Database, or empty for the list of databases.';
comment on column a2o.database_coverage.aws_account_id is 'Account of the assessment.';
comment on column a2o.database_coverage.status is 'How far it was read.';
comment on column a2o.database_coverage.tables_read is 'Tables that were read before the error, or all of them.';
comment on column a2o.database_coverage.operation is 'AWS operation that failed, e.g. glue:GetTables.';
comment on column a2o.database_coverage.error_code is 'AWS''s error code, e.g. AccessDeniedException.';
comment on column a2o.database_coverage.error_message is 'AWS''s own words.';

create table a2o.column_schemas (
  schema_hash bytea primary key,
  columns jsonb not null
);
comment on table a2o.column_schemas is E'@behavior -*\nColumn lists, kept once each: an array of {name, type, comment, partition}. Many tables and all later assessments share them.';
comment on column a2o.column_schemas.schema_hash is 'SHA-256 of the list.';
comment on column a2o.column_schemas.columns is 'Live columns in order, partition keys last.';

create table a2o.tables (
  assessment_id uuid not null,
  database_name text collate "C" not null check (database_name <> ''),
  table_name text collate "C" not null check (table_name <> ''),
  id uuid not null,
  database_id uuid not null,
  aws_account_id varchar(12) not null,
  table_format varchar(50) not null,
  storage_location text,
  size_bytes bigint check (size_bytes >= 0),
  estimated_size_gb numeric generated always as (a2o.bytes_to_gb(size_bytes)) stored,
  partition_keys text[] not null,
  column_count integer not null,
  last_updated timestamptz,
  is_iceberg boolean not null,
  migration_readiness a2o.migration_readiness not null,
  notes text[] not null,
  findings text[] not null default '{}',
  table_type text,
  row_count bigint check (row_count >= 0),
  row_count_source text,
  size_source text,
  format_rule text,
  format_evidence text,
  readiness_rule text,
  glue_parameters jsonb,
  column_schema_hash bytea,
  reported jsonb,
  content_hash bytea not null,
  primary key (assessment_id, database_name, table_name)
) partition by range (assessment_id);
-- Assessments below 20,000 tables get ids below f0000000-…, and share this partition; each larger one has an id above and a
-- partition of its own. No default partition: attaching to a table that has one locks every reader out until the commit.
create table a2o.tables_shared partition of a2o.tables
  for values from (minvalue) to ('f0000000-0000-0000-0000-000000000000');
create index tables_id_idx on a2o.tables (id);
-- For joins with databases on its id, as people write them.
create index tables_database_id_idx on a2o.tables (database_id);
comment on table a2o.tables is E'@within assessment_id\n@behavior +single -totalCount\nTables of every assessed catalog, judged. Partitioned by assessment: name one (assessment_id = ''…'') to read only its rows.';
comment on table a2o.tables_shared is E'@behavior -*\nThe assessments of fewer than 20,000 tables.';
comment on column a2o.tables.id is 'Stable identity: the same table (account, region, database, name) keeps it in every assessment.';
comment on column a2o.tables.database_id is 'databases.id of the same assessment.';
comment on column a2o.tables.aws_account_id is 'Account of the assessment.';
comment on column a2o.tables.table_format is 'ICEBERG, DELTA, HUDI, PARQUET, ORC, AVRO, CSV, JSON, VIEW, JDBC, RESOURCE_LINK, FEDERATED, … or UNKNOWN.';
comment on column a2o.tables.storage_location is 'Where the data lies; null for views and for tables that name no place.';
comment on column a2o.tables.size_bytes is 'Size as far as the catalog tells; null when it does not. See size_source.';
comment on column a2o.tables.estimated_size_gb is 'size_bytes in GB of 2^30 bytes.';
comment on column a2o.tables.partition_keys is 'Names of the partition columns, in order.';
comment on column a2o.tables.column_count is 'Live columns without the partition keys.';
comment on column a2o.tables.last_updated is 'When Glue''s entry was last changed (UpdateTime).';
comment on column a2o.tables.is_iceberg is 'True when table_format is ICEBERG.';
comment on column a2o.tables.migration_readiness is 'The verdict; readiness_rule tells why.';
comment on column a2o.tables.notes is 'What a person should know about this table, one sentence each.';
comment on column a2o.tables.findings is 'Codes of the findings on this table, sorted; see finding_rules, and the view findings for the details.';
comment on column a2o.tables.table_type is 'TableType in Glue: EXTERNAL_TABLE, VIRTUAL_VIEW, ….';
comment on column a2o.tables.row_count is 'Rows as far as the catalog tells.';
comment on column a2o.tables.row_count_source is 'Glue parameter that told the row count.';
comment on column a2o.tables.size_source is 'Glue parameter that told the size; reported when a report brought it. Sizes by a crawler are estimates.';
comment on column a2o.tables.format_rule is 'Code of the rule that decided the format, see format_rules; null when a report brought the verdict.';
comment on column a2o.tables.format_evidence is 'Glue field and value that decided the format.';
comment on column a2o.tables.readiness_rule is 'Code of the rule that decided the readiness, see readiness_rules; null when a report brought the verdict.';
comment on column a2o.tables.glue_parameters is E'@behavior -*\nWhat Glue said and scoring needs, without the columns; null for a report.';
comment on column a2o.tables.column_schema_hash is E'@behavior -*\nThe table''s columns, in column_schemas.';
comment on column a2o.tables.reported is E'@behavior -*\nFields of an ingested report that have no column here.';
comment on column a2o.tables.content_hash is E'@behavior -*\nHash of what the table is; equal in two assessments when nothing changed.';

create table a2o.format_rollups (
  assessment_id uuid not null references a2o.assessments on delete cascade,
  table_format varchar(50) not null,
  migration_readiness a2o.migration_readiness not null,
  aws_account_id varchar(12) not null,
  table_count integer not null,
  sized_tables integer not null,
  size_bytes bigint,
  primary key (assessment_id, table_format, migration_readiness)
);
comment on table a2o.format_rollups is E'@behavior -*\nCounts and bytes for each format and readiness of an assessment, written when it is stored, so that summaries read a few rows.';
comment on column a2o.format_rollups.table_count is 'Tables.';
comment on column a2o.format_rollups.sized_tables is 'Tables whose size is known.';
comment on column a2o.format_rollups.size_bytes is 'Bytes of those; null when none is known.';
comment on column a2o.format_rollups.aws_account_id is 'Account of the assessment.';

create table a2o.format_rules (
  code text primary key,
  table_format varchar(50),
  explanation text not null
);
comment on table a2o.format_rules is 'How the format of a table is recognised. The first rule that speaks, in the order of the codes, wins.';
comment on column a2o.format_rules.code is 'Code kept as evidence in tables.format_rule.';
comment on column a2o.format_rules.table_format is 'Format the rule decides; null when the record format of a stream is meant.';
comment on column a2o.format_rules.explanation is 'What the rule looks at.';

create table a2o.readiness_rules (
  code text primary key,
  migration_readiness a2o.migration_readiness not null,
  explanation text not null
);
comment on table a2o.readiness_rules is 'How a verdict is reached. The first rule that fits, in the order of the codes, wins.';
comment on column a2o.readiness_rules.code is 'Code kept as evidence in tables.readiness_rule.';
comment on column a2o.readiness_rules.migration_readiness is 'The verdict.';
comment on column a2o.readiness_rules.explanation is 'When it fits.';

create table a2o.migration_jobs (
  id uuid primary key default gen_random_uuid(),
  table_id uuid,
  job_type varchar(50) not null check (job_type in ('DMS', 'COPY', 'GLUE_JOB', 'DATASYNC')),
  aws_job_id varchar(255),
  aws_account_id varchar(12) not null references a2o.accounts,
  region varchar(50) not null,
  status a2o.job_status not null default 'PENDING',
  aws_status text,
  started_at timestamptz,
  completed_at timestamptz,
  rows_copied bigint,
  bytes_copied bigint,
  error_message text,
  is_simulated boolean not null default false,
  created_at timestamptz not null default now(),
  monitor_id uuid,
  run_key text collate "C" not null default '',
  aws_parent_id text,
  job_name text,
  migration_type text,
  stop_reason text,
  error_code text,
  percent numeric(5, 2) check (percent between 0 and 100),
  bytes_total bigint,
  files_copied bigint,
  files_total bigint,
  tables_loaded integer,
  tables_loading integer,
  tables_queued integer,
  tables_errored integer,
  error_rows bigint,
  validation_failed_rows bigint,
  elapsed_ms bigint,
  source text,
  target text,
  details jsonb not null default '{}',
  resumed_at timestamptz,
  observed_at timestamptz,
  last_seen_at timestamptz,
  gone_at timestamptz,
  unique (aws_account_id, region, job_type, aws_job_id, run_key)
);
create index migration_jobs_table_id_idx on a2o.migration_jobs (table_id);
create index migration_jobs_status_idx on a2o.migration_jobs (status, started_at desc);
create index migration_jobs_completed_at_idx on a2o.migration_jobs (completed_at);
comment on table a2o.migration_jobs is 'Migrations as DMS, DataSync and Glue tell them.';
comment on column a2o.migration_jobs.table_id is 'tables.id of the table it moves. That identity outlives assessments, so deleting one never blocks or unlinks a job.';
comment on column a2o.migration_jobs.job_type is 'DMS, DATASYNC, GLUE_JOB or COPY.';
comment on column a2o.migration_jobs.aws_job_id is 'DMS task ARN or replication config ARN, DataSync execution ARN or Glue job run id.';
comment on column a2o.migration_jobs.aws_account_id is 'Account it runs in.';
comment on column a2o.migration_jobs.region is 'Region it runs in.';
comment on column a2o.migration_jobs.status is 'State in our words.';
comment on column a2o.migration_jobs.aws_status is 'State in AWS''s word.';
comment on column a2o.migration_jobs.started_at is 'When AWS started it.';
comment on column a2o.migration_jobs.completed_at is 'When it ended, well or not.';
comment on column a2o.migration_jobs.rows_copied is 'Rows copied so far, where AWS counts rows.';
comment on column a2o.migration_jobs.bytes_copied is 'Bytes copied so far, where AWS counts bytes.';
comment on column a2o.migration_jobs.error_message is 'AWS''s own words.';
comment on column a2o.migration_jobs.is_simulated is 'True when the AWS simulator told it.';
comment on column a2o.migration_jobs.created_at is 'When it was first seen.';
comment on column a2o.migration_jobs.monitor_id is 'Monitor that watches it; null when that was removed, or none ever did.';
comment on column a2o.migration_jobs.run_key is 'Tells the runs of one DMS task apart, which share its ARN: the moment of the fresh start in AWS''s words. Empty before the first run, and where aws_job_id already names a single run.';
comment on column a2o.migration_jobs.aws_parent_id is 'What it is a run of: DMS task ARN, DataSync task ARN or Glue job name.';
comment on column a2o.migration_jobs.job_name is 'Name of the DMS task, DataSync task or Glue job.';
comment on column a2o.migration_jobs.migration_type is 'DMS: full-load, cdc or full-load-and-cdc. Others: null.';
comment on column a2o.migration_jobs.stop_reason is 'Why AWS stopped it, in AWS''s word, e.g. FULL_LOAD_ONLY_FINISHED (DMS).';
comment on column a2o.migration_jobs.error_code is 'AWS''s error code, where it gives one (DataSync).';
comment on column a2o.migration_jobs.percent is 'Progress where AWS gives a denominator, else null. DMS: of the full load. DataSync: bytes written of the estimate.';
comment on column a2o.migration_jobs.bytes_total is 'Bytes in all, as AWS estimates them (DataSync).';
comment on column a2o.migration_jobs.files_copied is 'Files transferred so far (DataSync).';
comment on column a2o.migration_jobs.files_total is 'Files in all, as AWS estimates them (DataSync).';
comment on column a2o.migration_jobs.tables_loaded is 'Tables whose full load is done (DMS).';
comment on column a2o.migration_jobs.tables_loading is 'Tables being loaded (DMS).';
comment on column a2o.migration_jobs.tables_queued is 'Tables that wait to be loaded (DMS).';
comment on column a2o.migration_jobs.tables_errored is 'Tables that failed (DMS).';
comment on column a2o.migration_jobs.error_rows is 'Rows that failed in the full load, of all tables (DMS).';
comment on column a2o.migration_jobs.validation_failed_rows is 'Rows that validation found to differ, of all tables (DMS).';
comment on column a2o.migration_jobs.elapsed_ms is 'How long it has been at work, as AWS counts it, in milliseconds.';
comment on column a2o.migration_jobs.source is 'Where the data comes from: location URI or endpoint.';
comment on column a2o.migration_jobs.target is 'Where it goes: location URI or endpoint.';
comment on column a2o.migration_jobs.details is 'What else AWS told, in AWS''s names: statistics, table mappings (DMS), arguments (Glue), options (DataSync).';
comment on column a2o.migration_jobs.resumed_at is 'Latest start that AWS told: later than started_at when it was resumed.';
comment on column a2o.migration_jobs.observed_at is 'When AWS gave the newest answer that counted here, by AWS''s clock. Older answers change nothing.';
comment on column a2o.migration_jobs.last_seen_at is 'When AWS last listed it, by AWS''s clock.';
comment on column a2o.migration_jobs.gone_at is 'When AWS no longer listed it: it was deleted there. Its status stays what it last was.';

create table a2o.migration_progress (
  job_id uuid not null references a2o.migration_jobs on delete cascade,
  sampled_at timestamptz not null,
  aws_account_id varchar(12) not null,
  percent numeric(5, 2) check (percent between 0 and 100),
  rows_copied bigint,
  bytes_copied bigint,
  bytes_total bigint,
  tables_loaded integer,
  tables_total integer,
  files_copied bigint,
  elapsed_ms bigint,
  primary key (job_id, sampled_at)
) partition by range (sampled_at);
comment on table a2o.migration_progress is E'@within job_id\nSamples of how far a job is, one for each poll.';
comment on column a2o.migration_progress.sampled_at is 'When AWS answered, by AWS''s clock.';
comment on column a2o.migration_progress.aws_account_id is 'Account of the job.';
comment on column a2o.migration_progress.percent is 'Progress where AWS gives a denominator, else null.';
comment on column a2o.migration_progress.rows_copied is 'Rows so far.';
comment on column a2o.migration_progress.bytes_copied is 'Bytes so far.';
comment on column a2o.migration_progress.bytes_total is 'Bytes in all, as AWS estimates them.';
comment on column a2o.migration_progress.tables_loaded is 'Tables loaded so far (DMS).';
comment on column a2o.migration_progress.tables_total is 'Tables in all (DMS).';
comment on column a2o.migration_progress.files_copied is 'Files so far (DataSync).';
comment on column a2o.migration_progress.elapsed_ms is 'Time at work so far as AWS counts it, in milliseconds.';

create table a2o.migration_metrics (
  job_id uuid not null references a2o.migration_jobs on delete cascade,
  metric_name text not null,
  sampled_at timestamptz not null,
  aws_account_id varchar(12) not null,
  value double precision not null,
  unit text,
  primary key (job_id, metric_name, sampled_at)
) partition by range (sampled_at);
comment on table a2o.migration_metrics is E'@within job_id\nCloudWatch data points of running jobs.';
comment on column a2o.migration_metrics.metric_name is 'Name in CloudWatch, e.g. CDCLatencyTarget.';
comment on column a2o.migration_metrics.sampled_at is 'CloudWatch''s timestamp of the data point.';
comment on column a2o.migration_metrics.aws_account_id is 'Account of the job.';
comment on column a2o.migration_metrics.value is 'Value in the metric''s unit.';
comment on column a2o.migration_metrics.unit is 'CloudWatch unit, e.g. Bytes/Second.';

create table a2o_private.runs (
  run_id uuid primary key,
  lock_key integer generated always as identity unique,
  started_at timestamptz not null default now(),
  started_by text not null default session_user,
  aws_account_id text,
  region text,
  scope jsonb,
  read_at timestamptz,
  kept_until timestamptz
);
comment on table a2o_private.runs is 'Recordings under way. Each holds the advisory lock (20250, lock_key) in its session; a run whose lock is free was abandoned, and can be resumed until kept_until.';

create type a2o.access as (user_name text, role_name text, accounts text[]);
comment on type a2o.access is 'A member with the role and the accounts that are theirs now.';

create type a2o_mcp.assessment_summary as (
  assessment_id uuid, "timestamp" timestamptz, region text, aws_account_id text, origin text, is_simulated boolean,
  total_databases integer, databases_read_in_full integer, completeness_percent numeric, total_tables integer, iceberg_tables integer,
  migration_ready integer, needs_conversion integer, unknown integer, tables_with_known_size integer, total_size_gb numeric, message text);
comment on type a2o_mcp.assessment_summary is 'One assessment in numbers; sizes in GB of 2^30 bytes.';
