--! Previous: -
--! Hash: sha1:07673e213f61d967b82b9889b97eae5f5896de31
--! Message: aws2openstack

--! split: 100-roles-and-schemas.sql
-- Roles are shared by all databases of a server: another database may have brought them, and another administrator may have
-- made them, who alone can change or grant them then (PostgreSQL 16 and later). So nothing here is done twice. None of them
-- can log in here: the embedded server and the production guide give a password to the two that are logins (a2o_authenticator,
-- a2o_mcp).
do $$
declare
  role_name text;
  duty text;
  options text[] := case when current_setting('server_version_num')::integer >= 160000 then array['usage', 'set'] else array['usage'] end;
begin
  for role_name, duty in values
    ('a2o_owner', 'Owns everything; migrates, gives access and deletes assessments.'),
    ('a2o_ingest', 'Records assessments and reads. Deletes nothing.'),
    ('a2o_reader', 'Reads the accounts its members were given.'),
    ('a2o_operator', 'Reads, and changes jobs, monitors and alerts.'),
    ('a2o_worker', 'Writes what AWS says about running migrations; applies the retention.'),
    ('a2o_authenticator', 'The web server''s login: may become reader or operator, is nothing by itself.'),
    ('a2o_mcp', 'The MCP server''s login: a reader in read-only transactions.')
  loop
    continue when exists (select from pg_roles r where r.rolname = role_name);
    begin
      execute format('create role %I nologin', role_name);
      execute format('comment on role %I is %L', role_name, duty);
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;

  -- A superuser may do all of this anyway; the owner of a managed database (RDS and the like) needs the membership.
  foreach role_name in array array['a2o_owner', 'a2o_ingest', 'a2o_worker'] loop
    -- SET is an option of its own since PostgreSQL 16, and createrole_self_grant may have left it out.
    if exists (select from unnest(options) as o(option) where not pg_has_role(current_user, role_name, o.option)) then
      execute format('grant %I to %I', role_name, current_user);
    end if;
  end loop;
  if not pg_has_role('a2o_operator', 'a2o_reader', 'usage') then
    grant a2o_reader to a2o_operator;
  end if;
  if not pg_has_role('a2o_mcp', 'a2o_reader', 'usage') then
    grant a2o_reader to a2o_mcp;
  end if;
  if (select r.rolinherit from pg_roles r where r.rolname = 'a2o_authenticator') then
    alter role a2o_authenticator noinherit;
  end if;
  foreach role_name in array array['a2o_reader', 'a2o_operator'] loop
    if not pg_has_role('a2o_authenticator', role_name, 'member') then
      execute format('grant %I to a2o_authenticator', role_name);
    end if;
  end loop;
  if not exists (select from pg_db_role_setting s where s.setrole = 'a2o_mcp'::regrole and s.setdatabase = 0
    and s.setconfig @> array['default_transaction_read_only=on', 'statement_timeout=20s']) then
    alter role a2o_mcp set default_transaction_read_only = on;
    alter role a2o_mcp set statement_timeout = '20s';
  end if;
end
$$;

-- Trusted: whoever owns the database may install it. It may stand already, installed by an administrator.
create extension if not exists pg_trgm;

do $$
begin
  execute format('grant create on database %I to a2o_owner', current_database());
end
$$;

set role a2o_owner;

-- A new function is executable by everybody unless told otherwise; each definition grants what it needs.
alter default privileges for role a2o_owner revoke execute on functions from public;

create schema a2o;
create schema a2o_private;
create schema a2o_mcp;
comment on schema a2o is 'Assessments of AWS Glue Data Catalogs and the migrations that follow: tables, views and functions for people, GraphQL and the command line.';
comment on schema a2o_private is 'Staging and helpers. Nothing here is an interface.';
comment on schema a2o_mcp is 'One function is one MCP tool; its comment is the tool''s description.';
grant usage on schema a2o to a2o_reader, a2o_ingest, a2o_worker;
grant usage on schema a2o_mcp to a2o_reader;
-- COPY names its target, so the roles that record need to see the schema of the staging tables; nothing else there is theirs.
grant usage on schema a2o_private to a2o_ingest;

--! split: 200-tables.sql
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
comment on table a2o.databases is 'Databases of an assessed catalog, with the counts of their tables.';
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
comment on table a2o.database_coverage is 'Coverage ledger: how far each database could be read, and why not further. The empty database name stands for the list of databases itself.';
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
comment on table a2o.tables is 'Tables of every assessed catalog, judged. Partitioned by assessment: name one (assessment_id = ''…'') to read only its rows.';
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
  unique (aws_account_id, region, job_type, aws_job_id)
);
create index migration_jobs_table_id_idx on a2o.migration_jobs (table_id);
create index migration_jobs_status_idx on a2o.migration_jobs (status, started_at desc);
comment on table a2o.migration_jobs is 'Migrations as DMS, DataSync and Glue tell them.';
comment on column a2o.migration_jobs.table_id is 'tables.id of the table it moves. That identity outlives assessments, so deleting one never blocks or unlinks a job.';
comment on column a2o.migration_jobs.job_type is 'DMS, DATASYNC, GLUE_JOB or COPY.';
comment on column a2o.migration_jobs.aws_job_id is 'DMS task ARN, DataSync execution ARN or Glue job run id.';
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
  primary key (job_id, sampled_at)
) partition by range (sampled_at);
create table a2o.migration_progress_default partition of a2o.migration_progress default;
comment on table a2o.migration_progress is 'Samples of how far a job is, one for each poll.';
comment on table a2o.migration_progress_default is E'@behavior -*\nSamples outside the partitions made for them.';
comment on column a2o.migration_progress.sampled_at is 'When AWS was asked.';
comment on column a2o.migration_progress.aws_account_id is 'Account of the job.';
comment on column a2o.migration_progress.percent is 'Progress where AWS gives a denominator, else null.';
comment on column a2o.migration_progress.rows_copied is 'Rows so far.';
comment on column a2o.migration_progress.bytes_copied is 'Bytes so far.';
comment on column a2o.migration_progress.bytes_total is 'Bytes in all, as AWS estimates them.';
comment on column a2o.migration_progress.tables_loaded is 'Tables loaded so far (DMS).';
comment on column a2o.migration_progress.tables_total is 'Tables in all (DMS).';

create table a2o.migration_metrics (
  job_id uuid not null references a2o.migration_jobs on delete cascade,
  metric_name text not null,
  sampled_at timestamptz not null,
  aws_account_id varchar(12) not null,
  value double precision not null,
  unit text,
  primary key (job_id, metric_name, sampled_at)
) partition by range (sampled_at);
create table a2o.migration_metrics_default partition of a2o.migration_metrics default;
comment on table a2o.migration_metrics is 'CloudWatch data points of running jobs.';
comment on table a2o.migration_metrics_default is E'@behavior -*\nData points outside the partitions made for them.';
comment on column a2o.migration_metrics.metric_name is 'Name in CloudWatch, e.g. CDCLatencyTarget.';
comment on column a2o.migration_metrics.sampled_at is 'CloudWatch''s timestamp of the data point.';
comment on column a2o.migration_metrics.aws_account_id is 'Account of the job.';
comment on column a2o.migration_metrics.value is 'Value in the metric''s unit.';
comment on column a2o.migration_metrics.unit is 'CloudWatch unit, e.g. Bytes/Second.';

create table a2o_private.runs (
  run_id uuid primary key,
  lock_key integer generated always as identity unique,
  started_at timestamptz not null default now(),
  started_by text not null default session_user
);
comment on table a2o_private.runs is 'Recordings under way. Each holds the advisory lock (20250, lock_key) in its session; a run whose lock is free was abandoned.';

create type a2o.access as (user_name text, role_name text, accounts text[]);
comment on type a2o.access is 'A member with the role and the accounts that are theirs now.';

create type a2o_mcp.assessment_summary as (
  assessment_id uuid, "timestamp" timestamptz, region text, aws_account_id text, origin text, is_simulated boolean,
  total_databases integer, databases_read_in_full integer, completeness_percent numeric, total_tables integer, iceberg_tables integer,
  migration_ready integer, needs_conversion integer, unknown integer, tables_with_known_size integer, total_size_gb numeric, message text);
comment on type a2o_mcp.assessment_summary is 'One assessment in numbers; sizes in GB of 2^30 bytes.';

--! split: 230-housekeeping.sql
alter table a2o.account_access add constraint account_access_member_check check (member <> '');

create table a2o.retention (
  what text primary key check (what in ('assessments', 'migration_jobs', 'migration_progress', 'migration_metrics')),
  keep_for interval check (keep_for > interval '0'),
  keep_last integer check (keep_last >= 1),
  explanation text not null,
  check (keep_last is null or what = 'assessments')
);
comment on table a2o.retention is 'How long things are kept. The owner changes it; the worker applies it every night.';
comment on column a2o.retention.what is 'Table that grows.';
comment on column a2o.retention.keep_for is 'Rows older than this go; null keeps them for ever.';
comment on column a2o.retention.keep_last is 'Assessments only: so many of each account and region stay whatever their age; null sets no number.';
comment on column a2o.retention.explanation is 'What goes, exactly.';
insert into a2o.retention (what, keep_for, explanation) values
  ('assessments', null, 'Assessments that are older than keep_for and not among the newest keep_last of their account and region. The newest one always stays.'),
  ('migration_jobs', null, 'Jobs that ended longer ago, with their samples.'),
  ('migration_progress', interval '1 year', 'Samples of progress taken longer ago.'),
  ('migration_metrics', interval '90 days', 'CloudWatch data points of a time longer ago.');

-- Finds samples by age without a write for each row, as a B-tree would cost.
create index migration_progress_sampled_at_idx on a2o.migration_progress using brin (sampled_at);
create index migration_metrics_sampled_at_idx on a2o.migration_metrics using brin (sampled_at);
grant select on a2o.retention to a2o_reader, a2o_ingest, a2o_worker;

--! split: 300-definitions.sql
--! Included functions/saturated.sql
-- Sums of believable sizes may still pass what a bigint holds.
create or replace function a2o_private.saturated(sum numeric) returns bigint
  language sql immutable parallel safe
  return case when sum > 9223372036854775807 then 9223372036854775807 else sum end::bigint;
comment on function a2o_private.saturated(numeric) is 'A sum as bigint, at most the largest one; null stays null.';
grant execute on function a2o_private.saturated(numeric) to a2o_reader, a2o_ingest, a2o_worker;
--! EndIncluded functions/saturated.sql
--! Included functions/parse_count.sql
-- Glue parameters are strings that anybody may write: '-1', '1.2 GB', '' and numbers of thirty digits all occur.
create or replace function a2o_private.parse_count(value text) returns bigint
  language sql immutable parallel safe
  return case when value ~ '^[0-9]{1,18}(\.0+)?$' then split_part(value, '.', 1)::bigint end;
comment on function a2o_private.parse_count(text) is 'A whole number of 0 or more with up to 18 digits (a size stays below one exabyte), else null: unknown, never zero.';

-- What a report brings was written by us or checked before; it may use the whole range.
create or replace function a2o_private.parse_bigint(value text) returns bigint
  language sql immutable parallel safe
  return case when value ~ '^[0-9]{1,19}$' then case when value::numeric <= 9223372036854775807 then value::bigint end end;
comment on function a2o_private.parse_bigint(text) is 'A whole number of 0 or more that a bigint holds, else null.';
--! EndIncluded functions/parse_count.sql
--! Included functions/table_identity.sql
-- Lengths keep the parts apart, whatever characters a name holds.
create or replace function a2o.table_identity(aws_account_id text, region text, database_name text, table_name text) returns uuid
  language sql immutable parallel safe
  return md5(aws_account_id || ' ' || region || ' ' || length(database_name) || ' ' || database_name || ' ' || table_name)::uuid;
comment on function a2o.table_identity(text, text, text, text) is E'@behavior -*\nStable identity of a table: the same in every assessment, so that a migration job stays linked to it.';
revoke all on function a2o.table_identity(text, text, text, text) from public;
grant execute on function a2o.table_identity(text, text, text, text) to a2o_reader, a2o_ingest, a2o_worker;
--! EndIncluded functions/table_identity.sql
--! Included functions/spark_columns.sql
-- Spark keeps the real schema of a table it registered under a placeholder in spark.sql.sources.schema, or cut into
-- spark.sql.sources.schema.part.0 … (numParts). Source: HiveExternalCatalog.scala of Apache Spark.
create or replace function a2o_private.spark_type(type jsonb) returns text
  language plpgsql immutable parallel safe as $$
begin
  if jsonb_typeof(type) = 'string' then
    return type #>> '{}';
  end if;
  return case type ->> 'type'
    when 'array' then 'array<' || a2o_private.spark_type(type -> 'elementType') || '>'
    when 'map' then 'map<' || a2o_private.spark_type(type -> 'keyType') || ',' || a2o_private.spark_type(type -> 'valueType') || '>'
    when 'struct' then 'struct<' || coalesce((
      select string_agg((f.field ->> 'name') || ':' || a2o_private.spark_type(f.field -> 'type'), ',' order by f.place)
      from jsonb_array_elements(type -> 'fields') with ordinality as f(field, place)), '') || '>'
    else coalesce(type ->> 'type', 'unknown') end;
end
$$;
comment on function a2o_private.spark_type(jsonb) is 'A Spark JSON type in Hive''s notation, e.g. array<struct<a:int>>.';

-- Not parallel safe: before version 17, PostgreSQL refuses the exception block in a parallel query.
create or replace function a2o_private.spark_columns(parameters jsonb, partition_names text[]) returns jsonb
  language plpgsql immutable as $$
declare
  parts bigint := least(a2o_private.parse_count(parameters ->> 'spark.sql.sources.schema.numParts'), 10000);
  schema_text text := coalesce(parameters ->> 'spark.sql.sources.schema', (
    select string_agg(parameters ->> ('spark.sql.sources.schema.part.' || i), '' order by i)
    from generate_series(0, parts - 1) as i
    -- A missing part in the middle could leave JSON that is well-formed and wrong.
    having count(parameters ->> ('spark.sql.sources.schema.part.' || i)) = parts));
  fields jsonb;
begin
  fields := schema_text::jsonb -> 'fields';
  return (
    select jsonb_agg(jsonb_build_object(
        'name', f.field ->> 'name', 'type', a2o_private.spark_type(f.field -> 'type'),
        'comment', f.field #>> '{metadata,comment}', 'partition', coalesce(f.field ->> 'name' = any (partition_names), false))
      order by f.place)
    from jsonb_array_elements(fields) with ordinality as f(field, place));
exception when data_exception or program_limit_exceeded or statement_too_complex then
  return null; -- cut off or not JSON: the placeholder's own column is all there is
end
$$;
comment on function a2o_private.spark_columns(jsonb, text[]) is 'Columns [{name, type, comment, partition}] from the schema Spark wrote into table parameters; null when there is none or it is cut off.';
--! EndIncluded functions/spark_columns.sql
--! Included functions/presto_view_columns.sql
-- Athena and Presto keep a view's definition in ViewOriginalText as /* Presto View: BASE64 */, JSON with the view's columns.
-- Source: ViewReaderUtil.java of Trino's Hive connector. Not parallel safe, as spark_columns.
create or replace function a2o_private.presto_view_columns(view_text text) returns jsonb
  language plpgsql immutable as $$
declare
  definition jsonb;
begin
  definition := convert_from(decode(substring(view_text from '^\s*/\*\s*Presto View:\s*([A-Za-z0-9+/=]+)\s*\*/'), 'base64'), 'UTF8')::jsonb;
  return (
    select jsonb_agg(jsonb_build_object('name', c.col ->> 'name', 'type', c.col ->> 'type', 'comment', c.col ->> 'comment', 'partition', false)
      order by c.place)
    from jsonb_array_elements(definition -> 'columns') with ordinality as c(col, place));
exception when data_exception or program_limit_exceeded or statement_too_complex then
  return null; -- cut off, or not what it says it is
end
$$;
comment on function a2o_private.presto_view_columns(text) is 'Columns [{name, type, comment, partition}] of an Athena or Presto view from its ViewOriginalText, types in Presto''s notation; null when it holds none.';
--! EndIncluded functions/presto_view_columns.sql
--! Included functions/read_size.sql
-- In the order of trust. AWS disclaims the crawler's figures, so the source is kept with the number.
create or replace function a2o_private.read_size(parameters jsonb) returns table (bytes bigint, source text)
  language sql immutable parallel safe rows 1 as $$
  select
    coalesce(hive.bytes, spark.bytes, crawler.bytes, product.bytes),
    case
      when hive.bytes is not null then 'totalSize'
      when spark.bytes is not null then 'spark.sql.statistics.totalSize'
      when crawler.bytes is not null then 'sizeKey'
      when product.bytes is not null then 'recordCount × averageRecordSize' end
  from a2o_private.parse_count(parameters ->> 'totalSize') as hive(bytes),
    a2o_private.parse_count(parameters ->> 'spark.sql.statistics.totalSize') as spark(bytes),
    a2o_private.parse_count(parameters ->> 'sizeKey') as crawler(bytes),
    lateral (
      select case when p.bytes < 1e18 then p.bytes::bigint end as bytes
      from (select a2o_private.parse_count(parameters ->> 'recordCount')::numeric
        * a2o_private.parse_count(parameters ->> 'averageRecordSize') as bytes) as p) as product
$$;
comment on function a2o_private.read_size(jsonb) is 'Size in bytes from Glue parameters, with the parameter that told it; nulls when none tells a believable number.';

create or replace function a2o_private.read_row_count(parameters jsonb) returns table (count bigint, source text)
  language sql immutable parallel safe rows 1 as $$
  select
    coalesce(hive.rows, spark.rows, crawler.rows),
    case
      when hive.rows is not null then 'numRows'
      when spark.rows is not null then 'spark.sql.statistics.numRows'
      when crawler.rows is not null then 'recordCount' end
  from a2o_private.parse_count(parameters ->> 'numRows') as hive(rows),
    a2o_private.parse_count(parameters ->> 'spark.sql.statistics.numRows') as spark(rows),
    a2o_private.parse_count(parameters ->> 'recordCount') as crawler(rows)
$$;
comment on function a2o_private.read_row_count(jsonb) is 'Rows from Glue parameters, with the parameter that told them; nulls when none tells a believable number.';
--! EndIncluded functions/read_size.sql
--! Included functions/read_columns.sql
-- Iceberg leaves dropped columns in Glue with iceberg.field.current=false. Delta and others registered by Spark show one
-- placeholder column; then, and only then, the schema Spark wrote is used (Hudi's is often cut off). A view without columns
-- has them in its definition.
create or replace function a2o_private.read_columns(
  glue_columns jsonb, glue_partition_keys jsonb, table_format text, parameters jsonb, partition_names text[], view_text text
) returns jsonb
  language sql immutable
  return coalesce(
    case when jsonb_array_length(glue_columns) = 1
        and glue_columns -> 0 ->> 'Name' in ('col', 'dummy') and glue_columns -> 0 ->> 'Type' in ('array<string>', 'string')
        and table_format <> 'HUDI'
      then a2o_private.spark_columns(parameters, partition_names) end,
    (select jsonb_agg(jsonb_build_object('name', c.col ->> 'Name', 'type', c.col ->> 'Type', 'comment', c.col ->> 'Comment', 'partition', c.is_key)
        order by c.is_key, c.place)
      from (
        select e.col, e.place, false as is_key from jsonb_array_elements(coalesce(glue_columns, '[]')) with ordinality as e(col, place)
        where e.col #>> '{Parameters,iceberg.field.current}' is distinct from 'false'
        union all
        select e.col, e.place, true from jsonb_array_elements(coalesce(glue_partition_keys, '[]')) with ordinality as e(col, place)) as c),
    case when table_format = 'VIEW' then a2o_private.presto_view_columns(view_text) end,
    '[]');
comment on function a2o_private.read_columns(jsonb, jsonb, text, jsonb, text[], text) is 'Live columns of a Glue table as [{name, type, comment, partition}], partition keys last.';
--! EndIncluded functions/read_columns.sql
--! Included functions/note_glue_table.sql
-- The sentences of the reports' Notes column.
create or replace function a2o_private.note_glue_table(
  table_format text, format_rule text, readiness_rule text, location text, parameters jsonb,
  size_source text, size_bytes bigint, is_lake_formation boolean
) returns text[]
  language sql immutable parallel safe
  return array_remove(array[
    case readiness_rule
      when 'rdy-010' then 'Resource link: its target decides, and its bytes are counted there.'
      when 'rdy-020' then 'The catalog does not say what the data is.'
      when 'rdy-031' then 'A stream, not files: its producers and consumers have to move.'
      when 'rdy-040' then 'No storage location.'
      when 'rdy-110' then 'Iceberg, but not on S3.' end,
    case table_format
      when 'VIEW' then 'View: its SQL has to be rewritten for the target engine.'
      when 'JDBC' then 'The data lies in a database and has to be exported.'
      when 'FEDERATED' then 'Federated: the data lies outside this catalog.'
      when 'DYNAMODB' then 'The data lies in DynamoDB and has to be exported.'
      when 'HBASE' then 'The data lies in HBase and has to be exported.'
      when 'DELTA' then 'Delta Lake: convert in place or rewrite as Iceberg.'
      when 'HUDI' then 'Hudi: convert in place or rewrite as Iceberg.' end,
    case when location !~* '^s3[an]?://' and table_format not in ('VIEW', 'JDBC', 'FEDERATED', 'DYNAMODB', 'HBASE', 'RESOURCE_LINK')
        and format_rule not in ('fmt-200', 'fmt-201') then 'Not on S3: ' || split_part(location, ':', 1) || '.' end,
    case when size_source in ('sizeKey', 'recordCount × averageRecordSize') then 'Size estimated by a crawler.' end,
    case when size_bytes is null and table_format <> 'RESOURCE_LINK'
        and (parameters ?| array['totalSize', 'sizeKey', 'spark.sql.statistics.totalSize'] or parameters ?& array['recordCount', 'averageRecordSize']) then
      'Size unknown: ' || (
        select string_agg(format('%s is %s', key, quote_literal(left(parameters ->> key, 40))), ', ' order by place)
        from unnest(array['totalSize', 'spark.sql.statistics.totalSize', 'sizeKey', 'recordCount', 'averageRecordSize']) with ordinality as told(key, place)
        where parameters ? key) || '.' end,
    case when parameters ->> 'projection.enabled' ilike 'true' then 'Partition projection: the partitions are rules in Athena, not entries in the catalog.' end,
    case when is_lake_formation then 'Governed by Lake Formation: its permissions have to be rebuilt.' end
  ], null);
comment on function a2o_private.note_glue_table(text, text, text, text, jsonb, text, bigint, boolean) is 'What a person should know about a table, one sentence each.';
--! EndIncluded functions/note_glue_table.sql
--! Included functions/judge_format.sql
-- How the format of a table is recognised: the first rule that speaks wins. The order and its reasons: docs/rules.md.
-- One row in format_rules explains each code; a test holds the two together.
create or replace function a2o_private.judge_format(
  table_type text, target_table jsonb, federated_table jsonb, target_database jsonb, federated_database jsonb,
  parameters jsonb, storage_parameters jsonb, serde_parameters jsonb, input_format text, serde text, location text
) returns table (rule text, table_format text, evidence text)
  language sql immutable parallel safe rows 1 as $$
  with said as materialized (
    select
      lower(parameters ->> 'table_type') as open_format,
      lower(parameters ->> 'spark.sql.sources.provider') as provider,
      lower(coalesce(parameters ->> 'classification', storage_parameters ->> 'classification')) as classification,
      lower(coalesce(storage_parameters ->> 'typeOfData', parameters ->> 'typeOfData')) as type_of_data,
      lower(coalesce(parameters ->> 'storage_handler', storage_parameters ->> 'storage_handler')) as storage_handler,
      coalesce(parameters ->> 'connectionName', storage_parameters ->> 'connectionName') as connection_name,
      coalesce(serde_parameters ->> 'field.delim', serde_parameters ->> 'separatorChar', storage_parameters ->> 'delimiter',
        parameters ->> 'delimiter', parameters ->> 'field.delim', serde_parameters ->> 'serialization.format') as delimiter
  ),
  by_file as (
    -- What the files hold, used by the rules for files and for streams alike.
    select case
      when s.provider in ('parquet', 'orc', 'avro', 'json', 'csv', 'text', 'xml')
        then array['fmt-300', upper(s.provider), 'spark.sql.sources.provider=' || s.provider]
      when input_format like 'org.apache.hadoop.hive.ql.io.parquet.%' or input_format like 'parquet.hive.%'
        then array['fmt-310', 'PARQUET', 'InputFormat=' || input_format]
      when input_format like 'org.apache.hadoop.hive.ql.io.orc.%' then array['fmt-311', 'ORC', 'InputFormat=' || input_format]
      when input_format like 'org.apache.hadoop.hive.ql.io.avro.%' then array['fmt-312', 'AVRO', 'InputFormat=' || input_format]
      when input_format like '%.SequenceFileInputFormat' then array['fmt-313', 'SEQUENCEFILE', 'InputFormat=' || input_format]
      when input_format like '%.RCFileInputFormat' then array['fmt-314', 'RCFILE', 'InputFormat=' || input_format]
      when input_format like 'com.amazon.ionhiveserde.%' then array['fmt-315', 'ION', 'InputFormat=' || input_format]
      when input_format like '%.CloudTrailInputFormat' then array['fmt-316', 'CLOUDTRAIL', 'InputFormat=' || input_format]
      when serde like '%.ParquetHiveSerDe' then array['fmt-320', 'PARQUET', 'SerDe=' || serde]
      when serde like '%.OrcSerde' then array['fmt-321', 'ORC', 'SerDe=' || serde]
      when serde like '%.AvroSerDe' then array['fmt-322', 'AVRO', 'SerDe=' || serde]
      when serde like '%.JsonSerDe' then array['fmt-323', 'JSON', 'SerDe=' || serde]
      when serde like '%.OpenCSVSerde' then array['fmt-324', 'CSV', 'SerDe=' || serde]
      when serde like '%.RegexSerDe' then array['fmt-325', 'REGEX', 'SerDe=' || serde]
      when serde like '%.GrokSerDe' then array['fmt-326', 'GROK', 'SerDe=' || serde]
      when serde like '%.XmlSerDe' then array['fmt-327', 'XML', 'SerDe=' || serde]
      when serde like '%.CloudTrailSerde' then array['fmt-328', 'CLOUDTRAIL', 'SerDe=' || serde]
      when serde like 'com.amazon.ionhiveserde.%' then array['fmt-329', 'ION', 'SerDe=' || serde]
      when serde like '%.ColumnarSerDe' or serde like '%.LazyBinaryColumnarSerDe' then array['fmt-330', 'RCFILE', 'SerDe=' || serde]
      when serde like '%.LazySimpleSerDe' and s.classification in ('csv', 'tsv')
        then array['fmt-331', 'CSV', 'SerDe=' || serde || ', classification=' || s.classification]
      when serde like '%.LazySimpleSerDe' and s.delimiter in (',', ';', '|', E'\t', '\t')
        then array['fmt-332', 'CSV', 'SerDe=' || serde || ', delimiter=' || replace(s.delimiter, E'\t', '\t')]
      when serde like '%.LazySimpleSerDe' and coalesce(s.classification, 'unknown') not in ('json', 'parquet', 'orc', 'avro', 'xml', 'ion')
        then array['fmt-333', 'TEXT', 'SerDe=' || serde]
      when s.classification in ('parquet', 'orc', 'avro', 'json', 'csv', 'xml', 'ion', 'cloudtrail')
        then array['fmt-340', upper(s.classification), 'classification=' || s.classification]
      when s.classification = 'tsv' then array['fmt-341', 'CSV', 'classification=tsv']
      end as verdict
    from said s
  ),
  first_that_speaks as (
    select case
      when target_table is not null
        then array['fmt-010', 'RESOURCE_LINK', concat('TargetTable=', target_table ->> 'DatabaseName', '.', target_table ->> 'Name')]
      when target_database is not null
        then array['fmt-011', 'RESOURCE_LINK', concat('TargetDatabase=', target_database ->> 'DatabaseName')]
      when federated_table is not null
        then array['fmt-020', 'FEDERATED', concat('FederatedTable=', federated_table ->> 'Identifier')]
      when federated_database is not null
        then array['fmt-021', 'FEDERATED', concat('FederatedDatabase=', federated_database ->> 'Identifier')]
      when upper(table_type) like '%VIEW' then array['fmt-030', 'VIEW', 'TableType=' || table_type]
      when s.open_format in ('iceberg', 'delta', 'hudi')
        then array['fmt-100', upper(s.open_format), 'table_type=' || (parameters ->> 'table_type')]
      when s.provider in ('iceberg', 'delta', 'hudi')
        then array['fmt-110', upper(s.provider), 'spark.sql.sources.provider=' || (parameters ->> 'spark.sql.sources.provider')]
      when nullif(parameters ->> 'metadata_location', '') is not null
        then array['fmt-120', 'ICEBERG', 'metadata_location=' || (parameters ->> 'metadata_location')]
      when input_format like 'org.apache.iceberg.%' then array['fmt-130', 'ICEBERG', 'InputFormat=' || input_format]
      when input_format like 'org.apache.hudi.%' or input_format like 'com.uber.hoodie.%'
        then array['fmt-131', 'HUDI', 'InputFormat=' || input_format]
      when input_format like 'io.delta.%' then array['fmt-132', 'DELTA', 'InputFormat=' || input_format]
      when input_format like '%.SymlinkTextInputFormat' and (location like '%\_symlink\_format\_manifest%' or s.classification = 'delta')
        then array['fmt-133', 'DELTA', 'InputFormat=' || input_format || ', ' ||
          case when s.classification = 'delta' then 'classification=delta' else 'Location=' || location end]
      when s.storage_handler like '%iceberg%' then array['fmt-140', 'ICEBERG', 'storage_handler=' || s.storage_handler]
      when s.storage_handler like '%hbase%' then array['fmt-141', 'HBASE', 'storage_handler=' || s.storage_handler]
      when s.storage_handler like '%dynamodb%' then array['fmt-142', 'DYNAMODB', 'storage_handler=' || s.storage_handler]
      when s.storage_handler like '%jdbc%' then array['fmt-143', 'JDBC', 'storage_handler=' || s.storage_handler]
      when s.classification = 'dynamodb' then array['fmt-144', 'DYNAMODB', 'classification=dynamodb']
      when s.type_of_data in ('kinesis', 'kafka') then array['fmt-200', coalesce(f.verdict[2], 'UNKNOWN'),
        concat('typeOfData=', s.type_of_data, ', ' || f.verdict[3])]
      when s.classification in ('kinesis', 'kafka') then array['fmt-201', coalesce(f.verdict[2], 'UNKNOWN'),
        concat('classification=', s.classification, ', ' || f.verdict[3])]
      when s.connection_name is not null then array['fmt-210', 'JDBC', 'connectionName=' || s.connection_name]
      when s.classification in ('mysql', 'mariadb', 'postgresql', 'oracle', 'sqlserver', 'db2', 'redshift', 'aurora', 'snowflake',
          'teradata', 'saphana', 'vertica', 'bigquery', 'mongodb', 'documentdb')
        then array['fmt-211', 'JDBC', 'classification=' || s.classification]
      when f.verdict is not null then f.verdict
      else array['fmt-900', 'UNKNOWN', case
        when serde is not null then 'SerDe=' || serde
        when input_format is not null then 'InputFormat=' || input_format
        when s.classification is not null then 'classification=' || s.classification
        else 'no InputFormat, SerDe or classification' end]
      end as verdict
    from said s, by_file f
  )
  select verdict[1], verdict[2], left(verdict[3], 1000) from first_that_speaks
$$;
comment on function a2o_private.judge_format(text, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, text, text, text) is
  'Format of one Glue table: the code of the rule that decided (see format_rules), the format, and the Glue field with its value that decided.';
--! EndIncluded functions/judge_format.sql
--! Included functions/judge_readiness.sql
-- READY is said only of what can be registered in another catalog as it is; the rest is honest work or honest ignorance.
create or replace function a2o_private.judge_readiness(table_format text, format_rule text, location text, metadata_location text)
  returns table (rule text, migration_readiness a2o.migration_readiness)
  language sql immutable parallel safe rows 1 as $$
  select verdict[1], verdict[2]::a2o.migration_readiness from (
    select case
      when table_format = 'RESOURCE_LINK' then array['rdy-010', 'UNKNOWN']
      when table_format = 'UNKNOWN' then array['rdy-020', 'UNKNOWN']
      when table_format in ('VIEW', 'FEDERATED', 'JDBC', 'DYNAMODB', 'HBASE') then array['rdy-030', 'NEEDS_CONVERSION']
      when format_rule in ('fmt-200', 'fmt-201') then array['rdy-031', 'NEEDS_CONVERSION']
      when table_format = 'ICEBERG' and (location ~* '^s3[an]?://' or metadata_location ~* '^s3[an]?://') then array['rdy-100', 'READY']
      when coalesce(location, metadata_location) is null then array['rdy-040', 'UNKNOWN']
      when table_format = 'ICEBERG' then array['rdy-110', 'NEEDS_CONVERSION']
      else array['rdy-120', 'NEEDS_CONVERSION'] end as verdict
  ) as first_that_fits
$$;
comment on function a2o_private.judge_readiness(text, text, text, text) is 'Verdict on one table with the code of the rule that reached it (see readiness_rules).';
--! EndIncluded functions/judge_readiness.sql
--! Included functions/judge_glue_table.sql
-- Everything a verdict needs from one answer of glue:GetTables. jsonb_to_record reads each object once: with the arrow
-- operators a long answer would be decompressed for every field.
create or replace function a2o_private.judge_glue_table(glue jsonb, glue_database jsonb) returns table (
  database_name text, table_name text, table_format text, storage_location text, size_bytes bigint, size_source text,
  row_count bigint, row_count_source text, partition_keys text[], columns jsonb, column_count integer,
  last_updated timestamptz, migration_readiness a2o.migration_readiness, notes text[], table_type text,
  format_rule text, format_evidence text, readiness_rule text, glue_parameters jsonb
)
  language sql stable rows 1 as $$
  select
    t."DatabaseName", t."Name", f.table_format, place.location,
    case when f.table_format <> 'RESOURCE_LINK' then size.bytes end,
    case when f.table_format <> 'RESOURCE_LINK' then size.source end,
    rows.count, rows.source,
    keys.names, live.columns,
    (select count(*)::integer from jsonb_array_elements(live.columns) as c where not (c ->> 'partition')::boolean),
    case when t."UpdateTime" ~ '^(?!0000)\d{4}-\d\d-\d\dT' then t."UpdateTime"::timestamptz end, r.migration_readiness,
    a2o_private.note_glue_table(f.table_format, f.rule, r.rule, place.location, said.parameters, size.source, size.bytes, t."IsRegisteredWithLakeFormation"),
    t."TableType", f.rule, f.evidence, r.rule,
    jsonb_strip_nulls(jsonb_build_object(
      'Parameters', t."Parameters", 'StorageDescriptor.Parameters', sd."Parameters", 'SerdeInfo', sd."SerdeInfo",
      'InputFormat', sd."InputFormat", 'OutputFormat', sd."OutputFormat", 'Location', sd."Location",
      'TargetTable', t."TargetTable", 'FederatedTable', t."FederatedTable", 'ViewOriginalText', t."ViewOriginalText",
      'ViewDefinition', t."ViewDefinition", 'Description', t."Description", 'CreateTime', t."CreateTime",
      'IsRegisteredWithLakeFormation', t."IsRegisteredWithLakeFormation"))
  from jsonb_to_record(glue) as t(
      "DatabaseName" text, "Name" text, "Description" text, "TableType" text, "CreateTime" text, "UpdateTime" text,
      "Parameters" jsonb, "StorageDescriptor" jsonb, "PartitionKeys" jsonb, "TargetTable" jsonb, "FederatedTable" jsonb,
      "ViewOriginalText" text, "ViewDefinition" jsonb, "IsRegisteredWithLakeFormation" boolean)
  cross join lateral jsonb_to_record(coalesce(t."StorageDescriptor", '{}')) as sd(
      "Columns" jsonb, "Location" text, "InputFormat" text, "OutputFormat" text, "SerdeInfo" jsonb, "Parameters" jsonb)
  cross join lateral jsonb_to_record(coalesce(sd."SerdeInfo", '{}')) as serde("SerializationLibrary" text, "Parameters" jsonb)
  cross join lateral jsonb_to_record(coalesce(glue_database, '{}')) as d("TargetDatabase" jsonb, "FederatedDatabase" jsonb)
  -- A crawler writes its parameters on the table, on its storage descriptor, or on both; the table's own come first.
  cross join lateral (select coalesce(sd."Parameters", '{}') || coalesce(t."Parameters", '{}') as parameters offset 0) as said
  cross join lateral (select nullif(case
      when sd."Location" like '%-\_\_PLACEHOLDER\_\_' then serde."Parameters" ->> 'path'
      else coalesce(nullif(sd."Location", ''), serde."Parameters" ->> 'path') end, '') as location offset 0) as place
  cross join lateral a2o_private.judge_format(
      t."TableType", t."TargetTable", t."FederatedTable", d."TargetDatabase", d."FederatedDatabase",
      t."Parameters", sd."Parameters", serde."Parameters", sd."InputFormat", serde."SerializationLibrary", place.location) as f
  cross join lateral a2o_private.judge_readiness(f.table_format, f.rule, place.location, nullif(said.parameters ->> 'metadata_location', '')) as r
  cross join lateral a2o_private.read_size(said.parameters) as size
  cross join lateral a2o_private.read_row_count(said.parameters) as rows
  cross join lateral (
    select coalesce(array_agg(k.key ->> 'Name' order by k.place), '{}') as names
    from jsonb_array_elements(coalesce(t."PartitionKeys", '[]')) with ordinality as k(key, place)) as keys
  cross join lateral a2o_private.read_columns(sd."Columns", t."PartitionKeys", f.table_format, said.parameters, keys.names, t."ViewOriginalText") as live(columns)
$$;
comment on function a2o_private.judge_glue_table(jsonb, jsonb) is
  'One Table of glue:GetTables (and its Database of glue:GetDatabases, or null) read and judged: format, size, rows, columns and readiness with their evidence.';
--! EndIncluded functions/judge_glue_table.sql
--! Included functions/visible_accounts.sql
-- The member is who logged in. A setting is believed only from the web server's login: anybody else could set it.
create or replace function a2o_private.current_member() returns text
  language sql stable parallel safe
  return case when session_user = 'a2o_authenticator' then nullif(current_setting('a2o.user', true), '') else session_user end;
comment on function a2o_private.current_member() is 'Member whose account access counts: the login role, or the signed-in user that the web server names in a2o.user.';
grant execute on function a2o_private.current_member() to a2o_reader, a2o_ingest, a2o_worker;

-- Definer, because members may not read each other's grants. Called once per query, through a sub-select.
create or replace function a2o_private.visible_accounts() returns text[]
  language sql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(a.aws_account_id::text), '{}')
  from a2o.accounts a
  where exists (
    select from a2o.account_access g
    where g.member = a2o_private.current_member() and g.aws_account_id in ('*', a.aws_account_id))
$$;
comment on function a2o_private.visible_accounts() is 'Accounts the current member may read.';
revoke all on function a2o_private.visible_accounts() from public;
grant execute on function a2o_private.visible_accounts() to a2o_reader, a2o_ingest, a2o_worker;
--! EndIncluded functions/visible_accounts.sql
--! Included functions/current_access.sql
-- Whose rights an answer has; the dashboard shows it.
create or replace function a2o_private.granted_accounts() returns text[]
  language sql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(g.aws_account_id::text order by g.aws_account_id), '{}')
  from a2o.account_access g where g.member = a2o_private.current_member()
$$;
comment on function a2o_private.granted_accounts() is 'Grants of the current member as they were given, * included.';
revoke all on function a2o_private.granted_accounts() from public;
grant execute on function a2o_private.granted_accounts() to a2o_reader;

create or replace function a2o.current_access() returns a2o.access
  language sql stable
  return row(a2o_private.current_member(), current_user::text, a2o_private.granted_accounts())::a2o.access;
comment on function a2o.current_access() is 'Who is asking: user name, database role, and the accounts they may read (* for all).';
revoke all on function a2o.current_access() from public;
grant execute on function a2o.current_access() to a2o_reader;
--! EndIncluded functions/current_access.sql
--! Included functions/account_access.sql
-- Access is given and taken by whoever may act as the owner; there is no other way to write account_access.
create or replace function a2o.grant_account_access(member text, account_id text) returns void
  language plpgsql volatile as $$
begin
  perform a2o_private.check_account_id(account_id);
  insert into a2o.account_access (member, aws_account_id) values (grant_account_access.member, account_id) on conflict do nothing;
end
$$;
comment on function a2o.grant_account_access(text, text) is E'@behavior -*\nLets a member (login role, or signed-in user of the web) read an account; * means every account. Error: A2O05 not an account id.';
revoke all on function a2o.grant_account_access(text, text) from public;

create or replace function a2o.revoke_account_access(member text, account_id text) returns boolean
  language plpgsql volatile as $$
begin
  perform a2o_private.check_account_id(account_id);
  delete from a2o.account_access g where g.member = revoke_account_access.member and g.aws_account_id = account_id;
  return found;
end
$$;
comment on function a2o.revoke_account_access(text, text) is E'@behavior -*\nTakes back what grant_account_access gave, from the member''s next statement on; false when there was no such grant. Taking * leaves accounts that were given by themselves. Error: A2O05 not an account id.';
revoke all on function a2o.revoke_account_access(text, text) from public;

create or replace function a2o_private.check_account_id(account_id text) returns void
  language plpgsql immutable as $$
begin
  if account_id <> '*' and account_id !~ '^[0-9]{12}$' then
    raise exception '% is no AWS account id', quote_literal(account_id) using errcode = 'A2O05', hint = 'Twelve digits, or * for every account.';
  end if;
end
$$;
comment on function a2o_private.check_account_id(text) is 'Raises A2O05 unless it is twelve digits or *.';

-- A grant counts for the name that asks (see current_member), so the remarks say where a name cannot ask or need not.
create or replace function a2o.list_account_access(member text default null)
  returns table (member_name text, member_kind text, aws_account_id text, account_name text, is_known_account boolean,
    granted_at timestamptz, granted_by text, remarks text[])
  language sql stable as $$
  select g.member, case when r.oid is null then 'USER' when r.rolcanlogin then 'LOGIN' else 'GROUP' end, g.aws_account_id::text, a.account_name,
    g.aws_account_id = '*' or a.aws_account_id is not null, g.granted_at, g.granted_by,
    array_remove(array[
      case when g.member = 'a2o_authenticator' then g.member || ' is the web server''s login and reads as the user who signed in: grant to that user.'
        when not r.rolcanlogin then g.member || ' cannot log in. A grant counts for the login that asks, not for the groups it is in.' end,
      case when r.rolsuper then g.member || ' is a superuser, whom no policy holds back.'
        when r.rolcanlogin and g.member <> 'a2o_authenticator' and not pg_has_role(r.oid, 'a2o_reader', 'usage')
          then format('%s may not read anything yet: grant a2o_reader to %s;', g.member, quote_ident(g.member)) end], null)
  from a2o.account_access g
  left join pg_roles r on r.rolname = g.member
  left join a2o.accounts a on a.aws_account_id = g.aws_account_id
  where g.member = coalesce(list_account_access.member, g.member)
  order by g.member, g.aws_account_id
$$;
comment on function a2o.list_account_access(text) is E'@behavior -*\nWho may read which account: each grant, whether the member is a LOGIN, a GROUP or a USER of the web (no role has that name), whether the account was ever seen here, and what keeps the grant from working.';
revoke all on function a2o.list_account_access(text) from public;
--! EndIncluded functions/account_access.sql
--! Included functions/begin_assessment.sql
-- Staging is one set of unlogged tables for each run: runs cannot mix, nothing is written to the log, and dropping it costs
-- nothing. The session's advisory lock tells a run under way from one that died.
create or replace function a2o.begin_assessment() returns table (run_id uuid, databases_target text, tables_target text, reported_tables_target text)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  run a2o_private.runs;
  stage text;
begin
  perform a2o_private.forget_abandoned_runs();
  insert into a2o_private.runs (run_id) values (gen_random_uuid()) returning * into run;
  perform pg_advisory_lock(20250, run.lock_key);
  stage := a2o_private.run_prefix(run.run_id);
  execute format('create unlogged table a2o_private.%I (
      database_name text not null, glue jsonb, description text, location_uri text, table_count integer, status a2o.coverage_status not null,
      tables_read integer not null, operation text, error_code text, error_message text, extra jsonb)', stage || 'databases');
  execute format('create unlogged table a2o_private.%I (database_name text not null, glue jsonb not null)', stage || 'tables');
  execute format('create unlogged table a2o_private.%I (
      database_name text not null, table_name text not null, table_format text not null, storage_location text, estimated_size_gb double precision,
      partition_keys text[] not null, column_count integer not null, last_updated timestamptz, is_iceberg boolean not null,
      migration_readiness a2o.migration_readiness not null, notes text[] not null, extra jsonb not null)', stage || 'reported_tables');
  execute format('grant insert on a2o_private.%I, a2o_private.%I, a2o_private.%I to a2o_ingest',
    stage || 'databases', stage || 'tables', stage || 'reported_tables');
  return query select run.run_id,
    format('a2o_private.%I', stage || 'databases'), format('a2o_private.%I', stage || 'tables'), format('a2o_private.%I', stage || 'reported_tables');
end
$$;
comment on function a2o.begin_assessment() is E'@behavior -*\nOpens a run: returns its id and the staging tables to COPY into. The run lives as long as the session; finish_assessment stores it whole.';
revoke all on function a2o.begin_assessment() from public;
grant execute on function a2o.begin_assessment() to a2o_ingest;

create or replace function a2o_private.run_prefix(run_id uuid) returns text
  language sql immutable parallel safe
  return 'run_' || replace(run_id::text, '-', '') || '_';
comment on function a2o_private.run_prefix(uuid) is 'First part of the names of a run''s staging tables.';

-- Read from pg_locks, because an advisory lock can be taken again by the session that has it.
create or replace function a2o_private.run_holder(lock_key integer) returns integer
  language sql volatile set search_path = pg_catalog, pg_temp as $$
  select l.pid from pg_locks l
  where l.locktype = 'advisory' and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and l.classid = 20250 and l.objid = run_holder.lock_key::oid and l.objsubid = 2 and l.granted
$$;
comment on function a2o_private.run_holder(integer) is 'Process id of the session that records a run; null when it is gone.';

create or replace function a2o_private.drop_run(run_id uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  stage text := a2o_private.run_prefix(run_id);
begin
  execute format('drop table if exists a2o_private.%I, a2o_private.%I, a2o_private.%I',
    stage || 'databases', stage || 'tables', stage || 'reported_tables');
  delete from a2o_private.runs r where r.run_id = drop_run.run_id;
end
$$;
comment on function a2o_private.drop_run(uuid) is 'Drops the staging tables of a run and forgets it.';

create or replace function a2o_private.forget_abandoned_runs() returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  abandoned a2o_private.runs;
begin
  -- A run's row becomes visible only when its session has the lock.
  for abandoned in select * from a2o_private.runs loop
    if a2o_private.run_holder(abandoned.lock_key) is null and pg_try_advisory_xact_lock(20250, abandoned.lock_key) then
      perform a2o_private.drop_run(abandoned.run_id);
    end if;
  end loop;
end
$$;
comment on function a2o_private.forget_abandoned_runs() is 'Drops what runs left behind whose session is gone.';

create or replace function a2o.abandon_assessment(run_id uuid) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  run a2o_private.runs;
  holder integer;
begin
  select * into run from a2o_private.runs r where r.run_id = abandon_assessment.run_id;
  holder := a2o_private.run_holder(run.lock_key);
  if not found or holder <> pg_backend_pid() then
    return;
  end if;
  perform a2o_private.drop_run(run.run_id);
  -- Held on until the transaction ends: nobody else is to clear, or wait for, what is being dropped here. A run whose end was
  -- rolled back has its row again, but not its lock.
  perform pg_advisory_xact_lock(20250, run.lock_key);
  if holder is not null then
    perform pg_advisory_unlock(20250, run.lock_key);
  end if;
end
$$;
comment on function a2o.abandon_assessment(uuid) is E'@behavior -*\nEnds a run of this session and drops what it staged. Nothing happens when there is no such run, or another session is recording it.';
revoke all on function a2o.abandon_assessment(uuid) from public;
grant execute on function a2o.abandon_assessment(uuid) to a2o_ingest;

create or replace function a2o.forget_abandoned_runs() returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  as $$ select a2o_private.forget_abandoned_runs() $$;
comment on function a2o.forget_abandoned_runs() is E'@behavior -*\nDrops what recordings left behind whose session is gone. The worker calls it every hour.';
revoke all on function a2o.forget_abandoned_runs() from public;
grant execute on function a2o.forget_abandoned_runs() to a2o_worker;
--! EndIncluded functions/begin_assessment.sql
--! Included functions/fill_tables.sql
-- The two ways rows come into an assessment's own table: judged from Glue's answers, or as a report brought them.
create or replace function a2o_private.fill_from_glue(stage text, target text, assessment_id uuid, aws_account_id text, region text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  execute format($sql$
    with staged as materialized (
      -- AWS may repeat a table when a page token is repeated or the catalog changes between pages; the later answer stands.
      -- A linked database answers with its target's name, so the name it was asked by is the one that counts.
      select distinct on (database_name, glue ->> 'Name') database_name, glue
      from a2o_private.%1$I order by database_name, glue ->> 'Name', glue ->> 'UpdateTime' desc nulls last),
    judged as materialized (
      select j.*, sha256(convert_to(j.columns::text, 'UTF8')) as schema_hash, s.database_name as listed_database
      from staged s
      left join a2o_private.%2$I d using (database_name)
      cross join lateral a2o_private.judge_glue_table(s.glue, d.glue) as j),
    kept_schemas as (
      insert into a2o.column_schemas (schema_hash, columns)
      select distinct on (schema_hash) schema_hash, columns from judged order by schema_hash
      on conflict do nothing)
    insert into a2o_private.%3$I (assessment_id, database_name, table_name, id, database_id, aws_account_id, table_format, storage_location, size_bytes,
      partition_keys, column_count, last_updated, is_iceberg, migration_readiness, notes, table_type, row_count, row_count_source, size_source,
      format_rule, format_evidence, readiness_rule, glue_parameters, column_schema_hash, content_hash)
    select $1, listed_database, table_name, a2o.table_identity($2, $3, listed_database, table_name), a2o_private.database_identity($1, listed_database),
      $2, table_format, storage_location, size_bytes, partition_keys, column_count, last_updated, table_format = 'ICEBERG', migration_readiness,
      notes, table_type, row_count, row_count_source, size_source, format_rule, format_evidence, readiness_rule, glue_parameters, schema_hash,
      sha256(convert_to(row(table_format, storage_location, size_bytes, partition_keys, column_count, extract(epoch from last_updated),
        migration_readiness, table_type, row_count, schema_hash)::text, 'UTF8'))
    from judged $sql$, stage || 'tables', stage || 'databases', target)
  using assessment_id, aws_account_id, region;
end
$$;
comment on function a2o_private.fill_from_glue(text, text, uuid, text, text) is 'Judges the staged Glue answers of a run into a table of the shape of tables.';

create or replace function a2o_private.fill_from_report(stage text, target text, assessment_id uuid, aws_account_id text, region text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  execute format($sql$
    insert into a2o_private.%2$I (assessment_id, database_name, table_name, id, database_id, aws_account_id, table_format, storage_location, size_bytes,
      partition_keys, column_count, last_updated, is_iceberg, migration_readiness, notes, table_type, row_count, row_count_source, size_source,
      format_rule, format_evidence, readiness_rule, reported, content_hash)
    select $1, database_name, table_name, a2o.table_identity($2, $3, database_name, table_name), a2o_private.database_identity($1, database_name),
      $2, table_format, nullif(storage_location, ''), bytes, partition_keys, column_count, last_updated, is_iceberg, migration_readiness, notes,
      extra ->> 'table_type', a2o_private.parse_bigint(extra ->> 'row_count'), extra ->> 'row_count_source',
      case when bytes is not null then coalesce(extra ->> 'size_source', 'reported') end,
      extra ->> 'format_rule', extra ->> 'format_evidence', extra ->> 'readiness_rule',
      extra - array['size_bytes', 'size_source', 'row_count', 'row_count_source', 'table_type', 'format_rule', 'format_evidence', 'readiness_rule'],
      sha256(convert_to(row(table_format, storage_location, bytes, partition_keys, column_count, extract(epoch from last_updated),
        migration_readiness, extra ->> 'table_type', a2o_private.parse_bigint(extra ->> 'row_count'), null::bytea)::text, 'UTF8'))
    from (
      select *, coalesce(a2o_private.parse_bigint(extra ->> 'size_bytes'), round(estimated_size_gb * 1073741824.0)::bigint) as bytes
      from a2o_private.%1$I) as r $sql$, stage || 'reported_tables', target)
  using assessment_id, aws_account_id, region;
end
$$;
comment on function a2o_private.fill_from_report(text, text, uuid, text, text) is 'Copies the staged rows of a report, verdicts and all, into a table of the shape of tables.';

create or replace function a2o_private.hash_assessment(
  stage text, target text, "timestamp" timestamptz, region text, aws_account_id text, tool_version text, is_simulated boolean, reported jsonb
) returns bytea
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  hash bytea;
begin
  -- Only what a report tells goes in, so that an assessment and its own report are recognised as the same: neither origin, nor
  -- what Glue said. XOR of row hashes does not depend on the order of rows, and no key occurs twice.
  execute format($sql$
    select sha256(convert_to(row(extract(epoch from $1), $2, $3, $4, $5, nullif($6, '{}'),
      d.count, d.hash_a, d.hash_b, u.hash, t.count, t.hash_a, t.hash_b)::text, 'UTF8'))
    from (
      select count(*) as count, bit_xor(hashtextextended(line, 1)) as hash_a, bit_xor(hashtextextended(line, 2)) as hash_b
      from (
        select row(database_name, coalesce(description, glue ->> 'Description'), coalesce(location_uri, glue ->> 'LocationUri'),
          table_count, nullif(extra, '{}'))::text as line
        from a2o_private.%1$I where database_name <> '') as databases) as d,
    (
      select bit_xor(hashtextextended(row(database_name, status, tables_read, operation, error_code, error_message)::text, 1)) as hash
      from a2o_private.%1$I where status <> 'COMPLETE') as u,
    (
      select count(*) as count, bit_xor(hashtextextended(line, 1)) as hash_a, bit_xor(hashtextextended(line, 2)) as hash_b
      from (
        select row(database_name, table_name, table_format, storage_location, size_bytes, size_source, row_count, row_count_source,
          partition_keys, column_count, extract(epoch from last_updated), is_iceberg, migration_readiness, notes, table_type,
          format_rule, format_evidence, readiness_rule, nullif(reported, '{}'))::text as line
        from a2o_private.%2$I) as rows) as t $sql$, stage || 'databases', target)
  using "timestamp", region, aws_account_id, tool_version, is_simulated, reported into hash;
  return hash;
end
$$;
comment on function a2o_private.hash_assessment(text, text, timestamptz, text, text, text, boolean, jsonb) is 'SHA-256 over everything a report of the assessment tells.';
--! EndIncluded functions/fill_tables.sql
--! Included functions/finish_assessment.sql
-- Stores a run whole or not at all: everything happens in the caller's one transaction. Large assessments are written into a
-- table of their own, keyed, and attached as a partition; small ones share a partition. Readers are never locked out.
create or replace function a2o.finish_assessment(
  run_id uuid, origin a2o.assessment_origin, "timestamp" timestamptz, region text, aws_account_id text, tool_version text,
  is_simulated boolean default false, reported jsonb default '{}', expected_tables bigint default null, assessment_id uuid default null
) returns table (id uuid, is_new boolean)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  run a2o_private.runs;
  stage text := a2o_private.run_prefix(finish_assessment.run_id);
  -- Named after the run: two runs may bring the same assessment.
  target text := stage || 'judged';
  new_id uuid;
  own_partition text;
  staged bigint;
  hash bytea;
  known_id uuid;
  duplicates text;
  listing_complete boolean;
begin
  select * into run from a2o_private.runs r where r.run_id = finish_assessment.run_id;
  if not found or a2o_private.run_holder(run.lock_key) is distinct from pg_backend_pid() then
    raise exception 'this session has no run %', run_id using errcode = 'A2O01', hint = 'Open one with begin_assessment() in this session.';
  end if;
  execute format('select count(*) from a2o_private.%I', stage || case origin when 'GLUE' then 'tables' else 'reported_tables' end) into staged;
  if expected_tables is distinct from null and staged <> expected_tables then
    -- Unlogged tables are emptied when the server crashes.
    raise exception 'the run holds % tables where % were sent', staged, expected_tables
      using errcode = 'A2O02', hint = 'The database restarted meanwhile. Nothing was stored; run it again.';
  end if;

  new_id := coalesce(finish_assessment.assessment_id, a2o_private.new_assessment_id(is_large => staged >= 20000));

  execute format('create table a2o_private.%I (like a2o.tables including defaults including generated including constraints)', target);
  if origin = 'GLUE' then
    perform a2o_private.fill_from_glue(stage, target, new_id, aws_account_id, region);
  else
    perform a2o_private.fill_from_report(stage, target, new_id, aws_account_id, region);
  end if;
  perform a2o_private.count_staged_databases(stage, target, origin);

  begin
    execute format('alter table a2o_private.%I add constraint %I primary key (assessment_id, database_name, table_name)', target, stage || 'pkey');
  exception when unique_violation then
    execute format('select string_agg(format(%L, database_name, table_name), %L) from (
        select database_name, table_name from a2o_private.%I group by 1, 2 having count(*) > 1 order by 1, 2 limit 3) as d',
      '%s.%s', ', ', target) into duplicates;
    raise exception 'tables occur more than once: %', duplicates
      using errcode = 'A2O03', hint = 'Each database and table name may occur once in an assessment.';
  end;

  hash := a2o_private.hash_assessment(stage, target, "timestamp", region, aws_account_id, tool_version, is_simulated, reported);
  -- Two recordings of the same report wait here for each other, so that the second one finds the first.
  perform pg_advisory_xact_lock(20251, ('x' || encode(substr(hash, 1, 4), 'hex'))::bit(32)::integer);
  select a.id into known_id from a2o.assessments a where a.content_hash = hash;
  if found then
    execute format('drop table a2o_private.%I', target);
    perform a2o.abandon_assessment(run_id);
    return query select known_id, false;
    return;
  end if;
  if exists (select from a2o.assessments a where a.id = new_id) then
    raise exception 'assessment % is stored already, with other content', new_id
      using errcode = 'A2O04', hint = 'The report was changed after it was written. Remove assessment_metadata.assessment_id to store it as another one.';
  end if;

  insert into a2o.accounts (aws_account_id) values (finish_assessment.aws_account_id) on conflict do nothing;
  execute format($sql$
    insert into a2o.assessments (id, timestamp, region, aws_account_id, tool_version, total_databases, total_tables, iceberg_tables,
      migration_ready, needs_conversion, unknown, total_size_bytes, sized_tables, databases_complete, completeness_percent,
      origin, is_simulated, reported, content_hash)
    select $1, $2, $3, $4, $5, d.databases, t.*, d.complete,
      case when d.listed then case when d.databases = 0 then 100 else trunc(100.0 * d.complete / d.databases, 2) end end,
      $6, $7, $8, $9
    from (
      select count(*) filter (where database_name <> '') as databases, count(*) filter (where database_name <> '' and status = 'COMPLETE') as complete,
        coalesce(bool_and(status = 'COMPLETE') filter (where database_name = ''), true) as listed
      from a2o_private.%I) as d,
    (
      select count(*), count(*) filter (where is_iceberg), count(*) filter (where migration_readiness = 'READY'),
        count(*) filter (where migration_readiness = 'NEEDS_CONVERSION'), count(*) filter (where migration_readiness = 'UNKNOWN'),
        a2o_private.saturated(sum(size_bytes)), count(size_bytes)
      from a2o_private.%I) as t $sql$, stage || 'databases', target)
    using new_id, "timestamp", region, aws_account_id, tool_version, origin, is_simulated, reported, hash;

  execute format($sql$
    insert into a2o.databases (assessment_id, database_name, id, aws_account_id, description, location_uri, table_count, iceberg_tables,
      migration_ready, needs_conversion, unknown, size_bytes, sized_tables, glue, reported)
    select $1, d.database_name, a2o_private.database_identity($1, d.database_name), $2, coalesce(d.description, d.glue ->> 'Description'),
      coalesce(d.location_uri, d.glue ->> 'LocationUri'), d.table_count, coalesce(t.iceberg, 0),
      coalesce(t.ready, 0), coalesce(t.needs, 0), coalesce(t.unknown, 0), t.bytes, coalesce(t.sized, 0), d.glue, d.extra
    from a2o_private.%I d
    left join (
      select database_name, count(*) filter (where is_iceberg) as iceberg,
        count(*) filter (where migration_readiness = 'READY') as ready, count(*) filter (where migration_readiness = 'NEEDS_CONVERSION') as needs,
        count(*) filter (where migration_readiness = 'UNKNOWN') as unknown,
        a2o_private.saturated(sum(size_bytes)) as bytes, count(size_bytes) as sized
      from a2o_private.%I group by database_name) as t using (database_name)
    where d.database_name <> '' $sql$, stage || 'databases', target) using new_id, aws_account_id;

  execute format($sql$
    insert into a2o.database_coverage (assessment_id, database_name, aws_account_id, status, tables_read, operation, error_code, error_message)
    select $1, database_name, $2, status, tables_read, operation, error_code, error_message from a2o_private.%I
    where database_name <> '' or status <> 'COMPLETE' $sql$, stage || 'databases') using new_id, aws_account_id;

  execute format($sql$
    insert into a2o.format_rollups (assessment_id, table_format, migration_readiness, aws_account_id, table_count, sized_tables, size_bytes)
    select $1, table_format, migration_readiness, $2, count(*), count(size_bytes), a2o_private.saturated(sum(size_bytes))
    from a2o_private.%I group by 2, 3 $sql$, target) using new_id, aws_account_id;

  if a2o_private.is_large_assessment(new_id) then
    own_partition := 'tables_' || replace(new_id::text, '-', '');
    execute format('create index %I on a2o_private.%I (id)', own_partition || '_id_idx', target);
    execute format('alter index a2o_private.%I rename to %I', stage || 'pkey', own_partition || '_pkey');
    execute format('alter table a2o_private.%I rename to %I', target, own_partition);
    execute format('alter table a2o_private.%I set schema a2o', own_partition);
    execute format('alter table a2o.%I enable row level security', own_partition);
    execute format('analyze a2o.%I', own_partition);
    -- The check lets ATTACH skip reading the table once more; it says nothing new afterwards.
    execute format('alter table a2o.%I add constraint one_assessment check (assessment_id = %L)', own_partition, new_id);
    execute format('alter table a2o.tables attach partition a2o.%I for values from (%L) to (%s)', own_partition, new_id,
      a2o_private.after_assessment_id(new_id));
    execute format('alter table a2o.%I drop constraint one_assessment', own_partition);
  else
    execute format('insert into a2o.tables (%s) select %1$s from a2o_private.%I', a2o_private.stored_columns(), target);
    execute format('drop table a2o_private.%I', target);
  end if;

  perform a2o.abandon_assessment(run_id);
  perform pg_notify('a2o_assessments', json_build_object('id', new_id, 'aws_account_id', aws_account_id, 'region', region)::text);
  return query select new_id, true;
end
$$;
comment on function a2o.finish_assessment(uuid, a2o.assessment_origin, timestamptz, text, text, text, boolean, jsonb, bigint, uuid) is
  E'@behavior -*\nStores what a run staged as one assessment and returns its id; is_new is false when the same content is stored already. Errors: A2O01 no such run, A2O02 staging lost, A2O03 a table twice, A2O04 the id is taken by other content.';
revoke all on function a2o.finish_assessment(uuid, a2o.assessment_origin, timestamptz, text, text, text, boolean, jsonb, bigint, uuid) from public;
grant execute on function a2o.finish_assessment(uuid, a2o.assessment_origin, timestamptz, text, text, text, boolean, jsonb, bigint, uuid) to a2o_ingest;

create or replace function a2o_private.stored_columns() returns text
  language sql stable
  return (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
    where attrelid = 'a2o.tables'::regclass and attnum > 0 and not attisdropped and attgenerated = '');
comment on function a2o_private.stored_columns() is 'Columns of tables that are written, that is all but the generated ones.';

-- The first digit of an assessment's id says where its tables are, see the partitions of tables.
create or replace function a2o_private.is_large_assessment(assessment_id uuid) returns boolean
  language sql immutable parallel safe
  return assessment_id >= 'f0000000-0000-0000-0000-000000000000';
comment on function a2o_private.is_large_assessment(uuid) is 'True when the id is one of an assessment with a partition of its own.';

create or replace function a2o_private.new_assessment_id(is_large boolean) returns uuid
  language sql volatile
  return overlay(gen_random_uuid()::text placing case when is_large then 'f' else to_hex(floor(random() * 15)::integer) end from 1 for 1)::uuid;
comment on function a2o_private.new_assessment_id(boolean) is 'A random id for a large or a small assessment.';

create or replace function a2o_private.after_assessment_id(assessment_id uuid) returns text
  language sql immutable parallel safe
  begin atomic
    with digits as (
      select hex, length(substring(hex from 'f*$')) as carried from (select replace(assessment_id::text, '-', '') as hex) as d)
    select case when carried = 32 then 'maxvalue' else
      quote_literal((left(hex, 31 - carried) || translate(substr(hex, 32 - carried, 1), '0123456789abcde', '123456789abcdef') || repeat('0', carried))::uuid) end
    from digits;
  end;
comment on function a2o_private.after_assessment_id(uuid) is 'The upper bound of the partition of one assessment: the next id, as a literal.';

-- Also names databases that the list forgot but that have tables; of one read from Glue nobody said then how far it was read.
create or replace function a2o_private.count_staged_databases(stage text, target text, origin a2o.assessment_origin) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  execute format($sql$
    with counted as materialized (select database_name, count(*) as tables from a2o_private.%2$I group by database_name),
    unlisted as (
      insert into a2o_private.%1$I (database_name, status, tables_read, table_count)
      select c.database_name, $1, c.tables, c.tables from counted c
      where not exists (select from a2o_private.%1$I d where d.database_name = c.database_name))
    update a2o_private.%1$I d set table_count = coalesce((select c.tables from counted c where c.database_name = d.database_name), 0)
    where d.table_count is null $sql$, stage || 'databases', target)
  using case origin when 'REPORT' then 'COMPLETE' else 'PARTIAL' end::a2o.coverage_status;
end
$$;
comment on function a2o_private.count_staged_databases(text, text, a2o.assessment_origin) is 'Completes the staged databases of a run: those without a count get the number of their tables, those not listed are added.';

create or replace function a2o_private.database_identity(assessment_id uuid, database_name text) returns uuid
  language sql immutable parallel safe
  return md5(assessment_id || ' ' || database_name)::uuid;
comment on function a2o_private.database_identity(uuid, text) is 'databases.id: identity of a database within its assessment.';
--! EndIncluded functions/finish_assessment.sql
--! Included triggers/forget_tables_of_assessment.sql
-- Deleting an assessment deletes its tables, as the foreign key of a plain schema would. A large one loses its partition.
create or replace function a2o_private.forget_tables_of_assessment() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_partition regclass := to_regclass(format('a2o.%I', 'tables_' || replace(old.id::text, '-', '')));
begin
  if own_partition is not null then
    execute format('drop table %s', own_partition);
  else
    delete from a2o.tables_shared t where t.assessment_id = old.id;
  end if;
  return old;
end
$$;
comment on function a2o_private.forget_tables_of_assessment() is 'Deletes the tables of a deleted assessment.';

drop trigger if exists forget_tables on a2o.assessments;
create trigger forget_tables before delete on a2o.assessments
  for each row execute function a2o_private.forget_tables_of_assessment();
--! EndIncluded triggers/forget_tables_of_assessment.sql
--! Included policies/account_isolation.sql
-- Readers see the accounts they were given. The roles that record see everything: what they write belongs to whom AWS says.
do $$
declare
  relation text;
begin
  foreach relation in array array['accounts', 'assessments', 'databases', 'database_coverage', 'tables', 'format_rollups',
    'migration_jobs', 'migration_progress', 'migration_metrics'] loop
    execute format('alter table a2o.%I enable row level security', relation);
    execute format('drop policy if exists reads_own_accounts on a2o.%I', relation);
    execute format('create policy reads_own_accounts on a2o.%I for select to a2o_reader
      using (aws_account_id = any ((select a2o_private.visible_accounts())::text[]))', relation);
    execute format('drop policy if exists records_all_accounts on a2o.%I', relation);
    execute format('create policy records_all_accounts on a2o.%I for select to a2o_ingest, a2o_worker using (true)', relation);
    execute format('grant select on a2o.%I to a2o_reader, a2o_ingest, a2o_worker', relation);
  end loop;
end
$$;

-- Policies of a partitioned table do not reach a partition that is named directly; nobody has a grant there, and this is the
-- second lock. finish_assessment does the same for the partitions it makes.
alter table a2o.tables_shared enable row level security;
alter table a2o.migration_progress_default enable row level security;
alter table a2o.migration_metrics_default enable row level security;

-- Column lists carry no account; they are reached through functions that check it.
alter table a2o.column_schemas enable row level security;
-- Grants are the owner's business; `aws2openstack access` runs as the owner.
alter table a2o.account_access enable row level security;

grant select on a2o.format_rules, a2o.readiness_rules to a2o_reader, a2o_ingest, a2o_worker;
--! EndIncluded policies/account_isolation.sql
--! Included rules/format_rules.sql
-- What each code that judge_format gives means. Codes are kept as evidence in stored assessments: never reuse one.
insert into a2o.format_rules (code, table_format, explanation) values
  ('fmt-010', 'RESOURCE_LINK', 'TargetTable is set: the entry is a link, and AWS answers with the properties of its target.'),
  ('fmt-011', 'RESOURCE_LINK', 'The database has TargetDatabase: all its tables are links.'),
  ('fmt-020', 'FEDERATED', 'FederatedTable is set.'),
  ('fmt-021', 'FEDERATED', 'The database has FederatedDatabase.'),
  ('fmt-030', 'VIEW', 'TableType ends in VIEW.'),
  ('fmt-100', null, 'Parameter table_type is ICEBERG, DELTA or HUDI, in any case.'),
  ('fmt-110', null, 'Parameter spark.sql.sources.provider is iceberg, delta or hudi.'),
  ('fmt-120', 'ICEBERG', 'Parameter metadata_location is set.'),
  ('fmt-130', 'ICEBERG', 'InputFormat starts with org.apache.iceberg.'),
  ('fmt-131', 'HUDI', 'InputFormat starts with org.apache.hudi. or com.uber.hoodie.'),
  ('fmt-132', 'DELTA', 'InputFormat starts with io.delta.'),
  ('fmt-133', 'DELTA', 'SymlinkTextInputFormat over _symlink_format_manifest, or with classification delta. S3 Inventory uses the same InputFormat and is no Delta table.'),
  ('fmt-140', 'ICEBERG', 'Parameter storage_handler is Iceberg''s.'),
  ('fmt-141', 'HBASE', 'Parameter storage_handler is HBase''s.'),
  ('fmt-142', 'DYNAMODB', 'Parameter storage_handler is DynamoDB''s.'),
  ('fmt-143', 'JDBC', 'Parameter storage_handler is Hive''s JDBC handler.'),
  ('fmt-144', 'DYNAMODB', 'A crawler classified it as dynamodb.'),
  ('fmt-200', null, 'typeOfData is kinesis or kafka: a stream; the format is that of its records.'),
  ('fmt-201', null, 'classification is kinesis or kafka: a stream; the format is that of its records.'),
  ('fmt-210', 'JDBC', 'Parameter connectionName is set.'),
  ('fmt-211', 'JDBC', 'classification names a database engine.'),
  ('fmt-300', null, 'Parameter spark.sql.sources.provider names a file format. It comes before InputFormat: Spark registers CSV and JSON with a placeholder SequenceFileInputFormat.'),
  ('fmt-310', 'PARQUET', 'InputFormat is Parquet''s.'),
  ('fmt-311', 'ORC', 'InputFormat is ORC''s.'),
  ('fmt-312', 'AVRO', 'InputFormat is Avro''s.'),
  ('fmt-313', 'SEQUENCEFILE', 'InputFormat is SequenceFileInputFormat.'),
  ('fmt-314', 'RCFILE', 'InputFormat is RCFileInputFormat.'),
  ('fmt-315', 'ION', 'InputFormat is Amazon Ion''s.'),
  ('fmt-316', 'CLOUDTRAIL', 'InputFormat is CloudTrail''s.'),
  ('fmt-320', 'PARQUET', 'SerDe is Parquet''s.'),
  ('fmt-321', 'ORC', 'SerDe is ORC''s.'),
  ('fmt-322', 'AVRO', 'SerDe is Avro''s.'),
  ('fmt-323', 'JSON', 'SerDe is a JsonSerDe (OpenX, HCatalog or Hive).'),
  ('fmt-324', 'CSV', 'SerDe is OpenCSVSerde.'),
  ('fmt-325', 'REGEX', 'SerDe is RegexSerDe.'),
  ('fmt-326', 'GROK', 'SerDe is GrokSerDe.'),
  ('fmt-327', 'XML', 'SerDe is XmlSerDe.'),
  ('fmt-328', 'CLOUDTRAIL', 'SerDe is CloudTrail''s.'),
  ('fmt-329', 'ION', 'SerDe is Amazon Ion''s.'),
  ('fmt-330', 'RCFILE', 'SerDe is columnar (RCFile).'),
  ('fmt-331', 'CSV', 'LazySimpleSerDe with classification csv or tsv.'),
  ('fmt-332', 'CSV', 'LazySimpleSerDe with comma, semicolon, pipe or tab as delimiter.'),
  ('fmt-333', 'TEXT', 'LazySimpleSerDe without such a delimiter.'),
  ('fmt-340', null, 'A crawler''s classification names a file format.'),
  ('fmt-341', 'CSV', 'A crawler''s classification is tsv.'),
  ('fmt-900', 'UNKNOWN', 'No rule speaks.')
on conflict (code) do update set table_format = excluded.table_format, explanation = excluded.explanation;
--! EndIncluded rules/format_rules.sql
--! Included rules/readiness_rules.sql
-- What each code that judge_readiness gives means. Codes are kept as evidence in stored assessments: never reuse one.
insert into a2o.readiness_rules (code, migration_readiness, explanation) values
  ('rdy-010', 'UNKNOWN', 'A resource link: its target decides.'),
  ('rdy-020', 'UNKNOWN', 'The format is not recognised.'),
  ('rdy-030', 'NEEDS_CONVERSION', 'A view is to be rewritten; data in a database, a federated source, DynamoDB or HBase is to be exported.'),
  ('rdy-031', 'NEEDS_CONVERSION', 'A stream: producers and consumers are to be moved.'),
  ('rdy-040', 'UNKNOWN', 'No storage location where one is needed.'),
  ('rdy-100', 'READY', 'Iceberg whose location or metadata_location is on S3 (s3://, s3a://, s3n://).'),
  ('rdy-110', 'NEEDS_CONVERSION', 'Iceberg outside S3: to be copied.'),
  ('rdy-120', 'NEEDS_CONVERSION', 'A recognised format other than Iceberg: to be converted.')
on conflict (code) do update set migration_readiness = excluded.migration_readiness, explanation = excluded.explanation;
--! EndIncluded rules/readiness_rules.sql
--! Included views/newest_assessments.sql
-- The newest assessment of each account and region; where every page and every question starts.
create or replace view a2o.newest_assessments with (security_invoker = true) as
  select distinct on (a.aws_account_id, a.region) a.id, a.timestamp, a.region, a.aws_account_id, a.tool_version, a.total_databases,
    a.total_tables, a.iceberg_tables, a.migration_ready, a.needs_conversion, a.unknown, a.total_size_bytes, a.total_estimated_size_gb,
    a.sized_tables, a.databases_complete, a.completeness_percent, a.origin, a.is_simulated, a.created_at
  from a2o.assessments a
  order by a.aws_account_id, a.region, a.timestamp desc, a.id;
comment on view a2o.newest_assessments is E'@primaryKey id\nNewest assessment of each account and region.';
grant select on a2o.newest_assessments to a2o_reader, a2o_ingest;
--! EndIncluded views/newest_assessments.sql
--! Included views/format_overview.sql
-- Tables and bytes for each table format of an assessment; feeds the Formats panel and get_tables_by_format.
create or replace view a2o.format_overview with (security_invoker = true) as
  select r.assessment_id, r.table_format, sum(r.table_count)::integer as table_count, sum(r.sized_tables)::integer as sized_tables,
    a2o_private.saturated(sum(r.size_bytes)) as size_bytes
  from a2o.format_rollups r
  group by r.assessment_id, r.table_format;
comment on view a2o.format_overview is E'@primaryKey assessment_id,table_format\nTables and known bytes for each format of an assessment.';
comment on column a2o.format_overview.table_count is E'@notNull\nTables in the format.';
comment on column a2o.format_overview.sized_tables is E'@notNull\nTables whose size is known.';
comment on column a2o.format_overview.size_bytes is 'Bytes of those; null when none is known.';
grant select on a2o.format_overview to a2o_reader, a2o_ingest;
--! EndIncluded views/format_overview.sql
--! Included views/readiness_overview.sql
-- Tables and bytes for each verdict of an assessment; all three verdicts are always there, so that a chart needs no gaps filled.
create or replace view a2o.readiness_overview with (security_invoker = true) as
  select a.id as assessment_id, v.verdict as migration_readiness, coalesce(sum(r.table_count), 0)::integer as table_count,
    coalesce(sum(r.sized_tables), 0)::integer as sized_tables, a2o_private.saturated(sum(r.size_bytes)) as size_bytes,
    case when a.total_tables > 0 then round(100.0 * coalesce(sum(r.table_count), 0) / a.total_tables, 2) end as percent
  from a2o.assessments a
  cross join unnest(enum_range(null::a2o.migration_readiness)) as v(verdict)
  left join a2o.format_rollups r on r.assessment_id = a.id and r.migration_readiness = v.verdict
  group by a.id, v.verdict;
comment on view a2o.readiness_overview is E'@primaryKey assessment_id,migration_readiness\nTables and known bytes for each verdict of an assessment.';
comment on column a2o.readiness_overview.table_count is E'@notNull\nTables with the verdict.';
comment on column a2o.readiness_overview.sized_tables is E'@notNull\nTables whose size is known.';
comment on column a2o.readiness_overview.size_bytes is 'Bytes of those; null when none is known.';
comment on column a2o.readiness_overview.percent is 'Share of all tables, 0 to 100; null when there are none.';
grant select on a2o.readiness_overview to a2o_reader, a2o_ingest;
--! EndIncluded views/readiness_overview.sql
--! Included functions/report_lines.sql
-- The phase 1 JSON report, element by element, so that a report of any size streams. Keys that phase 1 lacks come last.
-- Bodies are bound at creation (begin atomic): readers have no usage of a2o_private, where the helpers are.
create or replace function a2o_private.iso_timestamp(moment timestamptz) returns text
  language sql stable parallel safe
  return to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00';
comment on function a2o_private.iso_timestamp(timestamptz) is 'ISO 8601 in UTC with microseconds, as Python''s isoformat writes it.';

-- Readers of reports refuse 8 EiB and more, which a bigint cannot hold; rounding must not bring a size there.
create or replace function a2o_private.reported_gb(gb numeric) returns numeric
  language sql immutable parallel safe
  return case when gb < 8589934591.99 then round(gb, 2) when gb is not null then 8589934591.99 end;
comment on function a2o_private.reported_gb(numeric) is 'Size in GB as reports tell it: two decimals, below 8 EiB; null stays null.';

create or replace function a2o_private.with_extra(object json, extra jsonb) returns json
  language sql immutable parallel safe
  return case when extra is null or extra = '{}' then object
    else (left(object::text, -1) || ', ' || substr(extra::text, 2))::json end;
comment on function a2o_private.with_extra(json, jsonb) is 'A JSON object with further keys at its end.';

create or replace function a2o.report_header(assessment_id uuid) returns json
  language sql stable
  begin atomic
  select a2o_private.with_extra(json_build_object(
    'assessment_metadata', a2o_private.with_extra(json_build_object(
      'timestamp', a2o_private.iso_timestamp(a.timestamp), 'region', a.region, 'aws_account_id', a.aws_account_id, 'tool_version', a.tool_version,
      'report_version', 1, 'assessment_id', a.id, 'origin', a.origin, 'is_simulated', a.is_simulated,
      'databases_complete', a.databases_complete, 'completeness_percent', a.completeness_percent), a.reported -> 'assessment_metadata'),
    'summary', a2o_private.with_extra(json_build_object(
      'total_databases', a.total_databases, 'total_tables', a.total_tables, 'iceberg_tables', a.iceberg_tables,
      'migration_ready', a.migration_ready, 'needs_conversion', a.needs_conversion, 'unknown', a.unknown,
      'total_estimated_size_gb', coalesce(a2o_private.reported_gb(a.total_estimated_size_gb), 0), 'sized_tables', a.sized_tables), a.reported -> 'summary'),
    'unread', coalesce((
      select json_agg(json_build_object('database_name', nullif(c.database_name, ''), 'status', c.status, 'tables_read', c.tables_read,
        'operation', c.operation, 'error_code', c.error_code, 'error_message', c.error_message) order by c.database_name)
      from a2o.database_coverage c where c.assessment_id = a.id and c.status <> 'COMPLETE'), '[]')), a.reported - array['assessment_metadata', 'summary'])
  from a2o.assessments a where a.id = report_header.assessment_id;
  end;
comment on function a2o.report_header(uuid) is E'@behavior -*\nassessment_metadata, summary and unread (what could not be read) of the JSON report; null when there is no such assessment.';

create or replace function a2o.report_databases(assessment_id uuid) returns setof json
  language sql stable rows 1000
  begin atomic
  select a2o_private.with_extra(json_build_object('database_name', d.database_name, 'description', d.description,
    'location_uri', d.location_uri, 'table_count', d.table_count), d.reported)
  from a2o.databases d where d.assessment_id = report_databases.assessment_id order by d.database_name;
  end;
comment on function a2o.report_databases(uuid) is E'@behavior -*\nElements of "databases" of the JSON report.';

create or replace function a2o.report_tables(assessment_id uuid) returns setof json
  language sql stable rows 1000000
  begin atomic
  select a2o_private.with_extra(json_build_object(
    'database_name', t.database_name, 'table_name', t.table_name, 'table_format', t.table_format, 'storage_location', t.storage_location,
    'estimated_size_gb', a2o_private.reported_gb(t.estimated_size_gb), 'partition_keys', to_json(t.partition_keys), 'column_count', t.column_count,
    'last_updated', a2o_private.iso_timestamp(t.last_updated), 'is_iceberg', t.is_iceberg, 'migration_readiness', t.migration_readiness,
    'notes', to_json(t.notes),
    -- Above 2^53 a JSON number is no longer exact for every reader.
    'size_bytes', case when t.size_bytes <= 9007199254740992 then to_json(t.size_bytes) else to_json(t.size_bytes::text) end,
    'size_source', t.size_source, 'row_count', case when t.row_count <= 9007199254740992 then to_json(t.row_count) else to_json(t.row_count::text) end,
    'row_count_source', t.row_count_source, 'table_type', t.table_type, 'format_rule', t.format_rule, 'format_evidence', t.format_evidence,
    'readiness_rule', t.readiness_rule), t.reported)
  from a2o.tables t where t.assessment_id = report_tables.assessment_id order by t.database_name, t.table_name;
  end;
comment on function a2o.report_tables(uuid) is E'@behavior -*\nElements of "tables" of the JSON report.';

revoke all on function a2o.report_header(uuid), a2o.report_databases(uuid), a2o.report_tables(uuid), a2o_private.iso_timestamp(timestamptz), a2o_private.reported_gb(numeric), a2o_private.with_extra(json, jsonb) from public;
grant execute on function a2o.report_header(uuid), a2o.report_databases(uuid), a2o.report_tables(uuid), a2o_private.iso_timestamp(timestamptz), a2o_private.reported_gb(numeric), a2o_private.with_extra(json, jsonb) to a2o_reader, a2o_ingest;
--! EndIncluded functions/report_lines.sql
--! Included functions/report_markdown.sql
-- The Markdown report, line by line. Every character that CommonMark or GitHub would read as markup gets a backslash, so that
-- names show as they are, tables never break, and <script> is text. Underscores inside words are no markup and stay readable.
create or replace function a2o.markdown_cell(value text) returns text
  language sql immutable parallel safe
  return regexp_replace(regexp_replace(regexp_replace(coalesce(value, ''),
    '([\\`*|<>&\[\]~#]|(?<![[:alnum:]])_|_(?![[:alnum:]]))', '\\\1', 'g'), '\s+', ' ', 'g'), '^ | $', '', 'g');
comment on function a2o.markdown_cell(text) is E'@behavior -*\nText as one Markdown table cell: markup escaped, line breaks and tabs made spaces.';

create or replace function a2o.report_markdown(assessment_id uuid) returns setof text
  language plpgsql stable as $$
declare
  a a2o.assessments;
  d record;
begin
  select * into a from a2o.assessments x where x.id = report_markdown.assessment_id;
  if not found then
    return;
  end if;

  return next '# AWS Glue Catalog Assessment';
  return next '';
  return next '**Generated:** ' || to_char(a.timestamp at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC  ';
  return next '**Region:** ' || a2o.markdown_cell(a.region) || '  ';
  return next '**AWS Account:** ' || a.aws_account_id || '  ';
  if a.is_simulated then
    return next '**Simulated:** this catalog was made up by the AWS simulator  ';
  end if;
  return next '';

  return next '## Executive Summary';
  return next '';
  return next format('- **Total databases:** %s', a.total_databases);
  return next format('- **Total tables:** %s', a.total_tables);
  return next format('- **Iceberg tables:** %s', a.iceberg_tables);
  return next format('- **Known size:** %s GB (%s of %s tables tell their size; 1 GB = 2^30 bytes)',
    coalesce(round(a.total_estimated_size_gb, 2)::text, 'none,'), a.sized_tables, a.total_tables);
  return next format('- **Read in full:** %s of %s databases%s', a.databases_complete, a.total_databases,
    coalesce(format(' (%s%%)', a.completeness_percent), '; the list of databases itself is incomplete'));
  return next '';

  return next '## Migration Readiness Breakdown';
  return next '';
  return next '| Status | Count | Percentage |';
  return next '|--------|------:|-----------:|';
  return query select format('| %s | %s | %s |', r.migration_readiness, r.table_count, coalesce(round(r.percent, 1) || '%', '–'))
    from a2o.readiness_overview r where r.assessment_id = a.id order by r.migration_readiness;
  return next '';

  return next '## Database Overview';
  return next '';
  return next '| Database | Tables | Iceberg Tables | Storage (GB) |';
  return next '|----------|-------:|---------------:|-------------:|';
  return query select format('| %s | %s | %s | %s |', a2o.markdown_cell(x.database_name), x.table_count, x.iceberg_tables,
      coalesce(round(a2o.bytes_to_gb(x.size_bytes), 2)::text, 'unknown'))
    from a2o.databases x where x.assessment_id = a.id order by x.database_name;
  return next '';

  return next '## Detailed Table Inventory';
  return next '';
  for d in select x.database_name from a2o.databases x where x.assessment_id = a.id order by x.database_name loop
    return next '### Database: ' || a2o.markdown_cell(d.database_name);
    return next '';
    return next '| Table | Format | Size (GB) | Partitions | Readiness | Notes |';
    return next '|-------|--------|----------:|------------|-----------|-------|';
    return query select format('| %s | %s | %s | %s | %s | %s |', a2o.markdown_cell(t.table_name), a2o.markdown_cell(t.table_format),
        coalesce(round(t.estimated_size_gb, 2)::text, 'unknown'), a2o.markdown_cell(array_to_string(t.partition_keys, ', ')),
        t.migration_readiness, a2o.markdown_cell(array_to_string(t.notes, ' ')))
      from a2o.tables t where t.assessment_id = a.id and t.database_name = d.database_name order by t.table_name;
    return next '';
  end loop;

  if exists (select from a2o.database_coverage c where c.assessment_id = a.id and c.status <> 'COMPLETE') then
    return next '## Errors';
    return next '';
    return next 'These could not be read in full. Their tables are missing above and are not to be taken as absent.';
    return next '';
    return next '| Database | Status | Tables read | Operation | Error |';
    return next '|----------|--------|------------:|-----------|-------|';
    return query select format('| %s | %s | %s | %s | %s |', coalesce(nullif(a2o.markdown_cell(c.database_name), ''), '(list of databases)'),
        c.status, c.tables_read, a2o.markdown_cell(c.operation), a2o.markdown_cell(concat_ws(': ', c.error_code, c.error_message)))
      from a2o.database_coverage c where c.assessment_id = a.id and c.status <> 'COMPLETE' order by c.database_name;
    return next '';
  end if;

  return next '## Recommendations';
  return next '';
  return next '### Migration Strategy';
  return next '';
  if a.migration_ready > 0 then
    return next format('1. **Move first what is ready (%s).** These are Iceberg tables on S3: copy data and metadata, rewrite the paths, register the tables.', a.migration_ready);
  else
    return next '1. **No table is ready as it is.** Convert a small, well-known table first to prove the path.';
  end if;
  return next format('2. **Convert what needs conversion (%s).** Start with the formats that hold most bytes; rewrite views when the tables under them have moved.', a.needs_conversion);
  return next format('3. **Look into what is unknown (%s).** The notes say what the catalog does not tell.', a.unknown);
  return next '';
  return next '### Next Steps';
  return next '';
  if a.databases_complete < a.total_databases or a.completeness_percent is null then
    return next '- Grant the missing permissions (see Errors) and assess again, so that the plan covers the whole catalog.';
  end if;
  return next '- Confirm sizes that a crawler estimated before booking transfer capacity.';
  return next '- Group tables into waves by database, and keep views with the tables they read.';
  return next '- Assess again after each wave and compare.';
end
$$;
comment on function a2o.report_markdown(uuid) is E'@behavior -*\nLines of the Markdown report; none when there is no such assessment.';
revoke all on function a2o.report_markdown(uuid), a2o.markdown_cell(text) from public;
grant execute on function a2o.report_markdown(uuid), a2o.markdown_cell(text) to a2o_reader, a2o_ingest;
--! EndIncluded functions/report_markdown.sql
--! Included tools/get_latest_assessment.sql
-- The seed's tool. Definer would gain nothing here: one indexed row, and the policies choose whose.
create or replace function a2o_mcp.get_latest_assessment(region text, account_id text) returns a2o_mcp.assessment_summary
  language plpgsql stable as $$
declare
  answer a2o_mcp.assessment_summary;
  choices text;
begin
  select a.id, a.timestamp, a.region, a.aws_account_id, a.origin, a.is_simulated, a.total_databases, a.databases_complete,
    a.completeness_percent, a.total_tables, a.iceberg_tables, a.migration_ready, a.needs_conversion, a.unknown, a.sized_tables,
    round(a.total_estimated_size_gb, 2), null
  into answer
  from a2o.newest_assessments a
  where a.aws_account_id = get_latest_assessment.account_id and a.region = get_latest_assessment.region;
  if answer.assessment_id is null then
    select string_agg(format('%s in %s', a.aws_account_id, a.region), ', ' order by a.aws_account_id, a.region) into choices from a2o.newest_assessments a;
    answer.message := format('No assessment of account %s in %s. ', account_id, region)
      || coalesce('There are assessments of: ' || choices || '.', 'Nothing has been assessed that you may read.');
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.get_latest_assessment(text, text) is
$$Newest assessment of one AWS account in one region, in numbers: databases, tables, readiness, Iceberg tables, known size, and how much of the catalog could be read. Start here; its assessment_id goes into the other tools. Sizes are in GB of 2^30 bytes and cover only tables whose size the catalog tells. When there is no such assessment, message lists the accounts and regions that have one.

@param region AWS region, e.g. us-east-1
@param account_id AWS account id, twelve digits$$;
revoke all on function a2o_mcp.get_latest_assessment(text, text) from public;
grant execute on function a2o_mcp.get_latest_assessment(text, text) to a2o_reader;
--! EndIncluded tools/get_latest_assessment.sql

--! split: 330-housekeeping.sql
--! Included functions/prune_assessments.sql
-- For the owner alone: who records adds to the history and takes nothing from it. What goes every night without anybody asking
-- stands in retention. Dropping a partition shuts readers of tables out until the commit, so it comes last, and waiting for it
-- is short: whoever waits holds up every reader who comes after.
create or replace function a2o.prune_assessments(
  keep_last integer default null, older_than interval default null, account_id text default null, region text default null, dry_run boolean default false
) returns table (id uuid, aws_account_id text, region_name text, assessed_at timestamptz, total_tables integer, is_simulated boolean)
  language plpgsql volatile set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  chosen uuid[];
begin
  if keep_last is null and older_than is null then
    raise exception 'nothing says which assessments may go' using errcode = 'A2O20', hint = 'Name keep_last, older_than, or both.';
  end if;
  if keep_last < 1 or older_than < interval '0' then
    raise exception 'keep_last must be 1 or more, and older_than not negative' using errcode = 'A2O20', hint = 'The newest assessment always stays.';
  end if;
  with ranked as (
    select a.id, a.timestamp, row_number() over (partition by a.aws_account_id, a.region order by a.timestamp desc, a.id) as place
    from a2o.assessments a
    where (prune_assessments.account_id is null or a.aws_account_id = prune_assessments.account_id)
      and (prune_assessments.region is null or a.region = prune_assessments.region))
  select coalesce(array_agg(r.id), '{}') into chosen from ranked r
  where r.place > greatest(coalesce(prune_assessments.keep_last, 1), 1)
    and (prune_assessments.older_than is null or r.timestamp < now() - prune_assessments.older_than);
  return query
    select a.id, a.aws_account_id::text, a.region::text, a.timestamp, a.total_tables, a.is_simulated
    from a2o.assessments a where a.id = any (chosen) order by a.aws_account_id, a.region, a.timestamp;
  if not dry_run then
    delete from a2o.assessments a where a.id = any (chosen) and not a2o_private.is_large_assessment(a.id);
    delete from a2o.assessments a where a.id = any (chosen) and a2o_private.is_large_assessment(a.id);
  end if;
end
$$;
comment on function a2o.prune_assessments(integer, interval, text, text, boolean) is
  E'@behavior -*\nDeletes assessments that are older than older_than and not among the newest keep_last of their account and region, and returns them; the newest one always stays. With dry_run it only tells. Error: A2O20 nothing says what may go; 55P03 when somebody reads or records at the moment.';
revoke all on function a2o.prune_assessments(integer, interval, text, text, boolean) from public;
--! EndIncluded functions/prune_assessments.sql
--! Included functions/refresh_statistics.sql
-- Autovacuum analyzes partitions, and never the partitioned table above them, whose statistics a query over several
-- assessments or jobs is planned by.
create or replace function a2o.refresh_statistics() returns setof text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  stale regclass;
begin
  for stale in
    with parts as (
      select i.inhparent as parent, c.oid as part, c.reltuples >= 0 or pg_relation_size(c.oid) = 0 as is_known, greatest(c.reltuples, 0) as rows
      from pg_inherits i
      join pg_class c on c.oid = i.inhrelid and c.relkind = 'r'
      join pg_class p on p.oid = i.inhparent and p.relkind = 'p' and p.relnamespace = 'a2o'::regnamespace)
    select part from parts where not is_known
    union all
    (select p.oid from pg_class p join parts on parts.parent = p.oid
    group by p.oid, p.reltuples
    having sum(parts.rows) > 0 and abs(p.reltuples - sum(parts.rows)) > 0.1 * sum(parts.rows) or not bool_and(is_known))
  loop
    -- ANALYZE of a partitioned table reads its partitions once more, unless it can be told not to.
    execute format(case when current_setting('server_version_num')::integer >= 180000 then 'analyze only %s' else 'analyze %s' end, stale);
    return next stale::text;
  end loop;
end
$$;
comment on function a2o.refresh_statistics() is E'@behavior -*\nAnalyzes partitioned tables whose partitions have changed, and partitions nobody has analyzed yet; returns their names. The worker calls it every hour.';
revoke all on function a2o.refresh_statistics() from public;
grant execute on function a2o.refresh_statistics() to a2o_worker;
--! EndIncluded functions/refresh_statistics.sql
--! Included functions/apply_retention.sql
-- A recording inserts column lists and then the tables that use them, unseen by others until it commits. So what looks unused
-- is looked at again under a lock that no recording shares. While one is under way nothing goes; the next night comes.
create or replace function a2o_private.forget_unused_column_schemas() returns bigint
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  unused bytea[];
  removed bigint;
begin
  select array_agg(s.schema_hash) into unused from a2o.column_schemas s
  where not exists (select from a2o.tables t where t.column_schema_hash = s.schema_hash);
  if unused is null then
    return 0;
  end if;
  lock table a2o.column_schemas in share row exclusive mode nowait;
  delete from a2o.column_schemas s
  where s.schema_hash = any (unused) and not exists (select from a2o.tables t where t.column_schema_hash = s.schema_hash);
  get diagnostics removed = row_count;
  return removed;
exception when lock_not_available then
  return 0;
end
$$;
comment on function a2o_private.forget_unused_column_schemas() is 'Deletes column lists that no table has any more, and returns how many.';

create or replace function a2o.apply_retention() returns table (what text, removed bigint)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  rule a2o.retention;
begin
  for rule in select * from a2o.retention r order by r.what loop
    what := rule.what;
    removed := 0;
    case rule.what
      when 'assessments' then
        if rule.keep_for is not null or rule.keep_last is not null then
          select count(*) into removed from a2o.prune_assessments(keep_last => rule.keep_last, older_than => rule.keep_for);
        end if;
      when 'migration_jobs' then
        delete from a2o.migration_jobs j where j.completed_at < now() - rule.keep_for;
        get diagnostics removed = row_count;
      when 'migration_progress' then
        delete from a2o.migration_progress p where p.sampled_at < now() - rule.keep_for;
        get diagnostics removed = row_count;
      when 'migration_metrics' then
        delete from a2o.migration_metrics m where m.sampled_at < now() - rule.keep_for;
        get diagnostics removed = row_count;
    end case;
    return next;
  end loop;
  what := 'column_schemas';
  removed := a2o_private.forget_unused_column_schemas();
  return next;
end
$$;
comment on function a2o.apply_retention() is E'@behavior -*\nDeletes what retention says is too old, and column lists that no table has any more; returns how many of each. The worker calls it every night.';
revoke all on function a2o.apply_retention() from public;
grant execute on function a2o.apply_retention() to a2o_worker;
--! EndIncluded functions/apply_retention.sql

--! split: 900-end.sql
reset role;
