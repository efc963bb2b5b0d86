--! Previous: -
--! Hash: sha1:7ee5194e77e931a41648fea9ca5d4d73ef029744
--! Message: aws2openstack

--! split: 100-roles-and-schemas.sql
-- Roles are shared by all databases of a server: another database may have brought them, and another administrator may have
-- made them, who alone can change or grant them then (PostgreSQL 16 and later). So nothing here is done twice. None of them
-- can log in here: the embedded server gives a password to a2o_authenticator and a2o_mcp, `aws2openstack db logins` to each that a
-- program uses.
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
    ('a2o_mcp', 'The MCP server''s login: a reader in read-only transactions.'),
    ('a2o_metrics', 'Figures about the operation, for Prometheus and Grafana: counts and times of every account, no names of tables.')
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

--! split: 210-findings.sql
create type a2o.finding_severity as enum ('INFO', 'LOW', 'MEDIUM', 'HIGH');
comment on type a2o.finding_severity is 'INFO: good to know. LOW: a little work, or a doubt. MEDIUM: work that has to be planned. HIGH: stops the migration of the table until somebody decides.';

create table a2o.finding_rules (
  code text primary key check (code ~ '^[a-z][a-z0-9_]{2,50}$'),
  severity a2o.finding_severity not null,
  title text not null,
  explanation text not null,
  remedy text not null,
  needs_glue boolean not null,
  is_enabled boolean not null default true
);
comment on table a2o.finding_rules is 'What is looked for in every table. Each rule is a predicate finds_… and a sentence tells_… over the facts of one table; see docs/findings.md.';
comment on column a2o.finding_rules.code is 'Code kept in tables.findings. Never used again for something else.';
comment on column a2o.finding_rules.severity is 'How much it matters.';
comment on column a2o.finding_rules.title is 'The finding in a few words.';
comment on column a2o.finding_rules.explanation is 'When the rule speaks, and why that matters.';
comment on column a2o.finding_rules.remedy is 'What to do.';
comment on column a2o.finding_rules.needs_glue is 'True when it looks at what only Glue tells; such rules are silent on ingested reports.';
comment on column a2o.finding_rules.is_enabled is 'False silences the rule from the next assessment or rescore on.';

create table a2o.finding_limits (
  name text primary key,
  value bigint not null check (value >= 0),
  unit text not null,
  explanation text not null
);
comment on table a2o.finding_limits is 'Numbers from which on rules speak. Change them as the owner; they count from the next assessment or rescore on.';
comment on column a2o.finding_limits.name is 'What is limited.';
comment on column a2o.finding_limits.value is 'The number.';
comment on column a2o.finding_limits.unit is 'Unit of the number.';
comment on column a2o.finding_limits.explanation is 'Which rule uses it, and how.';

create type a2o.effort_kind as enum ('READINESS', 'FORMAT', 'FINDING');
comment on type a2o.effort_kind is 'What hours are planned for: a verdict, a table format or a finding.';

create table a2o.effort_weights (
  kind a2o.effort_kind not null,
  key text not null,
  hours numeric(8, 2) not null check (hours >= 0),
  primary key (kind, key)
);
comment on table a2o.effort_weights is 'Hours of work for one table. Its effort is the sum for its verdict, its format and each of its findings; what has no row costs nothing. Change them as the owner; estimates follow at once.';
comment on column a2o.effort_weights.kind is 'READINESS, FORMAT or FINDING.';
comment on column a2o.effort_weights.key is 'The verdict, the format, or the code of the finding.';
comment on column a2o.effort_weights.hours is 'Hours for one table.';

create table a2o.finding_rollups (
  assessment_id uuid not null references a2o.assessments on delete cascade,
  database_name text collate "C" not null,
  code text not null,
  aws_account_id varchar(12) not null,
  table_count integer not null,
  sized_tables integer not null,
  primary key (assessment_id, database_name, code)
);
create index finding_rollups_code_idx on a2o.finding_rollups (assessment_id, code) include (table_count, sized_tables);
comment on table a2o.finding_rollups is E'@behavior -*\nTables with each finding in each database of an assessment, written when it is stored.';
comment on column a2o.finding_rollups.table_count is 'Tables.';
comment on column a2o.finding_rollups.sized_tables is 'Tables whose size is known.';

create table a2o.verdict_rollups (
  assessment_id uuid not null references a2o.assessments on delete cascade,
  database_name text collate "C" not null,
  table_format varchar(50) not null,
  migration_readiness a2o.migration_readiness not null,
  aws_account_id varchar(12) not null,
  table_count integer not null,
  primary key (assessment_id, database_name, table_format, migration_readiness)
);
comment on table a2o.verdict_rollups is E'@behavior -*\nTables of each format and verdict in each database of an assessment, written when it is stored; efforts are summed from it.';
comment on column a2o.verdict_rollups.table_count is 'Tables.';

create type a2o_private.finding_limits as (stale_days bigint, tiny_file_bytes bigint, tiny_file_count bigint, partition_keys bigint, columns bigint);
comment on type a2o_private.finding_limits is 'The rows of finding_limits as one value, read once for an assessment.';

create type a2o_private.table_facts as (
  assessed_at timestamptz, limits a2o_private.finding_limits, table_format text, format_rule text, readiness_rule text, storage_location text,
  size_bytes bigint, size_source text, row_count bigint, partition_keys text[], column_count integer, last_updated timestamptz,
  parameters jsonb, glue jsonb, column_types text, has_clashing_columns boolean, has_unfit_columns boolean, has_clashing_name boolean);
comment on type a2o_private.table_facts is 'What finding rules may look at. parameters: of the table and its storage descriptor; glue: tables.glue_parameters; column_types: the types of all columns, a line each, in lower case. Null for a report: parameters, glue and the three facts about columns.';

--! split: 220-queries.sql
-- Types and stored rows of the reading half: search, comparison, trends, and the answers of the MCP tools.
create type a2o.table_sort as enum ('LARGEST_FIRST', 'SMALLEST_FIRST', 'NAME', 'NAME_DESCENDING', 'RECENTLY_UPDATED', 'LONGEST_UNCHANGED');
comment on type a2o.table_sort is 'Order of found tables. Unknown sizes and times come last; ties go by database and name. By size and by name a page is quick whatever the catalog''s size; by time the whole catalog is read.';

create type a2o.change_kind as enum ('ADDED', 'REMOVED', 'CHANGED');
comment on type a2o.change_kind is 'ADDED: only in the later assessment. REMOVED: only in the earlier one. CHANGED: in both, and not the same.';

create type a2o.column_change_kind as enum ('ADDED', 'REMOVED', 'RETYPED');
comment on type a2o.column_change_kind is 'What happened to a column.';

create type a2o.found_table as (
  assessment_id uuid, database_name text, table_name text, id uuid, aws_account_id text, table_format text,
  migration_readiness a2o.migration_readiness, size_bytes bigint, estimated_size_gb numeric, storage_location text, partition_keys text[],
  column_count integer, last_updated timestamptz, is_iceberg boolean, row_count bigint, table_type text, size_source text, format_rule text,
  readiness_rule text, notes text[], findings text[]);
comment on type a2o.found_table is 'A table of an assessment as searches show it: all but the evidence in Glue''s words. findings are codes, see finding_rules.';

create type a2o.table_page as (items a2o.found_table[], next_cursor text, total_count integer, total_is_exact boolean);
comment on type a2o.table_page is 'A page of found tables. next_cursor is null on the last page; total_count is null unless it was asked for, and a lower bound when total_is_exact is false.';

create type a2o.attribute_change as (attribute text, before text, after text);
comment on type a2o.attribute_change is 'An attribute of a table that changed. Null is unknown or none.';

create type a2o.column_change as (column_name text, change a2o.column_change_kind, type_before text, type_after text);
comment on type a2o.column_change is 'A column that came, went or changed its type; partition keys are marked in the type.';

create type a2o.table_change as (
  database_name text, table_name text, change a2o.change_kind, attributes a2o.attribute_change[], column_changes a2o.column_change[]);
comment on type a2o.table_change is 'One table that differs between two assessments, with the attributes and columns that do.';

create type a2o.change_page as (items a2o.table_change[], next_cursor text);
comment on type a2o.change_page is 'A page of changes by database and name. next_cursor is null on the last page.';

create type a2o.assessment_comparison as (
  from_assessment uuid, to_assessment uuid, from_timestamp timestamptz, to_timestamp timestamptz,
  from_account_id text, to_account_id text, from_region text, to_region text, is_same_catalog boolean,
  tables_added integer, tables_removed integer, tables_changed integer, tables_before integer, tables_after integer,
  ready_before integer, ready_after integer, needs_conversion_before integer, needs_conversion_after integer,
  unknown_before integer, unknown_after integer, iceberg_before integer, iceberg_after integer,
  size_bytes_before bigint, size_bytes_after bigint, unread_databases text[], unread_database_count integer);
comment on type a2o.assessment_comparison is 'Two assessments side by side. unread_databases were not read in full on one side: tables missing there count neither as removed nor as added. At most 100 of them are named. is_same_catalog is false when accounts or regions differ.';

create table a2o.assessment_churn (
  assessment_id uuid primary key references a2o.assessments on delete cascade,
  previous_id uuid not null references a2o.assessments on delete cascade,
  aws_account_id varchar(12) not null,
  tables_added integer not null,
  tables_removed integer not null,
  tables_changed integer not null,
  is_listed boolean not null
);
create index assessment_churn_previous_id_idx on a2o.assessment_churn (previous_id);
comment on table a2o.assessment_churn is E'@behavior -*\nHow many tables came, went and changed since the previous assessment of the same account and region; written when an assessment is stored.';
comment on column a2o.assessment_churn.previous_id is 'The assessment before it, of the same account and region.';
comment on column a2o.assessment_churn.aws_account_id is 'Account of the assessment.';
comment on column a2o.assessment_churn.tables_added is 'Tables that are new, as far as both assessments could read.';
comment on column a2o.assessment_churn.tables_removed is 'Tables that are gone, as far as both assessments could read.';
comment on column a2o.assessment_churn.tables_changed is 'Tables in both that are not the same.';
comment on column a2o.assessment_churn.is_listed is 'False when the changes were too many to keep a list of (100,000); then they are found by comparing.';

create table a2o.assessment_changes (
  assessment_id uuid not null references a2o.assessments on delete cascade,
  database_name text collate "C" not null,
  table_name text collate "C" not null,
  aws_account_id varchar(12) not null,
  change a2o.change_kind not null,
  primary key (assessment_id, database_name, table_name)
);
comment on table a2o.assessment_changes is E'@behavior -*\nTables that came, went or changed since the previous assessment of the same account and region. list_changes() adds what changed about them.';
comment on column a2o.assessment_changes.aws_account_id is 'Account of the assessment.';
comment on column a2o.assessment_changes.change is 'What happened to the table.';

-- Serves searches in the assessments that share a partition. Those hold fewer than 20,000 tables each, so whatever this order
-- does not help is a short walk; a large assessment gets indexes of its own, see maintain_search_indexes.
create index tables_shared_size_idx on a2o.tables_shared (assessment_id, size_bytes desc nulls last, database_name, table_name);

create type a2o_mcp.table_format as enum ('ICEBERG', 'PARQUET', 'ORC', 'AVRO', 'UNKNOWN', 'DELTA', 'HUDI', 'CSV', 'JSON', 'TEXT', 'XML', 'REGEX', 'GROK',
  'ION', 'CLOUDTRAIL', 'SEQUENCEFILE', 'RCFILE', 'VIEW', 'JDBC', 'DYNAMODB', 'HBASE', 'RESOURCE_LINK', 'FEDERATED');
comment on type a2o_mcp.table_format is 'Formats that can be asked for.';

create type a2o_mcp.found_table as (
  database_name text, table_name text, table_format text, migration_readiness text, size_gb numeric, row_count bigint, column_count integer,
  partition_keys text[], storage_location text, last_updated timestamptz, findings text[], notes text[]);
comment on type a2o_mcp.found_table is 'One table; size_gb is null when the catalog does not tell it; findings are codes, which get_findings explains.';

create type a2o_mcp.table_page as (
  assessment_id uuid, items a2o_mcp.found_table[], total_count bigint, total_is_exact boolean, next_cursor text, message text);
comment on type a2o_mcp.table_page is 'A page of tables. total_count is a lower bound when total_is_exact is false; message says what to do about an empty or a cut answer.';

create type a2o_mcp.assessment_line as (
  assessment_id uuid, "timestamp" timestamptz, aws_account_id text, region text, is_newest boolean, is_simulated boolean, total_databases integer,
  total_tables integer, migration_ready integer, needs_conversion integer, unknown integer, total_size_gb numeric, completeness_percent numeric);
comment on type a2o_mcp.assessment_line is 'One assessment in a list.';

create type a2o_mcp.assessment_page as (items a2o_mcp.assessment_line[], total_count bigint, next_cursor text, message text);
comment on type a2o_mcp.assessment_page is 'A page of assessments, newest first.';

create type a2o_mcp.format_count as (table_format text, table_count integer);
comment on type a2o_mcp.format_count is 'Tables of one format.';

create type a2o_mcp.trend_point as (
  assessment_id uuid, "timestamp" timestamptz, total_tables integer, migration_ready integer, needs_conversion integer, unknown integer,
  ready_percent numeric, total_size_gb numeric, completeness_percent numeric, tables_added integer, tables_removed integer, tables_changed integer,
  tables_by_format a2o_mcp.format_count[]);
comment on type a2o_mcp.trend_point is 'One assessment as a point in time; added, removed and changed are against the one before.';

create type a2o_mcp.trend_page as (aws_account_id text, region text, items a2o_mcp.trend_point[], total_count bigint, next_cursor text, message text);
comment on type a2o_mcp.trend_page is 'Assessments of one account and region over time, newest first.';

create type a2o_mcp.database_summary as (
  assessment_id uuid, database_name text, description text, total_tables integer, iceberg_tables integer, migration_ready integer, needs_conversion integer,
  unknown integer, ready_percent numeric, tables_with_known_size integer, size_gb numeric, coverage text, coverage_error text, message text);
comment on type a2o_mcp.database_summary is 'One database in numbers; sizes in GB of 2^30 bytes.';

create type a2o_mcp.format_line as (
  table_format text, table_count integer, percent numeric, migration_ready integer, needs_conversion integer, unknown integer,
  tables_with_known_size integer, size_gb numeric);
comment on type a2o_mcp.format_line is 'One table format in numbers.';

create type a2o_mcp.format_page as (assessment_id uuid, items a2o_mcp.format_line[], total_count bigint, next_cursor text, message text);
comment on type a2o_mcp.format_page is 'Formats of an assessment, most tables first; total_count counts formats. All fit in one page.';

create type a2o_mcp.coverage_line as (database_name text, status text, tables_read integer, operation text, error_code text, error_message text);
comment on type a2o_mcp.coverage_line is 'A database that could not be read in full; an empty name is the list of databases itself.';

create type a2o_mcp.coverage_page as (
  assessment_id uuid, total_databases integer, databases_read_in_full integer, completeness_percent numeric, items a2o_mcp.coverage_line[],
  total_count bigint, next_cursor text, message text);
comment on type a2o_mcp.coverage_page is 'How much of a catalog was read, and what was not.';

create type a2o_mcp.attribute_change as (attribute text, before text, after text);
comment on type a2o_mcp.attribute_change is 'An attribute that changed.';

create type a2o_mcp.column_change as (column_name text, change text, type_before text, type_after text);
comment on type a2o_mcp.column_change is 'A column that came, went or changed its type.';

create type a2o_mcp.table_change as (
  database_name text, table_name text, change text, attributes a2o_mcp.attribute_change[], column_changes a2o_mcp.column_change[]);
comment on type a2o_mcp.table_change is 'One table that differs.';

create type a2o_mcp.comparison as (
  assessment_id_1 uuid, assessment_id_2 uuid, timestamp_1 timestamptz, timestamp_2 timestamptz, is_same_catalog boolean,
  tables_added integer, tables_removed integer, tables_changed integer, total_tables_1 integer, total_tables_2 integer,
  migration_ready_1 integer, migration_ready_2 integer, needs_conversion_1 integer, needs_conversion_2 integer,
  total_size_gb_1 numeric, total_size_gb_2 numeric, unread_databases text[], unread_database_count integer,
  items a2o_mcp.table_change[], total_count bigint, next_cursor text, message text);
comment on type a2o_mcp.comparison is 'What changed from the first assessment to the second.';

create type a2o_mcp.job_line as (
  job_id uuid, job_type text, status text, aws_status text, aws_job_id text, aws_account_id text, region text, database_name text, table_name text,
  started_at timestamptz, completed_at timestamptz, duration_minutes numeric, rows_copied bigint, copied_gb numeric, error_message text, is_simulated boolean);
comment on type a2o_mcp.job_line is 'One migration job.';

create type a2o_mcp.job_page as (items a2o_mcp.job_line[], total_count bigint, next_cursor text, message text);
comment on type a2o_mcp.job_page is 'A page of migration jobs, latest first.';

--! split: 230-housekeeping.sql
alter table a2o.account_access add constraint account_access_member_check check (member <> '');

create table a2o.retention (
  what text primary key check (what in ('assessments', 'migration_jobs', 'migration_progress', 'migration_metrics', 'progress_5_minutes', 'progress_hours', 'metrics_5_minutes', 'metrics_hours', 'alerts', 'alert_deliveries')),
  keep_for interval check (keep_for > interval '0'),
  keep_last integer check (keep_last >= 1),
  explanation text not null,
  check (keep_last is null or what = 'assessments')
);
comment on table a2o.retention is E'@name retention_rule\nHow long things are kept. The owner changes it; the worker applies it every night.';
comment on column a2o.retention.what is 'Table that grows.';
comment on column a2o.retention.keep_for is 'Rows older than this go; null keeps them for ever.';
comment on column a2o.retention.keep_last is 'Assessments only: so many of each account and region stay whatever their age; null sets no number.';
comment on column a2o.retention.explanation is 'What goes, exactly.';
insert into a2o.retention (what, keep_for, explanation) values
  ('assessments', null, 'Assessments that are older than keep_for and not among the newest keep_last of their account and region. The newest one always stays.'),
  ('migration_jobs', null, 'Jobs that ended longer ago, with their samples.'),
  ('migration_progress', interval '90 days', 'Samples of progress, a month at a time when all of it is older.'),
  ('migration_metrics', interval '90 days', 'CloudWatch data points, a month at a time when all of it is older.'),
  ('progress_5_minutes', interval '1 year', 'Progress in steps of five minutes, a month at a time when all of it is older.'),
  ('metrics_5_minutes', interval '1 year', 'Metrics in steps of five minutes, a month at a time when all of it is older.'),
  ('progress_hours', interval '5 years', 'Progress hour by hour, a month at a time when all of it is older.'),
  ('metrics_hours', interval '5 years', 'Metrics hour by hour, a month at a time when all of it is older.'),
  ('alerts', interval '1 year', 'Alerts that were resolved longer ago.'),
  ('alert_deliveries', interval '90 days', 'Messages to webhooks that arrived or were given up longer ago.');

grant select on a2o.retention to a2o_reader, a2o_ingest, a2o_worker;

--! split: 240-live.sql
-- What is announced as it happens, see announce().
create type a2o.event_kind as enum ('ASSESSMENT', 'JOB', 'ALERT', 'MONITOR');
comment on type a2o.event_kind is 'What came, changed or went.';

alter table a2o.accounts add column announced_as uuid not null unique default gen_random_uuid();
comment on column a2o.accounts.announced_as is E'@behavior -*\nStands for the account in notifications, which every login of the database can listen to.';

--! split: 245-monitors.sql
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

--! split: 246-history.sql
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

--! split: 250-web.sql
create table a2o_private.ended_web_sessions (
  session_id text primary key,
  expires_at timestamptz not null
);
comment on table a2o_private.ended_web_sessions is 'Sessions of the web server that were signed out before their cookie ends. Kept until then.';
-- The web server's login calls what is here by name, before it becomes a user.
grant usage on schema a2o_private to a2o_authenticator;

create table a2o_private.first_grants (
  member text,
  aws_account_id text,
  primary key (member, aws_account_id)
);
comment on table a2o_private.first_grants is 'What grant_account_access_once gave; it stays when the grant is revoked.';

--! split: 260-dashboard.sql
-- Answers of the functions behind the dashboard's pages on one table and on two assessments.
create type a2o.sighting as enum ('FOUND', 'ABSENT', 'UNREAD');
comment on type a2o.sighting is 'Whether an assessment saw a table. FOUND: it did. ABSENT: its database was read in full without it. UNREAD: its database was not read in full, so that nobody knows.';

create type a2o.table_sighting as (
  assessment_id uuid, "timestamp" timestamptz, sighting a2o.sighting, table_format text, migration_readiness a2o.migration_readiness,
  size_bytes bigint, row_count bigint, column_count integer, storage_location text,
  attributes a2o.attribute_change[], column_changes a2o.column_change[]);
comment on type a2o.table_sighting is 'A table as one assessment saw it, with what had changed since it was last found.';

create type a2o.table_fate as enum ('KEPT', 'ADDED', 'REMOVED', 'UNREAD_BEFORE', 'UNREAD_AFTER');
comment on type a2o.table_fate is 'What became of a table from one assessment to another. UNREAD_BEFORE and UNREAD_AFTER: the other one did not read its database in full, so that it is neither new nor gone.';

create type a2o.readiness_move as (
  fate a2o.table_fate, readiness_before a2o.migration_readiness, readiness_after a2o.migration_readiness, table_count integer);
comment on type a2o.readiness_move is 'How many tables went from one verdict to another. A verdict is null on the side that does not have the table.';

--! split: 265-schedules.sql
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

--! split: 270-mcp.sql
-- What MCP offers besides tools. The kind of a function is its schema, so that none can be two things.
create schema a2o_mcp_resources;
create schema a2o_mcp_prompts;
create schema a2o_mcp_completions;
comment on schema a2o_mcp_resources is 'One function is one MCP resource, or one template of resources; its comment has the description and @uri.';
comment on schema a2o_mcp_prompts is 'One function is one MCP prompt: it returns the words that open a conversation.';
comment on schema a2o_mcp_completions is 'One function completes the argument of its name in prompts and resource templates.';
grant usage on schema a2o_mcp_resources, a2o_mcp_prompts, a2o_mcp_completions to a2o_reader;

create type a2o_mcp_completions.choice as (value text, title text);
comment on type a2o_mcp_completions.choice is 'What may be written, and what it is.';

create type a2o_mcp.finding_line as (
  code text, severity text, title text, table_count integer, database_count integer, effort_hours numeric, explanation text, remedy text);
comment on type a2o_mcp.finding_line is 'One rule and how many tables it found; effort_hours is planned work by the weights in effort_weights.';

create type a2o_mcp.finding_page as (
  assessment_id uuid, database_name text, total_effort_hours numeric, items a2o_mcp.finding_line[], total_count bigint, next_cursor text, message text);
comment on type a2o_mcp.finding_page is 'Findings of an assessment or of one database, the gravest first. total_effort_hours covers verdicts and formats, too.';

create type a2o_mcp.table_finding as (code text, severity text, title text, detail text, remedy text);
comment on type a2o_mcp.table_finding is 'One finding on one table.';

create type a2o_mcp.table_column as (column_name text, data_type text, is_partition_key boolean, comment text);
comment on type a2o_mcp.table_column is 'A column as Glue tells it.';

create type a2o_mcp.table_job as (
  job_id uuid, job_type text, job_name text, status text, link text, told_by text, started_at timestamptz, completed_at timestamptz, is_simulated boolean);
comment on type a2o_mcp.table_job is 'A job that moves a table (link LINKED) or may move it (CANDIDATE: a person is to say), and what tells so.';

create type a2o_mcp.table_details as (
  assessment_id uuid, database_name text, table_name text, table_id uuid, table_format text, format_rule text, format_evidence text, migration_readiness text,
  readiness_rule text, readiness_reason text, table_type text, storage_location text, size_gb numeric, size_source text, row_count bigint, row_count_source text,
  last_updated timestamptz, effort_hours numeric, findings a2o_mcp.table_finding[], columns a2o_mcp.table_column[], column_count integer,
  notes text[], migration_stage text, migration_decided_at timestamptz, migrated_at timestamptz, jobs a2o_mcp.table_job[], message text);
comment on type a2o_mcp.table_details is 'Everything known of one table, with the evidence of its verdict. At most 200 columns and the ten latest jobs are named.';

create type a2o_mcp.progress_point as (
  "timestamp" timestamptz, percent numeric, rows_copied bigint, copied_gb numeric, rows_per_second numeric, mb_per_second numeric);
comment on type a2o_mcp.progress_point is 'A job at one moment. All null: nobody could ask AWS then.';

create type a2o_mcp.job_table as (database_name text, table_name text, link text, told_by text, evidence text, table_state text, full_load_rows bigint);
comment on type a2o_mcp.job_table is 'A table of the catalog that a job moves (link LINKED), may move (CANDIDATE: a person is to say) or does not by a person''s word (REJECTED). table_state and full_load_rows: of DMS.';

create type a2o_mcp.job_details as (
  job_id uuid, job_type text, job_name text, status text, phase text, aws_status text, aws_account_id text, region text, is_simulated boolean, percent numeric,
  rows_copied bigint, copied_gb numeric, total_gb numeric, tables_loaded integer, tables_errored integer, rows_per_second numeric, mb_per_second numeric,
  started_at timestamptz, completed_at timestamptz, estimated_end timestamptz, estimate_confidence text, is_stalled boolean, stalled_since timestamptz,
  last_seen_at timestamptz, is_stale boolean, source text, target text, error_code text, error_message text, points a2o_mcp.progress_point[], tables a2o_mcp.job_table[],
  linked_tables integer, candidate_tables integer, message text);
comment on type a2o_mcp.job_details is 'One migration job with its course and the tables of the catalog that it moves; 50 of them are named, candidates first. percent and estimated_end are null where AWS gives no denominator; rates are megabytes (2^20 bytes) and rows a second.';

create type a2o_mcp.alert_line as (
  alert_id uuid, severity text, state text, title text, message text, remedy text, value double precision, threshold double precision, unit text,
  aws_account_id text, region text, job_id uuid, job_type text, job_name text, job_status text, database_name text, table_name text, monitor_name text,
  opened_at timestamptz, last_seen_at timestamptz, acknowledged_at timestamptz, acknowledged_by text, acknowledged_note text, resolved_at timestamptz,
  resolution text, is_simulated boolean);
comment on type a2o_mcp.alert_line is 'One alert: what happened to which job or monitor, what to do, and who has looked after it. unit is that of value and threshold.';

create type a2o_mcp.alert_page as (items a2o_mcp.alert_line[], open_count bigint, total_count bigint, next_cursor text, message text);
comment on type a2o_mcp.alert_page is 'A page of alerts, the gravest and then the newest first. open_count: those of the accounts and regions asked for that nobody has looked after.';

--! split: 275-links.sql
create type a2o.link_state as enum ('LINKED', 'CANDIDATE', 'REJECTED');
comment on type a2o.link_state is 'LINKED: the job moves the table. CANDIDATE: it may; a person is to say. REJECTED: a person said that it does not.';

create type a2o.link_source as enum ('DMS_TABLE_MAPPING', 'DATASYNC_LOCATION', 'GLUE_ARGUMENT', 'PERSON');
comment on type a2o.link_source is 'What tells of a link. DMS_TABLE_MAPPING: selection rules of the task, and the tables that DMS counts. DATASYNC_LOCATION: the source location. GLUE_ARGUMENT: an argument of the run. PERSON: somebody decided; nothing changes that but a person.';

create type a2o.migration_stage as enum ('ASSESSED', 'MIGRATING', 'MIGRATED', 'CHANGED_SINCE');
comment on type a2o.migration_stage is 'How far a table is. ASSESSED: no linked job has moved it. MIGRATING: a linked job runs. MIGRATED: the latest linked job that told of an end moved it. CHANGED_SINCE: the same, and the catalog''s entry was changed after that.';

-- Used by an index, so it stands here and not among the includes.
create function a2o_private.location_key(location text) returns text
  language sql immutable parallel safe
  return case when lower(split_part(location, '://', 1)) in ('s3', 's3a', 's3n') and location like '%://_%'
    then 's3://' || rtrim(substr(location, position('://' in location) + 3), '/') || '/' end;
comment on function a2o_private.location_key(text) is 'A location on S3 as it is compared: one scheme, one slash at its end, so that a folder is a prefix of what lies in it and of nothing else. Null elsewhere.';
revoke all on function a2o_private.location_key(text) from public;

create index tables_shared_location_idx on a2o.tables_shared (assessment_id, (a2o_private.location_key(storage_location)) collate "C");

create table a2o_private.job_scopes (
  id uuid primary key,
  aws_account_id varchar(12) not null,
  region varchar(50) not null,
  job_type varchar(50) not null,
  task text not null,
  definition jsonb not null,
  is_due boolean not null default true,
  created_at timestamptz not null default clock_timestamp()
);
create index job_scopes_due_idx on a2o_private.job_scopes (aws_account_id, region) where is_due;
create index job_scopes_task_idx on a2o_private.job_scopes (aws_account_id, region, job_type, task, created_at desc);
comment on table a2o_private.job_scopes is 'What a task says it moves: its table mappings, its source location, or those arguments that name tables. Runs that say the same share a scope, and so its links; a run that says something else has another.';

alter table a2o.migration_jobs add column scope_id uuid references a2o_private.job_scopes;
comment on column a2o.migration_jobs.scope_id is E'@behavior -*\nWhat it says it moves, shared with other runs that say the same; null until that was looked at.';
create index migration_jobs_scope_id_idx on a2o.migration_jobs (scope_id, started_at desc);
create index migration_jobs_without_scope_idx on a2o.migration_jobs (aws_account_id, region) where scope_id is null;

create table a2o.migration_job_links (
  scope_id uuid not null,
  database_name text collate "C" not null,
  table_name text collate "C" not null,
  table_id uuid not null,
  aws_account_id varchar(12) not null,
  region varchar(50) not null,
  state a2o.link_state not null,
  source a2o.link_source not null,
  source_schema text collate "C",
  source_table text collate "C",
  evidence jsonb not null default '{}',
  decided_by text,
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (scope_id, database_name, table_name),
  check (state <> 'REJECTED' or source = 'PERSON'),
  check ((source = 'PERSON') = (decided_by is not null)),
  check ((decided_by is null) = (decided_at is null))
);
create index migration_job_links_table_id_idx on a2o.migration_job_links (table_id);
create index migration_job_links_database_name_idx on a2o.migration_job_links (aws_account_id, region, database_name);
comment on table a2o.migration_job_links is E'@behavior -*\nWhich tables of the catalog a job moves. Names a table by account, region, database and name, so it outlives every assessment; runs of a task that say the same share their links. See the view job_links.';
comment on column a2o.migration_job_links.scope_id is 'migration_jobs.scope_id of the jobs. No foreign key, since checking it costs as much as a link does; a trigger deletes links with their scope.';
comment on column a2o.migration_job_links.table_id is 'tables.id, the stable identity of the table.';
comment on column a2o.migration_job_links.aws_account_id is 'Account of the job and of the catalog.';
comment on column a2o.migration_job_links.region is 'Region of the job and of the catalog.';
comment on column a2o.migration_job_links.state is 'LINKED, CANDIDATE or REJECTED.';
comment on column a2o.migration_job_links.source is 'What tells of it.';
comment on column a2o.migration_job_links.source_schema is 'DMS: schema of the table in the source.';
comment on column a2o.migration_job_links.source_table is 'DMS: name of the table in the source.';
comment on column a2o.migration_job_links.evidence is 'What it was concluded from; kept when a person decides.';
comment on column a2o.migration_job_links.decided_by is 'Who decided: login, or the user that the web server vouches for; null when nobody has.';
comment on column a2o.migration_job_links.decided_at is 'When they did.';
comment on column a2o.migration_job_links.created_at is 'When it was first found.';

create table a2o.migration_rollups (
  assessment_id uuid not null references a2o.assessments on delete cascade,
  database_name text collate "C" not null,
  aws_account_id varchar(12) not null,
  region varchar(50) not null,
  migrating integer not null,
  migrated integer not null,
  changed_since integer not null,
  candidates integer not null,
  primary key (assessment_id, database_name)
);
create index migration_rollups_account_region_idx on a2o.migration_rollups (aws_account_id, region);
comment on table a2o.migration_rollups is E'@behavior -*\nStages of the tables of each database that has links, counted for the newest assessment of its account and region. A row counts only while stale_migration_rollups does not name its database; the view database_migrations sees to that.';
comment on column a2o.migration_rollups.aws_account_id is 'Account of the assessment.';
comment on column a2o.migration_rollups.region is 'Region of the assessment.';
comment on column a2o.migration_rollups.migrating is 'Tables that a linked job moves now.';
comment on column a2o.migration_rollups.migrated is 'Tables that were moved and not changed since.';
comment on column a2o.migration_rollups.changed_since is 'Tables whose entry in the catalog was changed after they were moved.';
comment on column a2o.migration_rollups.candidates is 'Tables that some job may have moved, and none has.';

-- Only ever added to by those who change something, so that nobody waits for anybody.
create table a2o.stale_migration_rollups (
  id bigint generated by default as identity primary key,
  aws_account_id varchar(12) not null,
  region varchar(50) not null,
  database_name text collate "C" not null
);
create index stale_migration_rollups_database_idx on a2o.stale_migration_rollups (aws_account_id, region, database_name);
comment on table a2o.stale_migration_rollups is E'@behavior -*\nDatabases of which links or jobs have changed since migration_rollups counted them; any number of times each.';
comment on column a2o.stale_migration_rollups.aws_account_id is 'Account of the catalog.';
comment on column a2o.stale_migration_rollups.region is 'Region of the catalog.';

create type a2o_private.found_link as (
  scope_id uuid, database_name text, table_name text, state a2o.link_state, source a2o.link_source, source_schema text, source_table text, evidence jsonb);
comment on type a2o_private.found_link is 'A link that the rules conclude.';

--! split: 285-alerts.sql
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

--! split: 286-alert-delivery.sql
create type a2o.webhook_format as enum ('GENERIC', 'SLACK');
comment on type a2o.webhook_format is 'GENERIC: signed JSON by the Standard Webhooks specification. SLACK: a message for an incoming webhook of Slack, or of what speaks like it, such as Mattermost.';

create type a2o.webhook_state as enum ('PAUSED', 'UNTRIED', 'DELIVERING', 'FAILING');
comment on type a2o.webhook_state is 'PAUSED: somebody paused it. UNTRIED: nothing was sent yet. DELIVERING: the latest message arrived. FAILING: it did not, or the worker lacks its address.';

create type a2o.delivery_event as enum ('OPENED', 'RESOLVED', 'TEST');
comment on type a2o.delivery_event is 'What a message tells. OPENED: an alert began, or is open again. RESOLVED: it is over. TEST: somebody tries the webhook.';

create type a2o.delivery_state as enum ('PENDING', 'DELIVERED', 'DEAD');
comment on type a2o.delivery_state is 'PENDING: to be sent, or sent again. DELIVERED: the receiver took it. DEAD: given up after all attempts, until somebody retries it.';

create table a2o.alert_webhooks (
  id uuid primary key default gen_random_uuid(),
  webhook_name text not null unique check (webhook_name ~ '^[a-z][a-z0-9_]{0,39}$'),
  webhook_format a2o.webhook_format not null,
  minimum_severity a2o.alert_severity not null default 'WARNING',
  aws_account_id varchar(12) references a2o.accounts,
  is_enabled boolean not null default true,
  max_attempts integer not null default 15 check (max_attempts between 1 and 100),
  created_at timestamptz not null default now(),
  created_by text not null default session_user,
  last_succeeded_at timestamptz,
  failing_since timestamptz,
  consecutive_failures integer not null default 0,
  error_code text,
  error_message text,
  held_until timestamptz
);
create index alert_webhooks_aws_account_id_idx on a2o.alert_webhooks (aws_account_id);
comment on table a2o.alert_webhooks is 'Who is told of alerts. Holds neither address nor secret: the worker reads them from its environment, ALERT_WEBHOOK_…_URL and ALERT_WEBHOOK_…_SECRET, or from the files that the same names with _FILE name.';
comment on column a2o.alert_webhooks.webhook_name is 'Name, in lower case; in upper case it is part of the names of its variables.';
comment on column a2o.alert_webhooks.webhook_format is 'What the receiver understands.';
comment on column a2o.alert_webhooks.minimum_severity is 'Alerts that matter less are not told.';
comment on column a2o.alert_webhooks.aws_account_id is 'Only alerts of this account; null tells of all accounts.';
comment on column a2o.alert_webhooks.is_enabled is 'False while it is paused: alerts of that time are not told, and what waits goes on waiting.';
comment on column a2o.alert_webhooks.max_attempts is 'After so many attempts in vain a message is given up. 15 take about a day.';
comment on column a2o.alert_webhooks.created_at is 'When it was added.';
comment on column a2o.alert_webhooks.created_by is 'Login that added it, or the user that the web server vouches for.';
comment on column a2o.alert_webhooks.last_succeeded_at is 'When the receiver last took a message.';
comment on column a2o.alert_webhooks.failing_since is 'Since when nothing has arrived; null when the latest message did.';
comment on column a2o.alert_webhooks.consecutive_failures is 'Attempts in vain in a row.';
comment on column a2o.alert_webhooks.error_code is 'Why: HTTP_503, TIMEOUT, ECONNREFUSED, …; SETTINGS when the worker''s environment does not fit.';
comment on column a2o.alert_webhooks.error_message is 'The same in words, without address or secret.';
comment on column a2o.alert_webhooks.held_until is 'Nothing is sent before: the receiver asked for that, or just failed.';

create table a2o.alert_deliveries (
  id uuid primary key default gen_random_uuid(),
  sequence_number bigint generated always as identity,
  webhook_id uuid not null references a2o.alert_webhooks on delete cascade,
  alert_id uuid,
  aws_account_id varchar(12) references a2o.accounts,
  event a2o.delivery_event not null,
  payload jsonb not null,
  state a2o.delivery_state not null default 'PENDING',
  attempts integer not null default 0,
  created_at timestamptz not null default now(),
  next_attempt_at timestamptz not null default now(),
  leased_until timestamptz,
  last_attempt_at timestamptz,
  ended_at timestamptz,
  http_status integer,
  error_code text,
  error_message text,
  check ((alert_id is null) = (event = 'TEST')),
  check ((state = 'PENDING') = (ended_at is null))
);
create index alert_deliveries_pending_idx on a2o.alert_deliveries (webhook_id, sequence_number) where state = 'PENDING';
create index alert_deliveries_webhook_id_idx on a2o.alert_deliveries (webhook_id, state, sequence_number);
create index alert_deliveries_alert_id_idx on a2o.alert_deliveries (alert_id, webhook_id, sequence_number);
create index alert_deliveries_aws_account_id_idx on a2o.alert_deliveries (aws_account_id);
create index alert_deliveries_ended_at_idx on a2o.alert_deliveries (ended_at);
comment on table a2o.alert_deliveries is 'Messages to webhooks, written in the transaction of the alert''s change that they tell. Sent at least once; id is the receiver''s means to notice a second time.';
comment on column a2o.alert_deliveries.id is 'Sent as webhook-id, the same in every attempt.';
comment on column a2o.alert_deliveries.sequence_number is 'Order in which they were written; messages of one alert are sent in it.';
comment on column a2o.alert_deliveries.webhook_id is 'Whom it is for.';
comment on column a2o.alert_deliveries.alert_id is 'The alert it tells of, which may be gone by now; null for a test.';
comment on column a2o.alert_deliveries.aws_account_id is 'Account of the alert.';
comment on column a2o.alert_deliveries.event is 'What it tells.';
comment on column a2o.alert_deliveries.payload is 'What is sent: as it is in the format GENERIC, as text in the format SLACK.';
comment on column a2o.alert_deliveries.state is 'How far it is.';
comment on column a2o.alert_deliveries.attempts is 'Attempts so far, one under way included.';
comment on column a2o.alert_deliveries.created_at is 'When the alert changed.';
comment on column a2o.alert_deliveries.next_attempt_at is 'Not to be sent before.';
comment on column a2o.alert_deliveries.leased_until is E'@behavior -*\nUntil when a worker has it; after that the worker is taken for dead.';
comment on column a2o.alert_deliveries.last_attempt_at is 'When it was last sent.';
comment on column a2o.alert_deliveries.ended_at is 'When it arrived or was given up.';
comment on column a2o.alert_deliveries.http_status is 'What the receiver answered last.';
comment on column a2o.alert_deliveries.error_code is 'Why the latest attempt failed.';
comment on column a2o.alert_deliveries.error_message is 'The same in words, without address or secret.';

--! split: 290-metrics.sql
-- Figures about the operation, for Prometheus and Grafana. A role of its own sees them: those of every account, since who runs the
-- server runs it for all, but no name of a database, a table or a user, nothing that AWS said, and nothing of what tables hold.
create schema a2o_metrics;
comment on schema a2o_metrics is 'Figures about the operation: queue, polls, calls to AWS, assessments, alerts, the database. For the role a2o_metrics; no part of GraphQL.';
grant usage on schema a2o_metrics to a2o_metrics, a2o_worker;

--! split: 300-definitions.sql
--! Included functions/judge/saturated.sql
-- Sums of believable sizes may still pass what a bigint holds.
create or replace function a2o_private.saturated(sum numeric) returns bigint
  language sql immutable parallel safe
  return case when sum > 9223372036854775807 then 9223372036854775807 else sum end::bigint;
comment on function a2o_private.saturated(numeric) is 'A sum as bigint, at most the largest one; null stays null.';
grant execute on function a2o_private.saturated(numeric) to a2o_reader, a2o_ingest, a2o_worker;
--! EndIncluded functions/judge/saturated.sql
--! Included functions/judge/parse_count.sql
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
--! EndIncluded functions/judge/parse_count.sql
--! Included functions/record/table_identity.sql
-- The length keeps the parts apart, whatever characters a name holds. As text: a number joined to a text is only stable, and would
-- keep the function from being inlined.
create or replace function a2o.table_identity(aws_account_id text, region text, database_name text, table_name text) returns uuid
  language sql immutable parallel safe
  return md5(aws_account_id || ' ' || region || ' ' || length(database_name)::text || ' ' || database_name || ' ' || table_name)::uuid;
comment on function a2o.table_identity(text, text, text, text) is E'@behavior -*\nStable identity of a table: the same in every assessment, so that a migration job stays linked to it.';
revoke all on function a2o.table_identity(text, text, text, text) from public;
grant execute on function a2o.table_identity(text, text, text, text) to a2o_reader, a2o_ingest, a2o_worker;
--! EndIncluded functions/record/table_identity.sql
--! Included functions/judge/spark_columns.sql
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
--! EndIncluded functions/judge/spark_columns.sql
--! Included functions/judge/presto_view_columns.sql
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
--! EndIncluded functions/judge/presto_view_columns.sql
--! Included functions/judge/read_size.sql
-- In the order of trust. AWS disclaims the crawler's figures, so the source is kept with the number. The sub-selects with
-- offset 0 let each parameter be read once.
create or replace function a2o_private.read_size(parameters jsonb) returns table (bytes bigint, source text)
  language sql immutable parallel safe rows 1 as $$
  select
    coalesce(told.hive, told.spark, told.crawler, case when told.product < 1e18 then told.product::bigint end),
    case
      when told.hive is not null then 'totalSize'
      when told.spark is not null then 'spark.sql.statistics.totalSize'
      when told.crawler is not null then 'sizeKey'
      when told.product < 1e18 then 'recordCount × averageRecordSize' end
  from (
    select a2o_private.parse_count(parameters ->> 'totalSize') as hive,
      a2o_private.parse_count(parameters ->> 'spark.sql.statistics.totalSize') as spark,
      a2o_private.parse_count(parameters ->> 'sizeKey') as crawler,
      a2o_private.parse_count(parameters ->> 'recordCount')::numeric * a2o_private.parse_count(parameters ->> 'averageRecordSize') as product
    offset 0) as told
$$;
comment on function a2o_private.read_size(jsonb) is 'Size in bytes from Glue parameters, with the parameter that told it; nulls when none tells a believable number.';

create or replace function a2o_private.read_row_count(parameters jsonb) returns table (count bigint, source text)
  language sql immutable parallel safe rows 1 as $$
  select
    coalesce(told.hive, told.spark, told.crawler),
    case
      when told.hive is not null then 'numRows'
      when told.spark is not null then 'spark.sql.statistics.numRows'
      when told.crawler is not null then 'recordCount' end
  from (
    select a2o_private.parse_count(parameters ->> 'numRows') as hive,
      a2o_private.parse_count(parameters ->> 'spark.sql.statistics.numRows') as spark,
      a2o_private.parse_count(parameters ->> 'recordCount') as crawler
    offset 0) as told
$$;
comment on function a2o_private.read_row_count(jsonb) is 'Rows from Glue parameters, with the parameter that told them; nulls when none tells a believable number.';
--! EndIncluded functions/judge/read_size.sql
--! Included functions/judge/read_columns.sql
-- Iceberg leaves dropped columns in Glue with iceberg.field.current=false. Delta and others registered by Spark show one
-- placeholder column; then, and only then, the schema Spark wrote is used (Hudi's is often cut off). A view without columns
-- has them in its definition. Returns a table of one row, because only such functions are inlined when they hold a sub-select.
create or replace function a2o_private.read_columns(
  glue_columns jsonb, glue_partition_keys jsonb, table_format text, parameters jsonb, partition_names text[], view_text text
) returns table (columns jsonb)
  language sql stable rows 1 as $$
  select coalesce(
    case when jsonb_array_length(glue_columns) = 1
        and glue_columns -> 0 ->> 'Name' in ('col', 'dummy') and glue_columns -> 0 ->> 'Type' in ('array<string>', 'string')
        and table_format <> 'HUDI'
      then a2o_private.spark_columns(parameters, partition_names) end,
    nullif(coalesce(own.columns, '[]') || coalesce(keys.columns, '[]'), '[]'),
    case when table_format = 'VIEW' then a2o_private.presto_view_columns(view_text) end,
    '[]')
  from (
    select jsonb_agg(jsonb_build_object('name', c."Name", 'type', c."Type", 'comment', c."Comment", 'partition', false)) as columns
    from jsonb_to_recordset(glue_columns) as c("Name" text, "Type" text, "Comment" text, "Parameters" jsonb)
    where c."Parameters" ->> 'iceberg.field.current' is distinct from 'false') as own,
  (
    select jsonb_agg(jsonb_build_object('name', c."Name", 'type', c."Type", 'comment', c."Comment", 'partition', true)) as columns
    from jsonb_to_recordset(glue_partition_keys) as c("Name" text, "Type" text, "Comment" text)) as keys
  offset 0 -- put together once, however often the caller uses it
$$;
comment on function a2o_private.read_columns(jsonb, jsonb, text, jsonb, text[], text) is 'Live columns of a Glue table as [{name, type, comment, partition}], partition keys last.';

create or replace function a2o_private.column_traits(columns jsonb) returns table (
  column_count integer, column_types text, has_clashing_columns boolean, has_unfit_columns boolean)
  language sql stable rows 1 as $$
  select coalesce(count(*) filter (where not c.partition), 0)::integer, lower(string_agg(c.type, E'\n')), count(distinct lower(c.name)) < count(c.name),
    coalesce(bool_or(c.name is null or c.name !~ '^[^[:cntrl:][:space:]]([^[:cntrl:]]*[^[:cntrl:][:space:]])?$'), false)
  from jsonb_to_recordset(columns) as c(name text, type text, partition boolean)
$$;
comment on function a2o_private.column_traits(jsonb) is 'What finding rules ask about columns [{name, type, comment, partition}]; column_count leaves the partition keys out.';
--! EndIncluded functions/judge/read_columns.sql
--! Included functions/judge/note_glue_table.sql
-- The sentences of the reports' Notes column. Inlined, and so without a sub-select, and no more than stable, as concat_ws is.
create or replace function a2o_private.note_glue_table(
  table_format text, format_rule text, readiness_rule text, location text, parameters jsonb,
  size_source text, size_bytes bigint, is_lake_formation boolean
) returns text[]
  language sql stable parallel safe
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
      'Size unknown: ' || concat_ws(', ',
        'totalSize is ' || quote_literal(left(parameters ->> 'totalSize', 40)),
        'spark.sql.statistics.totalSize is ' || quote_literal(left(parameters ->> 'spark.sql.statistics.totalSize', 40)),
        'sizeKey is ' || quote_literal(left(parameters ->> 'sizeKey', 40)),
        'recordCount is ' || quote_literal(left(parameters ->> 'recordCount', 40)),
        'averageRecordSize is ' || quote_literal(left(parameters ->> 'averageRecordSize', 40))) || '.' end,
    case when parameters ->> 'projection.enabled' ilike 'true' then 'Partition projection: the partitions are rules in Athena, not entries in the catalog.' end,
    case when is_lake_formation then 'Governed by Lake Formation: its permissions have to be rebuilt.' end
  ], null);
comment on function a2o_private.note_glue_table(text, text, text, text, jsonb, text, bigint, boolean) is 'What a person should know about a table, one sentence each.';
--! EndIncluded functions/judge/note_glue_table.sql
--! Included functions/judge/judge_format.sql
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
    offset 0
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
    offset 0 -- decided once, although three parts of it are used
  )
  select verdict[1], verdict[2], left(verdict[3], 1000) from first_that_speaks
$$;
comment on function a2o_private.judge_format(text, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, jsonb, text, text, text) is
  'Format of one Glue table: the code of the rule that decided (see format_rules), the format, and the Glue field with its value that decided.';
--! EndIncluded functions/judge/judge_format.sql
--! Included functions/judge/judge_readiness.sql
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
    offset 0) as first_that_fits
$$;
comment on function a2o_private.judge_readiness(text, text, text, text) is 'Verdict on one table with the code of the rule that reached it (see readiness_rules).';
--! EndIncluded functions/judge/judge_readiness.sql
--! Included functions/judge/note_iceberg.sql
-- Not inlined, so it is called only for tables whose metadata was asked for (assess --iceberg-metadata).
create or replace function a2o_private.note_iceberg(metadata jsonb) returns text[]
  language sql immutable parallel safe as $$
  with fields as (
    select f ->> 'Id' as id, f ->> 'Name' as name
    from jsonb_array_elements(case when jsonb_typeof(metadata #> '{Schemas,0,Fields}') = 'array' then metadata #> '{Schemas,0,Fields}' else '[]' end) as f),
  partitions as (
    select string_agg(case when p.field ->> 'Transform' = 'identity' then s.name else (p.field ->> 'Transform') || '(' || s.name || ')' end, ', ' order by p.place) as listed
    from jsonb_array_elements(case when jsonb_typeof(metadata #> '{PartitionSpecs,0,Fields}') = 'array' then metadata #> '{PartitionSpecs,0,Fields}' else '[]' end)
      with ordinality as p(field, place)
    join fields s on s.id = p.field ->> 'SourceId')
  select array_remove(array[
    nullif(concat_ws(', ', 'Iceberg format version ' || (metadata ->> 'FormatVersion'), 'partitioned by ' || partitions.listed), '') || '.'], null)
  from partitions
$$;
comment on function a2o_private.note_iceberg(jsonb) is 'A sentence on what Glue keeps of an Iceberg table''s own metadata: its format version, and how it is partitioned.';
--! EndIncluded functions/judge/note_iceberg.sql
--! Included functions/judge/judge_glue_table.sql
-- Everything a verdict needs from one answer of glue:GetTables. jsonb_to_record reads each object once: with the arrow
-- operators a long answer would be decompressed for every field.

-- Judged is what is kept, so that rescore, which has nothing else, comes to the same verdicts.
create or replace function a2o_private.judge_kept(glue_parameters jsonb, table_type text, glue_database jsonb) returns table (
  table_format text, storage_location text, size_bytes bigint, size_source text, row_count bigint, row_count_source text,
  migration_readiness a2o.migration_readiness, notes text[], format_rule text, format_evidence text, readiness_rule text, parameters jsonb, view_text text
)
  language sql stable rows 1 as $$
  select f.table_format, place.location,
    case when f.table_format <> 'RESOURCE_LINK' then size.bytes end,
    case when f.table_format <> 'RESOURCE_LINK' then size.source end,
    rows.count, rows.source, r.migration_readiness,
    a2o_private.note_glue_table(f.table_format, f.rule, r.rule, place.location, said.parameters, size.source, size.bytes, k."IsRegisteredWithLakeFormation")
      || case when k."IcebergTableMetadata" is not null then a2o_private.note_iceberg(k."IcebergTableMetadata") else '{}' end,
    f.rule, f.evidence, r.rule, said.parameters, k."ViewOriginalText"
  from jsonb_to_record(glue_parameters) as k(
      "Parameters" jsonb, "StorageDescriptor.Parameters" jsonb, "SerdeInfo" jsonb, "InputFormat" text, "Location" text,
      "TargetTable" jsonb, "FederatedTable" jsonb, "ViewOriginalText" text, "IsRegisteredWithLakeFormation" boolean, "IcebergTableMetadata" jsonb)
  -- A crawler writes its parameters on the table, on its storage descriptor, or on both; the table's own come first.
  cross join lateral (select
      coalesce(k."StorageDescriptor.Parameters", '{}') || coalesce(k."Parameters", '{}') as parameters,
      k."SerdeInfo" ->> 'SerializationLibrary' as serde, k."SerdeInfo" -> 'Parameters' as serde_parameters,
      nullif(glue_database -> 'TargetDatabase', 'null') as target_database, nullif(glue_database -> 'FederatedDatabase', 'null') as federated_database
    offset 0) as said
  cross join lateral (select nullif(case
      when k."Location" like '%-\_\_PLACEHOLDER\_\_' then said.serde_parameters ->> 'path'
      else coalesce(nullif(k."Location", ''), said.serde_parameters ->> 'path') end, '') as location offset 0) as place
  cross join lateral a2o_private.judge_format(
      table_type, k."TargetTable", k."FederatedTable", said.target_database, said.federated_database,
      k."Parameters", k."StorageDescriptor.Parameters", said.serde_parameters, k."InputFormat", said.serde, place.location) as f
  cross join lateral a2o_private.judge_readiness(f.table_format, f.rule, place.location, nullif(said.parameters ->> 'metadata_location', '')) as r
  cross join lateral a2o_private.read_size(said.parameters) as size
  cross join lateral a2o_private.read_row_count(said.parameters) as rows
$$;
comment on function a2o_private.judge_kept(jsonb, text, jsonb) is
  'Verdicts on a table from what is kept of it (tables.glue_parameters, its type, and the Database of glue:GetDatabases or null): format, size, rows and readiness with their evidence.';

create or replace function a2o_private.judge_glue_table(glue jsonb, glue_database jsonb) returns table (
  database_name text, table_name text, table_format text, storage_location text, size_bytes bigint, size_source text,
  row_count bigint, row_count_source text, partition_keys text[], columns jsonb, column_count integer,
  last_updated timestamptz, migration_readiness a2o.migration_readiness, notes text[], table_type text,
  format_rule text, format_evidence text, readiness_rule text, glue_parameters jsonb, parameters jsonb,
  column_types text, has_clashing_columns boolean, has_unfit_columns boolean
)
  language sql stable rows 1 as $$
  select
    t."DatabaseName", t."Name", j.table_format, j.storage_location, j.size_bytes, j.size_source, j.row_count, j.row_count_source,
    keys.names, live.columns, traits.column_count,
    case when t."UpdateTime" ~ '^(?!0000)\d{4}-\d\d-\d\dT' then t."UpdateTime"::timestamptz end, j.migration_readiness, j.notes,
    t."TableType", j.format_rule, j.format_evidence, j.readiness_rule, kept.glue_parameters, j.parameters,
    traits.column_types, traits.has_clashing_columns, traits.has_unfit_columns
  from jsonb_to_record(glue) as t(
      "DatabaseName" text, "Name" text, "Description" text, "TableType" text, "CreateTime" text, "UpdateTime" text,
      "Parameters" jsonb, "StorageDescriptor" jsonb, "PartitionKeys" jsonb, "TargetTable" jsonb, "FederatedTable" jsonb,
      "ViewOriginalText" text, "ViewDefinition" jsonb, "IsRegisteredWithLakeFormation" boolean,
      "IcebergTableMetadata" jsonb)
  cross join lateral jsonb_to_record(coalesce(t."StorageDescriptor", '{}')) as sd(
      "Columns" jsonb, "Location" text, "InputFormat" text, "OutputFormat" text, "SerdeInfo" jsonb, "Parameters" jsonb)
  cross join lateral (select jsonb_strip_nulls(jsonb_build_object(
      'Parameters', t."Parameters", 'StorageDescriptor.Parameters', sd."Parameters", 'SerdeInfo', sd."SerdeInfo",
      'InputFormat', sd."InputFormat", 'OutputFormat', sd."OutputFormat", 'Location', sd."Location",
      'TargetTable', t."TargetTable", 'FederatedTable', t."FederatedTable", 'ViewOriginalText', t."ViewOriginalText",
      'ViewDefinition', t."ViewDefinition", 'Description', t."Description", 'CreateTime', t."CreateTime",
      'IsRegisteredWithLakeFormation', t."IsRegisteredWithLakeFormation", 'IcebergTableMetadata', t."IcebergTableMetadata")) as glue_parameters offset 0) as kept
  cross join lateral a2o_private.judge_kept(kept.glue_parameters, t."TableType", glue_database) as j
  cross join lateral (
    select coalesce(array_agg(k.key ->> 'Name' order by k.place), '{}') as names
    from jsonb_array_elements(coalesce(t."PartitionKeys", '[]')) with ordinality as k(key, place)) as keys
  cross join lateral a2o_private.read_columns(sd."Columns", t."PartitionKeys", j.table_format, j.parameters, keys.names, j.view_text) as live
  cross join lateral a2o_private.column_traits(live.columns) as traits
$$;
comment on function a2o_private.judge_glue_table(jsonb, jsonb) is
  'One Table of glue:GetTables (and its Database of glue:GetDatabases, or null) read and judged: format, size, rows, columns and readiness with their evidence.';
--! EndIncluded functions/judge/judge_glue_table.sql
--! Included functions/access/visible_accounts.sql
-- The member is who logged in. A setting is believed only from the web server's login: anybody else could set it.
create or replace function a2o_private.current_member() returns text
  language sql stable parallel safe
  return case when session_user = 'a2o_authenticator' then nullif(current_setting('a2o.user', true), '') else session_user end;
comment on function a2o_private.current_member() is 'Member whose account access counts: the login role, or the signed-in user that the web server names in a2o.user.';
grant execute on function a2o_private.current_member() to a2o_reader, a2o_ingest, a2o_worker;

-- Definer, because members may not read each other's grants. Called once per query, through a sub-select; PL/pgSQL keeps the plan
-- for the session, a definer in SQL would start anew for every query.
create or replace function a2o_private.visible_accounts() returns text[]
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (
    select coalesce(array_agg(a.aws_account_id::text), '{}')
    from a2o.accounts a
    where exists (
      select from a2o.account_access g
      where g.member = a2o_private.current_member() and g.aws_account_id in ('*', a.aws_account_id)));
end
$$;
comment on function a2o_private.visible_accounts() is 'Accounts the current member may read.';
revoke all on function a2o_private.visible_accounts() from public;
grant execute on function a2o_private.visible_accounts() to a2o_reader, a2o_ingest, a2o_worker;
--! EndIncluded functions/access/visible_accounts.sql
--! Included functions/access/current_access.sql
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
--! EndIncluded functions/access/current_access.sql
--! Included functions/access/account_access.sql
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

-- What a program gives by itself it gives once: an owner who took it back means it.
create or replace function a2o.grant_account_access_once(member text, account_id text) returns boolean
  language plpgsql volatile as $$
begin
  perform a2o_private.check_account_id(account_id);
  insert into a2o_private.first_grants (member, aws_account_id) values (grant_account_access_once.member, account_id) on conflict do nothing;
  if not found then
    return false;
  end if;
  perform a2o.grant_account_access(grant_account_access_once.member, account_id);
  return true;
end
$$;
comment on function a2o.grant_account_access_once(text, text) is E'@behavior -*\nAs grant_account_access, but only the first time in the life of a database; false when it was given before, even if it was revoked since. Error: A2O05 not an account id.';
revoke all on function a2o.grant_account_access_once(text, text) from public;

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
--! EndIncluded functions/access/account_access.sql
--! Included functions/record/begin_assessment.sql
-- Staging is one set of unlogged tables for each run: runs cannot mix, nothing is written to the log, and dropping it costs
-- nothing. The session's advisory lock tells a run under way from one that died. toast_tuple_target: what fits into a page is
-- not compressed, because it is read soon and once.
create or replace function a2o.begin_assessment(
  aws_account_id text default null, region text default null, scope jsonb default null, read_at timestamptz default null
) returns table (run_id uuid, databases_target text, tables_target text, reported_tables_target text, interrupted_at timestamptz)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  run a2o_private.runs;
  stage text;
begin
  perform a2o_private.forget_abandoned_runs();
  insert into a2o_private.runs (run_id, aws_account_id, region, scope, read_at, kept_until)
  values (gen_random_uuid(), begin_assessment.aws_account_id, begin_assessment.region, begin_assessment.scope, begin_assessment.read_at,
    case when begin_assessment.aws_account_id is not null then now() + interval '24 hours' end)
  returning * into run;
  perform pg_advisory_lock(20250, run.lock_key);
  stage := a2o_private.run_prefix(run.run_id);
  execute format('create unlogged table a2o_private.%I (
      database_name text not null, glue jsonb, description text, location_uri text, table_count integer, status a2o.coverage_status not null,
      tables_read integer not null, operation text, error_code text, error_message text, extra jsonb)', stage || 'databases');
  execute format('create unlogged table a2o_private.%I (database_name text not null, glue jsonb not null, next_page text)
    with (toast_tuple_target = 8160)', stage || 'tables');
  execute format('create unlogged table a2o_private.%I (
      database_name text not null, table_name text not null, table_format text not null, storage_location text, estimated_size_gb double precision,
      partition_keys text[] not null, column_count integer not null, last_updated timestamptz, is_iceberg boolean not null,
      migration_readiness a2o.migration_readiness not null, notes text[] not null, extra jsonb not null)', stage || 'reported_tables');
  execute format('grant insert on a2o_private.%I, a2o_private.%I, a2o_private.%I to a2o_ingest',
    stage || 'databases', stage || 'tables', stage || 'reported_tables');
  return query select run.run_id,
    format('a2o_private.%I', stage || 'databases'), format('a2o_private.%I', stage || 'tables'), format('a2o_private.%I', stage || 'reported_tables'),
    (select max(r.started_at) from a2o_private.runs r
      where r.run_id <> run.run_id and a2o_private.is_resumable(r) and a2o_private.run_holder(r.lock_key) is null
        and (r.aws_account_id, r.region, r.scope) = (run.aws_account_id, run.region, run.scope));
end
$$;
comment on function a2o.begin_assessment(text, text, jsonb, timestamptz) is
  E'@behavior -*\nOpens a run: returns its id and the staging tables to COPY into, and when a run of the same scope was interrupted that could be resumed instead. The run lives as long as the session; finish_assessment stores it whole. One that names its account is kept for a day when the session ends before.';
revoke all on function a2o.begin_assessment(text, text, jsonb, timestamptz) from public;
grant execute on function a2o.begin_assessment(text, text, jsonb, timestamptz) to a2o_ingest;

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

-- A run is overtaken when another one of its account and region was stored.
create or replace function a2o_private.is_resumable(run a2o_private.runs) returns boolean
  language sql stable
  return coalesce(run.kept_until > now(), false) and not exists (
    select from a2o.assessments a
    where a.aws_account_id = run.aws_account_id and a.region = run.region and a.created_at > run.started_at);
comment on function a2o_private.is_resumable(a2o_private.runs) is 'Whether a run whose session is gone can still be continued.';

create or replace function a2o_private.forget_abandoned_runs() returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  abandoned a2o_private.runs;
begin
  -- A run's row becomes visible only when its session has the lock.
  for abandoned in select * from a2o_private.runs r where not a2o_private.is_resumable(r) loop
    if a2o_private.run_holder(abandoned.lock_key) is null and pg_try_advisory_xact_lock(20250, abandoned.lock_key) then
      perform a2o_private.drop_run(abandoned.run_id);
    end if;
  end loop;
end
$$;
comment on function a2o_private.forget_abandoned_runs() is 'Drops what runs left behind whose session is gone, and that nobody can want to resume.';

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
--! EndIncluded functions/record/begin_assessment.sql
--! Included functions/record/resume_assessment.sql
-- What a run staged outlives its session and its process: the tables are unlogged but ordinary. Each page ends with a row that
-- names the next page, and every batch of rows is a transaction of its own, so that what is staged tells how far the run came.
-- When the server itself crashed, PostgreSQL has emptied the tables, and the run begins from the start.
create or replace function a2o.resume_assessment(aws_account_id text, region text, scope jsonb)
  returns table (run_id uuid, databases_target text, tables_target text, reported_tables_target text, read_at timestamptz, staged_tables bigint)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  run a2o_private.runs;
  stage text;
begin
  for run in
    select * from a2o_private.runs r
    where (r.aws_account_id, r.region, r.scope) = (resume_assessment.aws_account_id, resume_assessment.region, resume_assessment.scope)
      and a2o_private.is_resumable(r)
    order by r.started_at desc
  loop
    continue when a2o_private.run_holder(run.lock_key) is not null or not pg_try_advisory_lock(20250, run.lock_key);
    stage := a2o_private.run_prefix(run.run_id);
    -- What could not be read is tried again.
    execute format('delete from a2o_private.%I where status <> %L', stage || 'databases', 'COMPLETE');
    execute format('select count(*) from a2o_private.%I', stage || 'tables') into staged_tables;
    run_id := run.run_id;
    databases_target := format('a2o_private.%I', stage || 'databases');
    tables_target := format('a2o_private.%I', stage || 'tables');
    reported_tables_target := format('a2o_private.%I', stage || 'reported_tables');
    read_at := run.read_at;
    update a2o_private.runs r set kept_until = now() + interval '24 hours' where r.run_id = run.run_id;
    return next;
    return;
  end loop;
end
$$;
comment on function a2o.resume_assessment(text, text, jsonb) is
  E'@behavior -*\nTakes over the newest interrupted run of an account, region and scope, with what it staged; no row when there is none.';
revoke all on function a2o.resume_assessment(text, text, jsonb) from public;
grant execute on function a2o.resume_assessment(text, text, jsonb) to a2o_ingest;

create or replace function a2o.staged_databases(run_id uuid)
  returns table (database_name text, is_done boolean, next_page text, tables_read bigint, table_names text[])
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  stage text := a2o_private.run_prefix(staged_databases.run_id);
begin
  if not exists (select from a2o_private.runs r
      where r.run_id = staged_databases.run_id and a2o_private.run_holder(r.lock_key) = pg_backend_pid()) then
    raise exception 'this session has no run %', run_id using errcode = 'A2O01', hint = 'Take it over with resume_assessment() in this session.';
  end if;
  -- Rows were appended one after the other, so their places tell the order.
  return query execute format($sql$
    with done as (select d.database_name, max(d.tables_read)::bigint as tables_read from a2o_private.%1$I d group by 1)
    select d.database_name, true, null, d.tables_read, null::text[] from done d
    union all
    select t.database_name, false, (array_agg(t.next_page order by t.ctid desc) filter (where t.next_page is not null))[1], count(*),
      array_agg(t.glue ->> 'Name')
    from a2o_private.%2$I t
    where not exists (select from done d where d.database_name = t.database_name)
    group by t.database_name $sql$, stage || 'databases', stage || 'tables');
end
$$;
comment on function a2o.staged_databases(uuid) is
  E'@behavior -*\nHow far a run of this session has come: databases that are done, and those that are begun, with the page to go on with and the tables there are. Error: A2O01 no such run in this session.';
revoke all on function a2o.staged_databases(uuid) from public;
grant execute on function a2o.staged_databases(uuid) to a2o_ingest;
--! EndIncluded functions/record/resume_assessment.sql
--! Included functions/record/fill_tables.sql
-- The two ways rows come into an assessment's own table: judged from Glue's answers, or as a report brought them. Both look for
-- findings on the way. offset 0 keeps facts together, so that nothing is computed twice.
create or replace function a2o_private.fill_from_glue(stage text, target text, assessment_id uuid, aws_account_id text, region text, "timestamp" timestamptz) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp set enable_memoize = off as $$
begin
  execute format($sql$
    with named as materialized (
      select s.ctid as place, s.database_name, s.glue ->> 'Name' as table_name, s.glue ->> 'UpdateTime' as updated from a2o_private.%1$I s),
    folded as materialized (
      -- Only a name that is not in lower case can clash with another.
      select lower(n.database_name) as database_name, lower(n.table_name) as table_name
      from named n
      where (lower(n.database_name), lower(n.table_name)) in (
        select lower(m.database_name), lower(m.table_name) from named m
        where m.database_name <> lower(m.database_name) or m.table_name <> lower(m.table_name))
      group by 1, 2
      having count(distinct (n.database_name, n.table_name)) > 1),
    newest as (
      -- AWS may repeat a table when a page token is repeated or the catalog changes between pages; the later answer stands.
      -- A linked database answers with its target's name, so the name it was asked by is the one that counts.
      select distinct on (database_name, table_name) place, database_name, table_name from named order by database_name, table_name, updated desc nulls last),
    judged as materialized (
      select j.*, sha256(convert_to(j.columns::text, 'UTF8')) as schema_hash, n.database_name as listed_database,
        (lower(n.database_name), lower(n.table_name)) in (select f.database_name, f.table_name from folded f) as has_clashing_name
      from newest n
      join a2o_private.%1$I s on s.ctid = n.place
      left join a2o_private.%2$I d on d.database_name = n.database_name
      cross join lateral a2o_private.judge_glue_table(s.glue, d.glue) as j),
    kept_schemas as (
      insert into a2o.column_schemas (schema_hash, columns)
      select distinct on (schema_hash) schema_hash, columns from judged order by schema_hash
      on conflict do nothing)
    insert into a2o_private.%3$I (assessment_id, database_name, table_name, id, database_id, aws_account_id, table_format, storage_location, size_bytes,
      partition_keys, column_count, last_updated, is_iceberg, migration_readiness, notes, findings, table_type, row_count, row_count_source, size_source,
      format_rule, format_evidence, readiness_rule, glue_parameters, column_schema_hash, content_hash)
    select $1, listed_database, table_name, a2o.table_identity($2, $3, listed_database, table_name), a2o_private.database_identity($1, listed_database),
      $2, table_format, storage_location, size_bytes, partition_keys, column_count, last_updated, table_format = 'ICEBERG', migration_readiness,
      notes, %4$s, table_type, row_count, row_count_source, size_source, format_rule, format_evidence, readiness_rule, glue_parameters, schema_hash,
      a2o_private.hash_table(table_format, storage_location, size_bytes, partition_keys, column_count, last_updated, migration_readiness, table_type, row_count, schema_hash)
    from judged
    cross join lateral (select row($4, $5, table_format, format_rule, readiness_rule, storage_location, size_bytes, size_source, row_count,
      partition_keys, column_count, last_updated, parameters, glue_parameters, column_types, has_clashing_columns, has_unfit_columns,
      has_clashing_name)::a2o_private.table_facts as facts) as f $sql$,
    stage || 'tables', stage || 'databases', target, a2o_private.findings_expression('GLUE'))
  using assessment_id, aws_account_id, region, "timestamp", a2o_private.current_limits();
end
$$;
comment on function a2o_private.fill_from_glue(text, text, uuid, text, text, timestamptz) is 'Judges the staged Glue answers of a run into a table of the shape of tables.';

create or replace function a2o_private.fill_from_report(stage text, target text, assessment_id uuid, aws_account_id text, region text, "timestamp" timestamptz) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  execute format($sql$
    with folded as materialized (
      select lower(n.database_name) as database_name, lower(n.table_name) as table_name
      from a2o_private.%1$I n
      where (lower(n.database_name), lower(n.table_name)) in (
        select lower(m.database_name), lower(m.table_name) from a2o_private.%1$I m
        where m.database_name <> lower(m.database_name) or m.table_name <> lower(m.table_name))
      group by 1, 2
      having count(distinct (n.database_name, n.table_name)) > 1),
    -- Once for each database, not for each table.
    identities as materialized (
      select d.database_name as of_database, a2o_private.database_identity($1, d.database_name) as database_id
      from (select distinct n.database_name from a2o_private.%1$I n) as d)
    insert into a2o_private.%2$I (assessment_id, database_name, table_name, id, database_id, aws_account_id, table_format, storage_location, size_bytes,
      partition_keys, column_count, last_updated, is_iceberg, migration_readiness, notes, findings, table_type, row_count, row_count_source, size_source,
      format_rule, format_evidence, readiness_rule, reported, content_hash)
    select $1, database_name, table_name, a2o.table_identity($2, $3, database_name, table_name), database_id,
      $2, table_format, location, bytes, partition_keys, column_count, last_updated, is_iceberg, migration_readiness, notes, %3$s,
      table_type, rows, extra ->> 'row_count_source',
      case when bytes is not null then coalesce(extra ->> 'size_source', 'reported') end,
      extra ->> 'format_rule', extra ->> 'format_evidence', extra ->> 'readiness_rule',
      case when extra = '{}' then extra else
        extra - array['size_bytes', 'size_source', 'row_count', 'row_count_source', 'table_type', 'format_rule', 'format_evidence', 'readiness_rule'] end,
      a2o_private.hash_table(table_format, location, bytes, partition_keys, column_count, last_updated, migration_readiness, table_type, rows, null)
    from (
      select *, coalesce(a2o_private.parse_bigint(extra ->> 'size_bytes'), round(estimated_size_gb * 1073741824.0)::bigint) as bytes,
        nullif(storage_location, '') as location, a2o_private.parse_bigint(extra ->> 'row_count') as rows, extra ->> 'table_type' as table_type,
        (lower(database_name), lower(table_name)) in (select f.database_name, f.table_name from folded f) as has_clashing_name
      from a2o_private.%1$I offset 0) as r
    join identities on of_database = database_name
    cross join lateral (select row($4, $5, table_format, extra ->> 'format_rule', extra ->> 'readiness_rule', location, bytes, extra ->> 'size_source', rows,
      partition_keys, column_count, last_updated, null, null, null, null, null, has_clashing_name)::a2o_private.table_facts as facts) as f $sql$,
    stage || 'reported_tables', target, a2o_private.findings_expression('REPORT'))
  using assessment_id, aws_account_id, region, "timestamp", a2o_private.current_limits();
end
$$;
comment on function a2o_private.fill_from_report(text, text, uuid, text, text, timestamptz) is 'Copies the staged rows of a report, verdicts and all, into a table of the shape of tables.';

-- Two 64-bit hashes of the values as they are: nothing is put into words for it. What a server of another kind would hash
-- differently is only compared column by column.
create or replace function a2o_private.hash_table(
  table_format text, storage_location text, size_bytes bigint, partition_keys text[], column_count integer, last_updated timestamptz,
  migration_readiness a2o.migration_readiness, table_type text, row_count bigint, schema_hash bytea
) returns bytea
  language sql immutable parallel safe
  return int8send(hash_record_extended(row(table_format, storage_location, size_bytes, partition_keys, column_count, last_updated,
      migration_readiness, table_type, row_count, schema_hash), 1))
    || int8send(hash_record_extended(row(table_format, storage_location, size_bytes, partition_keys, column_count, last_updated,
      migration_readiness, table_type, row_count, schema_hash), 2));
comment on function a2o_private.hash_table(text, text, bigint, text[], integer, timestamptz, a2o.migration_readiness, text, bigint, bytea) is 'tables.content_hash: 128 bits of what a table is.';

-- Only what a report tells goes in, so that an assessment and its own report are recognised as the same: neither origin, nor
-- what Glue said, nor findings. XOR of row hashes does not depend on the order of rows, and no key occurs twice.
create or replace function a2o_private.hash_assessment(
  databases text, coverage text, target text, "timestamp" timestamptz, region text, aws_account_id text, tool_version text, is_simulated boolean, reported jsonb
) returns bytea
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  hash bytea;
begin
  execute format($sql$
    select sha256(convert_to(row(extract(epoch from $1), $2, $3, $4, $5, nullif($6, '{}'),
      d.count, d.hash_a, d.hash_b, u.hash, t.count, t.hash_a, t.hash_b)::text, 'UTF8'))
    from (
      select count(*) as count, bit_xor(hashtextextended(line, 1)) as hash_a, bit_xor(hashtextextended(line, 2)) as hash_b
      from (select row(database_name, description, location_uri, table_count, nullif(reported, '{}'))::text as line from (%1$s) as stored) as databases) as d,
    (
      select bit_xor(hashtextextended(row(database_name, status, tables_read, operation, error_code, error_message)::text, 1)) as hash
      from (%2$s) as covered where status <> 'COMPLETE') as u,
    (
      select count(*) as count, bit_xor(hash_record_extended(line, 1)) as hash_a, bit_xor(hash_record_extended(line, 2)) as hash_b
      from (
        -- The readiness as text: the hash of an enum is not the same in every database.
        select row(database_name, table_name, table_format, storage_location, size_bytes, size_source, row_count, row_count_source,
          partition_keys, column_count, last_updated, is_iceberg, migration_readiness::text, notes, table_type,
          format_rule, format_evidence, readiness_rule, nullif(reported, '{}')) as line
        from (%3$s) as kept offset 0) as rows) as t $sql$, databases, coverage, target)
  using "timestamp", region, aws_account_id, tool_version, is_simulated, reported into hash;
  return hash;
end
$$;
comment on function a2o_private.hash_assessment(text, text, text, timestamptz, text, text, text, boolean, jsonb) is 'SHA-256 over everything a report of the assessment tells. Its databases, coverage and tables are queries.';
--! EndIncluded functions/record/fill_tables.sql
--! Included functions/record/finish_assessment.sql
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
    perform a2o_private.fill_from_glue(stage, target, new_id, aws_account_id, region, "timestamp");
  else
    perform a2o_private.fill_from_report(stage, target, new_id, aws_account_id, region, "timestamp");
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

  hash := a2o_private.hash_assessment(
    format($sql$ select database_name, coalesce(description, glue ->> 'Description') as description, coalesce(location_uri, glue ->> 'LocationUri') as location_uri,
      table_count, extra as reported from a2o_private.%I where database_name <> '' $sql$, stage || 'databases'),
    format('select * from a2o_private.%I', stage || 'databases'), format('select * from a2o_private.%I', target), "timestamp", region, aws_account_id, tool_version, is_simulated, reported);
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
  -- What is counted comes with the roll-ups.
  execute format($sql$
    insert into a2o.assessments (id, timestamp, region, aws_account_id, tool_version, total_databases, total_tables, iceberg_tables,
      migration_ready, needs_conversion, unknown, sized_tables, databases_complete, completeness_percent, origin, is_simulated, reported, content_hash)
    select $1, $2, $3, $4, $5, d.databases, 0, 0, 0, 0, 0, 0, d.complete,
      case when d.listed then case when d.databases = 0 then 100 else trunc(100.0 * d.complete / d.databases, 2) end end,
      $6, $7, $8, $9
    from (
      select count(*) filter (where database_name <> '') as databases, count(*) filter (where database_name <> '' and status = 'COMPLETE') as complete,
        coalesce(bool_and(status = 'COMPLETE') filter (where database_name = ''), true) as listed
      from a2o_private.%I) as d $sql$, stage || 'databases')
    using new_id, "timestamp", region, aws_account_id, tool_version, origin, is_simulated, reported, hash;

  execute format($sql$
    insert into a2o.databases (assessment_id, database_name, id, aws_account_id, description, location_uri, table_count, iceberg_tables,
      migration_ready, needs_conversion, unknown, sized_tables, glue, reported)
    select $1, d.database_name, a2o_private.database_identity($1, d.database_name), $2, coalesce(d.description, d.glue ->> 'Description'),
      coalesce(d.location_uri, d.glue ->> 'LocationUri'), d.table_count, 0, 0, 0, 0, 0, d.glue, d.extra
    from a2o_private.%I d
    where d.database_name <> '' $sql$, stage || 'databases') using new_id, aws_account_id;

  execute format($sql$
    insert into a2o.database_coverage (assessment_id, database_name, aws_account_id, status, tables_read, operation, error_code, error_message)
    select $1, database_name, $2, status, tables_read, operation, error_code, error_message from a2o_private.%I
    where database_name <> '' or status <> 'COMPLETE' $sql$, stage || 'databases') using new_id, aws_account_id;

  perform a2o_private.write_rollups(new_id, aws_account_id, format('a2o_private.%I', target));

  if a2o_private.is_large_assessment(new_id) then
    own_partition := 'tables_' || replace(new_id::text, '-', '');
    execute format('create index %I on a2o_private.%I (id)', own_partition || '_id_idx', target);
    execute format('create index %I on a2o_private.%I (database_id)', own_partition || '_database_id_idx', target);
    execute format('alter index a2o_private.%I rename to %I', stage || 'pkey', own_partition || '_pkey');
    execute format('alter table a2o_private.%I rename to %I', target, own_partition);
    execute format('alter table a2o_private.%I set schema a2o', own_partition);
    execute format('alter table a2o.%I enable row level security', own_partition);
    -- What people and policies filter by; autovacuum sees to the rest.
    execute format('analyze a2o.%I (assessment_id, aws_account_id, database_name, table_name, id, table_format, migration_readiness, is_iceberg, size_bytes,
      estimated_size_gb, last_updated, findings)', own_partition);
    -- The check lets ATTACH skip reading the table once more; it says nothing new afterwards.
    execute format('alter table a2o.%I add constraint one_assessment check (assessment_id = %L)', own_partition, new_id);
    execute format('alter table a2o.tables attach partition a2o.%I for values from (%L) to (%s)', own_partition, new_id,
      a2o_private.after_assessment_id(new_id));
    execute format('alter table a2o.%I drop constraint one_assessment', own_partition);
  else
    execute format('insert into a2o.tables (%s) select %1$s from a2o_private.%I', a2o_private.stored_columns(), target);
    execute format('drop table a2o_private.%I', target);
  end if;

  perform a2o_private.after_assessment_stored(new_id);
  perform a2o.abandon_assessment(run_id);
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

create or replace function a2o_private.partition_of(assessment_id uuid) returns text
  language sql immutable parallel safe
  return case when a2o_private.is_large_assessment(assessment_id) then 'a2o.tables_' || replace(assessment_id::text, '-', '') else 'a2o.tables_shared' end;
comment on function a2o_private.partition_of(uuid) is 'Name of the partition that holds the tables of an assessment.';

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
  return md5(assessment_id::text || ' ' || database_name)::uuid;
comment on function a2o_private.database_identity(uuid, text) is 'databases.id: identity of a database within its assessment.';
--! EndIncluded functions/record/finish_assessment.sql
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
    'finding_rollups', 'verdict_rollups',
    'assessment_churn', 'assessment_changes', 'migration_jobs', 'migration_progress', 'migration_metrics', 'progress_5_minutes', 'progress_hours',
    'metrics_5_minutes', 'metrics_hours',
    'migration_job_tables', 'migration_job_links', 'migration_rollups', 'stale_migration_rollups', 'monitors', 'monitor_services', 'monitor_usage', 'assessment_schedules', 'alerts'] loop
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
-- second lock. finish_assessment and make_history_partitions do the same
-- for the partitions they make.
alter table a2o.tables_shared enable row level security;

-- Column lists carry no account; they are reached through functions that check it.
alter table a2o.column_schemas enable row level security;
-- Grants are the owner's business; `aws2openstack access` runs as the owner.
alter table a2o.account_access enable row level security;

grant select on a2o.format_rules, a2o.readiness_rules, a2o.alert_rules to a2o_reader, a2o_ingest, a2o_worker;
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
--! Included views/assessments/newest_assessments.sql
-- The newest assessment of each account and region; where every page and every question starts.
-- Example:
--   select aws_account_id, region, total_databases, total_tables
--   from newest_assessments order by region;
create or replace view a2o.newest_assessments with (security_invoker = true) as
  select distinct on (a.aws_account_id, a.region) a.id, a.timestamp, a.region, a.aws_account_id, a.tool_version, a.total_databases,
    a.total_tables, a.iceberg_tables, a.migration_ready, a.needs_conversion, a.unknown, a.total_size_bytes, a.total_estimated_size_gb,
    a.sized_tables, a.databases_complete, a.completeness_percent, a.origin, a.is_simulated, a.created_at
  from a2o.assessments a
  order by a.aws_account_id, a.region, a.timestamp desc, a.id;
comment on view a2o.newest_assessments is E'@behavior -single\n@primaryKey id\nNewest assessment of each account and region.';
grant select on a2o.newest_assessments to a2o_reader, a2o_ingest;
--! EndIncluded views/assessments/newest_assessments.sql
--! Included views/assessments/format_overview.sql
-- Tables and bytes for each table format of an assessment; feeds the Formats panel and get_tables_by_format.
-- Example:
--   select table_format, table_count, sized_tables, pg_size_pretty(size_bytes) as known_size
--   from format_overview where assessment_id = '…' order by table_count desc limit 3;
create or replace view a2o.format_overview with (security_invoker = true) as
  select r.assessment_id, r.table_format, sum(r.table_count)::integer as table_count, sum(r.sized_tables)::integer as sized_tables,
    a2o_private.saturated(sum(r.size_bytes)) as size_bytes
  from a2o.format_rollups r
  group by r.assessment_id, r.table_format;
comment on view a2o.format_overview is E'@within assessment_id\n@primaryKey assessment_id,table_format\nTables and known bytes for each format of an assessment.';
comment on column a2o.format_overview.table_count is E'@notNull\nTables in the format.';
comment on column a2o.format_overview.sized_tables is E'@notNull\nTables whose size is known.';
comment on column a2o.format_overview.size_bytes is 'Bytes of those; null when none is known.';
grant select on a2o.format_overview to a2o_reader, a2o_ingest;
--! EndIncluded views/assessments/format_overview.sql
--! Included views/assessments/readiness_overview.sql
-- Tables and bytes for each verdict of an assessment; all three verdicts are always there, so that a chart needs no gaps filled.
-- Example:
--   select migration_readiness, table_count, percent, pg_size_pretty(size_bytes) as known_size
--   from readiness_overview where assessment_id = '…' order by migration_readiness;
create or replace view a2o.readiness_overview with (security_invoker = true) as
  select a.id as assessment_id, v.verdict as migration_readiness, coalesce(sum(r.table_count), 0)::integer as table_count,
    coalesce(sum(r.sized_tables), 0)::integer as sized_tables, a2o_private.saturated(sum(r.size_bytes)) as size_bytes,
    case when a.total_tables > 0 then round(100.0 * coalesce(sum(r.table_count), 0) / a.total_tables, 2) end as percent
  from a2o.assessments a
  cross join unnest(enum_range(null::a2o.migration_readiness)) as v(verdict)
  left join a2o.format_rollups r on r.assessment_id = a.id and r.migration_readiness = v.verdict
  group by a.id, v.verdict;
comment on view a2o.readiness_overview is E'@within assessment_id\n@primaryKey assessment_id,migration_readiness\nTables and known bytes for each verdict of an assessment.';
comment on column a2o.readiness_overview.table_count is E'@notNull\nTables with the verdict.';
comment on column a2o.readiness_overview.sized_tables is E'@notNull\nTables whose size is known.';
comment on column a2o.readiness_overview.size_bytes is 'Bytes of those; null when none is known.';
comment on column a2o.readiness_overview.percent is 'Share of all tables, 0 to 100; null when there are none.';
grant select on a2o.readiness_overview to a2o_reader, a2o_ingest;
--! EndIncluded views/assessments/readiness_overview.sql
--! Included functions/report/report_lines.sql
-- The phase 1 JSON report, element by element, so that a report of any size streams. Keys that phase 1 lacks come last.
-- Bodies are bound at creation (begin atomic): readers have no usage of a2o_private, where the helpers are.
create or replace function a2o_private.iso_timestamp(moment timestamptz) returns text
  language sql stable parallel safe
  return to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00';
comment on function a2o_private.iso_timestamp(timestamptz) is 'ISO 8601 in UTC with microseconds, as Python''s isoformat writes it.';

-- Readers of reports refuse 8 EiB and more, which a bigint cannot hold; rounding must not bring a size there.
create or replace function a2o_private.reported_gb(gb numeric) returns numeric
  language sql immutable parallel safe
  return case when gb < 8589934591.99 then trim_scale(round(gb, 6)) when gb is not null then 8589934591.99 end;
comment on function a2o_private.reported_gb(numeric) is 'Size in GB as reports tell it: to about a kilobyte, below 8 EiB; null stays null.';

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
--! EndIncluded functions/report/report_lines.sql
--! Included functions/report/report_markdown.sql
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
  scope jsonb;
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
  scope := a.reported #> '{assessment_metadata,scope}';
  if jsonb_typeof(scope) = 'object' then
    return next '**Scope:** ' || a2o.markdown_cell(concat_ws('; ',
      'databases ' || (select string_agg(p, ', ') from jsonb_array_elements_text(case when jsonb_typeof(scope -> 'databases') = 'array' then scope -> 'databases' else '[]' end) as p),
      'without ' || (select string_agg(p, ', ') from jsonb_array_elements_text(case when jsonb_typeof(scope -> 'excluded_databases') = 'array' then scope -> 'excluded_databases' else '[]' end) as p),
      case when scope ->> 'own_catalog_only' = 'true' then 'without federated catalogs' end)) || '  ';
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
--! EndIncluded functions/report/report_markdown.sql
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

--! split: 310-findings.sql
--! Included functions/findings/findings_expression.sql
-- The rules become one expression, so that a table is looked at once, in the pass that judges it, and each predicate is inlined.
create or replace function a2o_private.findings_expression(origin a2o.assessment_origin) returns text
  language sql stable
  return (
    select format('array_remove(array[%s]::text[], null)',
      string_agg(format('case when a2o_private.%I(facts) then %L end', 'finds_' || r.code, r.code), ', ' order by r.code collate "C"))
    from a2o.finding_rules r where r.is_enabled and (origin = 'GLUE' or not r.needs_glue));
comment on function a2o_private.findings_expression(a2o.assessment_origin) is 'SQL that gives the sorted codes of the findings on a table from table_facts called facts.';
--! EndIncluded functions/findings/findings_expression.sql
--! Included rules/finding_limits.sql
-- First values; whoever changed one keeps it.
insert into a2o.finding_limits (name, value, unit, explanation) values
  ('stale_days', 365, 'days', 'stale speaks when a table was not changed for more days before the assessment.'),
  ('tiny_file_bytes', 16777216, 'bytes', 'tiny_files speaks when files hold fewer bytes on average.'),
  ('tiny_file_count', 1000, 'files', 'tiny_files speaks from this number of files on.'),
  ('partition_keys', 4, 'columns', 'many_partition_keys speaks when there are more partition columns.'),
  ('columns', 500, 'columns', 'many_columns speaks when there are more columns.')
on conflict (name) do update set unit = excluded.unit, explanation = excluded.explanation;

create or replace function a2o_private.current_limits() returns a2o_private.finding_limits
  language sql stable
  return (
    select row(
      max(l.value) filter (where l.name = 'stale_days'), max(l.value) filter (where l.name = 'tiny_file_bytes'),
      max(l.value) filter (where l.name = 'tiny_file_count'), max(l.value) filter (where l.name = 'partition_keys'),
      max(l.value) filter (where l.name = 'columns'))::a2o_private.finding_limits
    from a2o.finding_limits l);
comment on function a2o_private.current_limits() is 'The rows of finding_limits as one value; a rule whose limit has no row is silent.';
grant select on a2o.finding_rules, a2o.finding_limits, a2o.effort_weights to a2o_reader, a2o_ingest, a2o_worker;
--! EndIncluded rules/finding_limits.sql
--! Included rules/effort_weights.sql
-- First values for verdicts and formats; findings bring their own. Whoever changed one keeps it.
insert into a2o.effort_weights (kind, key, hours) values
  ('READINESS', 'READY', 0.5),
  ('READINESS', 'NEEDS_CONVERSION', 1),
  ('READINESS', 'UNKNOWN', 2),
  ('FORMAT', 'PARQUET', 0.5),
  ('FORMAT', 'ORC', 0.5),
  ('FORMAT', 'AVRO', 1),
  ('FORMAT', 'CSV', 1),
  ('FORMAT', 'JSON', 1),
  ('FORMAT', 'TEXT', 2),
  ('FORMAT', 'REGEX', 3),
  ('FORMAT', 'GROK', 3),
  ('FORMAT', 'XML', 3),
  ('FORMAT', 'ION', 3),
  ('FORMAT', 'CLOUDTRAIL', 2),
  ('FORMAT', 'SEQUENCEFILE', 2),
  ('FORMAT', 'RCFILE', 2)
on conflict (kind, key) do nothing;
--! EndIncluded rules/effort_weights.sql
--! Included findings/clashing_column_names.sql
-- Crawlers make such columns from JSON keys that differ in case.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('clashing_column_names', 'MEDIUM', 'Column names that clash in lower case',
  'Two columns have the same name when both are folded to lower case, as Trino does.',
  'Rename one of them when converting.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'clashing_column_names', 1) on conflict do nothing;

create or replace function a2o_private.finds_clashing_column_names(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).has_clashing_columns and (facts).table_format <> 'RESOURCE_LINK';
comment on function a2o_private.finds_clashing_column_names(a2o_private.table_facts) is 'Whether the rule clashing_column_names speaks: column names that clash in lower case.';

create or replace function a2o_private.tells_clashing_column_names(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Two columns have the same name in lower case.';
comment on function a2o_private.tells_clashing_column_names(a2o_private.table_facts) is 'The detail of a finding of the rule clashing_column_names.';
--! EndIncluded findings/clashing_column_names.sql
--! Included findings/crawler_size.sql
-- Source: https://docs.aws.amazon.com/glue/latest/dg/table-properties-crawler.html
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('crawler_size', 'INFO', 'Size estimated by a crawler',
  'AWS disclaims the accuracy of what crawlers count: they may read a sample, or may have run long ago.',
  'Measure the prefix (S3 Inventory, Storage Lens) before booking capacity.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'crawler_size', 0) on conflict do nothing;

create or replace function a2o_private.finds_crawler_size(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).size_source in ('sizeKey', 'recordCount × averageRecordSize');
comment on function a2o_private.finds_crawler_size(a2o_private.table_facts) is 'Whether the rule crawler_size speaks: size estimated by a crawler.';

create or replace function a2o_private.tells_crawler_size(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The size comes from ' || (facts).size_source || '.';
comment on function a2o_private.tells_crawler_size(a2o_private.table_facts) is 'The detail of a finding of the rule crawler_size.';
--! EndIncluded findings/crawler_size.sql
--! Included findings/delta_conversion.sql
-- In-place conversion leaves the data files where they are.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('delta_conversion', 'MEDIUM', 'Delta Lake to be converted',
  'Trino and Spark can read Delta, but the lakehouse holds Iceberg.',
  'Convert in place (Sparks snapshot and migrate procedures, or Apache XTable), or rewrite as Iceberg with CREATE TABLE AS.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'delta_conversion', 4) on conflict do nothing;

create or replace function a2o_private.finds_delta_conversion(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'DELTA';
comment on function a2o_private.finds_delta_conversion(a2o_private.table_facts) is 'Whether the rule delta_conversion speaks: delta Lake to be converted.';

create or replace function a2o_private.tells_delta_conversion(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Recognised as Delta Lake' || coalesce(' by ' || (facts).format_rule, '') || '.';
comment on function a2o_private.tells_delta_conversion(a2o_private.table_facts) is 'The detail of a finding of the rule delta_conversion.';
--! EndIncluded findings/delta_conversion.sql
--! Included findings/empty_table.sql
-- Statistics may be older than the data.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('empty_table', 'INFO', 'Empty table',
  'The catalog says that there are no rows, or no bytes.',
  'Create it empty in the target, or drop it.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'empty_table', 0) on conflict do nothing;

create or replace function a2o_private.finds_empty_table(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return ((facts).size_bytes = 0 or (facts).row_count = 0) and (facts).table_format <> 'RESOURCE_LINK';
comment on function a2o_private.finds_empty_table(a2o_private.table_facts) is 'Whether the rule empty_table speaks: empty table.';

create or replace function a2o_private.tells_empty_table(facts a2o_private.table_facts) returns text
  language sql stable
  return concat_ws(', ', (facts).row_count || ' rows', (facts).size_bytes || ' bytes') || '.';
comment on function a2o_private.tells_empty_table(a2o_private.table_facts) is 'The detail of a finding of the rule empty_table.';
--! EndIncluded findings/empty_table.sql
--! Included findings/federated_source.sql
-- FederatedTable, or FederatedDatabase of its database.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('federated_source', 'HIGH', 'Federated table',
  'The data lies outside this catalog, behind a connection.',
  'Move it from its source, or connect the source to the target engine.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'federated_source', 8) on conflict do nothing;

create or replace function a2o_private.finds_federated_source(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'FEDERATED';
comment on function a2o_private.finds_federated_source(a2o_private.table_facts) is 'Whether the rule federated_source speaks: federated table.';

create or replace function a2o_private.tells_federated_source(facts a2o_private.table_facts) returns text
  language sql stable
  return coalesce('It comes from ' || ((facts).glue #>> '{FederatedTable,ConnectionName}') || '.', 'Its source is federated.');
comment on function a2o_private.tells_federated_source(a2o_private.table_facts) is 'The detail of a finding of the rule federated_source.';
--! EndIncluded findings/federated_source.sql
--! Included findings/hudi_conversion.sql
-- Source: the InputFormats that Hudi's sync tool registers.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('hudi_conversion', 'MEDIUM', 'Hudi to be converted',
  'Hudi keeps several versions of rows in its files, so the files alone are not the table.',
  'Convert the metadata with Apache XTable when the table is copy-on-write; compact and rewrite it when it is merge-on-read.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'hudi_conversion', 6) on conflict do nothing;

create or replace function a2o_private.finds_hudi_conversion(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'HUDI';
comment on function a2o_private.finds_hudi_conversion(a2o_private.table_facts) is 'Whether the rule hudi_conversion speaks: hudi to be converted.';

create or replace function a2o_private.tells_hudi_conversion(facts a2o_private.table_facts) returns text
  language sql stable
  return case when (facts).glue ->> 'InputFormat' ~ 'RealtimeInputFormat' then 'Merge-on-read: the real-time view of the table.'
    when (facts).glue ->> 'InputFormat' ~ 'hudi|hoodie' then 'The read-optimised view of the table, or copy-on-write.' else 'Recognised as Hudi.' end;
comment on function a2o_private.tells_hudi_conversion(a2o_private.table_facts) is 'The detail of a finding of the rule hudi_conversion.';
--! EndIncluded findings/hudi_conversion.sql
--! Included findings/jdbc_source.sql
-- See fmt-143, fmt-210 and fmt-211.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('jdbc_source', 'HIGH', 'Data in a database',
  'The entry describes a table of a database that is reached through JDBC; there are no files to copy.',
  'Export it with DMS or Spark, or move the database itself and connect Trino to it.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'jdbc_source', 8) on conflict do nothing;

create or replace function a2o_private.finds_jdbc_source(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'JDBC';
comment on function a2o_private.finds_jdbc_source(a2o_private.table_facts) is 'Whether the rule jdbc_source speaks: data in a database.';

create or replace function a2o_private.tells_jdbc_source(facts a2o_private.table_facts) returns text
  language sql stable
  return coalesce('Connection ' || ((facts).parameters ->> 'connectionName') || '.', 'It is reached through JDBC.');
comment on function a2o_private.tells_jdbc_source(a2o_private.table_facts) is 'The detail of a finding of the rule jdbc_source.';
--! EndIncluded findings/jdbc_source.sql
--! Included findings/key_value_source.sql
-- See fmt-141, fmt-142 and fmt-144.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('key_value_source', 'HIGH', 'Data in DynamoDB or HBase',
  'The entry describes a table of a key-value store; there are no files to copy.',
  'Export it (DynamoDB export to S3, HBase snapshot) and decide which store replaces it.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'key_value_source', 8) on conflict do nothing;

create or replace function a2o_private.finds_key_value_source(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format in ('DYNAMODB', 'HBASE');
comment on function a2o_private.finds_key_value_source(a2o_private.table_facts) is 'Whether the rule key_value_source speaks: data in DynamoDB or HBase.';

create or replace function a2o_private.tells_key_value_source(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The data lies in ' || case (facts).table_format when 'HBASE' then 'HBase' else 'DynamoDB' end || '.';
comment on function a2o_private.tells_key_value_source(a2o_private.table_facts) is 'The detail of a finding of the rule key_value_source.';
--! EndIncluded findings/key_value_source.sql
--! Included findings/lake_formation.sql
-- Glue says so in IsRegisteredWithLakeFormation.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('lake_formation', 'MEDIUM', 'Governed by Lake Formation',
  'Who may see which columns and rows is decided in Lake Formation, and does not move with the data.',
  'Export the grants and data filters and rebuild them in the target (Trino access control, Ranger or OPA).',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'lake_formation', 3) on conflict do nothing;

create or replace function a2o_private.finds_lake_formation(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return ((facts).glue ->> 'IsRegisteredWithLakeFormation')::boolean;
comment on function a2o_private.finds_lake_formation(a2o_private.table_facts) is 'Whether the rule lake_formation speaks: governed by Lake Formation.';

create or replace function a2o_private.tells_lake_formation(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The location is registered with Lake Formation.';
comment on function a2o_private.tells_lake_formation(a2o_private.table_facts) is 'The detail of a finding of the rule lake_formation.';
--! EndIncluded findings/lake_formation.sql
--! Included findings/many_columns.sql
-- Limit: columns.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('many_columns', 'LOW', 'Very many columns',
  'Very wide tables make large metadata and slow planning.',
  'Split the table, or fold rarely used columns into a struct or map.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'many_columns', 1) on conflict do nothing;

create or replace function a2o_private.finds_many_columns(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).column_count > ((facts).limits).columns;
comment on function a2o_private.finds_many_columns(a2o_private.table_facts) is 'Whether the rule many_columns speaks: very many columns.';

create or replace function a2o_private.tells_many_columns(facts a2o_private.table_facts) returns text
  language sql stable
  return (facts).column_count || ' columns.';
comment on function a2o_private.tells_many_columns(a2o_private.table_facts) is 'The detail of a finding of the rule many_columns.';
--! EndIncluded findings/many_columns.sql
--! Included findings/many_partition_keys.sql
-- glue:GetTables does not tell the number of partitions; limit: partition_keys.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('many_partition_keys', 'LOW', 'Many partition columns',
  'Many partition columns make many small partitions, and Iceberg keeps statistics for each.',
  'Choose fewer columns, or transforms such as day and bucket, when converting.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'many_partition_keys', 1) on conflict do nothing;

create or replace function a2o_private.finds_many_partition_keys(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return cardinality((facts).partition_keys) > ((facts).limits).partition_keys;
comment on function a2o_private.finds_many_partition_keys(a2o_private.table_facts) is 'Whether the rule many_partition_keys speaks: many partition columns.';

create or replace function a2o_private.tells_many_partition_keys(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Partitioned by ' || cardinality((facts).partition_keys) || ' columns: ' || left(array_to_string((facts).partition_keys, ', '), 200) || '.';
comment on function a2o_private.tells_many_partition_keys(a2o_private.table_facts) is 'The detail of a finding of the rule many_partition_keys.';
--! EndIncluded findings/many_partition_keys.sql
--! Included findings/missing_location.sql
-- Iceberg's metadata_location is a place as well.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('missing_location', 'HIGH', 'No storage location',
  'The format holds files, and the catalog does not say where.',
  'Ask the owner of the table; drop the entry when nobody misses it.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'missing_location', 2) on conflict do nothing;

create or replace function a2o_private.finds_missing_location(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).storage_location is null and coalesce((facts).parameters ->> 'metadata_location', '') = ''
    and (facts).table_format not in ('VIEW', 'JDBC', 'FEDERATED', 'DYNAMODB', 'HBASE', 'RESOURCE_LINK', 'UNKNOWN') and not coalesce((facts).format_rule in ('fmt-200', 'fmt-201'), false);
comment on function a2o_private.finds_missing_location(a2o_private.table_facts) is 'Whether the rule missing_location speaks: no storage location.';

create or replace function a2o_private.tells_missing_location(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The catalog names no place for this ' || (facts).table_format || ' table.';
comment on function a2o_private.tells_missing_location(a2o_private.table_facts) is 'The detail of a finding of the rule missing_location.';
--! EndIncluded findings/missing_location.sql
--! Included findings/name_clash.sql
-- Database and table are folded together, across the whole assessment.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('name_clash', 'HIGH', 'Name clashes in lower case',
  'Another table of the catalog has the same name when both are folded to lower case, as Trino and the Hive metastore do.',
  'Rename one of them.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'name_clash', 1) on conflict do nothing;

create or replace function a2o_private.finds_name_clash(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).has_clashing_name;
comment on function a2o_private.finds_name_clash(a2o_private.table_facts) is 'Whether the rule name_clash speaks: name clashes in lower case.';

create or replace function a2o_private.tells_name_clash(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Another entry has the same name in lower case.';
comment on function a2o_private.tells_name_clash(a2o_private.table_facts) is 'The detail of a finding of the rule name_clash.';
--! EndIncluded findings/name_clash.sql
--! Included findings/nested_types.sql
-- A view's columns follow from the tables it reads.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('nested_types', 'LOW', 'Nested types',
  'Structs, maps and arrays convert, but their fields may be told apart by case or by position in ways that engines read differently.',
  'Compare a sample of nested values before and after the conversion.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'nested_types', 0.5) on conflict do nothing;

create or replace function a2o_private.finds_nested_types(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format not in ('ICEBERG', 'RESOURCE_LINK', 'VIEW') and (facts).column_types ~ '\m(struct|map|array)\s*<';
comment on function a2o_private.finds_nested_types(a2o_private.table_facts) is 'Whether the rule nested_types speaks: nested types.';

create or replace function a2o_private.tells_nested_types(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Types: ' || (
    select string_agg(distinct found[1], ', ' order by found[1])
    from regexp_matches((facts).column_types, '\m(struct|map|array)\s*<', 'g') as found) || '.';
comment on function a2o_private.tells_nested_types(a2o_private.table_facts) is 'The detail of a finding of the rule nested_types.';
--! EndIncluded findings/nested_types.sql
--! Included findings/not_on_s3.sql
-- Only what holds files is asked; a stream or a database has a location of another kind.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('not_on_s3', 'HIGH', 'Data outside S3',
  'The location is neither s3:// nor s3a:// nor s3n://, so tools that copy buckets do not reach it.',
  'Copy the data to object storage first, or move it from where it lies with a tool that reads it.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'not_on_s3', 4) on conflict do nothing;

create or replace function a2o_private.finds_not_on_s3(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  -- LIKE first: nearly every location is such a one, and a regular expression takes five times as long.
  return not ((facts).storage_location like 's3://%' or (facts).storage_location ~* '^s3[an]?://') and (facts).table_format not in ('VIEW', 'JDBC', 'FEDERATED', 'DYNAMODB', 'HBASE', 'RESOURCE_LINK')
    and not coalesce((facts).format_rule in ('fmt-200', 'fmt-201'), false);
comment on function a2o_private.finds_not_on_s3(a2o_private.table_facts) is 'Whether the rule not_on_s3 speaks: data outside S3.';

create or replace function a2o_private.tells_not_on_s3(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The location is ' || left((facts).storage_location, 200) || '.';
comment on function a2o_private.tells_not_on_s3(a2o_private.table_facts) is 'The detail of a finding of the rule not_on_s3.';
--! EndIncluded findings/not_on_s3.sql
--! Included findings/partition_projection.sql
-- Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('partition_projection', 'MEDIUM', 'Partition projection',
  'Athena computes the partitions from rules in the tables parameters; the catalog lists none, and no other engine knows the rules.',
  'List the partitions from the bucket when converting; Iceberg needs no projection.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'partition_projection', 2) on conflict do nothing;

create or replace function a2o_private.finds_partition_projection(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return lower((facts).parameters ->> 'projection.enabled') = 'true' and (facts).table_format <> 'RESOURCE_LINK';
comment on function a2o_private.finds_partition_projection(a2o_private.table_facts) is 'Whether the rule partition_projection speaks: partition projection.';

create or replace function a2o_private.tells_partition_projection(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Projected columns: ' || coalesce((
    select string_agg(split_part(key, '.', 2), ', ' order by key) from jsonb_object_keys((facts).parameters) as key where key ~ '^projection\..*\.type$'), 'none named') || '.';
comment on function a2o_private.tells_partition_projection(a2o_private.table_facts) is 'The detail of a finding of the rule partition_projection.';
--! EndIncluded findings/partition_projection.sql
--! Included findings/resource_link.sql
-- Its bytes are counted where the target is.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('resource_link', 'INFO', 'Resource link',
  'The entry points to a table of another database or account; it holds nothing.',
  'Assess the account that owns the target, and link to the moved table.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'resource_link', 0.25) on conflict do nothing;

create or replace function a2o_private.finds_resource_link(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'RESOURCE_LINK';
comment on function a2o_private.finds_resource_link(a2o_private.table_facts) is 'Whether the rule resource_link speaks: resource link.';

create or replace function a2o_private.tells_resource_link(facts a2o_private.table_facts) returns text
  language sql stable
  return coalesce('It points to ' || nullif(concat_ws('.', (facts).glue #>> '{TargetTable,CatalogId}', (facts).glue #>> '{TargetTable,DatabaseName}', (facts).glue #>> '{TargetTable,Name}'), '') || '.', 'Its database is a link.');
comment on function a2o_private.tells_resource_link(a2o_private.table_facts) is 'The detail of a finding of the rule resource_link.';
--! EndIncluded findings/resource_link.sql
--! Included findings/stale.sql
-- Relative to the assessment, so that an old assessment does not become stale by itself; limit: stale_days. UpdateTime is that of the entry, not of the files.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('stale', 'LOW', 'Not changed for long',
  'Nobody changed the entry for a long time before the assessment; the data may not be needed any more.',
  'Ask its owner whether it is to be moved, archived or dropped.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'stale', 0.25) on conflict do nothing;

create or replace function a2o_private.finds_stale(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).assessed_at - (facts).last_updated > make_interval(days => least(((facts).limits).stale_days, 1000000)::integer);
comment on function a2o_private.finds_stale(a2o_private.table_facts) is 'Whether the rule stale speaks: not changed for long.';

create or replace function a2o_private.tells_stale(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Last changed ' || to_char((facts).last_updated at time zone 'UTC', 'YYYY-MM-DD') || ', ' || extract(day from (facts).assessed_at - (facts).last_updated) || ' days before.';
comment on function a2o_private.tells_stale(a2o_private.table_facts) is 'The detail of a finding of the rule stale.';
--! EndIncluded findings/stale.sql
--! Included findings/stream.sql
-- See fmt-200 and fmt-201.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('stream', 'HIGH', 'Stream',
  'The entry describes a Kinesis or Kafka stream: records pass through and nothing stays.',
  'Move producers and consumers to a Kafka in the target, with a time when both run.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'stream', 16) on conflict do nothing;

create or replace function a2o_private.finds_stream(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return coalesce((facts).format_rule in ('fmt-200', 'fmt-201'), false);
comment on function a2o_private.finds_stream(a2o_private.table_facts) is 'Whether the rule stream speaks: stream.';

create or replace function a2o_private.tells_stream(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Recognised as a stream by ' || (facts).format_rule || '.';
comment on function a2o_private.tells_stream(a2o_private.table_facts) is 'The detail of a finding of the rule stream.';
--! EndIncluded findings/stream.sql
--! Included findings/tiny_files.sql
-- Limits: tiny_file_count, tiny_file_bytes.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('tiny_files', 'MEDIUM', 'Probably many tiny files',
  'The crawler or Hive counted many files with little in each; engines then spend their time on opening files.',
  'Compact while converting: write files of 128 to 512 MB.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'tiny_files', 1) on conflict do nothing;

create or replace function a2o_private.finds_tiny_files(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return coalesce(a2o_private.parse_count((facts).parameters ->> 'objectCount'), a2o_private.parse_count((facts).parameters ->> 'numFiles')) >= ((facts).limits).tiny_file_count
    and (facts).size_bytes < ((facts).limits).tiny_file_bytes * coalesce(a2o_private.parse_count((facts).parameters ->> 'objectCount'), a2o_private.parse_count((facts).parameters ->> 'numFiles')) and (facts).table_format <> 'RESOURCE_LINK';
comment on function a2o_private.finds_tiny_files(a2o_private.table_facts) is 'Whether the rule tiny_files speaks: probably many tiny files.';

create or replace function a2o_private.tells_tiny_files(facts a2o_private.table_facts) returns text
  language sql stable
  return coalesce(a2o_private.parse_count((facts).parameters ->> 'objectCount'), a2o_private.parse_count((facts).parameters ->> 'numFiles')) || ' files, ' || (facts).size_bytes / nullif(coalesce(a2o_private.parse_count((facts).parameters ->> 'objectCount'), a2o_private.parse_count((facts).parameters ->> 'numFiles')), 0) || ' bytes in each on average.';
comment on function a2o_private.tells_tiny_files(a2o_private.table_facts) is 'The detail of a finding of the rule tiny_files.';
--! EndIncluded findings/tiny_files.sql
--! Included findings/unbelievable_size.sql
-- The size stays unknown, never zero.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('unbelievable_size', 'LOW', 'Size that cannot be believed',
  'A size is written in the parameters, but it is negative, absurd or no number.',
  'Run the crawler or ANALYZE TABLE again, or measure the prefix.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'unbelievable_size', 0.5) on conflict do nothing;

create or replace function a2o_private.finds_unbelievable_size(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).size_bytes is null and (facts).table_format <> 'RESOURCE_LINK'
    and ((facts).parameters ?| array['totalSize', 'sizeKey', 'spark.sql.statistics.totalSize'] or (facts).parameters ?& array['recordCount', 'averageRecordSize']);
comment on function a2o_private.finds_unbelievable_size(a2o_private.table_facts) is 'Whether the rule unbelievable_size speaks: size that cannot be believed.';

create or replace function a2o_private.tells_unbelievable_size(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Parameters: ' || (
    select string_agg(format('%s is %s', key, quote_literal(left((facts).parameters ->> key, 40))), ', ' order by key)
    from unnest(array['totalSize', 'spark.sql.statistics.totalSize', 'sizeKey', 'recordCount', 'averageRecordSize']) as key
    where (facts).parameters ? key) || '.';
comment on function a2o_private.tells_unbelievable_size(a2o_private.table_facts) is 'The detail of a finding of the rule unbelievable_size.';
--! EndIncluded findings/unbelievable_size.sql
--! Included findings/unfit_column_names.sql
-- Glue accepts such names; Trino, Spark and Iceberg readers stumble over them in different places.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('unfit_column_names', 'MEDIUM', 'Column names that engines refuse',
  'A column has no name, or one with control characters or with space at its begin or end.',
  'Rename the columns when converting.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'unfit_column_names', 1) on conflict do nothing;

create or replace function a2o_private.finds_unfit_column_names(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).has_unfit_columns and (facts).table_format <> 'RESOURCE_LINK';
comment on function a2o_private.finds_unfit_column_names(a2o_private.table_facts) is 'Whether the rule unfit_column_names speaks: column names that engines refuse.';

create or replace function a2o_private.tells_unfit_column_names(facts a2o_private.table_facts) returns text
  language sql stable
  return 'A column name is empty, holds control characters, or begins or ends with space.';
comment on function a2o_private.tells_unfit_column_names(a2o_private.table_facts) is 'The detail of a finding of the rule unfit_column_names.';
--! EndIncluded findings/unfit_column_names.sql
--! Included findings/unknown_format.sql
-- The evidence of fmt-900 stands in tables.format_evidence.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('unknown_format', 'HIGH', 'Format not recognised',
  'No rule recognises the format: the catalog says too little, or something unusual.',
  'Look at the files and set classification or the SerDe in Glue, then assess again.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'unknown_format', 4) on conflict do nothing;

create or replace function a2o_private.finds_unknown_format(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'UNKNOWN';
comment on function a2o_private.finds_unknown_format(a2o_private.table_facts) is 'Whether the rule unknown_format speaks: format not recognised.';

create or replace function a2o_private.tells_unknown_format(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The catalog does not say what the data is.';
comment on function a2o_private.tells_unknown_format(a2o_private.table_facts) is 'The detail of a finding of the rule unknown_format.';
--! EndIncluded findings/unknown_format.sql
--! Included findings/unsupported_types.sql
-- A table that is Iceberg already holds what it holds. A word before a colon is the name of a field, not a type.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('unsupported_types', 'MEDIUM', 'Types that Iceberg lacks',
  'Iceberg has no char, varchar, tinyint, smallint, interval or union type.',
  'Map them when converting: char and varchar to string, tinyint and smallint to int; split unions and intervals into columns.',
  true)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'unsupported_types', 1) on conflict do nothing;

create or replace function a2o_private.finds_unsupported_types(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format not in ('ICEBERG', 'RESOURCE_LINK')
    and (facts).column_types ~ '\m(char|varchar|tinyint|smallint|byte|short|uniontype|interval\w*|void|null)\M(?!\s*:)';
comment on function a2o_private.finds_unsupported_types(a2o_private.table_facts) is 'Whether the rule unsupported_types speaks: types that Iceberg lacks.';

create or replace function a2o_private.tells_unsupported_types(facts a2o_private.table_facts) returns text
  language sql stable
  return 'Types: ' || (
    select string_agg(distinct found[1], ', ' order by found[1])
    from regexp_matches((facts).column_types, '\m(char|varchar|tinyint|smallint|byte|short|uniontype|interval\w*|void|null)\M(?!\s*:)', 'g') as found) || '.';
comment on function a2o_private.tells_unsupported_types(a2o_private.table_facts) is 'The detail of a finding of the rule unsupported_types.';
--! EndIncluded findings/unsupported_types.sql
--! Included findings/view_rewrite.sql
-- Athena keeps a view as /* Presto View: … */; Spark leaves its version and the namespace; Hive leaves plain text.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('view_rewrite', 'MEDIUM', 'View to be rewritten for Trino',
  'A view is SQL in the dialect of the engine that made it: Athena and Presto, Hive or Spark. Trino reads the first nearly as it is, the others not.',
  'Rewrite the SQL for Trino and create the view there, after the tables it reads have moved.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'view_rewrite', 4) on conflict do nothing;

create or replace function a2o_private.finds_view_rewrite(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format = 'VIEW';
comment on function a2o_private.finds_view_rewrite(a2o_private.table_facts) is 'Whether the rule view_rewrite speaks: view to be rewritten for Trino.';

create or replace function a2o_private.tells_view_rewrite(facts a2o_private.table_facts) returns text
  language sql stable
  return case
    when (facts).glue ->> 'ViewOriginalText' ~ '^\s*/\*\s*Presto' then 'Its SQL is in the dialect of Athena and Presto.'
    when (facts).glue -> 'ViewDefinition' is not null then coalesce('Its SQL is in the dialect of ' || (
      select string_agg(distinct initcap(dialect #>> '{}'), ', ')
      from jsonb_path_query((facts).glue, '$.ViewDefinition.Representations[*].Dialect') as dialect) || '.', 'Its definition is kept by Glue.')
    when (facts).parameters ? 'spark.sql.create.version' or (facts).parameters ? 'view.catalogAndNamespace.numParts' then 'Its SQL is in the dialect of Spark.'
    when (facts).glue ->> 'ViewOriginalText' <> '' then 'Its SQL is in the dialect of Hive.'
    else 'The dialect of its SQL is not known.' end;
comment on function a2o_private.tells_view_rewrite(a2o_private.table_facts) is 'The detail of a finding of the rule view_rewrite.';
--! EndIncluded findings/view_rewrite.sql
--! Included findings/weak_schema.sql
-- Parquet, ORC and Avro carry their schema.
insert into a2o.finding_rules (code, severity, title, explanation, remedy, needs_glue) values ('weak_schema', 'MEDIUM', 'Text files without a schema of their own',
  'CSV, JSON and the like do not hold types: what the catalog declares may not fit what the files hold.',
  'Read a sample with the declared types before converting, and decide what happens to rows that do not fit.',
  false)
on conflict (code) do update set title = excluded.title, explanation = excluded.explanation, remedy = excluded.remedy, needs_glue = excluded.needs_glue;
insert into a2o.effort_weights (kind, key, hours) values ('FINDING', 'weak_schema', 2) on conflict do nothing;

create or replace function a2o_private.finds_weak_schema(facts a2o_private.table_facts) returns boolean
  language sql stable parallel safe
  return (facts).table_format in ('CSV', 'JSON', 'TEXT', 'REGEX', 'GROK', 'XML');
comment on function a2o_private.finds_weak_schema(a2o_private.table_facts) is 'Whether the rule weak_schema speaks: text files without a schema of their own.';

create or replace function a2o_private.tells_weak_schema(facts a2o_private.table_facts) returns text
  language sql stable
  return 'The files are ' || (facts).table_format || ': their types are only declared in the catalog.';
comment on function a2o_private.tells_weak_schema(a2o_private.table_facts) is 'The detail of a finding of the rule weak_schema.';
--! EndIncluded findings/weak_schema.sql
--! Included functions/record/write_rollups.sql
-- Whatever is counted about the tables of an assessment: one pass over them, from whose few groups everything is summed. source is a
-- relation or a query in brackets that holds this assessment alone: a condition would make a table without statistics be read by
-- its index.
create or replace function a2o_private.write_rollups(assessment_id uuid, aws_account_id text, source text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  execute format($sql$
    with grouped as materialized (
      select t.database_name, t.table_format, t.migration_readiness, t.is_iceberg, t.findings, count(*) as tables, count(t.size_bytes) as sized,
        sum(t.size_bytes) as bytes
      from %1$s t group by 1, 2, 3, 4, 5),
    counted as materialized (
      select g.database_name, g.table_format, g.migration_readiness, g.is_iceberg, sum(g.tables) as tables, sum(g.sized) as sized, sum(g.bytes) as bytes
      from grouped g group by 1, 2, 3, 4),
    findings as (
      insert into a2o.finding_rollups (assessment_id, database_name, code, aws_account_id, table_count, sized_tables)
      select $1, g.database_name, code, $2, sum(g.tables), sum(g.sized) from grouped g cross join lateral unnest(g.findings) as code group by 2, 3),
    formats as (
      insert into a2o.format_rollups (assessment_id, table_format, migration_readiness, aws_account_id, table_count, sized_tables, size_bytes)
      select $1, table_format, migration_readiness, $2, sum(tables), sum(sized), a2o_private.saturated(sum(bytes)) from counted group by 2, 3),
    verdicts as (
      insert into a2o.verdict_rollups (assessment_id, database_name, table_format, migration_readiness, aws_account_id, table_count)
      select $1, database_name, table_format, migration_readiness, $2, sum(tables) from counted group by 2, 3, 4),
    by_database as (
      select database_name, sum(tables) filter (where is_iceberg) as iceberg, sum(tables) filter (where migration_readiness = 'READY') as ready,
        sum(tables) filter (where migration_readiness = 'NEEDS_CONVERSION') as needs, sum(tables) filter (where migration_readiness = 'UNKNOWN') as unknown,
        sum(bytes) as bytes, sum(sized) as sized, sum(tables) as tables
      from counted group by database_name),
    databases as (
      update a2o.databases d set iceberg_tables = coalesce(c.iceberg, 0), migration_ready = coalesce(c.ready, 0), needs_conversion = coalesce(c.needs, 0),
        unknown = coalesce(c.unknown, 0), size_bytes = a2o_private.saturated(c.bytes), sized_tables = coalesce(c.sized, 0)
      from a2o.databases x left join by_database c on c.database_name = x.database_name
      where x.assessment_id = $1 and d.assessment_id = x.assessment_id and d.database_name = x.database_name)
    update a2o.assessments a set total_tables = coalesce(c.tables, 0), iceberg_tables = coalesce(c.iceberg, 0), migration_ready = coalesce(c.ready, 0),
      needs_conversion = coalesce(c.needs, 0), unknown = coalesce(c.unknown, 0), total_size_bytes = a2o_private.saturated(c.bytes), sized_tables = coalesce(c.sized, 0)
    from (
      select sum(tables) as tables, sum(iceberg) as iceberg, sum(ready) as ready, sum(needs) as needs, sum(unknown) as unknown, sum(bytes) as bytes, sum(sized) as sized
      from by_database) as c
    where a.id = $1 $sql$, source)
  using assessment_id, aws_account_id;
end
$$;
comment on function a2o_private.write_rollups(uuid, text, text) is 'Counts the tables of an assessment, which are all of source, into the assessment, its databases and all roll-ups.';
revoke all on function a2o_private.write_rollups(uuid, text, text) from public;
--! EndIncluded functions/record/write_rollups.sql
--! Included functions/findings/finding_detail.sql
-- The facts of a stored table, as the rules saw them when it was judged.
create or replace function a2o_private.stored_facts(
  stored a2o.tables, assessed_at timestamptz, limits a2o_private.finding_limits, has_clashing_name boolean
) returns a2o_private.table_facts
  language sql stable
  return (
    select row(assessed_at, limits, (stored).table_format, (stored).format_rule, (stored).readiness_rule, (stored).storage_location,
      (stored).size_bytes, (stored).size_source, (stored).row_count, (stored).partition_keys, (stored).column_count, (stored).last_updated,
      coalesce((stored).glue_parameters -> 'StorageDescriptor.Parameters', '{}') || coalesce((stored).glue_parameters -> 'Parameters', '{}'),
      (stored).glue_parameters, traits.column_types, traits.has_clashing_columns, traits.has_unfit_columns, has_clashing_name)::a2o_private.table_facts
    from (select) as one
    left join a2o.column_schemas s on s.schema_hash = (stored).column_schema_hash
    left join lateral a2o_private.column_traits(s.columns) as traits on true);
comment on function a2o_private.stored_facts(a2o.tables, timestamptz, a2o_private.finding_limits, boolean) is 'What finding rules may look at, from a stored table.';

-- Definer, because column lists and limits are behind it; it tells only about the row that the caller could read. Rules are rows,
-- so the sentence is looked up by name. It costs some 0.2 ms, and only where it is asked for.
create or replace function a2o_private.finding_detail(code text, stored a2o.tables) returns text
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  facts a2o_private.table_facts := a2o_private.stored_facts(
    stored, (select a.timestamp from a2o.assessments a where a.id = (stored).assessment_id), null, null);
  detail text;
begin
  execute format('select a2o_private.%I($1)', 'tells_' || code) using facts into detail;
  return detail;
end
$$;
comment on function a2o_private.finding_detail(text, a2o.tables) is 'What a rule has to tell about a table.';
revoke all on function a2o_private.finding_detail(text, a2o.tables) from public;
grant execute on function a2o_private.finding_detail(text, a2o.tables) to a2o_reader, a2o_ingest;
--! EndIncluded functions/findings/finding_detail.sql
--! Included functions/findings/table_effort_hours.sql
-- Invoker: weights are for every reader, and the row is the caller's own.
create or replace function a2o.table_effort_hours(assessment_id uuid, database_name text, table_name text) returns numeric
  language sql stable
  return (
    select (select coalesce(sum(w.hours), 0) from a2o.effort_weights w
      where (w.kind, w.key) in (('READINESS', t.migration_readiness::text), ('FORMAT', t.table_format)) or w.kind = 'FINDING' and w.key = any (t.findings))
    from a2o.tables t
    where t.assessment_id = table_effort_hours.assessment_id and t.database_name = table_effort_hours.database_name
      and t.table_name = table_effort_hours.table_name);
comment on function a2o.table_effort_hours(uuid, text, text) is 'Estimated hours of work to move one table, by effort_weights; null when there is no such table.';
revoke all on function a2o.table_effort_hours(uuid, text, text) from public;
grant execute on function a2o.table_effort_hours(uuid, text, text) to a2o_reader, a2o_ingest;
--! EndIncluded functions/findings/table_effort_hours.sql
--! Included functions/findings/rescore.sql
-- Recording logins may do it, because it writes what finish_assessment writes; operators change jobs, not assessments. Definer for
-- the same reason. One statement of the caller: whole or not at all. Rows that stay as they are are not written.
create or replace function a2o.rescore(assessment_id uuid) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  assessed a2o.assessments;
  rescored integer;
begin
  select * into assessed from a2o.assessments a where a.id = rescore.assessment_id for update;
  if not found then
    raise exception 'there is no assessment %', assessment_id using errcode = 'A2O06', hint = 'Ids stand in assessments.';
  end if;

  if assessed.origin = 'GLUE' then
    update a2o.tables t set table_format = j.table_format, storage_location = j.storage_location, size_bytes = j.size_bytes, size_source = j.size_source,
      row_count = j.row_count, row_count_source = j.row_count_source, is_iceberg = j.table_format = 'ICEBERG', migration_readiness = j.migration_readiness,
      notes = j.notes, format_rule = j.format_rule, format_evidence = j.format_evidence, readiness_rule = j.readiness_rule,
      content_hash = a2o_private.hash_table(j.table_format, j.storage_location, j.size_bytes, t.partition_keys, t.column_count, t.last_updated,
        j.migration_readiness, t.table_type, j.row_count, t.column_schema_hash)
    from (
      select s.database_name, s.table_name, v.*
      from a2o.tables s
      join a2o.databases d on d.assessment_id = s.assessment_id and d.database_name = s.database_name
      cross join lateral a2o_private.judge_kept(s.glue_parameters, s.table_type, d.glue) as v
      where s.assessment_id = rescore.assessment_id) as j
    where t.assessment_id = rescore.assessment_id and t.database_name = j.database_name and t.table_name = j.table_name
      and (t.table_format, t.storage_location, t.size_bytes, t.size_source, t.row_count, t.row_count_source, t.migration_readiness, t.notes,
        t.format_rule, t.format_evidence, t.readiness_rule)
      is distinct from (j.table_format, j.storage_location, j.size_bytes, j.size_source, j.row_count, j.row_count_source, j.migration_readiness, j.notes,
        j.format_rule, j.format_evidence, j.readiness_rule);
    get diagnostics rescored = row_count;
  end if;

  execute format($sql$
    with folded as materialized (
      select lower(n.database_name) as database_name, lower(n.table_name) as table_name from a2o.tables n
      where n.assessment_id = $1 group by 1, 2 having count(*) > 1)
    update a2o.tables t set findings = f.findings
    from (
      select s.database_name, s.table_name, found.findings
      from a2o.tables s
      cross join lateral (select a2o_private.stored_facts(s, $2, $3,
        (lower(s.database_name), lower(s.table_name)) in (select f.database_name, f.table_name from folded f)) as facts offset 0) as known
      cross join lateral (select %s as findings offset 0) as found
      where s.assessment_id = $1) as f
    where t.assessment_id = $1 and t.database_name = f.database_name and t.table_name = f.table_name
      and t.findings is distinct from f.findings $sql$, a2o_private.findings_expression(assessed.origin))
  using assessment_id, assessed.timestamp, a2o_private.current_limits();

  perform a2o_private.recount_assessment(assessed);
  -- What changed since the one before, and until the one after, may read differently now.
  perform a2o_private.after_assessment_stored(assessed.id);
  return coalesce(rescored, 0);
end
$$;
comment on function a2o.rescore(uuid) is E'@behavior -*\nJudges the tables of a stored assessment again by today''s rules and limits, from what Glue said then, and returns how many verdicts changed. A report keeps its verdicts; its findings follow. Error: A2O06 no such assessment.';
revoke all on function a2o.rescore(uuid) from public;
grant execute on function a2o.rescore(uuid) to a2o_ingest;

create or replace function a2o_private.recount_assessment(assessed a2o.assessments) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  delete from a2o.finding_rollups r where r.assessment_id = (assessed).id;
  delete from a2o.verdict_rollups r where r.assessment_id = (assessed).id;
  delete from a2o.format_rollups r where r.assessment_id = (assessed).id;
  perform a2o_private.write_rollups((assessed).id, (assessed).aws_account_id, format('(select * from a2o.tables where assessment_id = %L)', (assessed).id));
  update a2o.assessments a set
    content_hash = a2o_private.hash_assessment(
      format('select * from a2o.databases where assessment_id = %L', a.id), format('select * from a2o.database_coverage where assessment_id = %L', a.id),
      format('select * from a2o.tables where assessment_id = %L', a.id), a.timestamp, a.region, a.aws_account_id, a.tool_version, a.is_simulated, a.reported)
  where a.id = (assessed).id;
end
$$;
comment on function a2o_private.recount_assessment(a2o.assessments) is 'Writes everything again that is counted from the tables of an assessment, and its hash.';
--! EndIncluded functions/findings/rescore.sql
--! Included views/findings/findings.sql
-- Every finding on every table, with what there is to say about it. The detail is worked out only where it is selected.
-- Example:
--   select database_name, table_name, code, severity, detail
--   from findings where assessment_id = '…' and code = 'unsupported_types' order by database_name, table_name limit 2;
create or replace view a2o.findings with (security_invoker = true) as
  select t.assessment_id, t.database_name, t.table_name, r.code, r.severity, r.title, a2o_private.finding_detail(r.code, t) as detail, r.remedy,
    t.id as table_id, t.aws_account_id
  from a2o.tables t
  cross join lateral unnest(t.findings) as found(code)
  join a2o.finding_rules r on r.code = found.code;
comment on view a2o.findings is E'@within assessment_id,database_name,table_name\n@primaryKey assessment_id,database_name,table_name,code\nFindings on the tables of an assessment. Name the assessment (assessment_id = ''…'').';
comment on column a2o.findings.code is E'@notNull\nThe rule, see finding_rules.';
comment on column a2o.findings.severity is E'@notNull\nHow much it matters.';
comment on column a2o.findings.title is E'@notNull\nThe finding in a few words.';
comment on column a2o.findings.detail is 'What it is about this table.';
comment on column a2o.findings.remedy is E'@notNull\nWhat to do.';
comment on column a2o.findings.table_id is E'@notNull\ntables.id: the table''s identity in every assessment.';
comment on column a2o.findings.aws_account_id is E'@notNull\nAccount of the assessment.';
grant select on a2o.findings to a2o_reader, a2o_ingest;
--! EndIncluded views/findings/findings.sql
--! Included views/findings/finding_overview.sql
-- What was found in an assessment, rule by rule, and database by database.
-- Example:
--   select database_name, code, severity, table_count, effort_hours
--   from database_finding_overview where assessment_id = '…' and severity = 'HIGH' order by table_count desc, database_name, code limit 3;
create or replace view a2o.database_finding_overview with (security_invoker = true) as
  select f.assessment_id, f.database_name, f.code, r.severity, r.title, f.table_count,
    f.table_count * coalesce(w.hours, 0) as effort_hours
  from a2o.finding_rollups f
  join a2o.finding_rules r on r.code = f.code
  left join a2o.effort_weights w on w.kind = 'FINDING' and w.key = f.code;
comment on view a2o.database_finding_overview is E'@within assessment_id\n@primaryKey assessment_id,database_name,code\nTables with each finding in each database of an assessment.';
comment on column a2o.database_finding_overview.code is E'@notNull\nThe rule, see finding_rules.';
comment on column a2o.database_finding_overview.severity is E'@notNull\nHow much it matters.';
comment on column a2o.database_finding_overview.title is E'@notNull\nThe finding in a few words.';
comment on column a2o.database_finding_overview.table_count is E'@notNull\nTables of the database with the finding.';
comment on column a2o.database_finding_overview.effort_hours is E'@notNull\nHours of work for this finding, by effort_weights.';
grant select on a2o.database_finding_overview to a2o_reader, a2o_ingest;

-- Example:
--   select code, severity, table_count, database_count, effort_hours
--   from finding_overview where assessment_id = '…' order by severity desc, table_count desc, code limit 3;
create or replace view a2o.finding_overview with (security_invoker = true) as
  select f.assessment_id, f.code, r.severity, r.title, r.explanation, r.remedy, f.table_count, f.database_count,
    f.table_count * coalesce(w.hours, 0) as effort_hours
  from (
    select x.assessment_id, x.code, sum(x.table_count)::integer as table_count, count(*)::integer as database_count
    from a2o.finding_rollups x group by x.assessment_id, x.code) as f
  join a2o.finding_rules r on r.code = f.code
  left join a2o.effort_weights w on w.kind = 'FINDING' and w.key = f.code;
comment on view a2o.finding_overview is E'@within assessment_id\n@primaryKey assessment_id,code\nTables with each finding in an assessment, with explanation and remedy.';
comment on column a2o.finding_overview.code is E'@notNull\nThe rule, see finding_rules.';
comment on column a2o.finding_overview.severity is E'@notNull\nHow much it matters.';
comment on column a2o.finding_overview.title is E'@notNull\nThe finding in a few words.';
comment on column a2o.finding_overview.explanation is E'@notNull\nWhen the rule speaks, and why that matters.';
comment on column a2o.finding_overview.remedy is E'@notNull\nWhat to do.';
comment on column a2o.finding_overview.table_count is E'@notNull\nTables with the finding.';
comment on column a2o.finding_overview.database_count is E'@notNull\nDatabases that have such tables.';
comment on column a2o.finding_overview.effort_hours is E'@notNull\nHours of work for this finding, by effort_weights.';
grant select on a2o.finding_overview to a2o_reader, a2o_ingest;
--! EndIncluded views/findings/finding_overview.sql
--! Included views/findings/effort.sql
-- Estimated hours, summed from the roll-ups: the tables themselves are not read.
-- Example:
--   select database_name, verdict_hours, finding_hours, effort_hours
--   from database_effort where assessment_id = '…' order by effort_hours desc, database_name limit 3;
create or replace view a2o.database_effort with (security_invoker = true) as
  select d.assessment_id, d.database_name, coalesce(v.hours, 0) as verdict_hours, coalesce(f.hours, 0) as finding_hours,
    coalesce(v.hours, 0) + coalesce(f.hours, 0) as effort_hours
  from a2o.databases d
  left join (
    select r.assessment_id, r.database_name, sum(r.table_count * (coalesce(by_readiness.hours, 0) + coalesce(by_format.hours, 0))) as hours
    from a2o.verdict_rollups r
    left join a2o.effort_weights by_readiness on by_readiness.kind = 'READINESS' and by_readiness.key = r.migration_readiness::text
    left join a2o.effort_weights by_format on by_format.kind = 'FORMAT' and by_format.key = r.table_format
    group by r.assessment_id, r.database_name) as v using (assessment_id, database_name)
  left join (
    select r.assessment_id, r.database_name, sum(r.table_count * coalesce(w.hours, 0)) as hours
    from a2o.finding_rollups r
    left join a2o.effort_weights w on w.kind = 'FINDING' and w.key = r.code
    group by r.assessment_id, r.database_name) as f using (assessment_id, database_name);
comment on view a2o.database_effort is E'@within assessment_id\n@primaryKey assessment_id,database_name\nEstimated hours of work to move each database, by effort_weights.';
comment on column a2o.database_effort.verdict_hours is E'@notNull\nHours for the verdicts and formats of its tables.';
comment on column a2o.database_effort.finding_hours is E'@notNull\nHours for the findings on its tables.';
comment on column a2o.database_effort.effort_hours is E'@notNull\nBoth together.';
grant select on a2o.database_effort to a2o_reader, a2o_ingest;

-- Example:
--   select region, verdict_hours, finding_hours, effort_hours
--   from assessment_effort join newest_assessments on id = assessment_id order by region;
create or replace view a2o.assessment_effort with (security_invoker = true) as
  select a.id as assessment_id, coalesce(sum(d.verdict_hours), 0) as verdict_hours, coalesce(sum(d.finding_hours), 0) as finding_hours,
    coalesce(sum(d.effort_hours), 0) as effort_hours
  from a2o.assessments a
  left join a2o.database_effort d on d.assessment_id = a.id
  group by a.id;
comment on view a2o.assessment_effort is E'@behavior -connection\n@primaryKey assessment_id\nEstimated hours of work to move everything that was assessed, by effort_weights.';
comment on column a2o.assessment_effort.verdict_hours is E'@notNull\nHours for the verdicts and formats of its tables.';
comment on column a2o.assessment_effort.finding_hours is E'@notNull\nHours for the findings on its tables.';
comment on column a2o.assessment_effort.effort_hours is E'@notNull\nBoth together.';
grant select on a2o.assessment_effort to a2o_reader, a2o_ingest;
--! EndIncluded views/findings/effort.sql

--! split: 320-queries.sql
--! Included functions/access/readable_accounts.sql
-- Searches and comparisons check the account once and then read without policies: LIKE and the comparison of numerics are not
-- leakproof, so under a policy they could use no index. What follows says for them what the policies say.

-- SET ROLE shows in this setting even inside a definer, where current_user is the owner; it cannot be set to a role one lacks.
create or replace function a2o_private.asking_role() returns name
  language sql stable
  return coalesce(nullif(current_setting('role'), 'none'), session_user)::name;
comment on function a2o_private.asking_role() is 'The role that calls, also inside a definer function.';

-- In PL/pgSQL, so that nothing of it is set up for those whose grants say enough.
create or replace function a2o_private.reads_every_account() returns boolean
  language plpgsql stable as $$
begin
  return pg_has_role(a2o_private.asking_role(), 'a2o_ingest', 'usage') or pg_has_role(a2o_private.asking_role(), 'a2o_worker', 'usage')
    or pg_has_role(a2o_private.asking_role(), 'a2o_owner', 'usage');
end
$$;
comment on function a2o_private.reads_every_account() is 'Whether the caller is of a role that records, or the owner''s: those read every account.';
revoke all on function a2o_private.reads_every_account() from public;

-- Called by definers alone, so they run as the owner. PL/pgSQL keeps the plans. One account is looked up, not all that are visible.
create or replace function a2o_private.may_read_account(aws_account_id text) returns boolean
  language plpgsql stable as $$
begin
  return exists (
      select from a2o.accounts a
      join a2o.account_access g on g.member = a2o_private.current_member() and g.aws_account_id in ('*', may_read_account.aws_account_id)
      where a.aws_account_id = may_read_account.aws_account_id)
    or a2o_private.reads_every_account();
end
$$;
comment on function a2o_private.may_read_account(text) is 'Whether the caller may read an account, as the policies decide it.';
revoke all on function a2o_private.may_read_account(text) from public;

-- One statement that does the same work whether there is such an assessment or not, so that neither words nor time tell a foreign
-- assessment from an unknown one.
create or replace function a2o_private.may_read_assessment(assessment_id uuid) returns boolean
  language plpgsql stable as $$
declare
  account_id text;
  is_granted boolean;
begin
  select a.aws_account_id, exists (
      select from a2o.account_access g where g.member = a2o_private.current_member() and g.aws_account_id in ('*', coalesce(a.aws_account_id, '')))
  into account_id, is_granted
  from (select) as asked left join a2o.assessments a on a.id = may_read_assessment.assessment_id;
  return (is_granted or a2o_private.reads_every_account()) and account_id is not null;
end
$$;
comment on function a2o_private.may_read_assessment(uuid) is 'Whether there is such an assessment, and the caller may read its account.';
revoke all on function a2o_private.may_read_assessment(uuid) from public;

create or replace function a2o_private.check_assessment(assessment_id uuid) returns uuid
  language plpgsql stable as $$
declare
  account_id text;
begin
  select a.aws_account_id into account_id from a2o.assessments a where a.id = check_assessment.assessment_id;
  perform from a2o.account_access g where g.member = a2o_private.current_member() and g.aws_account_id in ('*', coalesce(account_id, ''));
  if not found and not a2o_private.reads_every_account() or account_id is null then
    raise exception 'there is no assessment % that you may read', coalesce(assessment_id::text, 'null')
      using errcode = 'A2O12', hint = 'The view assessment_overview lists those that there are for you.';
  end if;
  return assessment_id;
end
$$;
comment on function a2o_private.check_assessment(uuid) is 'The assessment''s id, if the caller may read it. Error: A2O12 there is none, or it belongs to another account.';
revoke all on function a2o_private.check_assessment(uuid) from public;

create or replace function a2o_private.readable_assessment(assessment_id uuid) returns a2o.assessments
  language plpgsql stable as $$
declare
  found_one a2o.assessments;
begin
  select * into found_one from a2o.assessments a where a.id = a2o_private.check_assessment(readable_assessment.assessment_id);
  return found_one;
end
$$;
comment on function a2o_private.readable_assessment(uuid) is 'The assessment, if the caller may read it. Error: A2O12 there is none, or it belongs to another account.';
revoke all on function a2o_private.readable_assessment(uuid) from public;
--! EndIncluded functions/access/readable_accounts.sql
--! Included functions/search/cursors.sql
-- Keyset cursors are opaque: the key of the last row, and a fingerprint of the question it belongs to. They grant nothing,
-- since every call checks the account again.
create or replace function a2o_private.write_cursor(fingerprint text, variadic key text[]) returns text
  language sql immutable parallel safe
  return translate(encode(convert_to(json_build_array(fingerprint, key)::text, 'UTF8'), 'base64'), E'+/=\n', '-_');
comment on function a2o_private.write_cursor(text, text[]) is 'A cursor for the rows after this key of the question with this fingerprint.';

create or replace function a2o_private.read_cursor(cursor text, fingerprint text, parts integer) returns text[]
  language plpgsql immutable as $$
declare
  content jsonb;
begin
  if cursor is null then
    return null;
  end if;
  begin
    content := convert_from(decode(rpad(translate(cursor, '-_', '+/'), (length(cursor) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb;
  exception when others then
    content := null;
  end;
  if content is null or jsonb_typeof(content) <> 'array' or content ->> 0 is distinct from fingerprint
    or jsonb_typeof(content -> 1) is distinct from 'array' or jsonb_array_length(content -> 1) <> parts
  then
    raise exception 'the cursor does not belong to this question'
      using errcode = 'A2O10', hint = 'Give the next_cursor of the page before, with the same assessment, filters and sort; or none to start again.';
  end if;
  return array(select e.part from jsonb_array_elements_text(content -> 1) with ordinality as e(part, place) order by e.place);
end
$$;
comment on function a2o_private.read_cursor(text, text, integer) is 'Key in a cursor; null for none. Error: A2O10 the cursor is none, or belongs to another question.';

create or replace function a2o_private.check_page_size(page_size integer) returns integer
  language plpgsql immutable as $$
begin
  if page_size is null or page_size not between 1 and 1000 then
    raise exception 'page_size is %; it must be from 1 to 1000', coalesce(page_size::text, 'null')
      using errcode = 'A2O11', hint = 'Ask for more with next_cursor.';
  end if;
  return page_size;
end
$$;
comment on function a2o_private.check_page_size(integer) is 'The page size, if a page may have it. Error: A2O11.';
--! EndIncluded functions/search/cursors.sql
--! Included functions/search/choose_assessment.sql
-- Which assessment an MCP tool is about. Runs as the caller: the policies choose whose. What does not fit comes as words, not as an
-- error, because the model can act on them.
create or replace function a2o.choose_assessment(reference text default null, out chosen uuid, out message text)
  language plpgsql stable as $$
declare
  newest record;
  hint text;
begin
  if reference is not null then
    begin
      chosen := a2o.resolve_assessment(reference);
    exception when sqlstate 'A2O15' or sqlstate 'A2O16' then
      get stacked diagnostics message = message_text, hint = pg_exception_hint;
      message := upper(left(message, 1)) || substr(message, 2) || '. '
        || case when sqlstate = 'A2O16' then hint || '. Give the id of one.' else 'list_assessments names those there are; without assessment_id the newest one answers.' end;
    end;
    return;
  end if;
  select count(*) as count, (array_agg(n.id))[1] as id,
    string_agg(format('%s (%s in %s)', n.id, n.aws_account_id, n.region), ', ' order by n.aws_account_id, n.region) filter (where n.place <= 20) as choices
  into newest
  from (select a.id, a.aws_account_id, a.region, row_number() over (order by a.aws_account_id, a.region) as place from a2o.newest_assessments a) as n;
  if newest.count = 1 then
    chosen := newest.id;
  elsif newest.count = 0 then
    message := 'Nothing has been assessed that you may read. Run `aws2openstack assess glue-catalog`, or ask for access to an account.';
  else
    message := format('There are assessments of %s accounts and regions; say which one with assessment_id: %s%s.', newest.count, newest.choices,
      case when newest.count > 20 then ', … (list_assessments names all)' else '' end);
  end if;
end
$$;
comment on function a2o.choose_assessment(text) is E'@behavior -*\nThe assessment a question is about: the one named, or the newest when there is one account and region; else message says why none, with the choices.';
revoke all on function a2o.choose_assessment(text) from public;
grant execute on function a2o.choose_assessment(text) to a2o_reader;

create or replace function a2o.suggest_databases(assessment_id uuid, database_name text) returns text
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
-- Definer, to find the schema that pg_trgm is in and to compare names without the policies; it checks the account first.
declare
  trigrams text := (select quote_ident(n.nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm');
  near text;
begin
  perform a2o_private.readable_assessment(assessment_id);
  execute format($sql$
    select string_agg(quote_ident(d.database_name), ', ')
    from (
      select d.database_name from a2o.databases d where d.assessment_id = $1
      order by lower(d.database_name) = lower($2) desc, position(lower(left($2, 100)) in lower(d.database_name)) > 0 desc,
        %s.similarity(d.database_name, left($2, 100)) desc, d.database_name
      limit 5) as d $sql$, trigrams) using assessment_id, database_name into near;
  return format('There is no database %s in this assessment.', quote_literal(left(database_name, 100)))
    || coalesce(' The nearest names: ' || near || '.', ' It has no databases at all; get_coverage says what could be read.');
end
$$;
comment on function a2o.suggest_databases(uuid, text) is E'@behavior -*\nA sentence for whoever named a database that an assessment does not have: the names most like it. Error: A2O12 no such assessment.';
revoke all on function a2o.suggest_databases(uuid, text) from public;
grant execute on function a2o.suggest_databases(uuid, text) to a2o_reader;
--! EndIncluded functions/search/choose_assessment.sql
--! Included functions/search/resolve_assessment.sql
-- Runs as the caller: the policies choose whose. The choices go into the hint, which GraphQL, MCP and the command line show.
create or replace function a2o.resolve_assessment(reference text, account_id text default null, region text default null) returns uuid
  language plpgsql stable as $$
declare
  wanted text := lower(trim(reference));
  steps integer := 0;
  base text;
  found_ids uuid[];
  choices text;
begin
  base := coalesce(substring(wanted from '^(.*)~[0-9]{1,6}$'), wanted);
  steps := coalesce(substring(wanted from '~([0-9]{1,6})$')::integer, 0);
  if base = 'previous' then
    base := 'latest';
    steps := steps + 1;
  end if;

  if base = 'latest' then
    select array_agg(n.id), string_agg(format('%s in %s: %s', n.aws_account_id, n.region, n.id), '; ' order by n.aws_account_id, n.region)
        filter (where n.place <= 20)
      into found_ids, choices
    from (
      select a.id, a.aws_account_id, a.region, row_number() over (order by a.aws_account_id, a.region) as place
      from a2o.newest_assessments a
      where (resolve_assessment.account_id is null or a.aws_account_id = resolve_assessment.account_id)
        and (resolve_assessment.region is null or a.region = resolve_assessment.region)) as n;
    if found_ids is null then
      raise exception 'no assessment is stored% that you may read', coalesce(' of account ' || account_id, '') || coalesce(' in ' || region, '')
        using errcode = 'A2O15', hint = case when account_id is null and region is null
          then 'Make one with `aws2openstack assess glue-catalog`, or ask for access to an account.'
          else 'Look at all of them, without account and region.' end;
    elsif cardinality(found_ids) > 1 then
      raise exception 'the reference % fits % catalogs: say which account and region', quote_literal(trim(reference)), cardinality(found_ids)
        using errcode = 'A2O16', hint = choices || case when cardinality(found_ids) > 20 then '; …' else '' end;
    end if;
  elsif base ~ '^[0-9a-f]{4,32}$|^[0-9a-f]{8}-[0-9a-f-]{0,27}$' then
    select array_agg(a.id), string_agg(format('%s (%s in %s, %s)', a.id, a.aws_account_id, a.region,
        to_char(a.timestamp at time zone 'UTC', 'YYYY-MM-DD HH24:MI')), '; ' order by a.timestamp desc, a.id) filter (where a.place <= 20)
      into found_ids, choices
    from (
      select x.id, x.aws_account_id, x.region, x.timestamp, row_number() over (order by x.timestamp desc, x.id) as place
      from a2o.assessments x
      where x.id >= rpad(replace(base, '-', ''), 32, '0')::uuid and x.id <= rpad(replace(base, '-', ''), 32, 'f')::uuid
        and (resolve_assessment.account_id is null or x.aws_account_id = resolve_assessment.account_id)
        and (resolve_assessment.region is null or x.region = resolve_assessment.region)) as a;
    if cardinality(found_ids) > 1 then
      raise exception '% begins the ids of % assessments', base, cardinality(found_ids)
        using errcode = 'A2O16', hint = choices || case when cardinality(found_ids) > 20 then '; …' else '' end;
    end if;
  else
    raise exception 'the reference % names no assessment', quote_nullable(left(reference, 100))
      using errcode = 'A2O15', hint = 'Write latest, previous, latest~2, an id, or at least the first four digits of one.';
  end if;

  if steps > 0 and found_ids is not null then
    select array_agg(p.id) into found_ids
    from (
      select b.id from a2o.assessments b join a2o.assessments a on a.aws_account_id = b.aws_account_id and a.region = b.region
      where a.id = found_ids[1] and (b.timestamp < a.timestamp or b.timestamp = a.timestamp and b.id >= a.id)
      order by b.timestamp desc, b.id offset steps limit 1) as p;
    if found_ids is null then
      raise exception 'the reference % reaches further back than there are assessments', quote_literal(trim(reference))
        using errcode = 'A2O15', hint = 'The view assessment_overview lists those that there are.';
    end if;
  end if;
  if found_ids is null then
    raise exception 'there is no assessment % that you may read', base
      using errcode = 'A2O15', hint = 'The view assessment_overview lists those that there are.';
  end if;
  return found_ids[1];
end
$$;
comment on function a2o.resolve_assessment(text, text, text) is
'The assessment that a person means: latest, previous (the one before), latest~2 (two before), an id, the first four or more digits of one, or any of these with ~N. account_id and region choose between catalogs. Errors: A2O15 nothing fits, A2O16 several fit, and the hint lists them.';
revoke all on function a2o.resolve_assessment(text, text, text) from public;
grant execute on function a2o.resolve_assessment(text, text, text) to a2o_reader, a2o_ingest;
--! EndIncluded functions/search/resolve_assessment.sql
--! Included functions/search/maintain_search_indexes.sql
-- Search indexes stand on the newest assessment of each account and region, and only on large ones: the others keep their key.
create or replace function a2o_private.create_search_indexes(assessment_id uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp set maintenance_work_mem = '256MB' as $$
declare
  own_partition text := 'tables_' || replace(assessment_id::text, '-', '');
  trigrams text := (select quote_ident(n.nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm');
begin
  execute format('create index if not exists %I on a2o.%I (size_bytes desc nulls last, database_name, table_name)', own_partition || '_size', own_partition);
  execute format('create index if not exists %I on a2o.%I (table_format, size_bytes desc nulls last, database_name, table_name)',
    own_partition || '_format', own_partition);
  execute format('create index if not exists %I on a2o.%I (migration_readiness, size_bytes desc nulls last, database_name, table_name)',
    own_partition || '_ready', own_partition);
  execute format('create index if not exists %I on a2o.%I using gin (findings)', own_partition || '_finding', own_partition);
  execute format('create index if not exists %I on a2o.%I ((a2o_private.location_key(storage_location)) collate "C")', own_partition || '_location', own_partition);
  execute format('create index if not exists %I on a2o.%I using gin (table_name %s.gin_trgm_ops)', own_partition || '_name', own_partition, trigrams);
end
$$;
comment on function a2o_private.create_search_indexes(uuid) is 'Makes the search indexes of a large assessment: by size, by format and size, by readiness and size, by finding, by location, and trigrams of the name.';
revoke all on function a2o_private.create_search_indexes(uuid) from public;

-- A reader in the middle of a long query would make this wait, and others wait behind it; then it is left for the next time.
create or replace function a2o_private.drop_search_indexes(assessment_id uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp set lock_timeout = '100ms' as $$
declare
  own_partition text := 'tables_' || replace(assessment_id::text, '-', '');
begin
  execute format('drop index if exists a2o.%I, a2o.%I, a2o.%I, a2o.%I, a2o.%I, a2o.%I',
    own_partition || '_size', own_partition || '_format', own_partition || '_ready', own_partition || '_finding', own_partition || '_location', own_partition || '_name');
exception when lock_not_available then
  null;
end
$$;
comment on function a2o_private.drop_search_indexes(uuid) is 'Drops the search indexes of a large assessment, unless somebody is reading it.';
revoke all on function a2o_private.drop_search_indexes(uuid) from public;

create or replace function a2o_private.is_newest_assessment(assessment_id uuid) returns boolean
  language sql stable
  return not exists (
    select from a2o.assessments a
    join a2o.assessments later on later.aws_account_id = a.aws_account_id and later.region = a.region
    where a.id = is_newest_assessment.assessment_id and (later.timestamp > a.timestamp or later.timestamp = a.timestamp and later.id < a.id));
comment on function a2o_private.is_newest_assessment(uuid) is 'Whether no later assessment of its account and region is stored.';

create or replace function a2o_private.maintain_search_indexes(aws_account_id text default null, region text default null) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  large record;
begin
  for large in
    select a.id, a2o_private.is_newest_assessment(a.id) as is_newest,
      to_regclass('a2o.tables_' || replace(a.id::text, '-', '') || '_name') is not null as is_indexed
    from a2o.assessments a
    where a2o_private.is_large_assessment(a.id)
      and a.aws_account_id = coalesce(maintain_search_indexes.aws_account_id, a.aws_account_id)
      and a.region = coalesce(maintain_search_indexes.region, a.region)
  loop
    if large.is_newest and not large.is_indexed then
      perform a2o_private.create_search_indexes(large.id);
    elsif large.is_indexed and not large.is_newest then
      perform a2o_private.drop_search_indexes(large.id);
    end if;
  end loop;
end
$$;
comment on function a2o_private.maintain_search_indexes(text, text) is 'Gives the newest large assessments their search indexes and takes them from older ones; of one account and region, or of all.';
revoke all on function a2o_private.maintain_search_indexes(text, text) from public;
--! EndIncluded functions/search/maintain_search_indexes.sql
--! Included functions/search/search_tables.sql
-- Bounds what a LIKE pattern may cost: a name has at most 255 characters, and every % multiplies the work.
create or replace function a2o_private.check_like_pattern(pattern text) returns text
  language plpgsql immutable as $$
declare
  plain text;
begin
  -- As most are.
  if length(pattern) <= 500 and strpos(pattern, '\') = 0 and strpos(pattern, '%%') = 0 and length(pattern) - length(replace(pattern, '%', '')) <= 10 then
    return pattern;
  end if;
  plain := regexp_replace(pattern, '\\.', '', 'g');
  if length(pattern) > 500 or length(regexp_replace(plain, '[^%]|%(?=%)', '', 'g')) > 10 then
    raise exception 'the pattern is too long or has too many wildcards'
      using errcode = 'A2O13', hint = 'At most 500 characters and ten % signs; a part of the name between two % signs is usually enough.';
  end if;
  if right(plain, 1) = '\' then
    raise exception 'the pattern ends with a backslash'
      using errcode = 'A2O13', hint = 'A backslash takes the meaning from the % or _ after it; write \\ for the backslash itself.';
  end if;
  return regexp_replace(pattern, '(?<!\\)%+', '%', 'g');
end
$$;
comment on function a2o_private.check_like_pattern(text) is 'The pattern with runs of % as one. Error: A2O13 too long, too many wildcards, or a backslash at its end.';

create or replace function a2o_private.count_with_findings(assessment_id uuid, codes text[], database text, out sized bigint, out unsized bigint)
  language plpgsql stable as $$
begin
  select coalesce(sum(r.sized_tables), 0), coalesce(sum(r.table_count - r.sized_tables), 0) into sized, unsized
  from a2o.finding_rollups r
  where r.assessment_id = count_with_findings.assessment_id and r.code = any (codes)
    and (count_with_findings.database is null or r.database_name = count_with_findings.database);
end
$$;
comment on function a2o_private.count_with_findings(uuid, text[], text) is 'At most so many tables of known and of unknown size have one of these findings; a table with several is counted for each.';
revoke all on function a2o_private.count_with_findings(uuid, text[], text) from public;

-- Definer: under any policy LIKE could use no index, because it is not leakproof. The account is checked once, first. Every
-- statement is planned with its values, for the one partition that holds the assessment. What is left out of the usual path is
-- time: a page takes less than a millisecond, and each expression here has its part of it.
create or replace function a2o.search_tables(
  assessment_id uuid, pattern text default null, formats text[] default null, readiness a2o.migration_readiness[] default null,
  min_size_bytes bigint default null, max_size_bytes bigint default null, database text default null, findings text[] default null,
  sort a2o.table_sort default 'LARGEST_FIRST', page_size integer default 50, cursor text default null,
  count_up_to integer default 0, max_bytes integer default null
) returns a2o.table_page
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  source text;
  conditions text := '';
  fingerprint text;
  after_key text[];
  -- How many tables the findings leave, of known and of unknown size; null when they are not asked for.
  sized_matches bigint;
  unsized_matches bigint;
  is_descending boolean := sort in ('LARGEST_FIRST', 'RECENTLY_UPDATED', 'NAME_DESCENDING');
  -- What decides the order before the names do; null when the names alone do.
  sort_column text;
  by_value text;
  by_name text;
  after_value text;
  after_name text;
  -- Reads that follow one another, each a range of an index: a single one with OR would be none.
  steps text[];
  bounds bigint[];
  step integer;
  found_rows a2o.found_table[];
  items a2o.found_table[];
  kept integer;
  next_cursor text;
  bytes integer := 0;
  counted bigint;
begin
  assessment_id := a2o_private.check_assessment(assessment_id);
  if page_size is null or page_size not between 1 and 1000 then
    perform a2o_private.check_page_size(page_size);
  end if;
  if num_nonnulls(pattern, formats, readiness, min_size_bytes, max_size_bytes, database, findings) > 0 then
    if pattern is not null then
      pattern := a2o_private.check_like_pattern(pattern);
      if pattern <> '%' then
        conditions := conditions || format(' and t.table_name ilike %L', pattern);
      end if;
    end if;
    if cardinality(formats) > 0 then
      conditions := conditions || case when cardinality(formats) = 1 then format(' and t.table_format = %L', formats[1])
        else format(' and t.table_format = any (%L)', formats) end;
    end if;
    if cardinality(readiness) > 0 then
      conditions := conditions || case when cardinality(readiness) = 1 then format(' and t.migration_readiness = %L', readiness[1])
        else format(' and t.migration_readiness = any (%L)', readiness) end;
    end if;
    if min_size_bytes is not null then
      conditions := conditions || format(' and t.size_bytes >= %L', min_size_bytes);
    end if;
    if max_size_bytes is not null then
      conditions := conditions || format(' and t.size_bytes <= %L', max_size_bytes);
    end if;
    if database is not null then
      conditions := conditions || format(' and t.database_name = %L', database);
    end if;
    if cardinality(findings) > 0 then
      conditions := conditions || format(' and t.findings && %L', findings);
      select c.sized, c.unsized into sized_matches, unsized_matches from a2o_private.count_with_findings(assessment_id, findings, database) as c;
    end if;
  end if;
  source := format('%s t where t.assessment_id = %L%s', a2o_private.partition_of(assessment_id), assessment_id, conditions);
  fingerprint := left(md5(sort || source), 12);

  if sort in ('NAME', 'NAME_DESCENDING') then
    by_name := case when is_descending then ' order by t.database_name desc, t.table_name desc' else ' order by t.database_name, t.table_name' end;
  else
    sort_column := case when sort in ('LARGEST_FIRST', 'SMALLEST_FIRST') then 't.size_bytes' else 't.last_updated' end;
    by_name := ' order by t.database_name, t.table_name';
    by_value := ' order by ' || sort_column || case when is_descending then ' desc nulls last' else ' asc nulls first' end || ', t.database_name, t.table_name';
  end if;
  if cursor is not null then
    after_key := a2o_private.read_cursor(cursor, fingerprint, case when sort_column is null then 2 else 3 end);
    after_name := format(' and (t.database_name, t.table_name) %s (%L, %L)', case when sort = 'NAME_DESCENDING' then '<' else '>' end,
      after_key[cardinality(after_key) - 1], after_key[cardinality(after_key)]);
    after_value := quote_literal(after_key[1]);
  end if;

  -- Beside each step, how many tables can fit it by their findings.
  if sort_column is null then
    steps := array[coalesce(after_name, '') || by_name];
    bounds := array[sized_matches + unsized_matches];
  elsif cursor is null and is_descending and sized_matches is null then
    steps := array[by_value];
  elsif cursor is null then
    steps := array[
      ' and ' || sort_column || ' is not null' || by_value,
      ' and ' || sort_column || ' is null' || by_name];
    bounds := array[sized_matches, unsized_matches];
  elsif after_value is null then
    steps := array[' and ' || sort_column || ' is null' || after_name || by_name];
    bounds := array[unsized_matches];
  else
    steps := array[
      ' and ' || sort_column || ' = ' || after_value || after_name || by_name,
      ' and ' || sort_column || case when is_descending then ' < ' else ' > ' end || after_value || by_value,
      ' and ' || sort_column || ' is null' || by_name];
    bounds := array[sized_matches, sized_matches, unsized_matches];
  end if;

  for step in 1 .. cardinality(steps) loop
    execute 'select array_agg(f.found) from (select row(t.assessment_id, t.database_name, t.table_name, t.id, t.aws_account_id,'
      ' t.table_format, t.migration_readiness, t.size_bytes, t.estimated_size_gb, t.storage_location, t.partition_keys, t.column_count, t.last_updated,'
      ' t.is_iceberg, t.row_count, t.table_type, t.size_source, t.format_rule, t.readiness_rule, t.notes, t.findings)::a2o.found_table as found from '
      -- Few tables are all fetched and then sorted. Findings go with sizes (an empty table, a view), so walking in the order of
      -- size could pass a million tables before the first that fits.
      || case when bounds[step] <= 30000 then '(select * from ' || source || ' offset 0) as t where true' else source end
      || steps[step] || ' limit $1) as f'
    into found_rows using page_size + 1 - coalesce(cardinality(items), 0);
    items := items || found_rows;
    exit when cardinality(items) > page_size;
  end loop;

  kept := least(page_size, cardinality(items));
  if max_bytes is not null then
    for place in 1 .. coalesce(kept, 0) loop
      bytes := bytes + octet_length(to_json(items[place])::text);
      if bytes > max_bytes and place > 1 then
        kept := place - 1;
        exit;
      end if;
    end loop;
  end if;
  if kept < cardinality(items) then
    if sort_column = 't.size_bytes' then
      next_cursor := a2o_private.write_cursor(fingerprint, items[kept].size_bytes::text, items[kept].database_name, items[kept].table_name);
    elsif sort_column = 't.last_updated' then
      next_cursor := a2o_private.write_cursor(fingerprint,
        to_char(items[kept].last_updated at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), items[kept].database_name, items[kept].table_name);
    else
      next_cursor := a2o_private.write_cursor(fingerprint, items[kept].database_name, items[kept].table_name);
    end if;
    items := items[:kept];
  end if;

  if count_up_to > 0 then
    if conditions = '' then
      select a.total_tables into counted from a2o.assessments a where a.id = search_tables.assessment_id;
      count_up_to := counted;
    elsif pattern is null and min_size_bytes is null and max_size_bytes is null and database is null and sized_matches is null then
      select coalesce(sum(r.table_count), 0) into counted from a2o.format_rollups r
      where r.assessment_id = search_tables.assessment_id
        and (coalesce(cardinality(formats), 0) = 0 or r.table_format = any (formats))
        and (coalesce(cardinality(readiness), 0) = 0 or r.migration_readiness = any (search_tables.readiness));
      count_up_to := counted;
    else
      execute format('select count(*) from (select from %s limit %s) as f', source, count_up_to::bigint + 1) into counted;
    end if;
  end if;
  return row(coalesce(items, '{}'), next_cursor, case when counted > count_up_to then count_up_to else counted end, counted <= count_up_to)::a2o.table_page;
end
$$;
comment on function a2o.search_tables(uuid, text, text[], a2o.migration_readiness[], bigint, bigint, text, text[], a2o.table_sort, integer, text, integer, integer) is
$$Tables of an assessment that fit all filters, a page at a time. pattern is SQL LIKE over the whole name (% any characters, _ one, \ before either means itself) and takes capital letters A to Z and small ones as the same. An empty list of formats, readiness or findings is no filter; tables of unknown size fit no size filter; database is an exact name; findings are codes, of which a table has at least one. cursor is next_cursor of the page before. total_count comes when count_up_to is above 0 and counts no further than that. max_bytes ends the page early, once its rows take so many bytes as JSON. Errors: A2O10 cursor of another question, A2O11 page size, A2O12 no such assessment, A2O13 pattern.$$;
revoke all on function a2o.search_tables(uuid, text, text[], a2o.migration_readiness[], bigint, bigint, text, text[], a2o.table_sort, integer, text, integer, integer) from public;
grant execute on function a2o.search_tables(uuid, text, text[], a2o.migration_readiness[], bigint, bigint, text, text[], a2o.table_sort, integer, text, integer, integer) to a2o_reader, a2o_ingest;

create or replace function a2o.largest_tables(assessment_id uuid, top integer default 10, database text default null, formats text[] default null)
  returns setof a2o.found_table
  language sql stable
  begin atomic
    select f.* from a2o.search_tables(assessment_id => largest_tables.assessment_id, database => largest_tables.database,
      formats => largest_tables.formats, page_size => largest_tables.top) as page, unnest(page.items) as f
    where f.size_bytes is not null;
  end;
comment on function a2o.largest_tables(uuid, integer, text, text[]) is 'The largest tables of an assessment whose size is known, largest first; of one database or some formats when named. Errors as search_tables.';
revoke all on function a2o.largest_tables(uuid, integer, text, text[]) from public;
grant execute on function a2o.largest_tables(uuid, integer, text, text[]) to a2o_reader, a2o_ingest;
--! EndIncluded functions/search/search_tables.sql
--! Included functions/compare/changes.sql
-- Databases whose tables in `here` say nothing about `there`, because they were not read in full there.
create or replace function a2o_private.unread_elsewhere(here uuid, there uuid) returns text[]
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(h.database_name), '{}')
  from a2o.database_coverage h
  left join a2o.database_coverage t on t.assessment_id = there and t.database_name = h.database_name
  where h.assessment_id = here and h.database_name <> ''
    and case when t.database_name is not null then t.status <> 'COMPLETE'
      -- Not in a list that is itself incomplete: it may have been there.
      else exists (select from a2o.database_coverage l where l.assessment_id = there and l.database_name = '' and l.status <> 'COMPLETE')
        -- Or nobody wanted it there.
        or exists (select from a2o.assessments a where a.id = there and a.reported #> '{assessment_metadata,scope}' is not null) end
$$;
comment on function a2o_private.unread_elsewhere(uuid, uuid) is 'Databases of the first assessment that the second one did not read in full, may not have listed, or was told to leave out.';
revoke all on function a2o_private.unread_elsewhere(uuid, uuid) from public;

-- One merge of two scans in the order of the key. $1 and $2 are the assessments, $3 and $4 unread_elsewhere both ways, $5 the
-- key to go on after. Rows with equal hashes are not looked into. A report does not tell columns, so against one they count as
-- equal.
create or replace function a2o_private.changes_query(goes_on boolean, one_database boolean default false) returns text
  language sql stable
  return format($sql$
    select coalesce(n.database_name, o.database_name) as database_name, coalesce(n.table_name, o.table_name) as table_name,
      case when o.table_name is null then 'ADDED' when n.table_name is null then 'REMOVED' else 'CHANGED' end::a2o.change_kind as change,
      o.table_name is null as is_added, n.table_name is null as is_removed
    from (select * from a2o.tables t where t.assessment_id = $1%1$s) as o
    full join (select * from a2o.tables t where t.assessment_id = $2%1$s) as n on n.database_name = o.database_name and n.table_name = o.table_name
    where o.content_hash is distinct from n.content_hash and case
      when o.table_name is null then $3 = '{}' or n.database_name <> all ($3)
      when n.table_name is null then $4 = '{}' or o.database_name <> all ($4)
      else (o.column_schema_hash is not null and n.column_schema_hash is not null and o.column_schema_hash <> n.column_schema_hash)
        or row(o.table_format, o.storage_location, o.size_bytes, o.partition_keys, o.column_count, o.last_updated, o.migration_readiness, o.table_type, o.row_count)
          is distinct from
          row(n.table_format, n.storage_location, n.size_bytes, n.partition_keys, n.column_count, n.last_updated, n.migration_readiness, n.table_type, n.row_count) end
  $sql$, case when goes_on then ' and (t.database_name, t.table_name) > ($5[1], $5[2])' else '' end
    || case when one_database then ' and t.database_name = $6' else '' end);
comment on function a2o_private.changes_query(boolean, boolean) is 'SQL of the tables that differ between two assessments.';

create or replace function a2o_private.count_changes(from_assessment uuid, to_assessment uuid, out added integer, out removed integer, out changed integer)
  language plpgsql stable set search_path = pg_catalog, pg_temp set enable_hashjoin = off set enable_nestloop = off as $$
begin
  execute format($sql$
    select count(*) filter (where is_added), count(*) filter (where is_removed), count(*) filter (where not is_added and not is_removed)
    from (%s) as c $sql$, a2o_private.changes_query(goes_on => false))
  using from_assessment, to_assessment, a2o_private.unread_elsewhere(to_assessment, from_assessment), a2o_private.unread_elsewhere(from_assessment, to_assessment)
  into added, removed, changed;
end
$$;
comment on function a2o_private.count_changes(uuid, uuid) is 'How many tables differ between two assessments.';
revoke all on function a2o_private.count_changes(uuid, uuid) from public;

create or replace function a2o_private.previous_assessment(assessment_id uuid) returns uuid
  language sql stable
  return (
    select earlier.id from a2o.assessments a
    join a2o.assessments earlier on earlier.aws_account_id = a.aws_account_id and earlier.region = a.region
      and (earlier.timestamp < a.timestamp or earlier.timestamp = a.timestamp and earlier.id > a.id)
    where a.id = previous_assessment.assessment_id
    order by earlier.timestamp desc, earlier.id limit 1);
comment on function a2o_private.previous_assessment(uuid) is 'The assessment before it, of the same account and region.';
revoke all on function a2o_private.previous_assessment(uuid) from public;

create or replace function a2o_private.forget_changes(assessment_id uuid) returns void
  language sql volatile set search_path = pg_catalog, pg_temp as $$
  delete from a2o.assessment_changes c where c.assessment_id = forget_changes.assessment_id;
  delete from a2o.assessment_churn c where c.assessment_id = forget_changes.assessment_id;
$$;
comment on function a2o_private.forget_changes(uuid) is 'Deletes the stored changes of an assessment.';
revoke all on function a2o_private.forget_changes(uuid) from public;

create or replace function a2o_private.store_changes(assessment_id uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp set enable_hashjoin = off set enable_nestloop = off as $$
declare
  previous uuid := a2o_private.previous_assessment(assessment_id);
  account text := (select a.aws_account_id from a2o.assessments a where a.id = store_changes.assessment_id);
begin
  perform a2o_private.forget_changes(assessment_id);
  if previous is null then
    return;
  end if;
  insert into a2o.assessment_churn (assessment_id, previous_id, aws_account_id, tables_added, tables_removed, tables_changed, is_listed)
  values (store_changes.assessment_id, previous, account, 0, 0, 0, true);
  execute format($sql$
    with changes as materialized (%s),
    counts as (
      select count(*) filter (where change = 'ADDED') as added, count(*) filter (where change = 'REMOVED') as removed,
        count(*) filter (where change = 'CHANGED') as changed from changes),
    kept as (
      insert into a2o.assessment_changes (assessment_id, database_name, table_name, aws_account_id, change)
      select $2, database_name, table_name, $5, change from changes where (select added + removed + changed <= 100000 from counts))
    update a2o.assessment_churn c set tables_added = added, tables_removed = removed, tables_changed = changed,
      is_listed = added + removed + changed <= 100000
    from counts where c.assessment_id = $2 $sql$, a2o_private.changes_query(goes_on => false))
  using previous, assessment_id, a2o_private.unread_elsewhere(assessment_id, previous), a2o_private.unread_elsewhere(previous, assessment_id), account;
end
$$;
comment on function a2o_private.store_changes(uuid) is 'Writes how an assessment differs from the one before it; up to 100,000 changes are listed.';
revoke all on function a2o_private.store_changes(uuid) from public;

-- Of tables already found to differ: what about them does.
create or replace function a2o_private.describe_column_changes(before jsonb, after jsonb) returns a2o.column_change[]
  language sql stable set search_path = pg_catalog, pg_temp as $$
  with described(side, name, type, place) as (
    select distinct on (side, c.col ->> 'name') side, c.col ->> 'name',
      coalesce(c.col ->> 'type', '') || case when c.col ->> 'partition' = 'true' then ' (partition key)' else '' end, c.place
    from (values ('before', before), ('after', after)) as s(side, columns)
    cross join jsonb_array_elements(s.columns) with ordinality as c(col, place)
    order by side, c.col ->> 'name', c.place)
  select array_agg(row(coalesce(b.name, a.name),
      case when b.name is null then 'ADDED' when a.name is null then 'REMOVED' else 'RETYPED' end, b.type, a.type)::a2o.column_change
      order by coalesce(a.place, b.place), coalesce(b.name, a.name))
  from (select * from described where side = 'before') as b
  full join (select * from described where side = 'after') as a using (name)
  where b.type is distinct from a.type
$$;
comment on function a2o_private.describe_column_changes(jsonb, jsonb) is 'Columns that came, went or changed their type between two column lists.';
revoke all on function a2o_private.describe_column_changes(jsonb, jsonb) from public;

create or replace function a2o_private.describe_change(o a2o.tables, n a2o.tables) returns a2o.table_change
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  answer a2o.table_change;
begin
  answer.database_name := coalesce(n.database_name, o.database_name);
  answer.table_name := coalesce(n.table_name, o.table_name);
  answer.change := case when o.table_name is null then 'ADDED' when n.table_name is null then 'REMOVED' else 'CHANGED' end;
  select array_agg(row(a.attribute, a.before, a.after)::a2o.attribute_change order by a.place) into answer.attributes
  from (values
    (1, 'table_format', o.table_format::text, n.table_format::text),
    (2, 'migration_readiness', o.migration_readiness::text, n.migration_readiness::text),
    (3, 'storage_location', o.storage_location, n.storage_location),
    (4, 'size_bytes', o.size_bytes::text, n.size_bytes::text),
    (5, 'row_count', o.row_count::text, n.row_count::text),
    (6, 'partition_keys', to_json(o.partition_keys)::text, to_json(n.partition_keys)::text),
    (7, 'column_count', o.column_count::text, n.column_count::text),
    (8, 'table_type', o.table_type, n.table_type),
    (9, 'last_updated', to_char(o.last_updated at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      to_char(n.last_updated at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))) as a(place, attribute, before, after)
  where a.before is distinct from a.after;
  if o.column_schema_hash <> n.column_schema_hash then
    answer.column_changes := a2o_private.describe_column_changes(
      (select s.columns from a2o.column_schemas s where s.schema_hash = o.column_schema_hash),
      (select s.columns from a2o.column_schemas s where s.schema_hash = n.column_schema_hash));
    if answer.column_changes is null then
      answer.attributes := answer.attributes || row('columns', null, 'order or comments changed')::a2o.attribute_change;
    end if;
  end if;
  return answer;
end
$$;
comment on function a2o_private.describe_change(a2o.tables, a2o.tables) is 'What differs between a table before and after; either may be null.';
revoke all on function a2o_private.describe_change(a2o.tables, a2o.tables) from public;
--! EndIncluded functions/compare/changes.sql
--! Included functions/compare/compare_assessments.sql
-- Refuses what people rarely mean: another account or region has other tables, not changed ones.
create or replace function a2o_private.check_comparison(earlier a2o.assessments, later a2o.assessments, across_catalogs boolean) returns boolean
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  is_same boolean := (earlier.aws_account_id, earlier.region) = (later.aws_account_id, later.region);
begin
  if not is_same and not coalesce(across_catalogs, false) then
    raise exception 'these are different catalogs: account % in % and account % in %', earlier.aws_account_id, earlier.region, later.aws_account_id, later.region
      using errcode = 'A2O14', hint = 'Set across_catalogs to compare them all the same.';
  end if;
  return is_same;
end
$$;
comment on function a2o_private.check_comparison(a2o.assessments, a2o.assessments, boolean) is 'Whether two assessments are of one account and region. Error: A2O14 they are not, and that was not asked for.';
revoke all on function a2o_private.check_comparison(a2o.assessments, a2o.assessments, boolean) from public;

-- Definer: two million rows are merged without the policies; both accounts are checked first.
create or replace function a2o.compare_assessments(from_assessment uuid, to_assessment uuid, across_catalogs boolean default false)
  returns a2o.assessment_comparison
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  o a2o.assessments := a2o_private.readable_assessment(from_assessment);
  n a2o.assessments := a2o_private.readable_assessment(to_assessment);
  answer a2o.assessment_comparison;
  unread text[];
begin
  answer.is_same_catalog := a2o_private.check_comparison(o, n, across_catalogs);
  answer.from_assessment := o.id;
  answer.to_assessment := n.id;
  answer.from_timestamp := o.timestamp;
  answer.to_timestamp := n.timestamp;
  answer.from_account_id := o.aws_account_id;
  answer.to_account_id := n.aws_account_id;
  answer.from_region := o.region;
  answer.to_region := n.region;
  answer.tables_before := o.total_tables;
  answer.tables_after := n.total_tables;
  answer.ready_before := o.migration_ready;
  answer.ready_after := n.migration_ready;
  answer.needs_conversion_before := o.needs_conversion;
  answer.needs_conversion_after := n.needs_conversion;
  answer.unknown_before := o.unknown;
  answer.unknown_after := n.unknown;
  answer.iceberg_before := o.iceberg_tables;
  answer.iceberg_after := n.iceberg_tables;
  answer.size_bytes_before := o.total_size_bytes;
  answer.size_bytes_after := n.total_size_bytes;
  select array_agg(u.name order by u.name) into unread
  from (select unnest(a2o_private.unread_elsewhere(o.id, n.id)) collate "C" union select unnest(a2o_private.unread_elsewhere(n.id, o.id)) collate "C") as u(name);
  answer.unread_databases := coalesce(unread[:100], '{}');
  answer.unread_database_count := coalesce(cardinality(unread), 0);

  if o.id = n.id then
    answer.tables_added := 0;
    answer.tables_removed := 0;
    answer.tables_changed := 0;
    return answer;
  end if;
  select c.tables_added, c.tables_removed, c.tables_changed into answer.tables_added, answer.tables_removed, answer.tables_changed
  from a2o.assessment_churn c where c.assessment_id = n.id and c.previous_id = o.id;
  if not found then
    select c.tables_removed, c.tables_added, c.tables_changed into answer.tables_added, answer.tables_removed, answer.tables_changed
    from a2o.assessment_churn c where c.assessment_id = o.id and c.previous_id = n.id;
  end if;
  if not found then
    select c.added, c.removed, c.changed into answer.tables_added, answer.tables_removed, answer.tables_changed
    from a2o_private.count_changes(o.id, n.id) as c;
  end if;
  return answer;
end
$$;
comment on function a2o.compare_assessments(uuid, uuid, boolean) is
'Two assessments side by side, with how many tables were added, removed and changed from the first to the second. Neighbours of one account and region are stored; any other two are compared now, some seconds for a million tables. Databases that one of them could not read count neither way and are named. Errors: A2O12 no such assessment, A2O14 different accounts or regions without across_catalogs.';
revoke all on function a2o.compare_assessments(uuid, uuid, boolean) from public;
grant execute on function a2o.compare_assessments(uuid, uuid, boolean) to a2o_reader, a2o_ingest;

-- Definer for the same reason. A page goes on after the cursor's key on both sides, so that it never starts from the front.
create or replace function a2o.list_changes(
  from_assessment uuid, to_assessment uuid, kinds a2o.change_kind[] default null, database text default null,
  page_size integer default 50, cursor text default null, across_catalogs boolean default false, max_bytes integer default null
) returns a2o.change_page
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp set enable_hashjoin = off as $$
declare
  o a2o.assessments := a2o_private.readable_assessment(from_assessment);
  n a2o.assessments := a2o_private.readable_assessment(to_assessment);
  fingerprint text := left(md5(row(from_assessment, to_assessment, kinds, database)::text), 12);
  after_key text[] := a2o_private.read_cursor(cursor, fingerprint, 2);
  stored uuid;
  is_mirrored boolean := false;
  query text;
  page a2o.change_page;
  keys record;
  bytes integer := 0;
  item a2o.table_change;
  before_row a2o.tables;
  after_row a2o.tables;
begin
  perform a2o_private.check_comparison(o, n, across_catalogs);
  perform a2o_private.check_page_size(page_size);
  if cardinality(kinds) = 0 then
    kinds := null;
  end if;
  page.items := '{}';
  if o.id = n.id then
    return page;
  end if;
  select c.assessment_id, c.assessment_id = o.id into stored, is_mirrored
  from a2o.assessment_churn c
  where c.is_listed and (c.assessment_id = n.id and c.previous_id = o.id or c.assessment_id = o.id and c.previous_id = n.id);
  if stored is not null then
    query := format($sql$
      select t.database_name, t.table_name, %s as change from a2o.assessment_changes t where t.assessment_id = $8%s%s $sql$,
      case when is_mirrored
        then $sql$case t.change when 'ADDED' then 'REMOVED' when 'REMOVED' then 'ADDED' else 'CHANGED' end::a2o.change_kind$sql$ else 't.change' end,
      case when after_key is not null then ' and (t.database_name, t.table_name) > ($5[1], $5[2])' else '' end,
      case when database is not null then ' and t.database_name = $6' else '' end);
  else
    query := a2o_private.changes_query(goes_on => after_key is not null, one_database => database is not null);
  end if;
  query := format('select * from (%s) as c%s order by c.database_name, c.table_name limit $9', query,
    case when kinds is not null then ' where c.change = any ($7)' else '' end);

  for keys in execute query using o.id, n.id, a2o_private.unread_elsewhere(n.id, o.id), a2o_private.unread_elsewhere(o.id, n.id), after_key, database,
    kinds, stored, page_size + 1
  loop
    if cardinality(page.items) = page_size then
      page.next_cursor := a2o_private.write_cursor(fingerprint, item.database_name, item.table_name);
      exit;
    end if;
    -- By value, so that no other partition is planned for.
    execute 'select t.* from a2o.tables t where t.assessment_id = $1 and t.database_name = $2 and t.table_name = $3'
      into before_row using o.id, keys.database_name, keys.table_name;
    execute 'select t.* from a2o.tables t where t.assessment_id = $1 and t.database_name = $2 and t.table_name = $3'
      into after_row using n.id, keys.database_name, keys.table_name;
    bytes := bytes + octet_length(to_json(a2o_private.describe_change(before_row, after_row))::text);
    if bytes > max_bytes and cardinality(page.items) > 0 then
      page.next_cursor := a2o_private.write_cursor(fingerprint, item.database_name, item.table_name);
      exit;
    end if;
    item := a2o_private.describe_change(before_row, after_row);
    page.items := page.items || item;
  end loop;
  return page;
end
$$;
comment on function a2o.list_changes(uuid, uuid, a2o.change_kind[], text, integer, text, boolean, integer) is
'Tables that differ between two assessments, by database and name, each with the attributes and columns that changed, before and after. kinds and database narrow it; cursor is next_cursor of the page before. max_bytes ends a page early, once its rows take so many bytes as JSON. Errors: A2O10 cursor of another question, A2O11 page size, A2O12 no such assessment, A2O14 different accounts or regions without across_catalogs.';
revoke all on function a2o.list_changes(uuid, uuid, a2o.change_kind[], text, integer, text, boolean, integer) from public;
grant execute on function a2o.list_changes(uuid, uuid, a2o.change_kind[], text, integer, text, boolean, integer) to a2o_reader, a2o_ingest;
--! EndIncluded functions/compare/compare_assessments.sql
--! Included functions/record/after_assessment_stored.sql
-- What reads quickly later is prepared in the same transaction that stores an assessment.
create or replace function a2o_private.after_assessment_stored(assessment_id uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  stored a2o.assessments;
  successor uuid;
begin
  select * into stored from a2o.assessments a where a.id = after_assessment_stored.assessment_id;
  -- Two assessments of one catalog that end together wait here, so that the later one finds the earlier one.
  perform pg_advisory_xact_lock(20252, hashtext(stored.aws_account_id || ' ' || stored.region));
  perform a2o_private.store_changes(assessment_id);
  successor := a2o_private.next_assessment(stored.aws_account_id, stored.region, stored.timestamp, stored.id);
  if successor is not null then
    perform a2o_private.store_changes(successor);
  end if;
  perform a2o_private.maintain_search_indexes(stored.aws_account_id, stored.region);
  if successor is null then
    perform a2o_private.relink_jobs(stored.aws_account_id, stored.region);
    perform a2o_private.refresh_migration_rollups(stored.aws_account_id, stored.region);
  end if;
end
$$;
comment on function a2o_private.after_assessment_stored(uuid) is 'Stores how the assessment differs from its neighbours, moves the search indexes to the newest, and links the jobs to its tables.';
revoke all on function a2o_private.after_assessment_stored(uuid) from public;

create or replace function a2o_private.next_assessment(account_id text, in_region text, after_time timestamptz, after_id uuid) returns uuid
  language sql stable
  return (
    select a.id from a2o.assessments a
    where a.aws_account_id = account_id and a.region = in_region and (a.timestamp > after_time or a.timestamp = after_time and a.id < after_id)
    order by a.timestamp, a.id desc limit 1);
comment on function a2o_private.next_assessment(text, text, timestamptz, uuid) is 'The assessment after a moment, of one account and region.';
revoke all on function a2o_private.next_assessment(text, text, timestamptz, uuid) from public;

create or replace function a2o.tidy_assessments() returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
-- Definer: makes and drops indexes, which only their owner may.
declare
  behind uuid;
begin
  for behind in
    select a.id from a2o.assessments a
    where a2o_private.previous_assessment(a.id) is not null and not exists (select from a2o.assessment_churn c where c.assessment_id = a.id)
  loop
    perform a2o_private.store_changes(behind);
  end loop;
  perform a2o_private.maintain_search_indexes();
end
$$;
comment on function a2o.tidy_assessments() is E'@behavior -*\nMakes up for what deleting large assessments leaves: changes against the assessment that is the previous one now, and search indexes of the one that is the newest now.';
revoke all on function a2o.tidy_assessments() from public;
grant execute on function a2o.tidy_assessments() to a2o_ingest, a2o_worker;
--! EndIncluded functions/record/after_assessment_stored.sql
--! Included triggers/renew_changes_of_successor.sql
-- Changes against a deleted assessment mean nothing any more. Those of small ones are found again at once; large ones would make
-- deleting slow, so tidy_assessments() does them, and until then comparisons read both assessments.
create or replace function a2o_private.renew_changes_of_successor() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  successor uuid := a2o_private.next_assessment(old.aws_account_id, old.region, old.timestamp, old.id);
begin
  if successor is null then
    return null;
  end if;
  perform a2o_private.forget_changes(successor);
  if not a2o_private.is_large_assessment(successor)
    and not a2o_private.is_large_assessment(coalesce(a2o_private.previous_assessment(successor), successor))
  then
    perform a2o_private.store_changes(successor);
  end if;
  return null;
end
$$;
comment on function a2o_private.renew_changes_of_successor() is 'Compares the assessment after a deleted one with the one before it.';

drop trigger if exists renew_changes_of_successor on a2o.assessments;
create trigger renew_changes_of_successor after delete on a2o.assessments
  for each row execute function a2o_private.renew_changes_of_successor();
--! EndIncluded triggers/renew_changes_of_successor.sql
--! Included views/assessments/assessment_overview.sql
-- Every assessment with its shares: the list of assessments, and the cards of the overview.
-- Example:
--   select region, is_newest, total_tables, iceberg_percent, ready_percent, needs_conversion_percent, sized_percent
--   from assessment_overview order by region;
create or replace view a2o.assessment_overview with (security_invoker = true) as
  select a.id, a.timestamp, a.region, a.aws_account_id, c.account_name, a.tool_version, a.origin, a.is_simulated, a.total_databases, a.total_tables,
    a.iceberg_tables, a.migration_ready, a.needs_conversion, a.unknown,
    round(100.0 * a.iceberg_tables / nullif(a.total_tables, 0), 2) as iceberg_percent,
    round(100.0 * a.migration_ready / nullif(a.total_tables, 0), 2) as ready_percent,
    round(100.0 * a.needs_conversion / nullif(a.total_tables, 0), 2) as needs_conversion_percent,
    round(100.0 * a.unknown / nullif(a.total_tables, 0), 2) as unknown_percent,
    a.total_size_bytes, a.total_estimated_size_gb, a.sized_tables, round(100.0 * a.sized_tables / nullif(a.total_tables, 0), 2) as sized_percent,
    a.databases_complete, a.completeness_percent,
    not exists (
      select from a2o.assessments later where later.aws_account_id = a.aws_account_id and later.region = a.region
        and (later.timestamp > a.timestamp or later.timestamp = a.timestamp and later.id < a.id)) as is_newest,
    a.created_at
  from a2o.assessments a
  left join a2o.accounts c using (aws_account_id);
comment on view a2o.assessment_overview is E'@primaryKey id\nEvery assessment with its counts as shares of all tables.';
comment on column a2o.assessment_overview.iceberg_percent is 'Share of tables in Iceberg format, 0 to 100; null when there are no tables.';
comment on column a2o.assessment_overview.ready_percent is 'Share of tables with verdict READY, 0 to 100.';
comment on column a2o.assessment_overview.needs_conversion_percent is 'Share of tables with verdict NEEDS_CONVERSION, 0 to 100.';
comment on column a2o.assessment_overview.unknown_percent is 'Share of tables with verdict UNKNOWN, 0 to 100.';
comment on column a2o.assessment_overview.sized_percent is 'Share of tables whose size is known, 0 to 100.';
comment on column a2o.assessment_overview.is_newest is E'@notNull\nWhether it is the newest of its account and region.';
grant select on a2o.assessment_overview to a2o_reader, a2o_ingest;
--! EndIncluded views/assessments/assessment_overview.sql
--! Included views/assessments/database_overview.sql
-- Databases of an assessment with their shares and how far each could be read; those that could not be read are here, too.
-- Example:
--   select database_name, table_count, iceberg_percent, ready_percent, pg_size_pretty(size_bytes) as known_size, coverage
--   from database_overview where assessment_id = '…' order by size_bytes desc nulls last, database_name limit 3;
create or replace view a2o.database_overview with (security_invoker = true) as
  select d.assessment_id, d.database_name, d.id, d.aws_account_id, d.description, d.location_uri, d.table_count, d.iceberg_tables, d.migration_ready,
    d.needs_conversion, d.unknown,
    round(100.0 * d.iceberg_tables / nullif(d.table_count, 0), 2) as iceberg_percent,
    round(100.0 * d.migration_ready / nullif(d.table_count, 0), 2) as ready_percent,
    d.size_bytes, a2o.bytes_to_gb(d.size_bytes) as estimated_size_gb, d.sized_tables,
    c.status as coverage, c.tables_read, c.operation as failed_operation, c.error_code, c.error_message
  from a2o.databases d
  left join a2o.database_coverage c using (assessment_id, database_name);
comment on view a2o.database_overview is E'@within assessment_id\n@behavior +single\n@primaryKey assessment_id,database_name\nDatabases of an assessment with counts, shares, size and coverage.';
comment on column a2o.database_overview.iceberg_percent is 'Share of tables in Iceberg format, 0 to 100; null when there are no tables.';
comment on column a2o.database_overview.ready_percent is 'Share of tables with verdict READY, 0 to 100.';
comment on column a2o.database_overview.estimated_size_gb is 'size_bytes in GB of 2^30 bytes.';
comment on column a2o.database_overview.coverage is 'How far the database was read.';
comment on column a2o.database_overview.tables_read is 'Tables that were read before an error, or all of them.';
comment on column a2o.database_overview.failed_operation is 'AWS operation that failed, e.g. glue:GetTables.';
comment on column a2o.database_overview.error_code is 'AWS''s error code.';
comment on column a2o.database_overview.error_message is 'AWS''s own words.';
grant select on a2o.database_overview to a2o_reader, a2o_ingest;
--! EndIncluded views/assessments/database_overview.sql
--! Included views/exports/table_export.sql
-- What an export of tables holds, in one order everywhere: CSV, NDJSON, spreadsheets, and what the dashboard has filtered.
-- Example:
--   select database_name, table_name, table_format, size_bytes, findings
--   from table_export where assessment_id = '…' order by size_bytes desc nulls last, database_name, table_name limit 3;
create or replace view a2o.table_export with (security_invoker = true) as
  select t.assessment_id, t.database_name, t.table_name, t.table_format, t.migration_readiness, t.size_bytes, t.estimated_size_gb, t.size_source,
    t.row_count, t.column_count, t.partition_keys, t.storage_location, t.last_updated, t.is_iceberg, t.table_type, t.findings, t.notes, t.format_rule,
    t.format_evidence, t.readiness_rule, t.id as table_id
  from a2o.tables t;
comment on view a2o.table_export is E'@behavior -*\nTables as exports show them. Name the assessment (assessment_id = ''…'').';
grant select on a2o.table_export to a2o_reader, a2o_ingest;
--! EndIncluded views/exports/table_export.sql
--! Included views/exports/database_export.sql
-- What an export of databases holds.
-- Example:
--   select database_name, table_count, ready_percent, effort_hours, coverage_error
--   from database_export where assessment_id = '…' order by coverage_error, database_name limit 3;
create or replace view a2o.database_export with (security_invoker = true) as
  select d.assessment_id, d.database_name, d.description, d.location_uri, d.table_count, d.iceberg_tables, d.iceberg_percent, d.migration_ready,
    d.needs_conversion, d.unknown, d.ready_percent, d.size_bytes, d.estimated_size_gb, d.sized_tables as tables_with_known_size, e.effort_hours,
    d.coverage, nullif(concat_ws(': ', d.error_code, d.error_message), '') as coverage_error
  from a2o.database_overview d
  join a2o.database_effort e on e.assessment_id = d.assessment_id and e.database_name = d.database_name;
comment on view a2o.database_export is E'@behavior -*\nDatabases as exports show them: counts, size, effort and coverage.';
grant select on a2o.database_export to a2o_reader, a2o_ingest;
--! EndIncluded views/exports/database_export.sql
--! Included views/exports/finding_export.sql
-- What an export of findings holds.
-- Example:
--   select severity, code, table_count, effort_hours
--   from finding_export where assessment_id = '…' order by severity desc, table_count desc, code limit 3;
create or replace view a2o.finding_export with (security_invoker = true) as
  select f.assessment_id, f.code, f.severity, f.title, f.table_count, f.database_count, f.effort_hours, f.explanation, f.remedy
  from a2o.finding_overview f;
comment on view a2o.finding_export is E'@behavior -*\nWhat was found in an assessment, as exports show it: how often, the hours it costs, and what to do.';
grant select on a2o.finding_export to a2o_reader, a2o_ingest;
--! EndIncluded views/exports/finding_export.sql
--! Included functions/report/csv.sql
-- Spreadsheets take a cell that begins with one of these for a formula, also after blanks of any kind, seen or not (OWASP, "CSV
-- Injection"). Names in a catalog are strangers' words, so such a cell gets an apostrophe, which spreadsheets do not show.
create or replace function a2o.csv_text(value text) returns text
  language sql immutable parallel safe
  return case when value ~ '^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]*[=+\-@\t\r\n＝＋－＠]' then '''' || value else value end;
comment on function a2o.csv_text(text) is E'@behavior -*\nText that no spreadsheet takes for a formula: an apostrophe in front of what begins with =, +, -, @, a tab or a line break.';

create or replace function a2o.export_tables(assessment_id uuid) returns table (
  database_name text, table_name text, table_format text, migration_readiness text, size_bytes bigint, estimated_size_gb numeric, size_source text,
  row_count bigint, column_count integer, partition_keys text, storage_location text, last_updated timestamptz, is_iceberg boolean, table_type text,
  findings text, notes text, format_rule text, format_evidence text, readiness_rule text, table_id uuid)
  language sql stable rows 1000000
  begin atomic
  select t.database_name, t.table_name, t.table_format, t.migration_readiness::text, t.size_bytes, t.estimated_size_gb, t.size_source, t.row_count,
    t.column_count, array_to_string(t.partition_keys, ', '), t.storage_location, t.last_updated, t.is_iceberg, t.table_type,
    array_to_string(t.findings, ', '), array_to_string(t.notes, ' '), t.format_rule, t.format_evidence, t.readiness_rule, t.table_id
  from a2o.table_export t where t.assessment_id = export_tables.assessment_id order by t.database_name, t.table_name;
  end;
comment on function a2o.export_tables(uuid) is E'@behavior -*\nTables of an assessment by database and name, lists as text. A spreadsheet may take text for formulas: csv_tables prevents it.';

create or replace function a2o.csv_tables(assessment_id uuid) returns table (
  database_name text, table_name text, table_format text, migration_readiness text, size_bytes bigint, estimated_size_gb numeric, size_source text,
  row_count bigint, column_count integer, partition_keys text, storage_location text, last_updated text, is_iceberg text, table_type text,
  findings text, notes text, format_rule text, format_evidence text, readiness_rule text, table_id uuid)
  language sql stable rows 1000000
  begin atomic
  select a2o.csv_text(t.database_name), a2o.csv_text(t.table_name), a2o.csv_text(t.table_format), t.migration_readiness, t.size_bytes, t.estimated_size_gb,
    a2o.csv_text(t.size_source), t.row_count, t.column_count, a2o.csv_text(t.partition_keys), a2o.csv_text(t.storage_location),
    to_char(t.last_updated at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), t.is_iceberg::text, a2o.csv_text(t.table_type), t.findings,
    a2o.csv_text(t.notes), t.format_rule, a2o.csv_text(t.format_evidence), t.readiness_rule, t.table_id
  from a2o.export_tables(csv_tables.assessment_id) as t;
  end;
comment on function a2o.csv_tables(uuid) is E'@behavior -*\nexport_tables, with text that no spreadsheet takes for a formula times as ISO 8601 in UTC, and true or false.';

create or replace function a2o.export_databases(assessment_id uuid) returns table (
  database_name text, description text, location_uri text, table_count integer, iceberg_tables integer, migration_ready integer,
  needs_conversion integer, unknown integer, ready_percent numeric, size_bytes bigint, estimated_size_gb numeric, tables_with_known_size integer,
  effort_hours numeric, coverage text, coverage_error text)
  language sql stable rows 1000
  begin atomic
  select d.database_name, d.description, d.location_uri, d.table_count, d.iceberg_tables, d.migration_ready, d.needs_conversion, d.unknown,
    d.ready_percent, d.size_bytes, d.estimated_size_gb, d.tables_with_known_size, d.effort_hours, d.coverage::text, d.coverage_error
  from a2o.database_export d where d.assessment_id = export_databases.assessment_id order by d.database_name;
  end;
comment on function a2o.export_databases(uuid) is E'@behavior -*\nDatabases of an assessment by name, with counts, size, effort and coverage.';

create or replace function a2o.csv_databases(assessment_id uuid) returns table (
  database_name text, description text, location_uri text, table_count integer, iceberg_tables integer, migration_ready integer,
  needs_conversion integer, unknown integer, ready_percent numeric, size_bytes bigint, estimated_size_gb numeric, tables_with_known_size integer,
  effort_hours numeric, coverage text, coverage_error text)
  language sql stable rows 1000
  begin atomic
  select a2o.csv_text(d.database_name), a2o.csv_text(d.description), a2o.csv_text(d.location_uri), d.table_count, d.iceberg_tables, d.migration_ready,
    d.needs_conversion, d.unknown, d.ready_percent, d.size_bytes, d.estimated_size_gb, d.tables_with_known_size, d.effort_hours, d.coverage,
    a2o.csv_text(d.coverage_error)
  from a2o.export_databases(csv_databases.assessment_id) as d;
  end;
comment on function a2o.csv_databases(uuid) is E'@behavior -*\nexport_databases, with text that no spreadsheet takes for a formula.';

create or replace function a2o.export_findings(assessment_id uuid) returns table (
  code text, severity text, title text, table_count integer, database_count integer, effort_hours numeric, explanation text, remedy text)
  language sql stable rows 30
  begin atomic
  select f.code, f.severity::text, f.title, f.table_count, f.database_count, f.effort_hours, f.explanation, f.remedy
  from a2o.finding_export f where f.assessment_id = export_findings.assessment_id order by f.severity desc, f.table_count desc, f.code;
  end;
comment on function a2o.export_findings(uuid) is E'@behavior -*\nWhat was found in an assessment, what matters most first, with how often, the hours it costs, and what to do.';

create or replace function a2o.csv_findings(assessment_id uuid) returns table (
  code text, severity text, title text, table_count integer, database_count integer, effort_hours numeric, explanation text, remedy text)
  language sql stable rows 30
  begin atomic
  select f.code, f.severity, a2o.csv_text(f.title), f.table_count, f.database_count, f.effort_hours, a2o.csv_text(f.explanation), a2o.csv_text(f.remedy)
  from a2o.export_findings(csv_findings.assessment_id) as f;
  end;
comment on function a2o.csv_findings(uuid) is E'@behavior -*\nexport_findings, with text that no spreadsheet takes for a formula.';

revoke all on function a2o.csv_text(text), a2o.export_tables(uuid), a2o.csv_tables(uuid), a2o.export_databases(uuid), a2o.csv_databases(uuid),
  a2o.export_findings(uuid), a2o.csv_findings(uuid) from public;
grant execute on function a2o.csv_text(text), a2o.export_tables(uuid), a2o.csv_tables(uuid), a2o.export_databases(uuid), a2o.csv_databases(uuid),
  a2o.export_findings(uuid), a2o.csv_findings(uuid) to a2o_reader, a2o_ingest;
--! EndIncluded functions/report/csv.sql
--! Included views/trends/assessment_trend.sql
-- One point for each assessment: readiness, size and churn over time. Filter by account and region.
-- Example:
--   select region, total_tables, ready_percent, tables_added, tables_removed, tables_changed
--   from assessment_trend order by region, timestamp;
create or replace view a2o.assessment_trend with (security_invoker = true) as
  select a.id as assessment_id, a.aws_account_id, a.region, a.timestamp, a.total_databases, a.total_tables, a.iceberg_tables, a.migration_ready,
    a.needs_conversion, a.unknown, round(100.0 * a.migration_ready / nullif(a.total_tables, 0), 2) as ready_percent,
    a.total_size_bytes, a.total_estimated_size_gb, a.completeness_percent, c.previous_id, c.tables_added, c.tables_removed, c.tables_changed
  from a2o.assessments a
  left join a2o.assessment_churn c on c.assessment_id = a.id;
comment on view a2o.assessment_trend is E'@primaryKey assessment_id\nAssessments as points in time: readiness, size, and what changed since the one before.';
comment on column a2o.assessment_trend.ready_percent is 'Share of tables with verdict READY, 0 to 100; null when there are no tables.';
comment on column a2o.assessment_trend.previous_id is 'The assessment before it; null for the first.';
comment on column a2o.assessment_trend.tables_added is 'Tables that are new since the one before; null for the first.';
comment on column a2o.assessment_trend.tables_removed is 'Tables that are gone since the one before. Those that could not be read are not.';
comment on column a2o.assessment_trend.tables_changed is 'Tables that are not the same as in the one before.';
grant select on a2o.assessment_trend to a2o_reader, a2o_ingest;
--! EndIncluded views/trends/assessment_trend.sql
--! Included views/trends/format_trend.sql
-- The mix of formats over time. Filter by account and region.
-- Example:
--   select region, table_format, table_count, percent
--   from format_trend where region = 'us-east-1' order by timestamp, table_count desc limit 3;
create or replace view a2o.format_trend with (security_invoker = true) as
  select a.id as assessment_id, r.table_format, a.aws_account_id, a.region, a.timestamp, sum(r.table_count)::integer as table_count,
    round(100.0 * sum(r.table_count) / nullif(a.total_tables, 0), 2) as percent, a2o_private.saturated(sum(r.size_bytes)) as size_bytes
  from a2o.assessments a
  join a2o.format_rollups r on r.assessment_id = a.id
  group by a.id, r.table_format;
comment on view a2o.format_trend is E'@primaryKey assessment_id,table_format\nTables and known bytes of each format, assessment by assessment.';
comment on column a2o.format_trend.table_count is E'@notNull\nTables in the format.';
comment on column a2o.format_trend.percent is 'Share of the assessment''s tables, 0 to 100.';
comment on column a2o.format_trend.size_bytes is 'Bytes of those whose size is known; null when none is.';
grant select on a2o.format_trend to a2o_reader, a2o_ingest;
--! EndIncluded views/trends/format_trend.sql
--! Included views/migration/migration_history.sql
-- How migrations went, for each account, region and service.
-- Example:
--   select region, job_type, jobs, completed, failed, success_percent, round(average_seconds / 60) as average_minutes
--   from migration_history order by region, job_type;
create or replace view a2o.migration_history with (security_invoker = true) as
  select j.aws_account_id, j.region, j.job_type, count(*)::integer as jobs,
    count(*) filter (where j.status = 'PENDING')::integer as pending, count(*) filter (where j.status = 'RUNNING')::integer as running,
    count(*) filter (where j.status = 'COMPLETED')::integer as completed, count(*) filter (where j.status = 'FAILED')::integer as failed,
    round(100.0 * count(*) filter (where j.status = 'COMPLETED') / nullif(count(*) filter (where j.status in ('COMPLETED', 'FAILED')), 0), 2) as success_percent,
    round(extract(epoch from avg(j.completed_at - j.started_at) filter (where j.status = 'COMPLETED')), 1) as average_seconds,
    a2o_private.saturated(sum(j.rows_copied)) as rows_copied, a2o_private.saturated(sum(j.bytes_copied)) as bytes_copied,
    min(j.started_at) as first_started_at, max(j.completed_at) as last_completed_at
  from a2o.migration_jobs j
  group by j.aws_account_id, j.region, j.job_type;
comment on view a2o.migration_history is E'@primaryKey aws_account_id,region,job_type\nHow migrations went, for each account, region and service.';
comment on column a2o.migration_history.jobs is E'@notNull\nAll jobs.';
comment on column a2o.migration_history.pending is E'@notNull\nJobs that have not started.';
comment on column a2o.migration_history.running is E'@notNull\nJobs under way.';
comment on column a2o.migration_history.completed is E'@notNull\nJobs that ended well.';
comment on column a2o.migration_history.failed is E'@notNull\nJobs that failed.';
comment on column a2o.migration_history.success_percent is 'Share of ended jobs that ended well, 0 to 100; null when none has ended.';
comment on column a2o.migration_history.average_seconds is 'How long those took that ended well, on average; null when none did.';
comment on column a2o.migration_history.rows_copied is 'Rows copied by all of them, where AWS counts rows.';
comment on column a2o.migration_history.bytes_copied is 'Bytes copied by all of them, where AWS counts bytes.';
grant select on a2o.migration_history to a2o_reader;
--! EndIncluded views/migration/migration_history.sql
--! Included views/migration/migration_errors.sql
-- Errors that occur more than once rarely read the same: identifiers, numbers and paths are taken out before counting.
-- Example:
--   select job_type, failures, left(error_pattern, 90) as error_pattern
--   from migration_errors order by failures desc, job_type, 3 limit 3;
create or replace view a2o.migration_errors with (security_invoker = true) as
  select j.aws_account_id, j.region, j.job_type, e.error_pattern, count(*)::integer as failures, max(coalesce(j.completed_at, j.started_at, j.created_at)) as last_seen_at,
    (array_agg(j.error_message order by coalesce(j.completed_at, j.started_at, j.created_at) desc))[1] as newest_message,
    (array_agg(j.id order by coalesce(j.completed_at, j.started_at, j.created_at) desc))[1] as newest_job_id
  from a2o.migration_jobs j
  cross join lateral (
    select coalesce(left(regexp_replace(regexp_replace(left(j.error_message, 2000), '(arn:\S+|s3[an]?://\S+|[0-9a-f]{8}-[0-9a-f-]{27})', '…', 'gi'), '\d+', '…', 'g'), 200), '') as error_pattern) as e
  where j.status = 'FAILED'
  group by j.aws_account_id, j.region, j.job_type, e.error_pattern;
comment on view a2o.migration_errors is E'@primaryKey aws_account_id,region,job_type,error_pattern\nWhy migrations failed: messages that differ only in identifiers, paths and numbers are counted together. An empty pattern stands for failures that AWS gave no words for.';
comment on column a2o.migration_errors.error_pattern is 'The message with … for what differs.';
comment on column a2o.migration_errors.failures is E'@notNull\nJobs that failed this way.';
comment on column a2o.migration_errors.last_seen_at is 'When the latest of them ended.';
comment on column a2o.migration_errors.newest_message is 'AWS''s words in the latest of them.';
comment on column a2o.migration_errors.newest_job_id is 'The latest of them.';
grant select on a2o.migration_errors to a2o_reader;
--! EndIncluded views/migration/migration_errors.sql
--! Included views/migration/migration_timeline.sql
-- Migrations day by day (UTC), for the timeline chart. A job counts on the day it started and on the day it ended.
-- Example:
--   select day, region, job_type, started, completed, failed
--   from migration_timeline where job_type = 'DMS' order by day desc, region limit 4;
create or replace view a2o.migration_timeline with (security_invoker = true) as
  select e.day, j.aws_account_id, j.region, j.job_type, count(*) filter (where e.event = 'STARTED')::integer as started,
    count(*) filter (where e.event = 'COMPLETED')::integer as completed, count(*) filter (where e.event = 'FAILED')::integer as failed,
    a2o_private.saturated(sum(j.bytes_copied) filter (where e.event <> 'STARTED')) as bytes_copied
  from a2o.migration_jobs j
  cross join lateral (
    select (j.started_at at time zone 'UTC')::date, 'STARTED' where j.started_at is not null
    union all
    select (j.completed_at at time zone 'UTC')::date, j.status::text where j.completed_at is not null and j.status in ('COMPLETED', 'FAILED')) as e(day, event)
  group by e.day, j.aws_account_id, j.region, j.job_type;
comment on view a2o.migration_timeline is E'@primaryKey day,aws_account_id,region,job_type\nMigrations day by day (UTC).';
comment on column a2o.migration_timeline.day is 'Day in UTC.';
comment on column a2o.migration_timeline.started is E'@notNull\nJobs that started that day.';
comment on column a2o.migration_timeline.completed is E'@notNull\nJobs that ended well that day.';
comment on column a2o.migration_timeline.failed is E'@notNull\nJobs that failed that day.';
comment on column a2o.migration_timeline.bytes_copied is 'Bytes copied by the jobs that ended that day.';
grant select on a2o.migration_timeline to a2o_reader;
--! EndIncluded views/migration/migration_timeline.sql
--! Included functions/tools/tool_cursors.sql
-- The cursors of tools that are no definers: a2o_private is closed to who runs them, and these two bodies are bound to it.
create or replace function a2o.write_tool_cursor(question text, variadic key text[]) returns text
  language sql immutable
  return a2o_private.write_cursor(left(md5(question), 12), variadic key);
comment on function a2o.write_tool_cursor(text, text[]) is E'@behavior -*\nCursor for the rows after this key of a question.';

-- Definer, for the same reason; it reads nothing but its arguments.
create or replace function a2o.read_tool_cursor(cursor text, question text, parts integer) returns text[]
  language sql immutable security definer set search_path = pg_catalog, pg_temp as $$
  select a2o_private.read_cursor(cursor, left(md5(question), 12), parts)
$$;
comment on function a2o.read_tool_cursor(text, text, integer) is E'@behavior -*\nKey in a cursor; null for none. Error: A2O10 the cursor is none, or belongs to another question.';
revoke all on function a2o.write_tool_cursor(text, text[]), a2o.read_tool_cursor(text, text, integer) from public;
grant execute on function a2o.write_tool_cursor(text, text[]), a2o.read_tool_cursor(text, text, integer), a2o_private.write_cursor(text, text[]) to a2o_reader;
--! EndIncluded functions/tools/tool_cursors.sql
--! Included functions/tools/answer_tables.sql
-- What the MCP tools that answer with tables share: the choice of the assessment, the page, and words for an empty one.
create or replace function a2o.answer_tables(
  assessment_id text, pattern text, formats text[], readiness a2o.migration_readiness[], min_size_gb numeric, database text, page_size integer, cursor text,
  finding text default null
) returns a2o_mcp.table_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.table_page;
  choice record;
  page a2o.table_page;
begin
  answer.items := '{}';
  select * into choice from a2o.choose_assessment(answer_tables.assessment_id);
  answer.assessment_id := choice.chosen;
  answer.message := choice.message;
  if choice.chosen is null then
    return answer;
  end if;
  page := a2o.search_tables(assessment_id => choice.chosen, pattern => answer_tables.pattern, formats => answer_tables.formats,
    readiness => answer_tables.readiness, -- least() passes over a null.
    min_size_bytes => case when min_size_gb is not null then least(ceil(min_size_gb * 1073741824), 9223372036854775807) end::bigint,
    database => answer_tables.database,
    findings => case when finding is not null then array[finding] end, page_size => answer_tables.page_size, cursor => answer_tables.cursor, count_up_to => 10000, max_bytes => 16000);
  answer.total_count := page.total_count;
  answer.total_is_exact := page.total_is_exact;
  answer.next_cursor := page.next_cursor;
  answer.items := array(
    select row(i.database_name, i.table_name, i.table_format, i.migration_readiness, round(i.estimated_size_gb, 3), i.row_count, i.column_count,
      i.partition_keys, i.storage_location, i.last_updated, i.findings, i.notes)::a2o_mcp.found_table
    from unnest(page.items) with ordinality as i order by i.ordinality);
  if page.items = '{}' and cursor is null then
    if database is not null and not exists (select from a2o.databases d where d.assessment_id = choice.chosen and d.database_name = answer_tables.database) then
      answer.message := a2o.suggest_databases(choice.chosen, database);
    else
      answer.message := 'No table fits.'
        || case when pattern !~ '[%_]' then format(' The pattern has no %% in it, so it fits only a table of exactly this name; try %s.', quote_literal('%' || left(pattern, 100) || '%')) else '' end
        || case when min_size_gb > 0 then ' Tables whose size the catalog does not tell never fit min_size_gb; leave it out to see them.' else '' end
        || case when finding is not null and not exists (select from a2o.finding_rules r where r.code = finding)
          then format(' %s is no finding; get_findings names those there are.', quote_literal(left(finding, 60))) else '' end
        || case when formats is not null then ' get_tables_by_format says which formats there are.' else '' end
        || case when (select count(*) from a2o.database_coverage c where c.assessment_id = choice.chosen and c.status <> 'COMPLETE') > 0
          then ' Parts of the catalog could not be read: see get_coverage.' else '' end;
    end if;
  elsif page.next_cursor is not null then
    answer.message := 'There are more: call again with next_cursor as cursor and the other arguments unchanged.';
  end if;
  return answer;
end
$$;
comment on function a2o.answer_tables(text, text, text[], a2o.migration_readiness[], numeric, text, integer, text, text) is E'@behavior -*\nA page of tables as the MCP tools give it. Errors as search_tables.';
revoke all on function a2o.answer_tables(text, text, text[], a2o.migration_readiness[], numeric, text, integer, text, text) from public;
grant execute on function a2o.answer_tables(text, text, text[], a2o.migration_readiness[], numeric, text, integer, text, text) to a2o_reader;
--! EndIncluded functions/tools/answer_tables.sql
--! Included tools/search_tables.sql
-- The seed's tool, with the database that its own example asks for.
create or replace function a2o_mcp.search_tables(
  pattern text, format a2o_mcp.table_format default null, min_size_gb numeric default null, database text default null, assessment_id text default null,
  "limit" integer default 25, cursor text default null, finding text default null
) returns a2o_mcp.table_page
  language sql stable as $$
  select * from a2o.answer_tables(assessment_id, pattern, case when format is not null then array[format::text] end, null, min_size_gb, database, "limit", cursor, finding)
$$;
comment on function a2o_mcp.search_tables(text, a2o_mcp.table_format, numeric, text, text, integer, text, text) is
$$Finds tables by name, format, size, database and finding, largest first; all conditions in one call. For "Parquet tables larger than 100 GB in the analytics database": pattern %, format PARQUET, min_size_gb 100, database analytics. Not for counts (get_tables_by_format, get_database_summary), nor for the largest of all tables (get_largest_tables).

@param pattern SQL LIKE pattern for the whole table name, capitals and small letters alike: % stands for any characters, _ for one. % alone fits every table; 'events%' those that start with events
@param format Only tables of this format
@param min_size_gb Only tables of at least so many GB (2^30 bytes); tables of unknown size do not fit then [0..]
@param database Only tables of the database of exactly this name
@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out
@param limit Tables in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged
@param finding Only tables with this finding, by its code as get_findings tells it, e.g. nested_types$$;
revoke all on function a2o_mcp.search_tables(text, a2o_mcp.table_format, numeric, text, text, integer, text, text) from public;
grant execute on function a2o_mcp.search_tables(text, a2o_mcp.table_format, numeric, text, text, integer, text, text) to a2o_reader;
--! EndIncluded tools/search_tables.sql
--! Included tools/query_tables_by_readiness.sql
-- The seed's tool.
create or replace function a2o_mcp.query_tables_by_readiness(
  status a2o.migration_readiness, database text default null, assessment_id text default null, "limit" integer default 25, cursor text default null
) returns a2o_mcp.table_page
  language sql stable as $$
  select * from a2o.answer_tables(assessment_id, null, null, array[status], null, database, "limit", cursor)
$$;
comment on function a2o_mcp.query_tables_by_readiness(a2o.migration_readiness, text, text, integer, text) is
$$Tables with one verdict, largest first: READY (Iceberg on S3), NEEDS_CONVERSION (to be converted, rewritten or exported) or UNKNOWN (the catalog does not say enough). Use it to list what is to be done; notes say why. For counts alone use get_latest_assessment or get_database_summary.

@param status The verdict
@param database Only tables of the database of exactly this name
@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out
@param limit Tables in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.query_tables_by_readiness(a2o.migration_readiness, text, text, integer, text) from public;
grant execute on function a2o_mcp.query_tables_by_readiness(a2o.migration_readiness, text, text, integer, text) to a2o_reader;
--! EndIncluded tools/query_tables_by_readiness.sql
--! Included tools/get_largest_tables.sql
-- "What is the largest Parquet table?"
create or replace function a2o_mcp.get_largest_tables(
  format a2o_mcp.table_format default null, database text default null, assessment_id text default null, "limit" integer default 10, cursor text default null
) returns a2o_mcp.table_page
  language sql stable as $$
  select * from a2o.answer_tables(assessment_id, null, case when format is not null then array[format::text] end, null, 0, database, "limit", cursor)
$$;
comment on function a2o_mcp.get_largest_tables(a2o_mcp.table_format, text, text, integer, text) is
$$The largest tables whose size is known, largest first, of all formats and databases or of one. Use it for "what is the largest Parquet table?". total_count leaves out tables of unknown size. To find tables by name use search_tables.

@param format Only tables of this format
@param database Only tables of the database of exactly this name
@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out
@param limit Tables in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.get_largest_tables(a2o_mcp.table_format, text, text, integer, text) from public;
grant execute on function a2o_mcp.get_largest_tables(a2o_mcp.table_format, text, text, integer, text) to a2o_reader;
--! EndIncluded tools/get_largest_tables.sql
--! Included tools/get_database_summary.sql
-- The seed's tool.
create or replace function a2o_mcp.get_database_summary(database_name text, assessment_id text default null) returns a2o_mcp.database_summary
  language plpgsql stable as $$
declare
  answer a2o_mcp.database_summary;
  choice record;
begin
  select * into choice from a2o.choose_assessment(get_database_summary.assessment_id);
  answer.assessment_id := choice.chosen;
  answer.message := choice.message;
  if choice.chosen is null then
    return answer;
  end if;
  select d.assessment_id, d.database_name, left(d.description, 2000), d.table_count, d.iceberg_tables, d.migration_ready, d.needs_conversion, d.unknown, d.ready_percent,
    d.sized_tables, round(d.estimated_size_gb, 3), d.coverage, left(concat_ws(': ', d.failed_operation, d.error_code, d.error_message), 500),
    case when d.coverage <> 'COMPLETE' then 'This database could not be read in full, so the numbers are a lower bound.' end
  into answer
  from a2o.database_overview d where d.assessment_id = choice.chosen and d.database_name = get_database_summary.database_name;
  if not found then
    answer.assessment_id := choice.chosen;
    answer.message := a2o.suggest_databases(choice.chosen, database_name);
  end if;
  answer.coverage_error := nullif(answer.coverage_error, '');
  return answer;
end
$$;
comment on function a2o_mcp.get_database_summary(text, text) is
$$One database in numbers: tables, readiness, Iceberg tables, known size, and how far it could be read. Sizes are in GB of 2^30 bytes. For its tables use search_tables or query_tables_by_readiness with database. A wrong name gets the nearest names in message.

@param database_name Exact name of the database
@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out$$;
revoke all on function a2o_mcp.get_database_summary(text, text) from public;
grant execute on function a2o_mcp.get_database_summary(text, text) to a2o_reader;
--! EndIncluded tools/get_database_summary.sql
--! Included tools/get_tables_by_format.sql
-- The seed's tool.
create or replace function a2o_mcp.get_tables_by_format(assessment_id text default null) returns a2o_mcp.format_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.format_page;
  choice record;
begin
  select * into choice from a2o.choose_assessment(get_tables_by_format.assessment_id);
  answer.assessment_id := choice.chosen;
  answer.message := choice.message;
  -- A report may bring any number of formats of its own.
  select coalesce(array_agg(row(f.table_format, f.tables, round(100.0 * f.tables / nullif(f.all_tables, 0), 2), f.ready, f.needs, f.unknown, f.sized,
      round(a2o.bytes_to_gb(f.bytes), 3))::a2o_mcp.format_line order by f.tables desc, f.table_format) filter (where f.place <= 100), '{}'), count(*)
  into answer.items, answer.total_count
  from (
    select r.table_format, sum(r.table_count) as tables, sum(sum(r.table_count)) over () as all_tables,
      coalesce(sum(r.table_count) filter (where r.migration_readiness = 'READY'), 0) as ready,
      coalesce(sum(r.table_count) filter (where r.migration_readiness = 'NEEDS_CONVERSION'), 0) as needs,
      coalesce(sum(r.table_count) filter (where r.migration_readiness = 'UNKNOWN'), 0) as unknown, sum(r.sized_tables) as sized,
      -- Not least(): it passes over a null, and unknown sizes would become the largest one.
      case when sum(r.size_bytes) > 9223372036854775807 then 9223372036854775807 else sum(r.size_bytes) end::bigint as bytes, row_number() over (order by sum(r.table_count) desc, r.table_format) as place
    from a2o.format_rollups r where r.assessment_id = choice.chosen group by r.table_format) as f;
  if answer.total_count = 0 and choice.chosen is not null then
    answer.message := 'No table was read. get_coverage says what could not be read, and why.';
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.get_tables_by_format(text) is
$$Tables counted by format, most tables first, with readiness and known size of each. Use it for questions about the mix of formats. For the tables themselves use search_tables with format. Sizes are in GB of 2^30 bytes and cover tables_with_known_size only.

@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out$$;
revoke all on function a2o_mcp.get_tables_by_format(text) from public;
grant execute on function a2o_mcp.get_tables_by_format(text) to a2o_reader;
--! EndIncluded tools/get_tables_by_format.sql
--! Included tools/compare_assessments.sql
-- The seed's tool.
create or replace function a2o_mcp.compare_assessments(
  assessment_id_1 text, assessment_id_2 text, change a2o.change_kind default null, database text default null, across_catalogs boolean default false,
  "limit" integer default 20, cursor text default null
) returns a2o_mcp.comparison
  language plpgsql stable as $$
declare
  answer a2o_mcp.comparison;
  summary a2o.assessment_comparison;
  page a2o.change_page;
  ids uuid[];
begin
  answer.items := '{}';
  select array_agg(c.chosen order by v.place), (array_agg(c.message order by v.place) filter (where c.chosen is null))[1] into ids, answer.message
  from (values (1, assessment_id_1), (2, assessment_id_2)) as v(place, reference), a2o.choose_assessment(v.reference) as c;
  if answer.message is not null then
    return answer;
  end if;
  summary := a2o.compare_assessments(ids[1], ids[2], across_catalogs);
  page := a2o.list_changes(ids[1], ids[2], case when change is not null then array[change] end, database, "limit", cursor, across_catalogs, 14000);
  answer.assessment_id_1 := summary.from_assessment;
  answer.assessment_id_2 := summary.to_assessment;
  answer.timestamp_1 := summary.from_timestamp;
  answer.timestamp_2 := summary.to_timestamp;
  answer.is_same_catalog := summary.is_same_catalog;
  answer.tables_added := summary.tables_added;
  answer.tables_removed := summary.tables_removed;
  answer.tables_changed := summary.tables_changed;
  answer.total_tables_1 := summary.tables_before;
  answer.total_tables_2 := summary.tables_after;
  answer.migration_ready_1 := summary.ready_before;
  answer.migration_ready_2 := summary.ready_after;
  answer.needs_conversion_1 := summary.needs_conversion_before;
  answer.needs_conversion_2 := summary.needs_conversion_after;
  answer.total_size_gb_1 := round(a2o.bytes_to_gb(summary.size_bytes_before), 3);
  answer.total_size_gb_2 := round(a2o.bytes_to_gb(summary.size_bytes_after), 3);
  answer.unread_databases := summary.unread_databases[:20];
  answer.unread_database_count := summary.unread_database_count;
  if database is null then
    answer.total_count := case change when 'ADDED' then summary.tables_added when 'REMOVED' then summary.tables_removed when 'CHANGED' then summary.tables_changed
      else summary.tables_added + summary.tables_removed + summary.tables_changed end;
  end if;
  answer.items := array(
    select row(i.database_name, i.table_name, i.change,
      array(select row(a.attribute, left(a.before, 300), left(a.after, 300))::a2o_mcp.attribute_change from unnest(i.attributes[:20]) as a),
      -- A wide table may have thousands.
      array(select row(c.column_name, c.change, left(c.type_before, 100), left(c.type_after, 100))::a2o_mcp.column_change from unnest(i.column_changes[:30]) as c))::a2o_mcp.table_change
    from unnest(page.items) with ordinality as i order by i.ordinality);
  answer.next_cursor := page.next_cursor;
  answer.message := nullif(concat_ws(' ',
    case when not summary.is_same_catalog then 'These are different accounts or regions: added and removed mean present on one side only.' end,
    case when summary.from_timestamp > summary.to_timestamp then 'assessment_id_1 is the later one: swap them to read the changes forward in time.' end,
    case when summary.unread_database_count > 0 then 'Some databases could not be read on one side; their missing tables count neither as added nor as removed.' end,
    case when database is not null and page.items = '{}' and cursor is null then 'Nothing changed in a database of this name.' end,
    case when page.next_cursor is not null then 'There are more changes: call again with next_cursor as cursor.' end), '');
  return answer;
end
$$;
comment on function a2o_mcp.compare_assessments(text, text, a2o.change_kind, text, boolean, integer, text) is
$$What changed from one assessment to another: how many tables were added, removed and changed, totals on both sides, and the changed tables by database and name, each with attributes and columns before and after. For "what changed since last time" compare previous with latest; list_assessments has the ids of others. Give the earlier one first. For how a catalog developed over many assessments use get_trends. Databases that one side could not read are named and do not count.

@param assessment_id_1 The earlier assessment: an id, previous or latest~2
@param assessment_id_2 The later assessment: an id, or latest
@param change Only these changes in items
@param database Only changes in the database of exactly this name in items
@param across_catalogs true to compare different accounts or regions, which is refused otherwise
@param limit Changes in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.compare_assessments(text, text, a2o.change_kind, text, boolean, integer, text) from public;
grant execute on function a2o_mcp.compare_assessments(text, text, a2o.change_kind, text, boolean, integer, text) to a2o_reader;
--! EndIncluded tools/compare_assessments.sql
--! Included tools/list_assessments.sql
-- Ids for the other tools.
create or replace function a2o_mcp.list_assessments(account_id text default null, region text default null, "limit" integer default 20, cursor text default null)
  returns a2o_mcp.assessment_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.assessment_page;
  after_key text[] := a2o.read_tool_cursor(cursor, 'assessments' || coalesce(account_id, '') || ' ' || coalesce(region, ''), 2);
begin
  select coalesce(array_agg(row(a.id, a.timestamp, a.aws_account_id, a.region, a.is_newest, a.is_simulated, a.total_databases, a.total_tables, a.migration_ready,
      a.needs_conversion, a.unknown, round(a.total_estimated_size_gb, 2), a.completeness_percent)::a2o_mcp.assessment_line order by a.timestamp desc, a.id), '{}')
  into answer.items
  from (
    select o.* from a2o.assessment_overview o
    where (account_id is null or o.aws_account_id = account_id) and (list_assessments.region is null or o.region = list_assessments.region)
      and (after_key is null or o.timestamp < after_key[1]::timestamptz or o.timestamp = after_key[1]::timestamptz and o.id > after_key[2]::uuid)
    order by o.timestamp desc, o.id limit list_assessments."limit" + 1) as a;
  select count(*) into answer.total_count from a2o.assessments o
  where (account_id is null or o.aws_account_id = account_id) and (list_assessments.region is null or o.region = list_assessments.region);
  if cardinality(answer.items) > "limit" then
    answer.items := answer.items[:"limit"];
    answer.next_cursor := a2o.write_tool_cursor('assessments' || coalesce(account_id, '') || ' ' || coalesce(region, ''),
      answer.items["limit"]."timestamp"::text, answer.items["limit"].assessment_id::text);
  elsif answer.total_count = 0 then
    answer.message := coalesce('No assessment fits. There are assessments of: ' || (
      select string_agg(format('%s in %s', n.aws_account_id, n.region), ', ') from (select * from a2o.newest_assessments n order by n.aws_account_id, n.region limit 20) as n) || '.',
      'Nothing has been assessed that you may read. Run `aws2openstack assess glue-catalog`, or ask for access to an account.');
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.list_assessments(text, text, integer, text) is
$$Stored assessments, newest first, with their ids and counts. Use it to find the assessment_id of an earlier state, or to see which accounts and regions were assessed. For the newest of one account and region use get_latest_assessment.

@param account_id Only this AWS account, twelve digits
@param region Only this AWS region, e.g. us-east-1
@param limit Assessments in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.list_assessments(text, text, integer, text) from public;
grant execute on function a2o_mcp.list_assessments(text, text, integer, text) to a2o_reader;
--! EndIncluded tools/list_assessments.sql
--! Included tools/get_trends.sql
-- How a catalog developed.
create or replace function a2o_mcp.get_trends(account_id text default null, region text default null, "limit" integer default 20, cursor text default null)
  returns a2o_mcp.trend_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.trend_page;
  catalogs record;
  after_key text[];
begin
  answer.items := '{}';
  select count(*) as count, min(n.aws_account_id) as account, min(n.region) as region,
    string_agg(format('%s in %s', n.aws_account_id, n.region), ', ') filter (where n.place <= 20) as choices
  into catalogs
  from (
    select a.aws_account_id, a.region, row_number() over (order by a.aws_account_id, a.region) as place from a2o.newest_assessments a
    where (account_id is null or a.aws_account_id = account_id) and (get_trends.region is null or a.region = get_trends.region)) as n;
  if catalogs.count = 0 then
    answer.message := coalesce('No assessment fits. There are assessments of: ' || (
      select string_agg(format('%s in %s', n.aws_account_id, n.region), ', ') from (select * from a2o.newest_assessments n order by n.aws_account_id, n.region limit 20) as n) || '.',
      'Nothing has been assessed that you may read.');
    return answer;
  elsif catalogs.count > 1 then
    answer.message := format('There are %s accounts and regions; say which one with account_id and region: %s.', catalogs.count, catalogs.choices);
    return answer;
  end if;
  answer.aws_account_id := catalogs.account;
  answer.region := catalogs.region;
  after_key := a2o.read_tool_cursor(cursor, 'trends' || catalogs.account || ' ' || catalogs.region, 2);
  select coalesce(array_agg(row(t.assessment_id, t.timestamp, t.total_tables, t.migration_ready, t.needs_conversion, t.unknown, t.ready_percent,
      round(t.total_estimated_size_gb, 2), t.completeness_percent, t.tables_added, t.tables_removed, t.tables_changed,
      array(
        select row(o.table_format, o.table_count)::a2o_mcp.format_count from a2o.format_overview o where o.assessment_id = t.assessment_id
        order by o.table_count desc, o.table_format limit 8)
      )::a2o_mcp.trend_point order by t.timestamp desc, t.assessment_id), '{}')
  into answer.items
  from (
    select o.* from a2o.assessment_trend o
    where o.aws_account_id = catalogs.account and o.region = catalogs.region
      and (after_key is null or o.timestamp < after_key[1]::timestamptz or o.timestamp = after_key[1]::timestamptz and o.assessment_id > after_key[2]::uuid)
    order by o.timestamp desc, o.assessment_id limit get_trends."limit" + 1) as t;
  select count(*) into answer.total_count from a2o.assessments a where a.aws_account_id = catalogs.account and a.region = catalogs.region;
  if cardinality(answer.items) > "limit" then
    answer.items := answer.items[:"limit"];
    answer.next_cursor := a2o.write_tool_cursor('trends' || catalogs.account || ' ' || catalogs.region,
      answer.items["limit"]."timestamp"::text, answer.items["limit"].assessment_id::text);
  elsif answer.total_count = 1 then
    answer.message := 'There is one assessment so far; a trend needs a second one.';
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.get_trends(text, text, integer, text) is
$$How a catalog developed: readiness, size, mix of formats (the eight with most tables) and churn, one point for each assessment, newest first. Added, removed and changed are against the assessment before. Use compare_assessments for which tables changed.

@param account_id AWS account, twelve digits; may be left out when there is one
@param region AWS region, e.g. us-east-1; may be left out when there is one
@param limit Points in one answer [1..50]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.get_trends(text, text, integer, text) from public;
grant execute on function a2o_mcp.get_trends(text, text, integer, text) to a2o_reader;
--! EndIncluded tools/get_trends.sql
--! Included tools/get_coverage.sql
-- What the numbers do not cover.
create or replace function a2o_mcp.get_coverage(assessment_id text default null, "limit" integer default 25, cursor text default null) returns a2o_mcp.coverage_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.coverage_page;
  choice record;
  after_key text[];
begin
  answer.items := '{}';
  select * into choice from a2o.choose_assessment(get_coverage.assessment_id);
  answer.assessment_id := choice.chosen;
  answer.message := choice.message;
  if choice.chosen is null then
    return answer;
  end if;
  after_key := a2o.read_tool_cursor(cursor, 'coverage' || choice.chosen, 1);
  select a.total_databases, a.databases_complete, a.completeness_percent
  into answer.total_databases, answer.databases_read_in_full, answer.completeness_percent
  from a2o.assessments a where a.id = choice.chosen;
  select coalesce(array_agg(row(c.database_name, c.status, c.tables_read, c.operation, c.error_code, left(c.error_message, 200))::a2o_mcp.coverage_line
    order by c.database_name), '{}')
  into answer.items
  from (
    select v.* from a2o.database_coverage v
    where v.assessment_id = choice.chosen and v.status <> 'COMPLETE' and (after_key is null or v.database_name > after_key[1])
    order by v.database_name limit get_coverage."limit" + 1) as c;
  select count(*) into answer.total_count from a2o.database_coverage v where v.assessment_id = choice.chosen and v.status <> 'COMPLETE';
  if cardinality(answer.items) > "limit" then
    answer.items := answer.items[:"limit"];
    answer.next_cursor := a2o.write_tool_cursor('coverage' || choice.chosen, answer.items["limit"].database_name);
  elsif answer.total_count = 0 then
    answer.message := 'Every database was read in full.';
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.get_coverage(text, integer, text) is
$$How much of the catalog could be read, and each database that could not be read in full, with AWS's error. Use it before calling a total complete, or when a database seems to have too few tables.

@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out
@param limit Databases in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.get_coverage(text, integer, text) from public;
grant execute on function a2o_mcp.get_coverage(text, integer, text) to a2o_reader;
--! EndIncluded tools/get_coverage.sql
--! Included tools/list_migration_jobs.sql
-- Migrations as AWS tells them.
create or replace function a2o_mcp.list_migration_jobs(
  status a2o.job_status default null, account_id text default null, region text default null, "limit" integer default 20, cursor text default null
) returns a2o_mcp.job_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.job_page;
  question text := 'jobs' || concat_ws(' ', coalesce(status::text, '-'), coalesce(account_id, '-'), coalesce(region, '-'));
  after_key text[] := a2o.read_tool_cursor(cursor, question, 2);
begin
  select coalesce(array_agg(row(j.id, j.job_type, j.status, j.aws_status, j.aws_job_id, j.aws_account_id, j.region, t.database_name, t.table_name, j.started_at,
      j.completed_at, round(extract(epoch from j.completed_at - j.started_at) / 60, 1), j.rows_copied, round(a2o.bytes_to_gb(j.bytes_copied), 3),
      left(j.error_message, 200), j.is_simulated)::a2o_mcp.job_line order by j.sorted_at desc, j.id), '{}')
  into answer.items
  from (
    select m.*, coalesce(m.started_at, m.created_at) as sorted_at from a2o.migration_jobs m
    where (list_migration_jobs.status is null or m.status = list_migration_jobs.status) and (account_id is null or m.aws_account_id = account_id)
      and (list_migration_jobs.region is null or m.region = list_migration_jobs.region)
      and (after_key is null or coalesce(m.started_at, m.created_at) < after_key[1]::timestamptz
        or coalesce(m.started_at, m.created_at) = after_key[1]::timestamptz and m.id > after_key[2]::uuid)
    order by coalesce(m.started_at, m.created_at) desc, m.id limit list_migration_jobs."limit" + 1) as j
  left join lateral (
    select x.database_name, x.table_name from a2o.newest_assessments n join a2o.tables x on x.assessment_id = n.id and x.id = j.table_id
    where n.aws_account_id = j.aws_account_id and n.region = j.region limit 1) as t on j.table_id is not null;
  select count(*) into answer.total_count from a2o.migration_jobs m
  where (list_migration_jobs.status is null or m.status = list_migration_jobs.status) and (account_id is null or m.aws_account_id = account_id)
    and (list_migration_jobs.region is null or m.region = list_migration_jobs.region);
  if cardinality(answer.items) > "limit" then
    answer.items := answer.items[:"limit"];
    answer.next_cursor := a2o.write_tool_cursor(question,
      (select coalesce(m.started_at, m.created_at)::text from a2o.migration_jobs m where m.id = answer.items["limit"].job_id), answer.items["limit"].job_id::text);
  elsif answer.total_count = 0 then
    answer.message := case when exists (select from a2o.migration_jobs) then 'No job fits; leave out status, account_id or region.'
      else 'No migration job is known. Jobs appear once DMS, DataSync or Glue are watched.' end;
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.list_migration_jobs(a2o.job_status, text, text, integer, text) is
$$Migration jobs of DMS, DataSync and Glue, latest first, with state, duration, what was copied, AWS's error, and the table a job moves when it is known. Use it for what is running or why something failed. It does not start, stop or change jobs.

@param status Only jobs in this state
@param account_id Only this AWS account, twelve digits
@param region Only this AWS region, e.g. us-east-1
@param limit Jobs in one answer [1..50]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.list_migration_jobs(a2o.job_status, text, text, integer, text) from public;
grant execute on function a2o_mcp.list_migration_jobs(a2o.job_status, text, text, integer, text) to a2o_reader;
--! EndIncluded tools/list_migration_jobs.sql

--! split: 330-housekeeping.sql
--! Included functions/housekeeping/prune_assessments.sql
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
--! EndIncluded functions/housekeeping/prune_assessments.sql
--! Included functions/housekeeping/refresh_statistics.sql
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
--! EndIncluded functions/housekeeping/refresh_statistics.sql
--! Included functions/housekeeping/apply_retention.sql
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
      when 'migration_progress', 'migration_metrics', 'progress_5_minutes', 'progress_hours', 'metrics_5_minutes', 'metrics_hours' then
        removed := a2o_private.drop_history(rule.what, a2o_private.kept_since(rule.what));
      when 'alerts' then
        delete from a2o.alerts a where a.resolved_at < now() - rule.keep_for;
        get diagnostics removed = row_count;
      when 'alert_deliveries' then
        delete from a2o.alert_deliveries d where d.ended_at < now() - rule.keep_for;
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
--! EndIncluded functions/housekeeping/apply_retention.sql

--! split: 340-live.sql
--! Included functions/live/announce.sql
-- Any login of the database can listen, so the payload tells nothing: not even the account, only a random name for it. Whoever
-- wants to know more asks under their own rights. For triggers and definer functions, which run as the owner.
create or replace function a2o_private.announce(kind text, aws_account_id text, id uuid) returns void
  language sql volatile set search_path = pg_catalog, pg_temp as $$
  select pg_notify('a2o', json_build_object('kind', upper(announce.kind)::a2o.event_kind, 'account', a.announced_as, 'id', announce.id, 'at', now())::text)
  from a2o.accounts a
  where a.aws_account_id = announce.aws_account_id
$$;
comment on function a2o_private.announce(text, text, uuid) is 'Notifies channel a2o, when the transaction commits, that something of an account came, changed or went (kind: see event_kind). A null id: so many of the kind that they are not named.';
revoke all on function a2o_private.announce(text, text, uuid) from public;

-- For statement-level triggers whose transition table is called changed and has id and aws_account_id. Definer, so that whoever
-- changes a row announces it.
create or replace function a2o_private.announce_changed() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform a2o_private.announce(tg_argv[0], c.aws_account_id, case when c.siblings <= 100 then c.id end)
  from (select distinct x.aws_account_id, x.id, count(*) over (partition by x.aws_account_id) as siblings from changed x) as c;
  return null;
end
$$;
comment on function a2o_private.announce_changed() is 'Announces the changed rows as events of the kind in the trigger''s argument; more than 100 of an account at once are not named.';
revoke all on function a2o_private.announce_changed() from public;

create or replace function a2o_private.watchers(announced uuid[], members text[])
  returns table (announced_as uuid, aws_account_id text, watching text[])
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select a.announced_as, a.aws_account_id::text, array_agg(distinct g.member)
  from a2o.accounts a
  join a2o.account_access g on g.aws_account_id in ('*', a.aws_account_id)
  where a.announced_as = any (announced) and g.member = any (members)
  group by a.announced_as, a.aws_account_id
$$;
comment on function a2o_private.watchers(uuid[], text[]) is 'Which of these members may read the announced accounts now; accounts that none of them may read are left out. For the web server, which tells each member only of their own accounts.';
revoke all on function a2o_private.watchers(uuid[], text[]) from public;
grant usage on schema a2o_private to a2o_authenticator;
grant execute on function a2o_private.watchers(uuid[], text[]) to a2o_authenticator;
--! EndIncluded functions/live/announce.sql
--! Included triggers/announce_assessments.sql
-- Assessments are stored whole, so their coming is told once, at the commit.
drop trigger if exists announce_inserted on a2o.assessments;
create trigger announce_inserted after insert on a2o.assessments
  referencing new table as changed for each statement execute function a2o_private.announce_changed('ASSESSMENT');

drop trigger if exists announce_updated on a2o.assessments;
create trigger announce_updated after update on a2o.assessments
  referencing new table as changed for each statement execute function a2o_private.announce_changed('ASSESSMENT');

drop trigger if exists announce_deleted on a2o.assessments;
create trigger announce_deleted after delete on a2o.assessments
  referencing old table as changed for each statement execute function a2o_private.announce_changed('ASSESSMENT');
--! EndIncluded triggers/announce_assessments.sql

--! split: 345-monitors.sql
--! Included functions/samples/history_partitions.sql
-- Every month has a partition of each table of samples and roll-ups. There is no default partition: one that holds rows would
-- have to be searched whenever a month is added. A partition is made beside its table and attached, which lets readers and
-- writers of the table go on.
create or replace function a2o_private.history_tables() returns text[]
  language sql immutable parallel safe
  return array['migration_progress', 'progress_5_minutes', 'progress_hours', 'migration_metrics', 'metrics_5_minutes', 'metrics_hours'];
comment on function a2o_private.history_tables() is 'Tables with a partition for each month.';
revoke all on function a2o_private.history_tables() from public;

-- Definer, so that partitions have the owner that their table has.
create or replace function a2o_private.make_history_partitions(moments timestamptz[]) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  month timestamp;
  parent text;
  partition text;
  made integer := 0;
begin
  for month in
    select distinct date_trunc('month', m at time zone 'UTC') from unnest(moments) as m
    where m is not null and exists (
      select from unnest(a2o_private.history_tables()) as t where to_regclass('a2o.' || t || '_' || to_char(m at time zone 'UTC', 'YYYYMM')) is null)
    order by 1
  loop
    -- One at a time; and unlike an advisory lock this one shows what the one before made.
    lock table a2o.migration_progress in share update exclusive mode;
    foreach parent in array a2o_private.history_tables() loop
      partition := parent || '_' || to_char(month, 'YYYYMM');
      continue when to_regclass('a2o.' || partition) is not null;
      execute format('create table a2o.%I (like a2o.%I including all)', partition, parent);
      execute format('comment on table a2o.%I is %L', partition, E'@behavior -*\nThose of one month of ' || parent || '.');
      execute format('alter table a2o.%I enable row level security', partition);
      execute format('alter table a2o.%I attach partition a2o.%I for values from (%L) to (%L)', parent, partition,
        month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
      made := made + 1;
    end loop;
  end loop;
  return made;
end
$$;
comment on function a2o_private.make_history_partitions(timestamptz[]) is 'Makes the partitions of the months of these moments, where they are missing; returns how many. To be called before a transaction changes a job: attaching waits for those that do.';
revoke all on function a2o_private.make_history_partitions(timestamptz[]) from public;

create or replace function a2o.make_history_partitions() returns integer
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  begin atomic
  select a2o_private.make_history_partitions(array[now(), now() + interval '1 month', now() + interval '2 months']);
  end;
comment on function a2o.make_history_partitions() is E'@behavior -*\nMakes the partitions of this month and the next two; returns how many were missing. The worker calls it every night; a sample of another month has its own made when it is recorded.';
revoke all on function a2o.make_history_partitions() from public;
grant execute on function a2o.make_history_partitions() to a2o_worker;

create or replace function a2o_private.months_of_poll(poll jsonb) returns timestamptz[]
  language sql stable set search_path = pg_catalog, pg_temp
  begin atomic
  select array(
    select distinct date_trunc('month', told.sampled_at at time zone 'UTC') at time zone 'UTC'
    from (
      select (j ->> 'observed_at')::timestamptz from jsonb_array_elements(coalesce(poll -> 'jobs', '[]')) as j
      union all
      select (p ->> 0)::timestamptz from jsonb_array_elements(coalesce(poll -> 'metrics', '[]')) as e cross join lateral jsonb_array_elements(e -> 'points') as p) as told(sampled_at)
    where told.sampled_at is not null);
  end;
comment on function a2o_private.months_of_poll(jsonb) is 'Beginnings of the months in which a poll has samples.';
revoke all on function a2o_private.months_of_poll(jsonb) from public;

-- Dropping waits for whoever reads the table, and all others would wait behind it. Tomorrow is soon enough.
create or replace function a2o_private.drop_history(parent text, before timestamptz) returns bigint
  language plpgsql volatile set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  sampled a2o_private.sample_kind := case parent when 'migration_progress' then 'PROGRESS' when 'migration_metrics' then 'METRICS' end;
  partition text;
  begins timestamptz;
  ends timestamptz;
  removed bigint := 0;
  rows_of_it bigint;
begin
  for partition in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = ('a2o.' || quote_ident(parent))::regclass order by c.relname
  loop
    begins := to_date(right(partition, 6), 'YYYYMM')::timestamp at time zone 'UTC';
    ends := (to_date(right(partition, 6), 'YYYYMM') + interval '1 month') at time zone 'UTC';
    continue when ends > before
      -- What is not rolled up yet would be lost.
      or exists (select from a2o_private.stale_hours s where s.kind = sampled and s.hour_at >= begins and s.hour_at < ends);
    begin
      execute format('select count(*) from a2o.%I', partition) into rows_of_it;
      execute format('drop table a2o.%I', partition);
      removed := removed + rows_of_it;
    exception when lock_not_available then
      null;
    end;
  end loop;
  return removed;
end
$$;
comment on function a2o_private.drop_history(text, timestamptz) is 'Drops the partitions of a table whose month ended before a moment; returns how many rows were in them.';
revoke all on function a2o_private.drop_history(text, timestamptz) from public;

create or replace function a2o_private.kept_since(what text) returns timestamptz
  language sql stable
  return coalesce((select now() - r.keep_for from a2o.retention r where r.what = kept_since.what), '-infinity');
comment on function a2o_private.kept_since(text) is 'Since when everything is kept of a table.';
revoke all on function a2o_private.kept_since(text) from public;
grant execute on function a2o_private.kept_since(text) to a2o_reader;

create or replace function a2o_private.finest_kept(kind text, since timestamptz) returns integer
  language sql stable
  return case when since >= a2o_private.kept_since('migration_' || kind) then 1 when since >= a2o_private.kept_since(kind || '_5_minutes') then 300 else 3600 end;
comment on function a2o_private.finest_kept(text, timestamptz) is 'Seconds between the steps that are kept of progress or metrics since a moment; 1 when the samples themselves are.';
revoke all on function a2o_private.finest_kept(text, timestamptz) from public;
grant execute on function a2o_private.finest_kept(text, timestamptz) to a2o_reader;
--! EndIncluded functions/samples/history_partitions.sql
--! Included functions/samples/roll_up_history.sql
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
--! EndIncluded functions/samples/roll_up_history.sql
--! Included functions/monitors/metrics_price_usd.sql
-- USD 0.01 for 1,000 metrics asked for by GetMetricData, which is in no free tier: https://aws.amazon.com/cloudwatch/pricing/
create or replace function a2o.metrics_price_usd(metrics bigint) returns numeric
  language sql immutable parallel safe
  return round(metrics * 0.00001, 2);
comment on function a2o.metrics_price_usd(bigint) is E'@behavior -*\nList price of so many metrics asked of CloudWatch by GetMetricData, in US dollars (us-east-1; other regions may differ).';
revoke all on function a2o.metrics_price_usd(bigint) from public;
grant execute on function a2o.metrics_price_usd(bigint) to a2o_reader, a2o_worker;
--! EndIncluded functions/monitors/metrics_price_usd.sql
--! Included functions/monitors/add_monitor.sql
-- Definer, because an operator may add an account nobody has seen yet, and writes no table directly. Only the names of
-- credentials are taken. An operator cannot name an endpoint: the worker would send requests wherever a row says.
create or replace function a2o.add_monitor(
  account_id text, region text, services a2o.aws_service[] default array['DMS', 'DATASYNC', 'GLUE']::a2o.aws_service[], monitor_name text default null,
  credentials_kind a2o.credentials_kind default 'DEFAULT', profile_name text default null, role_arn text default null, external_id text default null,
  name_patterns text[] default null, poll_seconds integer default 30, idle_poll_seconds integer default 300, metrics_seconds integer default 60
) returns a2o.monitors
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if credentials_kind = 'STAND_IN' then
    raise exception 'a stand-in for AWS is added by the owner of the database alone' using errcode = 'A2O33', hint = 'Call add_stand_in_monitor() as a2o_owner.';
  end if;
  return a2o_private.add_monitor(account_id, region, services, monitor_name, credentials_kind, profile_name, role_arn, external_id, null, name_patterns,
    poll_seconds, idle_poll_seconds, metrics_seconds);
end
$$;
comment on function a2o.add_monitor(text, text, a2o.aws_service[], text, a2o.credentials_kind, text, text, text, text[], integer, integer, integer) is
  'Watches the migrations of an account and region. Names where the worker finds credentials (default chain, profile, role with external id); takes none itself. Errors: A2O05 not an account id, A2O31 not your account, A2O32 there is one already, A2O33 the settings do not fit.';
revoke all on function a2o.add_monitor(text, text, a2o.aws_service[], text, a2o.credentials_kind, text, text, text, text[], integer, integer, integer) from public;
grant execute on function a2o.add_monitor(text, text, a2o.aws_service[], text, a2o.credentials_kind, text, text, text, text[], integer, integer, integer) to a2o_operator;

create or replace function a2o.add_stand_in_monitor(
  account_id text, region text, endpoint text, services a2o.aws_service[] default array['DMS', 'DATASYNC', 'GLUE']::a2o.aws_service[],
  monitor_name text default null, poll_seconds integer default 30, idle_poll_seconds integer default 300, metrics_seconds integer default 60
) returns a2o.monitors
  language plpgsql volatile as $$
begin
  return a2o_private.add_monitor(account_id, region, services, monitor_name, 'STAND_IN', null, null, null, endpoint, null, poll_seconds, idle_poll_seconds,
    metrics_seconds);
end
$$;
comment on function a2o.add_stand_in_monitor(text, text, text, a2o.aws_service[], text, integer, integer, integer) is
  E'@behavior -*\nWatches the migrations that a stand-in for AWS tells, such as the simulator; only AWS''s published example keys are ever sent there. The owner''s alone. When there is a monitor of that name, it is pointed at the new endpoint.';
revoke all on function a2o.add_stand_in_monitor(text, text, text, a2o.aws_service[], text, integer, integer, integer) from public;

create or replace function a2o_private.add_monitor(
  account_id text, region text, services a2o.aws_service[], monitor_name text, credentials_kind a2o.credentials_kind, profile_name text, role_arn text,
  external_id text, endpoint text, name_patterns text[], poll_seconds integer, idle_poll_seconds integer, metrics_seconds integer
) returns a2o.monitors
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  added a2o.monitors;
begin
  if account_id = '*' then
    raise exception 'a monitor watches one account' using errcode = 'A2O05', hint = 'Give its twelve digits.';
  end if;
  perform a2o_private.check_account_id(account_id);
  -- Asked of the grants, not of the accounts one sees: this may be the first anybody hears of the account.
  if not a2o_private.may_read_account(account_id)
    and not exists (select from a2o.account_access g where g.member = a2o_private.current_member() and g.aws_account_id in ('*', add_monitor.account_id)) then
    raise exception 'account % is not yours to watch', account_id using errcode = 'A2O31', hint = 'Whoever owns the database grants it: aws2openstack access grant MEMBER ACCOUNT.';
  end if;
  insert into a2o.accounts (aws_account_id) values (account_id) on conflict do nothing;
  insert into a2o.monitors as m (aws_account_id, region, monitor_name, services, name_patterns, credentials_kind, profile_name, role_arn, external_id, endpoint,
    poll_seconds, idle_poll_seconds, metrics_seconds, is_simulated, created_by, next_poll_at)
  values (account_id, add_monitor.region, coalesce(add_monitor.monitor_name, add_monitor.region),
    array(select distinct s from unnest(add_monitor.services) as s order by s), add_monitor.name_patterns, add_monitor.credentials_kind, add_monitor.profile_name,
    add_monitor.role_arn, add_monitor.external_id, add_monitor.endpoint, add_monitor.poll_seconds, add_monitor.idle_poll_seconds, add_monitor.metrics_seconds,
    add_monitor.credentials_kind = 'STAND_IN', coalesce(a2o_private.current_member(), session_user), now())
  on conflict on constraint monitors_aws_account_id_region_monitor_name_key do update set endpoint = excluded.endpoint, services = excluded.services,
    poll_seconds = excluded.poll_seconds, idle_poll_seconds = excluded.idle_poll_seconds, metrics_seconds = excluded.metrics_seconds, next_poll_at = now(), is_paused = false
    where m.credentials_kind = 'STAND_IN' and excluded.credentials_kind = 'STAND_IN'
  returning * into added;
  if added.id is null then
    raise exception 'there is a monitor % of account % in % already', coalesce(monitor_name, region), account_id, region
      using errcode = 'A2O32', hint = 'Give another monitor_name, or remove that one.';
  end if;
  delete from a2o.monitor_services s where s.monitor_id = added.id and not s.service = any (added.services) and s.service <> 'CLOUDWATCH';
  insert into a2o.monitor_services (monitor_id, service, aws_account_id)
  select added.id, s, added.aws_account_id from unnest(added.services || case when added.metrics_seconds is not null then 'CLOUDWATCH'::a2o.aws_service end) as s
  where s is not null on conflict do nothing;
  return added;
exception
  when check_violation or not_null_violation or string_data_right_truncation then
    raise exception 'these settings do not fit together or are out of range: %', sqlerrm using errcode = 'A2O33',
      hint = 'A region such as eu-central-1; DEFAULT without a profile, PROFILE with one, ROLE with a role of the watched account; poll_seconds from 1 to 3600.';
end
$$;
comment on function a2o_private.add_monitor(text, text, a2o.aws_service[], text, a2o.credentials_kind, text, text, text, text, text[], integer, integer, integer) is 'Stores a monitor, with the checks of add_monitor.';
revoke all on function a2o_private.add_monitor(text, text, a2o.aws_service[], text, a2o.credentials_kind, text, text, text, text, text[], integer, integer, integer) from public;
--! EndIncluded functions/monitors/add_monitor.sql
--! Included functions/monitors/change_monitor.sql
-- Definers, because operators change nothing else of a monitor: its settings and what polls found are not theirs to write.
create or replace function a2o_private.operated_monitor(monitor_id uuid) returns a2o.monitors
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  found_one a2o.monitors;
begin
  select * into found_one from a2o.monitors m where m.id = operated_monitor.monitor_id for update;
  if not coalesce(a2o_private.may_read_account(coalesce(found_one.aws_account_id, '')), false) or found_one.id is null then
    raise exception 'there is no monitor % of yours', coalesce(monitor_id::text, 'null') using errcode = 'A2O30', hint = 'The view monitor_overview lists them.';
  end if;
  return found_one;
end
$$;
comment on function a2o_private.operated_monitor(uuid) is 'The monitor, locked, if the caller may read its account. Error: A2O30 there is none, or it belongs to another account.';
revoke all on function a2o_private.operated_monitor(uuid) from public;

create or replace function a2o.pause_monitor(monitor_id uuid) returns a2o.monitors
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors := a2o_private.operated_monitor(monitor_id);
begin
  update a2o.monitors m set is_paused = true where m.id = monitor.id returning * into monitor;
  return monitor;
end
$$;
comment on function a2o.pause_monitor(uuid) is 'Stops polling until resume_monitor; a poll under way still ends. Error: A2O30 no such monitor.';
revoke all on function a2o.pause_monitor(uuid) from public;
grant execute on function a2o.pause_monitor(uuid) to a2o_operator;

create or replace function a2o.resume_monitor(monitor_id uuid) returns a2o.monitors
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors := a2o_private.operated_monitor(monitor_id);
begin
  update a2o.monitors m set is_paused = false, next_poll_at = now() where m.id = monitor.id and m.is_paused returning * into monitor;
  if not found then
    select * into monitor from a2o.monitors m where m.id = monitor_id;
  end if;
  return monitor;
end
$$;
comment on function a2o.resume_monitor(uuid) is 'Polls again after pause_monitor. Error: A2O30 no such monitor.';
revoke all on function a2o.resume_monitor(uuid) from public;
grant execute on function a2o.resume_monitor(uuid) to a2o_operator;

create or replace function a2o.remove_monitor(monitor_id uuid) returns a2o.monitors
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors := a2o_private.operated_monitor(monitor_id);
begin
  delete from a2o.monitors m where m.id = monitor.id;
  return monitor;
end
$$;
comment on function a2o.remove_monitor(uuid) is 'Forgets a monitor with its health and its counts of calls; the jobs it saw stay. Error: A2O30 no such monitor.';
revoke all on function a2o.remove_monitor(uuid) from public;
grant execute on function a2o.remove_monitor(uuid) to a2o_operator;
--! EndIncluded functions/monitors/change_monitor.sql
--! Included functions/monitors/begin_poll.sql
-- A poll is leased for a minute, less where polls follow each other quickly: two workers do not ask AWS twice for one thing. That saves calls and is no lock; polls that
-- overlap all the same are told apart by record_poll.
create or replace function a2o.begin_poll(monitor_id uuid, poll_id uuid) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors;
begin
  update a2o.monitors m set poll_id = begin_poll.poll_id, poll_started_at = now(), leased_until = now() + make_interval(secs => least(greatest(2 * m.poll_seconds, 6), 60))
  where m.id = begin_poll.monitor_id and not m.is_paused and coalesce(m.next_poll_at, now()) <= now() + interval '1 second'
    and coalesce(m.leased_until, now()) <= now()
  returning * into monitor;
  if not found then
    return null;
  end if;
  return jsonb_build_object(
    'monitor', to_jsonb(monitor),
    'seconds_left', extract(epoch from monitor.leased_until - now()),
    'asks_metrics', monitor.metrics_seconds is not null and not exists (
      select from a2o.monitor_services s
      where s.monitor_id = monitor.id and s.service = 'CLOUDWATCH' and s.last_polled_at > now() - make_interval(secs => monitor.metrics_seconds) + interval '1 second'),
    'open_jobs', coalesce((
      select jsonb_agg(jsonb_build_object('job_type', j.job_type, 'aws_job_id', j.aws_job_id, 'aws_parent_id', j.aws_parent_id, 'job_name', j.job_name,
        'source', j.source, 'target', j.target, 'details', j.details))
      from a2o.migration_jobs j
      where j.aws_account_id = monitor.aws_account_id and j.region = monitor.region and j.status in ('PENDING', 'RUNNING') and j.gone_at is null), '[]'));
end
$$;
comment on function a2o.begin_poll(uuid, uuid) is E'@behavior -*\nStarts a poll: returns the monitor, the jobs that have not ended, and whether CloudWatch is to be asked; null when the monitor is gone, paused, not due, or being polled.';
revoke all on function a2o.begin_poll(uuid, uuid) from public;
grant execute on function a2o.begin_poll(uuid, uuid) to a2o_worker;

create or replace function a2o.monitors_to_poll() returns table (monitor_id uuid)
  language sql stable as $$
  select m.id from a2o.monitors m
  where not m.is_paused and coalesce(m.next_poll_at, now()) <= now() and coalesce(m.leased_until, now()) <= now()
  order by m.next_poll_at, m.id
$$;
comment on function a2o.monitors_to_poll() is E'@behavior -*\nMonitors that are due and not being polled: new ones, and those whose worker died.';
revoke all on function a2o.monitors_to_poll() from public;
grant execute on function a2o.monitors_to_poll() to a2o_worker;

create or replace function a2o.jobs_to_describe(monitor_id uuid, job_type text, aws_job_ids text[]) returns text[]
  language sql stable as $$
  select coalesce(array_agg(asked.aws_job_id), '{}')
  from a2o.monitors m cross join unnest(aws_job_ids) as asked(aws_job_id)
  where m.id = jobs_to_describe.monitor_id and not exists (
    select from (
      select j.status, j.details from a2o.migration_jobs j
      where j.aws_account_id = m.aws_account_id and j.region = m.region and j.job_type = jobs_to_describe.job_type and j.aws_job_id = asked.aws_job_id
      order by j.created_at desc, j.run_key desc limit 1) as newest
    where case jobs_to_describe.job_type when 'DMS' then newest.details ? 'TableMappings' else newest.status in ('COMPLETED', 'FAILED') end)
$$;
comment on function a2o.jobs_to_describe(uuid, text, text[]) is E'@behavior -*\nWhich of these jobs AWS has to be asked about in full: DMS tasks whose table mappings are not known for their latest run, and runs of the other services that are not known to be over.';
revoke all on function a2o.jobs_to_describe(uuid, text, text[]) from public;
grant execute on function a2o.jobs_to_describe(uuid, text, text[]) to a2o_worker;
--! EndIncluded functions/monitors/begin_poll.sql
--! Included functions/monitors/resolve_job_answers.sql
-- Which job an answer speaks of. DataSync executions and Glue runs have a name of their own. The runs of a DMS task share its
-- ARN and are told apart by the moment of their fresh start (run_key): until AWS tells that moment, the run has the empty key.
create or replace function a2o_private.resolve_job_answers(monitor a2o.monitors, jobs jsonb) returns a2o_private.job_answer[]
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  answers a2o_private.job_answer[];
begin
  with incoming as (
    select e.ordinality as position, r.*, row_number() over (partition by r.job_type, r.aws_job_id order by r.observed_at desc, e.ordinality desc) as told
    from jsonb_array_elements(jobs) with ordinality as e cross join lateral jsonb_populate_record(null::a2o_private.job_answer, e.value) as r),
  placed as (
    select i.*, exact.id as exact_id, newest.id as newest_id, newest.run_key as newest_key, newest.status as newest_status, newest.completed_at as newest_completed_at
    from incoming i
    left join a2o.migration_jobs exact on exact.aws_account_id = monitor.aws_account_id and exact.region = monitor.region and exact.job_type = i.job_type
      and exact.aws_job_id = i.aws_job_id and exact.run_key = i.run_key
    left join lateral (
      select j.* from a2o.migration_jobs j
      where j.aws_account_id = monitor.aws_account_id and j.region = monitor.region and j.job_type = i.job_type and j.aws_job_id = i.aws_job_id
      order by j.created_at desc, j.run_key desc limit 1) as newest on true),
  decided as (
    select p.*, case
        when p.exact_id is not null then p.exact_id
        when p.newest_id is null then null
        -- The run that was waiting, or starting, has got its key.
        when p.run_key is not null and p.newest_key = '' and (p.newest_status in ('PENDING', 'RUNNING') or p.resumed_at <= p.newest_completed_at) then p.newest_id
        when p.run_key is not null then null
        -- No key: of the run that is known, unless that is over and this one started later.
        when p.newest_status in ('COMPLETED', 'FAILED') and p.status in ('PENDING', 'RUNNING') and p.resumed_at > p.newest_completed_at then null
        else p.newest_id end as found_id
    from placed p)
  select array_agg(row(case when not d.is_obsolete then coalesce(d.found_id, gen_random_uuid()) end, d.found_id is null, d.job_type, d.aws_job_id, coalesce(d.run_key, case when d.found_id is not null then d.newest_key end, ''),
      d.observed_at, d.status, d.aws_status, d.started_at, d.resumed_at, d.completed_at, d.aws_parent_id, d.job_name, d.migration_type, d.stop_reason, d.error_code,
      d.error_message, d.percent, d.rows_copied, d.bytes_copied, d.bytes_total, d.files_copied, d.files_total, d.tables_loaded, d.tables_loading, d.tables_queued,
      d.tables_errored, d.tables_total, d.error_rows, d.validation_failed_rows, d.elapsed_ms, d.source, d.target, coalesce(d.details, '{}'))::a2o_private.job_answer
    order by d.position)
  into answers
  -- An old answer about a run before the known ones tells nothing that is needed, nor does the same job twice: no id.
  from (select x.*, x.told > 1 or coalesce(x.found_id is null and x.run_key < x.newest_key, false) as is_obsolete from decided x) as d;
  return coalesce(answers, '{}');
end
$$;
comment on function a2o_private.resolve_job_answers(a2o.monitors, jsonb) is 'The answers of a poll, each with the id of its job, or with a new one; without an id when a later run of the same task is known, or a later answer.';
revoke all on function a2o_private.resolve_job_answers(a2o.monitors, jsonb) from public;
--! EndIncluded functions/monitors/resolve_job_answers.sql
--! Included functions/monitors/record_jobs.sql
-- Answers may be old: a worker was held up, or AWS answered from a copy that lagged behind. What an answer may change is decided
-- by what it says, not by when it comes:
-- * one given before the newest that counted changes nothing; its sample is true all the same and is kept at its own time;
-- * one given later that counts less time or fewer bytes than was known tells of the past: it changes nothing and is no sample;
-- * a job that has ended begins again only where AWS says that it was started after it ended (DMS: resumed).
create or replace function a2o_private.record_jobs(monitor a2o.monitors, answers a2o_private.job_answer[], simulated boolean) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  -- Jobs as they were before this poll.
  before a2o.migration_jobs[];
begin
  select array_agg(j) into before from a2o.migration_jobs j where j.id in (select a.id from unnest(answers) as a);

  -- A run before this one that never told its key makes room for the one that has not told it yet.
  update a2o.migration_jobs j set run_key = '- ' || to_char(a.observed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  from unnest(answers) as a
  where a.is_new and a.run_key = '' and j.aws_account_id = monitor.aws_account_id and j.region = monitor.region and j.job_type = a.job_type
    and j.aws_job_id = a.aws_job_id and j.run_key = '';

  -- A later run tells that an earlier one, whose end nobody saw, is over.
  update a2o.migration_jobs j set gone_at = a.observed_at
  from unnest(answers) as a
  where a.is_new and j.aws_account_id = monitor.aws_account_id and j.region = monitor.region and j.job_type = a.job_type and j.aws_job_id = a.aws_job_id
    and j.status in ('PENDING', 'RUNNING') and j.gone_at is null;

  insert into a2o.migration_jobs (id, job_type, aws_job_id, run_key, aws_account_id, region, monitor_id, is_simulated, status, aws_status, started_at, resumed_at, completed_at,
    aws_parent_id, job_name, migration_type, stop_reason, error_code, error_message, percent, rows_copied, bytes_copied, bytes_total, files_copied, files_total,
    tables_loaded, tables_loading, tables_queued, tables_errored, error_rows, validation_failed_rows, elapsed_ms, source, target, details, observed_at, last_seen_at)
  select a.id, a.job_type, a.aws_job_id, a.run_key, monitor.aws_account_id, monitor.region, monitor.id, simulated, coalesce(a.status, 'PENDING'), a.aws_status, a.started_at,
    a.resumed_at, a.completed_at, a.aws_parent_id, a.job_name, a.migration_type, a.stop_reason, a.error_code, a.error_message, a.percent, a.rows_copied, a.bytes_copied,
    a.bytes_total, a.files_copied, a.files_total, a.tables_loaded, a.tables_loading, a.tables_queued, a.tables_errored, a.error_rows, a.validation_failed_rows,
    a.elapsed_ms, a.source, a.target, a.details, a.observed_at, a.observed_at
  from unnest(answers) as a where a.is_new and a.id is not null
  -- The queue's order must not decide which of two monitors of one account saw a job first.
  order by a.job_type, a.aws_job_id, a.run_key;

  update a2o.migration_jobs j set
    run_key = a.run_key, monitor_id = coalesce(j.monitor_id, monitor.id), status = coalesce(a.status, j.status), aws_status = a.aws_status,
    started_at = coalesce(a.started_at, j.started_at), resumed_at = coalesce(a.resumed_at, j.resumed_at), completed_at = case when a.status is null then j.completed_at else a.completed_at end,
    aws_parent_id = coalesce(a.aws_parent_id, j.aws_parent_id), job_name = coalesce(a.job_name, j.job_name), migration_type = coalesce(a.migration_type, j.migration_type),
    stop_reason = a.stop_reason, error_code = a.error_code, error_message = a.error_message, percent = a.percent,
    -- What this poll did not ask, or was refused, stays known.
    rows_copied = coalesce(a.rows_copied, j.rows_copied), bytes_copied = coalesce(a.bytes_copied, j.bytes_copied), bytes_total = coalesce(a.bytes_total, j.bytes_total),
    files_copied = coalesce(a.files_copied, j.files_copied), files_total = coalesce(a.files_total, j.files_total), tables_loaded = coalesce(a.tables_loaded, j.tables_loaded),
    tables_loading = coalesce(a.tables_loading, j.tables_loading), tables_queued = coalesce(a.tables_queued, j.tables_queued),
    tables_errored = coalesce(a.tables_errored, j.tables_errored), error_rows = coalesce(a.error_rows, j.error_rows),
    validation_failed_rows = coalesce(a.validation_failed_rows, j.validation_failed_rows), elapsed_ms = coalesce(a.elapsed_ms, j.elapsed_ms),
    source = coalesce(a.source, j.source), target = coalesce(a.target, j.target), details = j.details || a.details, observed_at = a.observed_at,
    last_seen_at = greatest(j.last_seen_at, a.observed_at), gone_at = null, is_simulated = simulated
  from unnest(answers) as a join unnest(before) as b on b.id = a.id
  where j.id = a.id and a2o_private.is_news(b, a);

  insert into a2o.migration_progress (job_id, sampled_at, aws_account_id, percent, rows_copied, bytes_copied, bytes_total, tables_loaded, tables_total, files_copied, elapsed_ms)
  select a.id, a.observed_at, monitor.aws_account_id, a.percent, a.rows_copied,
    -- Glue's bytes come from CloudWatch, as far as it has told them.
    case when a.job_type = 'GLUE_JOB' then b.bytes_copied else a.bytes_copied end, a.bytes_total, a.tables_loaded, a.tables_total, a.files_copied, a.elapsed_ms
  from unnest(answers) as a left join unnest(before) as b on b.id = a.id
  where a.id is not null and case
    when b.id is null then a.status = 'RUNNING'
    when a.observed_at < b.observed_at then a.status = 'RUNNING' and a.observed_at < coalesce(b.completed_at, 'infinity')
    when not a2o_private.is_news(b, a) then false
    -- The last one tells how far it came.
    else a.status = 'RUNNING' or a.status in ('COMPLETED', 'FAILED') and b.status in ('PENDING', 'RUNNING') end
  on conflict do nothing;
end
$$;
comment on function a2o_private.record_jobs(a2o.monitors, a2o_private.job_answer[], boolean) is 'Stores what the answers tell of jobs that is news, and a sample of each that runs.';
revoke all on function a2o_private.record_jobs(a2o.monitors, a2o_private.job_answer[], boolean) from public;

create or replace function a2o_private.is_news(job a2o.migration_jobs, answer a2o_private.job_answer) returns boolean
  language sql immutable parallel safe
  return coalesce(answer.observed_at >= job.observed_at, true)
    and coalesce(answer.resumed_at >= job.resumed_at, true)
    and (coalesce(answer.resumed_at > job.resumed_at, false)
      or coalesce(answer.elapsed_ms >= job.elapsed_ms, true) and (job.job_type <> 'DATASYNC' or coalesce(answer.bytes_copied >= job.bytes_copied, true)))
    and (job.status not in ('COMPLETED', 'FAILED') or answer.status in ('COMPLETED', 'FAILED')
      or answer.status in ('PENDING', 'RUNNING') and job.job_type = 'DMS' and coalesce(answer.resumed_at > job.completed_at, false));
comment on function a2o_private.is_news(a2o.migration_jobs, a2o_private.job_answer) is 'Whether an answer may change what is known of a job.';
revoke all on function a2o_private.is_news(a2o.migration_jobs, a2o_private.job_answer) from public;

create or replace function a2o_private.record_job_tables(monitor a2o.monitors, answers a2o_private.job_answer[], job_tables jsonb) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  insert into a2o.migration_job_tables as t (job_id, schema_name, table_name, aws_account_id, table_state, full_load_rows, full_load_error_rows, full_load_started_at,
    full_load_ended_at, inserts, updates, deletes, ddls, validation_state, validation_pending_records, validation_failed_records, validation_suspended_records,
    validation_details, updated_at, observed_at)
  select distinct on (a.id, x.schema_name, x.table_name) a.id, x.schema_name, x.table_name, monitor.aws_account_id, x.table_state, x.full_load_rows, x.full_load_error_rows,
    x.full_load_started_at, x.full_load_ended_at, x.inserts, x.updates, x.deletes, x.ddls, x.validation_state, x.validation_pending_records, x.validation_failed_records,
    x.validation_suspended_records, x.validation_details, x.updated_at, a.observed_at
  from jsonb_array_elements(job_tables) as e
  join unnest(answers) with ordinality as a on a.ordinality = (e ->> 'job')::integer
  cross join lateral jsonb_populate_recordset(null::a2o.migration_job_tables, e -> 'tables') as x
  where a.id is not null
  order by a.id, x.schema_name, x.table_name
  on conflict (job_id, schema_name, table_name) do update set table_state = excluded.table_state, full_load_rows = excluded.full_load_rows,
    full_load_error_rows = excluded.full_load_error_rows, full_load_started_at = excluded.full_load_started_at, full_load_ended_at = excluded.full_load_ended_at,
    inserts = excluded.inserts, updates = excluded.updates, deletes = excluded.deletes, ddls = excluded.ddls, validation_state = excluded.validation_state,
    validation_pending_records = excluded.validation_pending_records, validation_failed_records = excluded.validation_failed_records,
    validation_suspended_records = excluded.validation_suspended_records, validation_details = excluded.validation_details, updated_at = excluded.updated_at,
    observed_at = excluded.observed_at
  where t.observed_at <= excluded.observed_at and coalesce(excluded.updated_at >= t.updated_at, true)
    -- A table that rests costs no write.
    and (t.table_state, t.full_load_rows, t.full_load_error_rows, t.full_load_ended_at, t.inserts, t.updates, t.deletes, t.ddls, t.validation_state,
        t.validation_pending_records, t.validation_failed_records, t.validation_suspended_records, t.validation_details)
      is distinct from (excluded.table_state, excluded.full_load_rows, excluded.full_load_error_rows, excluded.full_load_ended_at, excluded.inserts, excluded.updates,
        excluded.deletes, excluded.ddls, excluded.validation_state, excluded.validation_pending_records, excluded.validation_failed_records,
        excluded.validation_suspended_records, excluded.validation_details);
end
$$;
comment on function a2o_private.record_job_tables(a2o.monitors, a2o_private.job_answer[], jsonb) is 'Stores the statistics of the tables of DMS tasks: [{job: position among the answers, tables: […]}].';
revoke all on function a2o_private.record_job_tables(a2o.monitors, a2o_private.job_answer[], jsonb) from public;

create or replace function a2o_private.record_job_metrics(monitor a2o.monitors, answers a2o_private.job_answer[], metrics jsonb) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  -- The latest minutes come again with more in them; a value that stays costs no write.
  insert into a2o.migration_metrics as m (job_id, metric_name, sampled_at, aws_account_id, value, unit)
  select distinct on (a.id, e ->> 'metric_name', p ->> 0) a.id, e ->> 'metric_name', (p ->> 0)::timestamptz, monitor.aws_account_id, (p ->> 1)::double precision, e ->> 'unit'
  from jsonb_array_elements(metrics) as e
  join unnest(answers) with ordinality as a on a.ordinality = (e ->> 'job')::integer
  cross join lateral jsonb_array_elements(e -> 'points') as p
  where a.id is not null and (p ->> 0)::timestamptz >= coalesce(a.started_at - interval '1 minute', '-infinity')
  on conflict (job_id, metric_name, sampled_at) do update set value = excluded.value, unit = excluded.unit where m.value <> excluded.value;

  -- Glue counts in its metrics what it wrote since the last report. What is no longer kept stays counted.
  update a2o.migration_jobs j set bytes_copied = greatest(j.bytes_copied, s.bytes)
  from (
    select a.id, a2o_private.saturated(sum(m.value)::numeric) as bytes
    from unnest(answers) as a join a2o.migration_metrics m on m.job_id = a.id and m.metric_name = 'glue.ALL.s3.filesystem.write_bytes'
    where a.job_type = 'GLUE_JOB' and exists (
      select from jsonb_array_elements(metrics) as e where (e ->> 'job')::integer > 0 and e ->> 'metric_name' = 'glue.ALL.s3.filesystem.write_bytes')
    group by a.id) as s
  where j.id = s.id and coalesce(j.bytes_copied < s.bytes, s.bytes is not null);
end
$$;
comment on function a2o_private.record_job_metrics(a2o.monitors, a2o_private.job_answer[], jsonb) is 'Stores CloudWatch''s data points: [{job: position among the answers, metric_name, unit, points: [[time, value], …]}].';
revoke all on function a2o_private.record_job_metrics(a2o.monitors, a2o_private.job_answer[], jsonb) from public;
--! EndIncluded functions/monitors/record_jobs.sql
--! Included functions/monitors/record_health.sql
create or replace function a2o_private.record_services(monitor a2o.monitors, services jsonb) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  -- Jobs that a complete list names are there, those that two in a row do not name were deleted. Lists lag: one is not enough.
  update a2o.migration_jobs j set last_seen_at = x.listed_at
  from jsonb_to_recordset(services) as x(service a2o.aws_service, listed_at timestamptz, listed text[])
  where x.listed is not null and j.aws_account_id = monitor.aws_account_id and j.region = monitor.region and j.status in ('PENDING', 'RUNNING')
    and j.job_type = case x.service when 'GLUE' then 'GLUE_JOB' else x.service::text end and j.aws_job_id = any (x.listed) and j.last_seen_at < x.listed_at and j.gone_at is null;
  update a2o.migration_jobs j set gone_at = x.listed_at
  from jsonb_to_recordset(services) as x(service a2o.aws_service, listed_at timestamptz, is_complete boolean, listed text[])
  join a2o.monitor_services s on s.monitor_id = monitor.id and s.service = x.service
  where x.is_complete and x.listed is not null and x.listed_at > s.listed_at and j.monitor_id = monitor.id and j.status in ('PENDING', 'RUNNING') and j.gone_at is null
    and j.job_type = case x.service when 'GLUE' then 'GLUE_JOB' else x.service::text end and not j.aws_job_id = any (x.listed) and j.last_seen_at < s.listed_at;

  insert into a2o.monitor_services as s (monitor_id, service, aws_account_id, last_polled_at, last_succeeded_at, failing_since, consecutive_failures, operation, error_code,
    error_message, is_blind, jobs_listed, listed_at)
  select monitor.id, x.service, monitor.aws_account_id, now(), case when x.error_code is null then now() end, case when x.error_code is not null then now() end,
    case when x.error_code is null then 0 else 1 end, x.operation, x.error_code, x.error_message, coalesce(x.is_blind, false), cardinality(x.listed),
    case when x.is_complete then x.listed_at end
  from jsonb_to_recordset(services) as x(service a2o.aws_service, listed_at timestamptz, is_complete boolean, is_blind boolean, listed text[], operation text, error_code text, error_message text)
  on conflict (monitor_id, service) do update set last_polled_at = now(), last_succeeded_at = coalesce(excluded.last_succeeded_at, s.last_succeeded_at),
    failing_since = case when excluded.error_code is not null then coalesce(s.failing_since, now()) end,
    consecutive_failures = case when excluded.error_code is null then 0 else s.consecutive_failures + 1 end,
    operation = excluded.operation, error_code = excluded.error_code, error_message = excluded.error_message, is_blind = excluded.is_blind,
    jobs_listed = coalesce(excluded.jobs_listed, s.jobs_listed), listed_at = greatest(excluded.listed_at, s.listed_at);
end
$$;
comment on function a2o_private.record_services(a2o.monitors, jsonb) is 'Stores how each service answered, and marks jobs that are no longer listed.';
revoke all on function a2o_private.record_services(a2o.monitors, jsonb) from public;

create or replace function a2o_private.record_usage(monitor a2o.monitors, used jsonb) returns void
  language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into a2o.monitor_usage as u (monitor_id, day, operation, aws_account_id, calls, errors, throttled, metrics_requested)
  select monitor.id, (now() at time zone 'UTC')::date, x.operation, monitor.aws_account_id, x.calls, x.errors, x.throttled, x.metrics_requested
  from jsonb_to_recordset(used) as x(operation text, calls bigint, errors bigint, throttled bigint, metrics_requested bigint)
  on conflict (monitor_id, day, operation) do update set calls = u.calls + excluded.calls, errors = u.errors + excluded.errors,
    throttled = u.throttled + excluded.throttled, metrics_requested = u.metrics_requested + excluded.metrics_requested
$$;
comment on function a2o_private.record_usage(a2o.monitors, jsonb) is 'Adds the calls of a poll to the day''s.';
revoke all on function a2o_private.record_usage(a2o.monitors, jsonb) from public;
--! EndIncluded functions/monitors/record_health.sql
--! Included functions/monitors/after_poll.sql
-- What follows from a poll, in its transaction: whoever sees the change sees the alert.
create or replace function a2o_private.after_poll(monitor_id uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors;
begin
  update a2o.monitors m set late_since = null where m.id = after_poll.monitor_id and m.late_since is not null;
  select * into monitor from a2o.monitors m where m.id = after_poll.monitor_id;
  perform a2o_private.link_jobs(monitor.aws_account_id, monitor.region);
  perform a2o_private.refresh_migration_rollups(monitor.aws_account_id, monitor.region);
  perform a2o_private.evaluate_alerts(monitor);
end
$$;
comment on function a2o_private.after_poll(uuid) is 'Called by record_poll when a poll of this monitor has been recorded, in the same transaction.';
revoke all on function a2o_private.after_poll(uuid) from public;
--! EndIncluded functions/monitors/after_poll.sql
--! Included functions/monitors/record_poll.sql
-- A poll is recorded whole or not at all, and once however often it is sent. Polls of one account and region wait for each other
-- here, so that each finds what the one before it left. Definer, because the worker writes no table directly.
create or replace function a2o.record_poll(poll jsonb) returns table (next_poll_at timestamptz, running_jobs integer)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors;
  answers a2o_private.job_answer[];
  told jsonb := coalesce(poll -> 'services', '[]');
  failed integer;
  is_late boolean;
  running integer;
  pause integer;
begin
  select * into monitor from a2o.monitors m where m.id = (poll ->> 'monitor_id')::uuid;
  if not found then
    return;
  end if;
  perform pg_advisory_xact_lock(20252, hashtext(monitor.aws_account_id || monitor.region));
  select * into monitor from a2o.monitors m where m.id = (poll ->> 'monitor_id')::uuid for update;
  if not found then
    return;
  end if;
  insert into a2o_private.recorded_polls (poll_id, monitor_id) values ((poll ->> 'poll_id')::uuid, monitor.id) on conflict do nothing;
  if not found then
    return query select monitor.next_poll_at, monitor.running_jobs;
    return;
  end if;
  delete from a2o_private.recorded_polls r where r.monitor_id = monitor.id and r.recorded_at < now() - interval '1 day';

  -- Before anything is written to jobs.
  perform a2o_private.make_history_partitions(a2o_private.months_of_poll(poll));
  answers := a2o_private.resolve_job_answers(monitor, coalesce(poll -> 'jobs', '[]'));
  perform a2o_private.record_jobs(monitor, answers, coalesce((poll ->> 'is_simulated')::boolean, false));
  perform a2o_private.record_job_tables(monitor, answers, coalesce(poll -> 'tables', '[]'));
  perform a2o_private.record_job_metrics(monitor, answers, coalesce(poll -> 'metrics', '[]'));
  perform a2o_private.record_usage(monitor, coalesce(poll -> 'usage', '[]'));

  -- A poll that was overtaken by another says nothing of the monitor's health now.
  is_late := monitor.poll_id is distinct from (poll ->> 'poll_id')::uuid;
  if not is_late then
    perform a2o_private.record_services(monitor, told);
    select count(*) into failed from jsonb_array_elements(told) as s where s ->> 'error_code' is not null;
    select count(*) into running from a2o.migration_jobs j
    where j.monitor_id = monitor.id and j.gone_at is null and (j.status = 'RUNNING' or j.status = 'PENDING' and j.job_type <> 'DMS');
    pause := case when running > 0 then monitor.poll_seconds else monitor.idle_poll_seconds end;
    -- When nothing answers, asking less and less often costs nobody anything.
    if not exists (select from a2o.monitor_services s where s.monitor_id = monitor.id and s.service <> 'CLOUDWATCH' and not s.is_blind) then
      pause := least(monitor.poll_seconds * 2 ^ least(monitor.consecutive_failures, 5), greatest(monitor.poll_seconds, monitor.idle_poll_seconds));
    end if;
    update a2o.monitors m set
      last_polled_at = now(), last_succeeded_at = case when failed = 0 then now() else m.last_succeeded_at end, running_jobs = running,
      is_simulated = coalesce((poll ->> 'is_simulated')::boolean, m.is_simulated), clock_skew_ms = coalesce((poll ->> 'clock_skew_ms')::bigint, m.clock_skew_ms),
      failing_since = case when failed > 0 then coalesce(m.failing_since, now()) end,
      consecutive_failures = case when failed > 0 then m.consecutive_failures + 1 else 0 end,
      error_code = (select s ->> 'error_code' from jsonb_array_elements(told) as s where s ->> 'error_code' is not null limit 1),
      error_message = (select s ->> 'error_message' from jsonb_array_elements(told) as s where s ->> 'error_code' is not null limit 1),
      metrics_until = greatest((poll ->> 'metrics_until')::timestamptz, m.metrics_until), leased_until = null,
      next_poll_at = greatest(now(), m.poll_started_at + make_interval(secs => pause))
    where m.id = monitor.id returning * into monitor;
  end if;
  perform a2o_private.after_poll(monitor.id);
  return query select monitor.next_poll_at, monitor.running_jobs;
end
$$;
comment on function a2o.record_poll(jsonb) is E'@behavior -*\nStores what a poll found: jobs, samples, tables, metrics, health and calls. Returns when the next one is due and how many jobs run; nothing when the monitor is gone. Sent again, it changes nothing.';
revoke all on function a2o.record_poll(jsonb) from public;
grant execute on function a2o.record_poll(jsonb) to a2o_worker;
--! EndIncluded functions/monitors/record_poll.sql
--! Included functions/jobs/console_url.sql
-- Where a person looks at the job in AWS's console. A partition of its own has a console of its own.
create or replace function a2o.migration_jobs_console_url(job a2o.migration_jobs) returns text
  language sql immutable parallel safe
  return case when job.is_simulated then null else
    format(case when job.region like 'cn-%' then 'https://%1$s.console.amazonaws.cn/' when job.region like 'us-gov-%' then 'https://%1$s.console.amazonaws-us-gov.com/'
      else 'https://%1$s.console.aws.amazon.com/' end, job.region)
    || case
      when job.job_type = 'DMS' and job.aws_job_id like '%:replication-config:%' then
        format('dms/v2/home?region=%s#serverlessReplicationDetails/%s', job.region, split_part(job.aws_job_id, ':', 7))
      when job.job_type = 'DMS' then format('dms/v2/home?region=%s#taskDetails/%s', job.region, job.job_name)
      when job.job_type = 'DATASYNC' then format('datasync/home?region=%s#/history/%s/%s', job.region,
        split_part(split_part(job.aws_job_id, '/', 2), '/', 1), split_part(job.aws_job_id, '/', 4))
      when job.job_type = 'GLUE_JOB' then format('gluestudio/home?region=%s#/job/%s/run/%s', job.region, job.aws_parent_id, job.aws_job_id)
    end end;
comment on function a2o.migration_jobs_console_url(a2o.migration_jobs) is 'The job in AWS''s console; null for a simulated one.';
revoke all on function a2o.migration_jobs_console_url(a2o.migration_jobs) from public;
grant execute on function a2o.migration_jobs_console_url(a2o.migration_jobs) to a2o_reader, a2o_worker;
--! EndIncluded functions/jobs/console_url.sql
--! Included functions/jobs/job_phase.sql
-- What a job is at, from AWS's state and what it copied so far.
create or replace function a2o.migration_jobs_phase(job a2o.migration_jobs) returns a2o.job_phase
  language sql immutable parallel safe
  return case
    when job.gone_at is not null and job.status in ('PENDING', 'RUNNING') then 'GONE'
    when job.status in ('COMPLETED', 'FAILED') then 'ENDED'
    when job.status = 'PENDING' then 'WAITING'
    when job.job_type = 'DMS' and (job.migration_type = 'cdc' or job.migration_type = 'full-load-and-cdc' and job.percent = 100) then 'REPLICATING'
    when job.job_type = 'DMS' then case when job.aws_status in ('starting', 'initializing', 'preparing_metadata_resources', 'testing_connection', 'fetching_metadata',
        'calculating_capacity', 'provisioning_capacity', 'replication_starting') then 'PREPARING' else 'LOADING' end
    when job.job_type = 'DATASYNC' then case job.aws_status when 'LAUNCHING' then 'PREPARING' when 'PREPARING' then 'PREPARING' when 'VERIFYING' then 'VERIFYING' else 'LOADING' end
    when job.aws_status = 'STARTING' then 'PREPARING'
    else 'RUNNING' end::a2o.job_phase;
comment on function a2o.migration_jobs_phase(a2o.migration_jobs) is E'@notNull\nWhat the job is at.';
revoke all on function a2o.migration_jobs_phase(a2o.migration_jobs) from public;
grant execute on function a2o.migration_jobs_phase(a2o.migration_jobs) to a2o_reader, a2o_worker;
--! EndIncluded functions/jobs/job_phase.sql
--! Included functions/jobs/stall_after.sql
create or replace function a2o_private.stall_after() returns interval
  language sql immutable parallel safe
  return interval '10 minutes';
comment on function a2o_private.stall_after() is 'A job that loads and moved nothing for so long counts as stalled.';
revoke all on function a2o_private.stall_after() from public;
grant execute on function a2o_private.stall_after() to a2o_reader, a2o_worker;
--! EndIncluded functions/jobs/stall_after.sql
--! Included functions/jobs/job_pace.sql
-- How fast a running job is, from its samples of the last 15 minutes, and when it will be done if it goes on like that. The
-- window is halved: if both halves went at the same pace, the estimate is good. Where a percentage moves in steps too coarse for
-- the window, the pace since the start must do, with little confidence. Called once per job by views, so it reads few rows.
create or replace function a2o_private.pace(from_value double precision, from_time timestamptz, to_value double precision, to_time timestamptz) returns double precision
  language sql immutable parallel safe
  return case when to_value < from_value then 0 else (to_value - from_value) / nullif(extract(epoch from to_time - from_time)::double precision, 0) end;
comment on function a2o_private.pace(double precision, timestamptz, double precision, timestamptz) is 'How much a value rises in a second; zero when it falls, null when one of the two is missing.';
revoke all on function a2o_private.pace(double precision, timestamptz, double precision, timestamptz) from public;
grant execute on function a2o_private.pace(double precision, timestamptz, double precision, timestamptz) to a2o_reader, a2o_worker;

create or replace function a2o_private.job_pace(job_id uuid, started_at timestamptz, percent numeric, is_loading boolean)
  returns table (samples integer, sampled_at timestamptz, rows_per_second double precision, bytes_per_second double precision, percent_per_hour double precision,
    eta_at timestamptz, eta_earliest_at timestamptz, eta_latest_at timestamptz, eta_confidence a2o.confidence, quiet_since timestamptz)
  language sql stable begin atomic
  with recent as (
    select p.*, case when p.bytes_total > 0 and p.bytes_copied is not null then least(p.bytes_copied::double precision / p.bytes_total, 1) else p.percent::double precision / 100 end as fraction
    from (
      select * from a2o.migration_progress x
      where x.job_id = job_pace.job_id and x.sampled_at > now() - interval '15 minutes'
      order by x.sampled_at desc limit 30) as p),
  stepped as (
    select r.*, row_number() over in_time as position, count(*) over () as total,
      extract(epoch from r.sampled_at - lag(r.sampled_at) over in_time)::double precision as seconds,
      r.rows_copied - lag(r.rows_copied) over in_time as row_step, r.bytes_copied - lag(r.bytes_copied) over in_time as byte_step
    from recent r window in_time as (order by r.sampled_at)),
  summed as (
    select count(*)::integer as samples, max(s.sampled_at) as last_at,
      sum(s.row_step) filter (where s.row_step >= 0)::double precision / nullif(sum(s.seconds) filter (where s.row_step >= 0), 0) as rows_per_second,
      sum(s.byte_step) filter (where s.byte_step >= 0)::double precision / nullif(sum(s.seconds) filter (where s.byte_step >= 0), 0) as bytes_per_second,
      max(s.fraction) filter (where s.position = 1) as first_fraction, max(s.fraction) filter (where s.position = (s.total + 1) / 2) as middle_fraction,
      max(s.fraction) filter (where s.position = s.total) as last_fraction, min(s.sampled_at) as first_at,
      max(s.sampled_at) filter (where s.position = (s.total + 1) / 2) as middle_at
    from stepped s),
  paced as (
    select s.*, 1 - s.last_fraction as remaining,
      a2o_private.pace(s.first_fraction, s.first_at, s.last_fraction, s.last_at) as pace,
      a2o_private.pace(s.first_fraction, s.first_at, s.middle_fraction, s.middle_at) as first_pace,
      a2o_private.pace(s.middle_fraction, s.middle_at, s.last_fraction, s.last_at) as second_pace,
      -- Since its start, which for one that waited long is too slow: that is why it is trusted last.
      s.last_fraction / nullif(extract(epoch from s.last_at - job_pace.started_at)::double precision, 0) as overall_pace
    from summed s),
  judged as (
    select p.*, case
        when p.samples >= 10 and p.pace > 0 and p.last_fraction - p.first_fraction >= 0.02 and least(p.first_pace, p.second_pace) >= 0.8 * greatest(p.first_pace, p.second_pace) then 'HIGH'
        when p.samples >= 4 and p.pace > 0 and p.last_fraction - p.first_fraction >= 0.01 and least(p.first_pace, p.second_pace) >= 0.5 * greatest(p.first_pace, p.second_pace) then 'MEDIUM'
        when p.samples >= 2 and (p.pace > 0 or p.overall_pace > 0) then 'LOW' end::a2o.confidence as confidence
    from paced p),
  -- The last sample that differs from the newest one; all since then say that nothing moved.
  quiet as (
    select coalesce((
        select x.sampled_at from a2o.migration_progress x
        where x.job_id = job_pace.job_id and x.sampled_at > now() - interval '6 hours' and x.sampled_at < n.sampled_at
          and (x.percent, x.rows_copied, x.bytes_copied, x.tables_loaded, x.files_copied) is distinct from (n.percent, n.rows_copied, n.bytes_copied, n.tables_loaded, n.files_copied)
        order by x.sampled_at desc limit 1), (
        -- Before the first sample nobody looked.
        select min(x.sampled_at) from a2o.migration_progress x where x.job_id = job_pace.job_id and x.sampled_at > now() - interval '6 hours')) as since
    from (select r.* from recent r order by r.sampled_at desc limit 1) as n
    where job_pace.is_loading and coalesce(n.percent, n.rows_copied, n.bytes_copied, n.tables_loaded, n.files_copied) is not null)
  select j.samples, j.last_at, j.rows_per_second, j.bytes_per_second, j.pace * 360000,
    case when j.remaining > 0 and is_loading then j.last_at + make_interval(secs => least(j.remaining / nullif(case when j.pace > 0 then j.pace else j.overall_pace end, 0), 315360000)) end,
    case when j.remaining > 0 and is_loading and j.samples >= 2 then j.last_at + make_interval(secs => least(j.remaining / nullif(greatest(j.first_pace, j.second_pace, j.pace, j.overall_pace), 0), 315360000)) end,
    case when j.remaining > 0 and is_loading and j.samples >= 2 and least(j.first_pace, j.second_pace) > 0
      then j.last_at + make_interval(secs => least(j.remaining / nullif(least(j.first_pace, j.second_pace), 0), 315360000)) end,
    case when j.remaining > 0 and is_loading then j.confidence end, (select q.since from quiet q)
  from judged j
  where j.samples > 0;
  end;
comment on function a2o_private.job_pace(uuid, timestamptz, numeric, boolean) is 'Rates of a job over its latest samples, when it will be done with what confidence, and since when nothing moved.';
revoke all on function a2o_private.job_pace(uuid, timestamptz, numeric, boolean) from public;
grant execute on function a2o_private.job_pace(uuid, timestamptz, numeric, boolean) to a2o_reader, a2o_worker;
--! EndIncluded functions/jobs/job_pace.sql
--! Included functions/jobs/job_progress.sql
-- Series of one job for a chart: equal steps in time, each with the last sample in it, and steps without a sample as nulls, so
-- that a gap is seen as a gap.
create or replace function a2o_private.chart_step(since timestamptz, until timestamptz, points integer, finest integer) returns interval
  language sql immutable parallel safe
  return make_interval(secs => (select min(s) from unnest(array[1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800, 2592000]) as s
    where s >= finest and (s * greatest(points, 2) >= extract(epoch from until - since) or s = 2592000)));
comment on function a2o_private.chart_step(timestamptz, timestamptz, integer, integer) is 'A round step in time that cuts a span into no more than so many points, and is no finer than so many seconds.';
revoke all on function a2o_private.chart_step(timestamptz, timestamptz, integer, integer) from public;
grant execute on function a2o_private.chart_step(timestamptz, timestamptz, integer, integer) to a2o_reader;

create or replace function a2o.job_progress(job_id uuid, since timestamptz default null, until timestamptz default null, points integer default 240)
  returns table (step_at timestamptz, samples integer, percent numeric, rows_copied bigint, bytes_copied bigint, bytes_total bigint, tables_loaded integer, tables_total integer,
    files_copied bigint, rows_per_second double precision, bytes_per_second double precision)
  language sql stable begin atomic
  with span as (
    select s.since, greatest(s.until, s.since + interval '1 second') as until, m.finest
    from a2o.migration_jobs j
    left join lateral (select greatest(x.poll_seconds, 1) as finest from a2o.monitors x where x.id = j.monitor_id) as m on true
    cross join lateral (
      select coalesce(job_progress.since, j.started_at, j.created_at) as since, coalesce(job_progress.until, least(j.completed_at + interval '1 minute', now()), now()) as until) as s
    where j.id = job_progress.job_id),
  step as materialized (
    select a2o_private.chart_step(span.since, span.until, least(greatest(points, 2), 2000), greatest(coalesce(span.finest, 30), a2o_private.finest_kept('progress', span.since))) as width, span.*
    from span),
  -- Each branch speaks for one resolution and is not run for the others. Steps of five minutes and more are whole ones.
  sampled as (
    select date_bin(step.width, p.sampled_at, timestamptz '2000-01-01 00:00+00') as step_at, 1 as samples, p.sampled_at, p.percent, p.rows_copied, p.bytes_copied, p.bytes_total,
      p.tables_loaded, p.tables_total, p.files_copied
    from step join a2o.migration_progress p on p.job_id = job_progress.job_id and p.sampled_at >= step.since and p.sampled_at <= step.until
    where step.width < interval '5 minutes'
    union all
    select date_bin(step.width, r.step_at, timestamptz '2000-01-01 00:00+00'), r.samples, r.last_sampled_at, r.percent, r.rows_copied, r.bytes_copied, r.bytes_total,
      r.tables_loaded, r.tables_total, r.files_copied
    from step join a2o.progress_5_minutes r on r.job_id = job_progress.job_id
      and r.step_at >= date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00') and r.step_at <= step.until
    where step.width >= interval '5 minutes' and step.width < interval '1 hour' and not exists (
      select from a2o_private.stale_hours h where h.kind = 'PROGRESS' and h.job_id = r.job_id and h.hour_at = date_trunc('hour', r.step_at, 'UTC'))
    union all
    select date_bin(step.width, r.step_at, timestamptz '2000-01-01 00:00+00'), r.samples, r.last_sampled_at, r.percent, r.rows_copied, r.bytes_copied, r.bytes_total,
      r.tables_loaded, r.tables_total, r.files_copied
    from step join a2o.progress_hours r on r.job_id = job_progress.job_id
      and r.step_at >= date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00') and r.step_at <= step.until
    where step.width >= interval '1 hour' and not exists (
      select from a2o_private.stale_hours h where h.kind = 'PROGRESS' and h.job_id = r.job_id and h.hour_at = r.step_at)
    union all
    -- Hours that are not rolled up yet.
    select date_bin(step.width, p.sampled_at, timestamptz '2000-01-01 00:00+00'), 1, p.sampled_at, p.percent, p.rows_copied, p.bytes_copied, p.bytes_total,
      p.tables_loaded, p.tables_total, p.files_copied
    from step
    join a2o_private.stale_hours h on h.kind = 'PROGRESS' and h.job_id = job_progress.job_id and h.hour_at >= step.since - interval '1 hour' - step.width and h.hour_at <= step.until
    join a2o.migration_progress p on p.job_id = h.job_id and p.sampled_at >= h.hour_at and p.sampled_at < h.hour_at + interval '1 hour'
    where step.width >= interval '5 minutes' and p.sampled_at >= date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00')
      and date_bin(case when step.width < interval '1 hour' then interval '5 minutes' else interval '1 hour' end, p.sampled_at, timestamptz '2000-01-01 00:00+00') <= step.until),
  stepped as (
    select s.*, sum(s.samples) over (partition by s.step_at) as samples_in_step, row_number() over (partition by s.step_at order by s.sampled_at desc) as from_last
    from sampled s)
  select g.step_at, coalesce(s.samples_in_step, 0)::integer, s.percent, s.rows_copied, s.bytes_copied, s.bytes_total, s.tables_loaded, s.tables_total, s.files_copied,
    -- Over a gap there is no rate: nobody knows how it went there. Nor is there one when the count starts anew.
    case when s.rows_copied >= lag(s.rows_copied) over in_time then
      (s.rows_copied - lag(s.rows_copied) over in_time) / nullif(extract(epoch from s.sampled_at - lag(s.sampled_at) over in_time)::double precision, 0) end,
    case when s.bytes_copied >= lag(s.bytes_copied) over in_time then
      (s.bytes_copied - lag(s.bytes_copied) over in_time) / nullif(extract(epoch from s.sampled_at - lag(s.sampled_at) over in_time)::double precision, 0) end
  from step
  cross join lateral generate_series(date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00'), step.until, step.width) as g(step_at)
  left join stepped s on s.step_at = g.step_at and s.from_last = 1
  window in_time as (order by g.step_at)
  order by g.step_at;
  end;
comment on function a2o.job_progress(uuid, timestamptz, timestamptz, integer) is
  'Progress of one job in equal steps of time, from its start until now unless told otherwise, in no more than so many points. Long times come from the roll-ups, in whole steps. A step in which nobody asked AWS, or AWS did not answer, has samples 0 and nulls: a gap.';
revoke all on function a2o.job_progress(uuid, timestamptz, timestamptz, integer) from public;
grant execute on function a2o.job_progress(uuid, timestamptz, timestamptz, integer) to a2o_reader;
--! EndIncluded functions/jobs/job_progress.sql
--! Included functions/jobs/job_metrics.sql
create or replace function a2o.job_metrics(job_id uuid, since timestamptz default null, until timestamptz default null, points integer default 240, metric_names text[] default null)
  returns table (metric_name text, unit text, step_at timestamptz, samples integer, average double precision, minimum double precision, maximum double precision)
  language sql stable begin atomic
  with span as (
    select coalesce(job_metrics.since, j.started_at, j.created_at) as since, coalesce(job_metrics.until, least(j.completed_at + interval '5 minutes', now()), now()) as until
    from a2o.migration_jobs j where j.id = job_metrics.job_id),
  step as materialized (
    select a2o_private.chart_step(span.since, greatest(span.until, span.since), least(greatest(points, 2), 2000), greatest(60, a2o_private.finest_kept('metrics', span.since))) as width, span.*
    from span),
  -- Each branch speaks for one resolution and is not run for the others. Steps of five minutes and more are whole ones.
  sampled as (
    select m.metric_name, m.unit, m.sampled_at, 1 as samples, m.value as value_avg, m.value as value_min, m.value as value_max
    from step join a2o.migration_metrics m on m.job_id = job_metrics.job_id and m.sampled_at >= step.since - step.width and m.sampled_at <= step.until
    where step.width < interval '5 minutes' and (job_metrics.metric_names is null or m.metric_name = any (job_metrics.metric_names))
    union all
    select r.metric_name, r.unit, r.step_at, r.samples, r.value_avg, r.value_min, r.value_max
    from step join a2o.metrics_5_minutes r on r.job_id = job_metrics.job_id
      and r.step_at >= date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00') and r.step_at <= step.until
    where step.width >= interval '5 minutes' and step.width < interval '1 hour' and (job_metrics.metric_names is null or r.metric_name = any (job_metrics.metric_names))
      and not exists (select from a2o_private.stale_hours h where h.kind = 'METRICS' and h.job_id = r.job_id and h.hour_at = date_trunc('hour', r.step_at, 'UTC'))
    union all
    select r.metric_name, r.unit, r.step_at, r.samples, r.value_avg, r.value_min, r.value_max
    from step join a2o.metrics_hours r on r.job_id = job_metrics.job_id
      and r.step_at >= date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00') and r.step_at <= step.until
    where step.width >= interval '1 hour' and (job_metrics.metric_names is null or r.metric_name = any (job_metrics.metric_names))
      and not exists (select from a2o_private.stale_hours h where h.kind = 'METRICS' and h.job_id = r.job_id and h.hour_at = r.step_at)
    union all
    -- Hours that are not rolled up yet.
    select m.metric_name, m.unit, m.sampled_at, 1, m.value, m.value, m.value
    from step
    join a2o_private.stale_hours h on h.kind = 'METRICS' and h.job_id = job_metrics.job_id and h.hour_at >= step.since - interval '1 hour' - step.width and h.hour_at <= step.until
    join a2o.migration_metrics m on m.job_id = h.job_id and m.sampled_at >= h.hour_at and m.sampled_at < h.hour_at + interval '1 hour'
    where step.width >= interval '5 minutes' and (job_metrics.metric_names is null or m.metric_name = any (job_metrics.metric_names))
      and m.sampled_at >= date_bin(step.width, step.since, timestamptz '2000-01-01 00:00+00')
      and date_bin(case when step.width < interval '1 hour' then interval '5 minutes' else interval '1 hour' end, m.sampled_at, timestamptz '2000-01-01 00:00+00') <= step.until),
  stepped as (
    select s.metric_name, max(s.unit) as unit, date_bin(step.width, s.sampled_at, timestamptz '2000-01-01 00:00+00') as step_at, sum(s.samples)::integer as samples,
      sum(s.value_avg * s.samples) / sum(s.samples) as average, min(s.value_min) as minimum, max(s.value_max) as maximum
    from step cross join sampled s
    group by s.metric_name, date_bin(step.width, s.sampled_at, timestamptz '2000-01-01 00:00+00'))
  -- Each metric from its first data point to its last: before and after, CloudWatch had none to give.
  select n.metric_name, n.unit, g.step_at, coalesce(s.samples, 0), s.average, s.minimum, s.maximum
  from (select x.metric_name, max(x.unit) as unit, min(x.step_at) as first_at, max(x.step_at) as last_at from stepped x group by x.metric_name) as n
  cross join step
  cross join lateral generate_series(n.first_at, n.last_at, step.width) as g(step_at)
  left join stepped s on s.metric_name = n.metric_name and s.step_at = g.step_at
  order by n.metric_name, g.step_at;
  end;
comment on function a2o.job_metrics(uuid, timestamptz, timestamptz, integer, text[]) is
  'CloudWatch metrics of one job in equal steps of time, all of them or those named, in no more than so many points each. Long times come from the roll-ups, in whole steps. A step without a data point has samples 0 and nulls: a gap.';
revoke all on function a2o.job_metrics(uuid, timestamptz, timestamptz, integer, text[]) from public;
grant execute on function a2o.job_metrics(uuid, timestamptz, timestamptz, integer, text[]) to a2o_reader;
--! EndIncluded functions/jobs/job_metrics.sql
--! Included triggers/announce_jobs.sql
-- Listeners hear of a job when it appears or its state changes; of samples they hear once a poll, by its monitor.
create or replace function a2o_private.announce_changed_jobs() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform a2o_private.announce('job', c.aws_account_id, case when c.siblings <= 100 then c.id end)
  from (
    select distinct n.aws_account_id, n.id, count(*) over (partition by n.aws_account_id) as siblings from changed n join before o on o.id = n.id
    where (n.status, n.aws_status, n.error_message, n.gone_at, n.table_id) is distinct from (o.status, o.aws_status, o.error_message, o.gone_at, o.table_id)) as c;
  return null;
end
$$;
comment on function a2o_private.announce_changed_jobs() is 'Trigger: announces jobs whose state, error or table changed; more than 100 of an account at once are not named.';
revoke all on function a2o_private.announce_changed_jobs() from public;

create or replace trigger announce_new_jobs after insert on a2o.migration_jobs
  referencing new table as changed for each statement execute function a2o_private.announce_changed('job');
create or replace trigger announce_changed_jobs after update on a2o.migration_jobs
  referencing old table as before new table as changed for each statement execute function a2o_private.announce_changed_jobs();
--! EndIncluded triggers/announce_jobs.sql
--! Included triggers/announce_monitors.sql
-- Every poll ends in an update of its monitor: that is how listeners hear of new samples. The start of a poll changes nothing.
create or replace function a2o_private.announce_monitor() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform a2o_private.announce('monitor', coalesce(new.aws_account_id, old.aws_account_id), coalesce(new.id, old.id));
  return null;
end
$$;
comment on function a2o_private.announce_monitor() is 'Trigger: announces a monitor that was added, changed, polled or removed.';
revoke all on function a2o_private.announce_monitor() from public;

create or replace trigger announce_monitor after insert or delete on a2o.monitors
  for each row execute function a2o_private.announce_monitor();
create or replace trigger announce_polled_monitor after update on a2o.monitors for each row
  when (old.last_polled_at is distinct from new.last_polled_at or old.is_paused <> new.is_paused or old.endpoint is distinct from new.endpoint)
  execute function a2o_private.announce_monitor();
--! EndIncluded triggers/announce_monitors.sql
--! Included views/monitors/monitor_overview.sql
-- Monitors with their state and what they cost this month; the health of each service stands in monitor_services.
-- Example:
--   select aws_account_id, region, is_paused, running_jobs
--   from monitor_overview order by region;
create or replace view a2o.monitor_overview with (security_invoker = true) as
  select m.id as monitor_id, m.aws_account_id, m.region, m.monitor_name, m.services, m.name_patterns, m.credentials_kind, m.profile_name, m.role_arn,
    m.external_id is not null as has_external_id, m.endpoint, m.poll_seconds, m.idle_poll_seconds, m.metrics_seconds, m.is_paused, m.is_simulated,
    case when m.is_paused then 'PAUSED'
      when coalesce(m.next_poll_at, m.created_at) < now() - greatest(interval '2 minutes', 3 * make_interval(secs => m.poll_seconds)) then 'LATE'
      when m.last_polled_at is null then 'WAITING'
      when m.consecutive_failures = 0 then 'WATCHING'
      when h.answering = 0 then 'BLIND'
      else 'DEGRADED' end::a2o.monitor_state as state,
    m.created_at, m.last_polled_at, m.last_succeeded_at, m.next_poll_at, m.failing_since, m.consecutive_failures, m.error_code, m.error_message, m.running_jobs,
    m.clock_skew_ms, coalesce(u.calls, 0) as calls_this_month, coalesce(u.throttled, 0) as throttled_this_month,
    coalesce(u.metrics_requested, 0) as metrics_this_month, a2o.metrics_price_usd(coalesce(u.metrics_requested, 0)) as metrics_usd_this_month
  from a2o.monitors m
  left join lateral (
    select count(*) filter (where s.last_polled_at is not null and not s.is_blind) as answering
    from a2o.monitor_services s where s.monitor_id = m.id and s.service <> 'CLOUDWATCH') as h on true
  left join lateral (
    select sum(x.calls)::bigint as calls, sum(x.throttled)::bigint as throttled, sum(x.metrics_requested)::bigint as metrics_requested
    from a2o.monitor_usage x where x.monitor_id = m.id and x.day >= date_trunc('month', now() at time zone 'UTC')::date) as u on true;
comment on view a2o.monitor_overview is E'@primaryKey monitor_id\nMonitors with their state, and what they asked of AWS this month (UTC).';
comment on column a2o.monitor_overview.monitor_id is 'monitors.id.';
comment on column a2o.monitor_overview.has_external_id is E'@notNull\nTrue when an external id is given with the role.';
comment on column a2o.monitor_overview.state is E'@notNull\nWhether it sees what it is to watch.';
comment on column a2o.monitor_overview.calls_this_month is E'@notNull\nRequests to AWS this month (UTC).';
comment on column a2o.monitor_overview.throttled_this_month is E'@notNull\nThose of them that AWS throttled.';
comment on column a2o.monitor_overview.metrics_this_month is E'@notNull\nMetrics asked of CloudWatch this month (UTC).';
comment on column a2o.monitor_overview.metrics_usd_this_month is E'@notNull\nWhat CloudWatch bills for them at its list price, in US dollars.';
grant select on a2o.monitor_overview to a2o_reader, a2o_worker;
--! EndIncluded views/monitors/monitor_overview.sql
--! Included views/jobs/active_jobs.sql
-- What runs, waits, or ended within the last hour, one row each, with pace, estimate and doubt. A job that loads and whose
-- samples say the same for ten minutes is stalled; one that nobody could ask about is not known to be.
-- Example:
--   select job_type, job_name, phase, percent, pg_size_pretty(bytes_copied) as copied
--   from active_jobs order by job_type, job_name limit 4;
create or replace view a2o.active_jobs with (security_invoker = true) as
  select j.id as job_id, j.aws_account_id, j.region, j.job_type, j.job_name, j.aws_job_id, j.aws_parent_id, j.status, j.aws_status, f.phase, j.is_simulated, j.monitor_id,
    j.table_id, j.migration_type, j.stop_reason, j.error_code, j.error_message, j.source, j.target, j.percent, j.rows_copied, j.bytes_copied, j.bytes_total, j.files_copied,
    j.files_total, j.tables_loaded, j.tables_loading, j.tables_queued, j.tables_errored, j.error_rows, j.validation_failed_rows, j.started_at, j.completed_at, j.elapsed_ms,
    j.last_seen_at, p.samples, p.rows_per_second, p.bytes_per_second, p.percent_per_hour,
    case when not coalesce(q.is_stalled, false) then p.eta_at end as eta_at, case when not coalesce(q.is_stalled, false) then p.eta_earliest_at end as eta_earliest_at,
    case when not coalesce(q.is_stalled, false) then p.eta_latest_at end as eta_latest_at, case when not coalesce(q.is_stalled, false) then p.eta_confidence end as eta_confidence,
    q.is_stalled, case when q.is_stalled then p.quiet_since end as stalled_since,
    j.status in ('PENDING', 'RUNNING') and j.gone_at is null and coalesce(j.last_seen_at < now() - greatest(interval '2 minutes', 3 * make_interval(secs =>
      coalesce(case when m.running_jobs > 0 then m.poll_seconds else m.idle_poll_seconds end, 30))), true) as is_stale,
    a2o.migration_jobs_console_url(j) as console_url
  from a2o.migration_jobs j
  left join a2o.monitors m on m.id = j.monitor_id
  cross join lateral (select a2o.migration_jobs_phase(j) as phase) as f
  left join lateral a2o_private.job_pace(case when j.status = 'RUNNING' and j.gone_at is null then j.id end, j.started_at, j.percent, f.phase = 'LOADING') as p on true
  cross join lateral (
    select case when f.phase = 'LOADING' and p.quiet_since is not null then p.sampled_at - p.quiet_since >= a2o_private.stall_after() end as is_stalled) as q
  where j.status in ('PENDING', 'RUNNING') and (j.gone_at is null or j.gone_at > now() - interval '1 hour') or j.completed_at > now() - interval '1 hour';
comment on view a2o.active_jobs is E'@primaryKey job_id\nMigrations that run, wait, or ended within the last hour, with progress, pace and estimated end as far as AWS gives grounds for them.';
comment on column a2o.active_jobs.job_id is 'migration_jobs.id.';
comment on column a2o.active_jobs.phase is E'@notNull\nWhat it is at.';
comment on column a2o.active_jobs.samples is 'Samples of the last 15 minutes that pace and estimate rest on, 30 at most; null when there are none.';
comment on column a2o.active_jobs.rows_per_second is 'Rows copied in a second, over those samples.';
comment on column a2o.active_jobs.bytes_per_second is 'Bytes copied in a second, over those samples.';
comment on column a2o.active_jobs.percent_per_hour is 'Points of progress in an hour, over those samples.';
comment on column a2o.active_jobs.eta_at is 'When the load will be done at the pace of those samples; null without a denominator from AWS, while it is stalled, and for changes that are replicated without end.';
comment on column a2o.active_jobs.eta_earliest_at is 'The same at the faster of the two halves of those samples.';
comment on column a2o.active_jobs.eta_latest_at is 'The same at the slower of the two; null when nothing moved in one of them.';
comment on column a2o.active_jobs.eta_confidence is 'How even that pace was: HIGH: ten samples, both halves within 20%. MEDIUM: four, within half. LOW: fewer or uneven ones, or only the pace since the start.';
comment on column a2o.active_jobs.is_stalled is 'True when it loads and nothing moved for ten minutes though AWS answered; null when that cannot be told.';
comment on column a2o.active_jobs.stalled_since is 'When something last moved, six hours back at most; null unless stalled.';
comment on column a2o.active_jobs.is_stale is E'@notNull\nTrue when AWS has not been heard about it for three polls: what is shown may be over.';
comment on column a2o.active_jobs.console_url is 'The job in AWS''s console; null for a simulated one.';
grant select on a2o.active_jobs to a2o_reader, a2o_worker;
--! EndIncluded views/jobs/active_jobs.sql

--! split: 346-history.sql
--! Included triggers/mark_stale_hours.sql
-- Whoever writes samples marks their hours, in the same transaction. The hours are written in one order, so that two writers
-- wait for each other and never for good.
create or replace function a2o_private.mark_stale_hours() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into a2o_private.stale_hours as s (kind, job_id, hour_at)
  select distinct tg_argv[0]::a2o_private.sample_kind, c.job_id, date_trunc('hour', c.sampled_at, 'UTC') from changed c order by 1, 2, 3
  on conflict (kind, job_id, hour_at) do update set touched_at = clock_timestamp();
  return null;
end
$$;
comment on function a2o_private.mark_stale_hours() is 'Trigger: marks the hours of new and changed samples, of the kind in its argument, as not rolled up.';
revoke all on function a2o_private.mark_stale_hours() from public;

create or replace trigger mark_new_hours after insert on a2o.migration_progress
  referencing new table as changed for each statement execute function a2o_private.mark_stale_hours('PROGRESS');
create or replace trigger mark_changed_hours after update on a2o.migration_progress
  referencing new table as changed for each statement execute function a2o_private.mark_stale_hours('PROGRESS');
create or replace trigger mark_new_hours after insert on a2o.migration_metrics
  referencing new table as changed for each statement execute function a2o_private.mark_stale_hours('METRICS');
create or replace trigger mark_changed_hours after update on a2o.migration_metrics
  referencing new table as changed for each statement execute function a2o_private.mark_stale_hours('METRICS');
--! EndIncluded triggers/mark_stale_hours.sql

-- The month that begins while nobody looks, and the one before, whose samples may still come.
select a2o_private.make_history_partitions(array[now() - interval '1 month', now(), now() + interval '1 month', now() + interval '2 months']);

--! split: 350-web.sql
--! Included functions/web/web_sessions.sql
-- Definers, so that the web server's login has no right of its own on the table.
create or replace function a2o_private.end_web_session(session_id text, expires_at timestamptz) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from a2o_private.ended_web_sessions e where e.expires_at < now();
  insert into a2o_private.ended_web_sessions (session_id, expires_at)
  values (end_web_session.session_id, end_web_session.expires_at) on conflict do nothing;
$$;
comment on function a2o_private.end_web_session(text, timestamptz) is 'Ends a session of the web server for good, and forgets those whose cookie has ended.';
revoke all on function a2o_private.end_web_session(text, timestamptz) from public;
grant execute on function a2o_private.end_web_session(text, timestamptz) to a2o_authenticator;

create or replace function a2o_private.is_web_session_ended(session_id text) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from a2o_private.ended_web_sessions e where e.session_id = is_web_session_ended.session_id)
$$;
comment on function a2o_private.is_web_session_ended(text) is 'Whether a session of the web server was signed out.';
revoke all on function a2o_private.is_web_session_ended(text) from public;
grant execute on function a2o_private.is_web_session_ended(text) to a2o_authenticator;
--! EndIncluded functions/web/web_sessions.sql
--! Included views/exports/job_export.sql
-- What an export of migrations holds: what AWS said of each job, not what we work out from it.
-- Example:
--   select job_type, job_name, status, started_at, bytes_copied
--   from job_export where status = 'COMPLETED' order by started_at, job_name limit 3;
create or replace view a2o.job_export with (security_invoker = true) as
  select j.aws_account_id, j.region, j.job_type, j.job_name, j.aws_job_id, j.status, j.aws_status, j.started_at, j.completed_at, j.percent, j.rows_copied,
    j.bytes_copied, j.bytes_total, j.files_copied, j.files_total, j.tables_loaded, j.tables_errored, j.error_rows, j.validation_failed_rows, j.source,
    j.target, j.stop_reason, j.error_code, j.error_message, j.is_simulated, j.table_id, j.id as job_id
  from a2o.migration_jobs j;
comment on view a2o.job_export is E'@behavior -*\nMigrations as exports show them.';
grant select on a2o.job_export to a2o_reader;
--! EndIncluded views/exports/job_export.sql
--! Included functions/exports/changes.sql
-- Exports go through all pages of list_changes, so that both tell the same.
create or replace function a2o.export_changes(
  from_assessment uuid, to_assessment uuid, kinds a2o.change_kind[] default null, database text default null, across_catalogs boolean default false
) returns setof a2o.table_change
  language plpgsql stable rows 10000 as $$
declare
  page a2o.change_page;
  cursor text;
begin
  loop
    page := a2o.list_changes(from_assessment, to_assessment, kinds => kinds, database => database, page_size => 1000, cursor => cursor,
      across_catalogs => across_catalogs);
    return query select * from unnest(page.items);
    cursor := page.next_cursor;
    exit when cursor is null;
  end loop;
end
$$;
comment on function a2o.export_changes(uuid, uuid, a2o.change_kind[], text, boolean) is E'@behavior -*\nAll pages of list_changes. Errors as there.';

create or replace function a2o.changes_text(changes a2o.attribute_change[]) returns text
  language sql immutable
  return (select string_agg(format('%s: %s → %s', c.attribute, coalesce(c.before, 'unknown'), coalesce(c.after, 'unknown')), '; ') from unnest(changes) as c);
comment on function a2o.changes_text(a2o.attribute_change[]) is E'@behavior -*\nChanges of attributes as a line of text.';

create or replace function a2o.changes_text(changes a2o.column_change[]) returns text
  language sql immutable
  return (select string_agg(case c.change
      when 'ADDED' then format('%s added: %s', c.column_name, c.type_after)
      when 'REMOVED' then format('%s removed: %s', c.column_name, c.type_before)
      else format('%s: %s → %s', c.column_name, c.type_before, c.type_after) end, '; ')
    from unnest(changes) as c);
comment on function a2o.changes_text(a2o.column_change[]) is E'@behavior -*\nChanges of columns as a line of text.';

revoke all on function a2o.export_changes(uuid, uuid, a2o.change_kind[], text, boolean), a2o.changes_text(a2o.attribute_change[]),
  a2o.changes_text(a2o.column_change[]) from public;
grant execute on function a2o.export_changes(uuid, uuid, a2o.change_kind[], text, boolean), a2o.changes_text(a2o.attribute_change[]),
  a2o.changes_text(a2o.column_change[]) to a2o_reader, a2o_ingest;
--! EndIncluded functions/exports/changes.sql
--! Included functions/exports/export_columns.sql
-- A cell of CSV is text that no spreadsheet takes for a formula, times as ISO 8601 in UTC, true or false, and lists as text.
create or replace function a2o_private.csv_columns(source regclass) returns text
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select string_agg(format(
    case
      when t.typtype = 'e' or t.oid = 'boolean'::regtype then 'x.%1$I::text'
      when t.oid = 'timestamptz'::regtype then 'to_char(x.%1$I at time zone ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS"Z"'')'
      -- Notes are sentences, other lists are names.
      when t.oid = 'text[]'::regtype then 'a2o.csv_text(array_to_string(x.%1$I, ' || case a.attname when 'notes' then ''' ''' else ''', ''' end || '))'
      when t.oid in ('a2o.attribute_change[]'::regtype, 'a2o.column_change[]'::regtype) then 'a2o.csv_text(a2o.changes_text(x.%1$I))'
      when t.typcategory = 'S' then 'a2o.csv_text(x.%1$I)'
      else 'x.%1$I' end || ' as %1$I', a.attname), ', ' order by a.attnum)
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  where a.attrelid = source and a.attnum > 0 and not a.attisdropped and a.attname <> 'assessment_id'
$$;
comment on function a2o_private.csv_columns(regclass) is 'Select list of a relation x for CSV.';
revoke all on function a2o_private.csv_columns(regclass) from public;

create or replace function a2o_private.json_columns(source regclass) returns text
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select string_agg(format('x.%I', a.attname), ', ' order by a.attnum)
  from pg_attribute a
  where a.attrelid = source and a.attnum > 0 and not a.attisdropped and a.attname <> 'assessment_id'
$$;
comment on function a2o_private.json_columns(regclass) is 'Select list of a relation x for JSON.';
revoke all on function a2o_private.json_columns(regclass) from public;
--! EndIncluded functions/exports/export_columns.sql
--! Included functions/exports/export_arguments.sql
-- Arguments come from a web address: each a text, or a list of texts when it is given more than once.
create or replace function a2o_private.export_values(arguments jsonb, name text) returns text[]
  language sql immutable set search_path = pg_catalog, pg_temp as $$
  select nullif(array(
    select v.value from jsonb_array_elements_text(
      case jsonb_typeof(arguments -> name) when 'array' then arguments -> name when 'null' then '[]' else coalesce(jsonb_build_array(arguments -> name), '[]') end)
      as v(value)
    where v.value <> ''), '{}')
$$;
comment on function a2o_private.export_values(jsonb, text) is 'Values of an argument; null when it is not given, or empty.';
revoke all on function a2o_private.export_values(jsonb, text) from public;

create or replace function a2o_private.export_value(arguments jsonb, name text) returns text
  language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  given text[] := a2o_private.export_values(arguments, name);
begin
  if cardinality(given) > 1 then
    raise exception '% is given more than once', name using errcode = 'A2O61', hint = 'Give it once.';
  end if;
  return given[1];
end
$$;
comment on function a2o_private.export_value(jsonb, text) is 'The value of an argument that is given once at most. Error: A2O61 more than once.';
revoke all on function a2o_private.export_value(jsonb, text) from public;

create or replace function a2o_private.check_export_arguments(list text, arguments jsonb, known text[]) returns void
  language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  unknown text := (select k.name from jsonb_object_keys(arguments) as k(name) where k.name <> all (known) order by k.name limit 1);
begin
  if unknown is not null then
    raise exception 'an export of % has no argument %', list, unknown
      using errcode = 'A2O60', hint = format('It has %s.', array_to_string(known, ', '));
  end if;
end
$$;
comment on function a2o_private.check_export_arguments(text, jsonb, text[]) is 'Error: A2O60 an argument that there is not.';
revoke all on function a2o_private.check_export_arguments(text, jsonb, text[]) from public;

create or replace function a2o_private.export_order(source regclass, order_by text, otherwise text) returns text
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  column_name text := lower(regexp_replace(order_by, '_(ASC|DESC)$', ''));
begin
  if order_by is null then
    return otherwise;
  end if;
  if order_by !~ '_(ASC|DESC)$' or not exists (
    select from pg_attribute a where a.attrelid = source and a.attnum > 0 and not a.attisdropped and a.attname = column_name and a.attname <> 'assessment_id') then
    raise exception 'there is no order %', order_by using errcode = 'A2O61', hint = 'The name of a column and its direction, e.g. SIZE_BYTES_DESC.';
  end if;
  return format('x.%I %s nulls last, %s', column_name, case when order_by like '%\_DESC' then 'desc' else 'asc' end, otherwise);
end
$$;
comment on function a2o_private.export_order(regclass, text, text) is 'ORDER BY of an export; orders are called as in GraphQL. Error: A2O61 no such order.';
revoke all on function a2o_private.export_order(regclass, text, text) from public;
--! EndIncluded functions/exports/export_arguments.sql
--! Included functions/exports/export_statement.sql
create or replace function a2o_private.condition_if(condition text, value anyelement) returns text
  language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when value is not null then format(condition, value) end
$$;
comment on function a2o_private.condition_if(text, anyelement) is 'A condition with the value where it says %L; null when there is no value.';
revoke all on function a2o_private.condition_if(text, anyelement) from public;

-- The filters of a2o.search_tables, under the same names; a test compares both for any arguments.
create or replace function a2o_private.filter_exported_tables(arguments jsonb) returns text
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  pattern text := a2o_private.check_like_pattern(a2o_private.export_value(arguments, 'pattern'));
  formats text[] := a2o_private.export_values(arguments, 'formats');
  readiness a2o.migration_readiness[] := a2o_private.export_values(arguments, 'readiness')::a2o.migration_readiness[];
  min_size_bytes bigint := a2o_private.export_value(arguments, 'minSizeBytes')::bigint;
  max_size_bytes bigint := a2o_private.export_value(arguments, 'maxSizeBytes')::bigint;
  database text := a2o_private.export_value(arguments, 'database');
  findings text[] := a2o_private.export_values(arguments, 'findings');
begin
  return concat(
    a2o_private.condition_if(' and x.table_name ilike %L', pattern),
    a2o_private.condition_if(' and x.table_format = any (%L::text[])', formats),
    a2o_private.condition_if(' and x.migration_readiness = any (%L::a2o.migration_readiness[])', readiness),
    a2o_private.condition_if(' and x.size_bytes >= %L', min_size_bytes),
    a2o_private.condition_if(' and x.size_bytes <= %L', max_size_bytes),
    a2o_private.condition_if(' and x.database_name = %L', database),
    a2o_private.condition_if(' and x.findings && %L::text[]', findings));
end
$$;
comment on function a2o_private.filter_exported_tables(jsonb) is 'Conditions on table_export. Error: A2O13 the pattern.';
revoke all on function a2o_private.filter_exported_tables(jsonb) from public;

create or replace function a2o_private.order_exported_tables(sort a2o.table_sort) returns text
  language sql immutable set search_path = pg_catalog, pg_temp
  return case sort
    when 'LARGEST_FIRST' then 'x.size_bytes desc nulls last, x.database_name, x.table_name'
    when 'SMALLEST_FIRST' then 'x.size_bytes nulls last, x.database_name, x.table_name'
    when 'RECENTLY_UPDATED' then 'x.last_updated desc nulls last, x.database_name, x.table_name'
    when 'LONGEST_UNCHANGED' then 'x.last_updated nulls last, x.database_name, x.table_name'
    when 'NAME_DESCENDING' then 'x.database_name desc, x.table_name desc'
    else 'x.database_name, x.table_name' end;
comment on function a2o_private.order_exported_tables(a2o.table_sort) is 'ORDER BY of exported tables.';
revoke all on function a2o_private.order_exported_tables(a2o.table_sort) from public;

create or replace function a2o_private.filter_exported_databases(arguments jsonb) returns text
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  pattern text := a2o_private.check_like_pattern(a2o_private.export_value(arguments, 'pattern'));
  coverage a2o.coverage_status[] := a2o_private.export_values(arguments, 'coverage')::a2o.coverage_status[];
  from_percent numeric := a2o_private.export_value(arguments, 'minIcebergPercent')::numeric;
  below_percent numeric := a2o_private.export_value(arguments, 'belowIcebergPercent')::numeric;
begin
  return concat(
    a2o_private.condition_if(' and x.database_name ilike %L', pattern),
    a2o_private.condition_if(' and x.coverage = any (%L::a2o.coverage_status[])', coverage),
    a2o_private.condition_if(' and x.iceberg_percent >= %L', from_percent),
    a2o_private.condition_if(' and coalesce(x.iceberg_percent, -1) < %L', below_percent));
end
$$;
comment on function a2o_private.filter_exported_databases(jsonb) is 'Conditions on database_export. Error: A2O13 the pattern.';
revoke all on function a2o_private.filter_exported_databases(jsonb) from public;

create or replace function a2o_private.filter_exported_jobs(arguments jsonb) returns text
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  pattern text := a2o_private.check_like_pattern(a2o_private.export_value(arguments, 'pattern'));
  job_types text[] := a2o_private.export_values(arguments, 'jobTypes');
  statuses a2o.job_status[] := a2o_private.export_values(arguments, 'statuses')::a2o.job_status[];
  started_from timestamptz := a2o_private.export_value(arguments, 'startedFrom')::timestamptz;
  started_before timestamptz := a2o_private.export_value(arguments, 'startedBefore')::timestamptz;
begin
  return concat(
    a2o_private.condition_if(' and x.job_name ilike %L', pattern),
    a2o_private.condition_if(' and x.aws_account_id = %L', a2o_private.export_value(arguments, 'awsAccountId')),
    a2o_private.condition_if(' and x.region = %L', a2o_private.export_value(arguments, 'region')),
    a2o_private.condition_if(' and x.job_type = any (%L::text[])', job_types),
    a2o_private.condition_if(' and x.status = any (%L::a2o.job_status[])', statuses),
    a2o_private.condition_if(' and x.started_at >= %L::timestamptz', started_from),
    a2o_private.condition_if(' and x.started_at < %L::timestamptz', started_before));
end
$$;
comment on function a2o_private.filter_exported_jobs(jsonb) is 'Conditions on job_export. Error: A2O13 the pattern.';
revoke all on function a2o_private.filter_exported_jobs(jsonb) from public;

-- COPY takes no parameters, so its text is made here, where every value is quoted by the server itself. Definer, to say of a
-- foreign assessment what the searches say; the text is run by the caller, under the policies.
create or replace function a2o.export_statement(list text, format text, arguments jsonb, out statement text, out file_name text)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  source regclass;
  rows_of text;
  condition text := '';
  ordering text;
  columns text;
  known text[];
  assessment a2o.assessments;
  earlier a2o.assessments;
  about text;
begin
  if format not in ('csv', 'ndjson') then
    raise exception 'there is no format %', format using errcode = 'A2O60', hint = 'The formats are csv and ndjson.';
  end if;
  known := case list
    when 'tables' then array['assessmentId', 'pattern', 'formats', 'readiness', 'minSizeBytes', 'maxSizeBytes', 'database', 'findings', 'sort']
    when 'databases' then array['assessmentId', 'pattern', 'coverage', 'minIcebergPercent', 'belowIcebergPercent', 'orderBy']
    when 'findings' then array['assessmentId', 'severities', 'orderBy']
    when 'changes' then array['fromAssessment', 'toAssessment', 'kinds', 'database', 'acrossCatalogs']
    when 'jobs' then array['awsAccountId', 'region', 'jobTypes', 'statuses', 'startedFrom', 'startedBefore', 'pattern', 'orderBy'] end;
  if known is null then
    raise exception 'there is no list %', list using errcode = 'A2O60', hint = 'The lists are tables, databases, findings, changes and jobs.';
  end if;
  perform a2o_private.check_export_arguments(list, arguments, known);

  if list = 'changes' then
    earlier := a2o_private.readable_assessment(a2o_private.export_value(arguments, 'fromAssessment')::uuid);
    assessment := a2o_private.readable_assessment(a2o_private.export_value(arguments, 'toAssessment')::uuid);
  elsif list <> 'jobs' then
    assessment := a2o_private.readable_assessment(a2o_private.export_value(arguments, 'assessmentId')::uuid);
    condition := format(' and x.assessment_id = %L::uuid', assessment.id);
  end if;

  case list
    when 'tables' then
      source := 'a2o.table_export';
      condition := condition || a2o_private.filter_exported_tables(arguments);
      ordering := a2o_private.order_exported_tables(coalesce(a2o_private.export_value(arguments, 'sort')::a2o.table_sort, 'LARGEST_FIRST'));
    when 'databases' then
      source := 'a2o.database_export';
      condition := condition || a2o_private.filter_exported_databases(arguments);
      ordering := a2o_private.export_order(source, a2o_private.export_value(arguments, 'orderBy'), 'x.database_name');
    when 'findings' then
      source := 'a2o.finding_export';
      condition := concat(condition, a2o_private.condition_if(' and x.severity = any (%L::a2o.finding_severity[])',
        a2o_private.export_values(arguments, 'severities')::a2o.finding_severity[]));
      ordering := a2o_private.export_order(source, a2o_private.export_value(arguments, 'orderBy'), 'x.severity desc, x.table_count desc, x.code');
    when 'jobs' then
      source := 'a2o.job_export';
      condition := a2o_private.filter_exported_jobs(arguments);
      ordering := a2o_private.export_order(source, a2o_private.export_value(arguments, 'orderBy'), 'x.started_at desc nulls last, x.job_id');
    when 'changes' then
      source := 'a2o.table_change';
      rows_of := format('a2o.export_changes(%L::uuid, %L::uuid, %L::a2o.change_kind[], %L::text, %L::boolean)', earlier.id, assessment.id,
        a2o_private.export_values(arguments, 'kinds')::a2o.change_kind[], a2o_private.export_value(arguments, 'database'),
        coalesce(a2o_private.export_value(arguments, 'acrossCatalogs')::boolean, false));
      ordering := 'x.database_name, x.table_name';
  end case;

  columns := case format when 'csv' then a2o_private.csv_columns(source) else a2o_private.json_columns(source) end;
  statement := format('select %s from %s as x where true%s order by %s', columns, coalesce(rows_of, source::text), condition, ordering);
  -- JSON escapes control characters, so none of its lines has the delimiter or the quote named here, and COPY leaves it as it is.
  statement := case format
    when 'csv' then format('copy (%s) to stdout (format csv, header)', statement)
    else format('copy (select to_json(r) from (%s) as r) to stdout (format csv, delimiter e''\x01'', quote e''\x02'')', statement) end;

  about := case list
    when 'jobs' then concat_ws('-', a2o_private.export_value(arguments, 'awsAccountId'), a2o_private.export_value(arguments, 'region'), to_char(now() at time zone 'UTC', 'YYYY-MM-DD'))
    else concat_ws('-', assessment.aws_account_id, assessment.region, to_char(earlier.timestamp at time zone 'UTC', 'YYYY-MM-DD'),
      to_char(assessment.timestamp at time zone 'UTC', 'YYYY-MM-DD'), left(assessment.id::text, 8)) end;
  file_name := format('aws2openstack-%s-%s.%s', list, regexp_replace(about, '[^A-Za-z0-9._-]', '_', 'g'), format);
end
$$;
comment on function a2o.export_statement(text, text, jsonb) is
E'@behavior -*\nThe COPY statement that exports a list (tables, databases, findings, changes, jobs) as csv or ndjson, and a name for the file. arguments has the filters under the names that GraphQL gives them: a text, or a list of texts. The caller runs the statement, under their own rights. Errors: A2O12 no such assessment, A2O13 the pattern, A2O60 no such list, format or argument, A2O61 a value that is not allowed.';
revoke all on function a2o.export_statement(text, text, jsonb) from public;
grant execute on function a2o.export_statement(text, text, jsonb) to a2o_reader, a2o_ingest;
--! EndIncluded functions/exports/export_statement.sql

--! split: 360-dashboard.sql
--! Included functions/history/table_history.sql
-- Definer: each assessment is looked into by its own value, so that only its partition is planned for, and columns are compared,
-- which readers cannot reach. The account is checked first, and every assessment is of that account.
create or replace function a2o.table_history(assessment_id uuid, database_name text, table_name text, newest integer default 100)
  returns setof a2o.table_sighting
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  here a2o.assessments := a2o_private.readable_assessment(table_history.assessment_id);
  one record;
  found_row a2o.tables;
  last_found a2o.tables;
  seen a2o.table_sighting;
  change a2o.table_change;
begin
  for one in
    select a.id, a.timestamp, a.origin, coalesce(c.status, listed.status) as status
    from (
      select x.id, x.timestamp, x.origin from a2o.assessments x
      where x.aws_account_id = here.aws_account_id and x.region = here.region
      order by x.timestamp desc, x.id limit least(greatest(table_history.newest, 1), 1000)) as a
    left join a2o.database_coverage c on c.assessment_id = a.id and c.database_name = table_history.database_name
    left join a2o.database_coverage listed on listed.assessment_id = a.id and listed.database_name = ''
    order by a.timestamp, a.id desc
  loop
    execute 'select t.* from a2o.tables t where t.assessment_id = $1 and t.database_name = $2 and t.table_name = $3'
      into found_row using one.id, table_history.database_name, table_history.table_name;
    seen := null;
    seen.assessment_id := one.id;
    seen.timestamp := one.timestamp;
    if found_row.table_name is null then
      seen.sighting := case when coalesce(one.status, 'COMPLETE') = 'COMPLETE' then 'ABSENT' else 'UNREAD' end;
    else
      seen.sighting := 'FOUND';
      seen.table_format := found_row.table_format;
      seen.migration_readiness := found_row.migration_readiness;
      seen.size_bytes := found_row.size_bytes;
      seen.row_count := found_row.row_count;
      seen.column_count := found_row.column_count;
      seen.storage_location := found_row.storage_location;
      if last_found.table_name is not null and last_found.content_hash <> found_row.content_hash then
        change := a2o_private.describe_change(last_found, found_row);
        seen.attributes := change.attributes;
        seen.column_changes := change.column_changes;
      end if;
      last_found := found_row;
    end if;
    return next seen;
  end loop;
end
$$;
comment on function a2o.table_history(uuid, text, text, integer) is
'A table in the assessments of the same account and region, oldest first: what it was in each, what had changed since it was last found, and where it could not be seen because its database was not read. newest limits it to so many assessments. Error: A2O12 no such assessment.';
revoke all on function a2o.table_history(uuid, text, text, integer) from public;
grant execute on function a2o.table_history(uuid, text, text, integer) to a2o_reader, a2o_ingest;
--! EndIncluded functions/history/table_history.sql
--! Included functions/compare/readiness_moves.sql
-- Two neighbours without tables that only one of them could read: what changed is stored, and all other tables have the verdict
-- that they had. So few rows are read.
create or replace function a2o_private.moves_of_stored_changes(from_assessment uuid, to_assessment uuid) returns setof a2o.readiness_move
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query execute format($sql$
    with changed as (
      select c.change, o.migration_readiness as readiness_before, n.migration_readiness as readiness_after
      from a2o.assessment_changes c
      left join %s o on o.assessment_id = $1 and o.database_name = c.database_name and o.table_name = c.table_name
      left join %s n on n.assessment_id = $2 and n.database_name = c.database_name and n.table_name = c.table_name
      where c.assessment_id = $2),
    moved as (
      select case c.change when 'ADDED' then 'ADDED' when 'REMOVED' then 'REMOVED' else 'KEPT' end::a2o.table_fate as fate,
        c.readiness_before, c.readiness_after, count(*) as tables
      from changed c group by 1, 2, 3
      union all
      select 'KEPT', r.migration_readiness, r.migration_readiness,
        sum(r.table_count) - (select count(*) from changed c where c.readiness_after = r.migration_readiness)
      from a2o.format_rollups r where r.assessment_id = $2 group by r.migration_readiness)
    select m.fate, m.readiness_before, m.readiness_after, sum(m.tables)::integer
    from moved m group by 1, 2, 3 having sum(m.tables) > 0 $sql$,
    a2o_private.partition_of(from_assessment), a2o_private.partition_of(to_assessment))
  using from_assessment, to_assessment;
end
$$;
comment on function a2o_private.moves_of_stored_changes(uuid, uuid) is 'How many tables went from which verdict to which, from the changes that are stored for the later of two neighbours.';
revoke all on function a2o_private.moves_of_stored_changes(uuid, uuid) from public;

-- Any other two: one merge of both, in the order of the key.
create or replace function a2o_private.merged_moves(from_assessment uuid, to_assessment uuid) returns setof a2o.readiness_move
  language plpgsql stable set search_path = pg_catalog, pg_temp set enable_hashjoin = off set enable_nestloop = off as $$
begin
  return query execute $sql$
    select case
        when o.table_name is null then case when n.database_name = any ($3) then 'UNREAD_BEFORE' else 'ADDED' end
        when n.table_name is null then case when o.database_name = any ($4) then 'UNREAD_AFTER' else 'REMOVED' end
        else 'KEPT' end::a2o.table_fate as fate,
      o.migration_readiness, n.migration_readiness, count(*)::integer
    from (select t.database_name, t.table_name, t.migration_readiness from a2o.tables t where t.assessment_id = $1) as o
    full join (select t.database_name, t.table_name, t.migration_readiness from a2o.tables t where t.assessment_id = $2) as n
      on n.database_name = o.database_name and n.table_name = o.table_name
    group by 1, 2, 3 $sql$
  using from_assessment, to_assessment, a2o_private.unread_elsewhere(to_assessment, from_assessment), a2o_private.unread_elsewhere(from_assessment, to_assessment);
end
$$;
comment on function a2o_private.merged_moves(uuid, uuid) is 'How many tables went from which verdict to which, from both assessments. A table whose database the other one did not read in full is neither new nor gone.';
revoke all on function a2o_private.merged_moves(uuid, uuid) from public;

-- Definer, as compare_assessments: two million rows are merged without the policies; both accounts are checked first.
create or replace function a2o.readiness_moves(from_assessment uuid, to_assessment uuid, across_catalogs boolean default false)
  returns setof a2o.readiness_move
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  o a2o.assessments := a2o_private.readable_assessment(from_assessment);
  n a2o.assessments := a2o_private.readable_assessment(to_assessment);
begin
  perform a2o_private.check_comparison(o, n, across_catalogs);
  if exists (select from a2o.assessment_churn c where c.assessment_id = n.id and c.previous_id = o.id and c.is_listed)
    -- What was not read in full on one side is in the way only where the other side has tables of it.
    and not exists (
      select from a2o.databases d where d.assessment_id in (o.id, n.id) and d.table_count > 0
        and d.database_name = any (a2o_private.unread_elsewhere(n.id, o.id) || a2o_private.unread_elsewhere(o.id, n.id))) then
    return query select * from a2o_private.moves_of_stored_changes(o.id, n.id);
  else
    return query select * from a2o_private.merged_moves(o.id, n.id);
  end if;
end
$$;
comment on function a2o.readiness_moves(uuid, uuid, boolean) is
'How many tables went from which verdict to which between two assessments. A table whose database the other one did not read in full is neither new nor gone. Quick for an assessment and the one before it, unless only one of them could read some tables; else some seconds for a million tables. Errors: A2O12 no such assessment, A2O14 different accounts or regions without across_catalogs.';
revoke all on function a2o.readiness_moves(uuid, uuid, boolean) from public;
grant execute on function a2o.readiness_moves(uuid, uuid, boolean) to a2o_reader, a2o_ingest;
--! EndIncluded functions/compare/readiness_moves.sql
--! Included functions/tables/table_columns.sql
-- Definer, because column lists carry no account: many tables share one. The account of the assessment is checked first.
create or replace function a2o.table_columns(assessment_id uuid, database_name text, table_name text)
  returns table (place integer, column_name text, data_type text, is_partition_key boolean, comment text)
  language plpgsql stable rows 20 security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform a2o_private.readable_assessment(assessment_id);
  return query
    select c.place::integer, c.col ->> 'name', c.col ->> 'type', coalesce((c.col ->> 'partition')::boolean, false), nullif(c.col ->> 'comment', '')
    from a2o.tables t
    join a2o.column_schemas s on s.schema_hash = t.column_schema_hash
    cross join lateral jsonb_array_elements(s.columns) with ordinality as c(col, place)
    where t.assessment_id = table_columns.assessment_id and t.database_name = table_columns.database_name and t.table_name = table_columns.table_name
    order by c.place;
end
$$;
comment on function a2o.table_columns(uuid, text, text) is 'Live columns of one table of an assessment, in order, partition keys last. None for a table that came from a report, which does not tell them. Error: A2O12 no such assessment.';
revoke all on function a2o.table_columns(uuid, text, text) from public;
grant execute on function a2o.table_columns(uuid, text, text) to a2o_reader, a2o_ingest;
--! EndIncluded functions/tables/table_columns.sql

--! split: 365-schedules.sql
--! Included functions/schedules/next_run.sql
-- `*`, `*/15`, `1-5`, `0,30`, `10-50/20` as the numbers they stand for.
create or replace function a2o_private.cron_numbers(field text, low integer, high integer) returns integer[]
  language plpgsql immutable parallel safe as $$
declare
  part text;
  fitting text[];
  first_number integer;
  last_number integer;
  step integer;
  numbers integer[] := '{}';
begin
  foreach part in array string_to_array(field, ',') loop
    fitting := regexp_match(part, '^(?:(\*)|(\d{1,4})(?:-(\d{1,4}))?)(?:/(\d{1,4}))?$');
    step := coalesce(fitting[4]::integer, 1);
    first_number := coalesce(fitting[2]::integer, low);
    last_number := case when fitting[1] is not null or (fitting[3] is null and fitting[4] is not null) then high else coalesce(fitting[3]::integer, first_number) end;
    if fitting is null or first_number < low or last_number > high or first_number > last_number or step < 1 then
      raise exception '% is no field of a cron line from % to %', quote_literal(part), low, high
        using errcode = 'A2O40', hint = 'Write *, a number, a range as 1-5, a list as 0,30, or a step as */15.';
    end if;
    numbers := numbers || array(select n from generate_series(first_number, last_number, step) as n);
  end loop;
  return numbers;
end
$$;
comment on function a2o_private.cron_numbers(text, integer, integer) is 'Numbers that one field of a cron line stands for. Error: A2O40 it is none.';

-- Days come first and their minutes after, so that a line for every 29 February is found as quickly as one for every minute.
create or replace function a2o.next_run(every text, after timestamptz) returns timestamptz
  language plpgsql immutable parallel safe as $$
declare
  fields text[] := regexp_split_to_array(trim(lower(every)), '\s+');
  amount text[] := regexp_match(trim(lower(every)), '^(\d{1,4})?\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?|months?)$');
  minutes integer[];
  hours integer[];
  weekdays integer[];
  days integer[];
  months integer[];
  found_one timestamp;
begin
  if amount is not null then
    if coalesce(amount[1], '1')::integer = 0 or (amount[2] ~ '^m(in|$)' and coalesce(amount[1], '1')::integer < 5) then
      raise exception 'an assessment is made every 5 minutes at most' using errcode = 'A2O40', hint = 'e.g. hour, 6h, day, week';
    end if;
    return after + (coalesce(amount[1], '1') || ' ' || case
      when amount[2] like 'month%' then 'months'
      when amount[2] like 'm%' then 'minutes'
      when amount[2] like 'h%' then 'hours'
      when amount[2] like 'd%' then 'days'
      else 'weeks' end)::interval;
  end if;
  if cardinality(fields) <> 5 then
    raise exception '% says not how often', quote_literal(every)
      using errcode = 'A2O40', hint = 'Write hour, day, week, month, a number with m, h, d or w (6h), or five fields as cron takes them ("0 3 * * 1-5", in UTC).';
  end if;
  minutes := a2o_private.cron_numbers(fields[1], 0, 59);
  hours := a2o_private.cron_numbers(fields[2], 0, 23);
  days := a2o_private.cron_numbers(fields[3], 1, 31);
  months := a2o_private.cron_numbers(fields[4], 1, 12);
  weekdays := array(select w % 7 from unnest(a2o_private.cron_numbers(fields[5], 0, 7)) as w);
  select d.day + make_interval(hours => h.hour, mins => m.minute) into found_one
  from (
    select g as day from generate_series(date_trunc('day', after at time zone 'UTC'), date_trunc('day', after at time zone 'UTC') + interval '9 years', interval '1 day') as g
    where extract(month from g)::integer = any (months)
      -- As cron has it: when both say something, either will do.
      and case when fields[3] <> '*' and fields[5] <> '*' then extract(day from g)::integer = any (days) or extract(dow from g)::integer = any (weekdays)
        else extract(day from g)::integer = any (days) and extract(dow from g)::integer = any (weekdays) end
    limit 2) as d
  cross join unnest(hours) as h(hour) cross join unnest(minutes) as m(minute)
  where d.day + make_interval(hours => h.hour, mins => m.minute) > after at time zone 'UTC'
  order by 1 limit 1;
  if found_one is null then
    raise exception '% never comes', quote_literal(every) using errcode = 'A2O40', hint = 'The day and the month do not meet.';
  end if;
  return found_one at time zone 'UTC';
end
$$;
comment on function a2o.next_run(text, timestamptz) is
  E'@behavior -*\nWhen something that happens every so often comes next after a moment. Takes hour, day, week, month, a number with m, h, d or w, or a cron line in UTC. Error: A2O40 none of those.';
revoke all on function a2o.next_run(text, timestamptz), a2o_private.cron_numbers(text, integer, integer) from public;
--! EndIncluded functions/schedules/next_run.sql
--! Included functions/schedules/run_schedules.sql
-- The worker's side. Any number of workers may call this at once: each due schedule is locked, moved on and handed out once.
create or replace function a2o_private.next_due(schedule a2o.assessment_schedules, after timestamptz) returns timestamptz
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  due timestamptz := schedule.next_run_at;
begin
  -- In step with when it was due, not with when a worker came; runs that were missed are not made up for.
  while due <= after loop
    due := a2o.next_run(schedule.every, case when due < after - interval '1 year' then after else due end);
  end loop;
  return due;
end
$$;
comment on function a2o_private.next_due(a2o.assessment_schedules, timestamptz) is 'When a schedule is due after a moment, in step with when it was due before.';
revoke all on function a2o_private.next_due(a2o.assessment_schedules, timestamptz) from public;

create or replace function a2o.take_due_schedules(at timestamptz default now()) returns setof a2o.assessment_schedules
  language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update a2o.assessment_schedules s
  set next_run_at = a2o_private.next_due(s, at), state = case when s.state = 'RUNNING' then s.state else 'QUEUED' end
  from (
    select d.id from a2o.assessment_schedules d where not d.is_paused and d.next_run_at <= at
    order by d.next_run_at for update skip locked) as due
  where s.id = due.id
  returning s.*
$$;
comment on function a2o.take_due_schedules(timestamptz) is E'@behavior -*\nThe schedules that are due, each handed out once; the caller queues them in the same transaction.';

create or replace function a2o.begin_scheduled_run(schedule_id uuid) returns setof a2o.assessment_schedules
  language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update a2o.assessment_schedules s set state = 'RUNNING', last_started_at = clock_timestamp(), last_message = null
  where s.id = begin_scheduled_run.schedule_id returning s.*
$$;
comment on function a2o.begin_scheduled_run(uuid) is E'@behavior -*\nNotes that a worker begins a scheduled assessment, and returns what it is to do; no row when the schedule was removed.';

create or replace function a2o.finish_scheduled_run(schedule_id uuid, state a2o.schedule_state, message text default null) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update a2o.assessment_schedules s
  set state = finish_scheduled_run.state, last_finished_at = clock_timestamp(), last_message = finish_scheduled_run.message,
    last_succeeded_at = case when finish_scheduled_run.state in ('SUCCEEDED', 'PARTIAL') then clock_timestamp() else s.last_succeeded_at end,
    consecutive_failures = case when finish_scheduled_run.state = 'FAILED' then s.consecutive_failures + 1 else 0 end
  where s.id = finish_scheduled_run.schedule_id
$$;
comment on function a2o.finish_scheduled_run(uuid, a2o.schedule_state, text) is E'@behavior -*\nNotes how a scheduled assessment went.';
revoke all on function a2o.take_due_schedules(timestamptz), a2o.begin_scheduled_run(uuid), a2o.finish_scheduled_run(uuid, a2o.schedule_state, text) from public;
grant execute on function a2o.take_due_schedules(timestamptz), a2o.begin_scheduled_run(uuid), a2o.finish_scheduled_run(uuid, a2o.schedule_state, text) to a2o_worker;
--! EndIncluded functions/schedules/run_schedules.sql
--! Included functions/schedules/schedule_assessment.sql
-- Definers, because an operator writes no table directly and may be the first to name an account. Only the names of
-- credentials are taken.
create or replace function a2o.schedule_assessment(
  account_id text, regions text, every text, profile_name text default null, role_arn text default null, external_id text default null, scope jsonb default '{}'
) returns a2o.assessment_schedules
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  scheduled a2o.assessment_schedules;
  is_cron boolean := cardinality(regexp_split_to_array(trim(every), '\s+')) = 5;
  next_one timestamptz := a2o.next_run(every, now());
begin
  if account_id = '*' then
    raise exception 'a schedule assesses one account' using errcode = 'A2O05', hint = 'Give its twelve digits.';
  end if;
  perform a2o_private.check_account_id(account_id);
  if not a2o_private.may_read_account(account_id)
    and not exists (select from a2o.account_access g where g.member = a2o_private.current_member() and g.aws_account_id in ('*', schedule_assessment.account_id)) then
    raise exception 'account % is not yours to assess', account_id using errcode = 'A2O41', hint = 'Whoever owns the database grants it: aws2openstack access grant MEMBER ACCOUNT.';
  end if;
  insert into a2o.accounts (aws_account_id) values (account_id) on conflict do nothing;
  -- The first run of an interval is at once, so that one sees soon whether it works.
  insert into a2o.assessment_schedules as s (aws_account_id, regions, every, profile_name, role_arn, external_id, scope, created_by, next_run_at)
  values (account_id, schedule_assessment.regions, schedule_assessment.every, schedule_assessment.profile_name, schedule_assessment.role_arn,
    schedule_assessment.external_id, schedule_assessment.scope, coalesce(a2o_private.current_member(), session_user),
    case when is_cron then next_one else now() end)
  on conflict on constraint assessment_schedules_wish_key do update
    set every = excluded.every, external_id = excluded.external_id, is_paused = false,
      next_run_at = a2o.next_run(excluded.every, coalesce(s.last_started_at, now()))
  returning * into scheduled;
  return scheduled;
exception when check_violation then
  raise exception 'the schedule does not fit together: %', sqlerrm
    using errcode = 'A2O42', hint = 'Regions are names, patterns or all; a role is one of the assessed account; an external id goes with a role.';
end
$$;
comment on function a2o.schedule_assessment(text, text, text, text, text, text, jsonb) is
  'Lets the worker assess an account again and again; the same account, regions, credentials and scope once more changes how often. Errors: A2O05 not an account id, A2O40 every makes no sense, A2O41 not your account, A2O42 the settings do not fit.';
revoke all on function a2o.schedule_assessment(text, text, text, text, text, text, jsonb) from public;
grant execute on function a2o.schedule_assessment(text, text, text, text, text, text, jsonb) to a2o_operator, a2o_ingest;
--! EndIncluded functions/schedules/schedule_assessment.sql
--! Included functions/schedules/change_schedule.sql
-- An unknown schedule and one of a foreign account are told apart by neither words nor effect.
create or replace function a2o_private.own_schedule(schedule_id uuid) returns a2o.assessment_schedules
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  schedule a2o.assessment_schedules;
begin
  select * into schedule from a2o.assessment_schedules s where s.id = own_schedule.schedule_id for update;
  if not coalesce(a2o_private.may_read_account(coalesce(schedule.aws_account_id, '')), false) or schedule.id is null then
    raise exception 'there is no schedule % that is yours', coalesce(schedule_id::text, 'null')
      using errcode = 'A2O43', hint = 'assessment_schedules lists yours; on the command line: aws2openstack assess schedules list';
  end if;
  return schedule;
end
$$;
comment on function a2o_private.own_schedule(uuid) is 'The schedule, locked, if the caller may read its account. Error: A2O43 there is none.';

create or replace function a2o.pause_schedule(schedule_id uuid) returns a2o.assessment_schedules
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  schedule a2o.assessment_schedules := a2o_private.own_schedule(schedule_id);
begin
  update a2o.assessment_schedules s set is_paused = true where s.id = schedule.id returning * into schedule;
  return schedule;
end
$$;
comment on function a2o.pause_schedule(uuid) is 'Stops a scheduled assessment until it is resumed; one under way goes on. Error: A2O43 no such schedule.';

create or replace function a2o.resume_schedule(schedule_id uuid) returns a2o.assessment_schedules
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  schedule a2o.assessment_schedules := a2o_private.own_schedule(schedule_id);
begin
  -- What was missed meanwhile is not made up for.
  update a2o.assessment_schedules s set is_paused = false, next_run_at = greatest(s.next_run_at, a2o_private.next_due(s, now()))
  where s.id = schedule.id returning * into schedule;
  return schedule;
end
$$;
comment on function a2o.resume_schedule(uuid) is 'Lets a paused schedule go on. Error: A2O43 no such schedule.';

create or replace function a2o.remove_schedule(schedule_id uuid) returns a2o.assessment_schedules
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  schedule a2o.assessment_schedules := a2o_private.own_schedule(schedule_id);
begin
  delete from a2o.assessment_schedules s where s.id = schedule.id;
  return schedule;
end
$$;
comment on function a2o.remove_schedule(uuid) is 'Ends a scheduled assessment; what it stored stays. Error: A2O43 no such schedule.';
revoke all on function a2o.pause_schedule(uuid), a2o.resume_schedule(uuid), a2o.remove_schedule(uuid), a2o_private.own_schedule(uuid) from public;
grant execute on function a2o.pause_schedule(uuid), a2o.resume_schedule(uuid), a2o.remove_schedule(uuid) to a2o_operator, a2o_ingest;
--! EndIncluded functions/schedules/change_schedule.sql

--! split: 370-mcp.sql
--! Included functions/live/announce_functions.sql
-- Tells running MCP servers that a function came, changed or went. Only a superuser may make an event trigger, so on a managed
-- server whoever adds a function says `notify a2o_tools` afterwards; migrations do.
create or replace function a2o_private.announce_functions() returns event_trigger
  language plpgsql as $$
begin
  -- A grant does not tell of which schema; recordings grant tables all the time.
  if tg_tag = 'DROP FUNCTION' or exists (
    select from pg_event_trigger_ddl_commands() as c
    where lower(c.object_type) in ('function', 'type') and coalesce(c.schema_name, 'a2o_mcp') ^@ 'a2o_mcp') then
    notify a2o_tools;
  end if;
end
$$;
comment on function a2o_private.announce_functions() is 'Notifies channel a2o_tools after a change of functions that MCP offers, their types, comments or grants.';
revoke all on function a2o_private.announce_functions() from public;

reset role;
do $$
begin
  if (select r.rolsuper from pg_roles r where r.rolname = current_user) then
    drop event trigger if exists a2o_functions_changed;
    create event trigger a2o_functions_changed on ddl_command_end
      when tag in ('CREATE FUNCTION', 'ALTER FUNCTION', 'DROP FUNCTION', 'ALTER TYPE', 'COMMENT', 'GRANT', 'REVOKE')
      execute function a2o_private.announce_functions();
  end if;
end
$$;
set role a2o_owner;
--! EndIncluded functions/live/announce_functions.sql
--! Included tools/get_findings.sql
-- What stands in the way, counted.
create or replace function a2o_mcp.get_findings(
  database text default null, severity a2o.finding_severity default null, assessment_id text default null, "limit" integer default 30, cursor text default null
) returns a2o_mcp.finding_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.finding_page;
  choice record;
  question text;
  after_key text[];
begin
  answer.items := '{}';
  select * into choice from a2o.choose_assessment(get_findings.assessment_id);
  answer.assessment_id := choice.chosen;
  answer.message := choice.message;
  if choice.chosen is null then
    return answer;
  end if;
  answer.database_name := database;
  if database is null then
    select e.effort_hours into answer.total_effort_hours from a2o.assessment_effort e where e.assessment_id = choice.chosen;
  else
    select e.effort_hours into answer.total_effort_hours from a2o.database_effort e where e.assessment_id = choice.chosen and e.database_name = get_findings.database;
    if not found then
      answer.message := a2o.suggest_databases(choice.chosen, database);
      return answer;
    end if;
  end if;
  question := 'findings' || choice.chosen || concat_ws(' ', coalesce(severity::text, '-'), database);
  after_key := a2o.read_tool_cursor(cursor, question, 3);
  with found as (
    select f.code, r.severity, r.title, f.table_count, f.database_count, f.table_count * coalesce(w.hours, 0) as effort_hours, r.explanation, r.remedy,
      count(*) over () as total
    from (
      select x.code, sum(x.table_count)::integer as table_count, count(*)::integer as database_count
      from a2o.database_finding_overview x
      where x.assessment_id = choice.chosen and (get_findings.database is null or x.database_name = get_findings.database) group by x.code) as f
    join a2o.finding_rules r on r.code = f.code
    left join a2o.effort_weights w on w.kind = 'FINDING' and w.key = f.code
    where get_findings.severity is null or r.severity = get_findings.severity)
  select coalesce(array_agg(row(p.code, p.severity, p.title, p.table_count, p.database_count, p.effort_hours, p.explanation, p.remedy)::a2o_mcp.finding_line
      order by p.severity desc, p.table_count desc, p.code), '{}'), (select max(f.total) from found f)
  into answer.items, answer.total_count
  from (
    select f.* from found f
    where after_key is null or (f.severity, f.table_count) < (after_key[1]::a2o.finding_severity, after_key[2]::integer)
      or (f.severity, f.table_count) = (after_key[1]::a2o.finding_severity, after_key[2]::integer) and f.code > after_key[3]
    order by f.severity desc, f.table_count desc, f.code limit get_findings."limit" + 1) as p;
  answer.total_count := coalesce(answer.total_count, 0);
  if cardinality(answer.items) > "limit" then
    answer.items := answer.items[:"limit"];
    answer.next_cursor := a2o.write_tool_cursor(question, answer.items["limit"].severity, answer.items["limit"].table_count::text, answer.items["limit"].code);
  elsif answer.total_count = 0 then
    answer.message := case when severity is not null then 'Nothing of this severity was found; leave severity out to see all.'
      when exists (select from a2o.assessments a where a.id = choice.chosen and a.origin = 'REPORT')
        then 'Nothing was found. This assessment came from a report, and many rules need what only Glue tells.'
      else 'Nothing was found that stands in the way.' end;
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.get_findings(text, a2o.finding_severity, text, integer, text) is
$$What stands in the way of moving the tables, rule by rule, the gravest first: how many tables and databases each concerns, why it matters, what to do, and planned hours. Use it for risks, for effort, and to plan waves. For the tables with one finding use search_tables with finding; for the findings on one table use get_table.

@param database Only the database of exactly this name
@param severity Only findings of this severity; HIGH stops a table until somebody decides
@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out
@param limit Findings in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.get_findings(text, a2o.finding_severity, text, integer, text) from public;
grant execute on function a2o_mcp.get_findings(text, a2o.finding_severity, text, integer, text) to a2o_reader;
--! EndIncluded tools/get_findings.sql
--! Included tools/get_table.sql
-- One table, with why.
create or replace function a2o_mcp.get_table(database_name text, table_name text, assessment_id text default null) returns a2o_mcp.table_details
  language plpgsql stable as $$
declare
  answer a2o_mcp.table_details;
  choice record;
  t a2o.tables;
  near text;
begin
  select * into choice from a2o.choose_assessment(get_table.assessment_id);
  answer.assessment_id := choice.chosen;
  answer.message := choice.message;
  if choice.chosen is null then
    return answer;
  end if;
  select * into t from a2o.tables x where x.assessment_id = choice.chosen and x.database_name = get_table.database_name and x.table_name = get_table.table_name;
  if not found then
    if not exists (select from a2o.databases d where d.assessment_id = choice.chosen and d.database_name = get_table.database_name) then
      answer.message := a2o.suggest_databases(choice.chosen, database_name);
    else
      select string_agg(f.table_name, ', ') into near
      from a2o.search_tables(assessment_id => choice.chosen, database => get_table.database_name, sort => 'NAME', page_size => 5,
        pattern => '%' || regexp_replace(left(get_table.table_name, 40), '([\\%_])', '\\\1', 'g') || '%') as page, unnest(page.items) as f;
      answer.message := format('There is no table %s in %s.', quote_literal(left(table_name, 100)), quote_ident(left(database_name, 100)))
        || coalesce(' Names that contain it: ' || near || '.', ' search_tables finds tables by a part of their name.');
    end if;
    return answer;
  end if;
  answer.database_name := t.database_name;
  answer.table_name := t.table_name;
  answer.table_id := t.id;
  answer.table_format := t.table_format;
  answer.format_rule := t.format_rule;
  answer.format_evidence := left(t.format_evidence, 300);
  answer.migration_readiness := t.migration_readiness;
  answer.readiness_rule := t.readiness_rule;
  answer.readiness_reason := coalesce((select r.explanation from a2o.readiness_rules r where r.code = t.readiness_rule), 'The report brought this verdict.');
  answer.table_type := t.table_type;
  answer.storage_location := left(t.storage_location, 1000);
  answer.size_gb := round(t.estimated_size_gb, 3);
  answer.size_source := t.size_source;
  answer.row_count := t.row_count;
  answer.row_count_source := t.row_count_source;
  answer.last_updated := t.last_updated;
  answer.effort_hours := a2o.table_effort_hours(t.assessment_id, t.database_name, t.table_name);
  answer.findings := array(
    select row(f.code, f.severity, f.title, left(f.detail, 500), f.remedy)::a2o_mcp.table_finding
    from a2o.findings f where f.assessment_id = t.assessment_id and f.database_name = t.database_name and f.table_name = t.table_name
    order by f.severity desc, f.code);
  answer.columns := array(
    select row(c.column_name, left(c.data_type, 200), c.is_partition_key, left(c.comment, 200))::a2o_mcp.table_column
    from a2o.table_columns(t.assessment_id, t.database_name, t.table_name) as c where c.place <= 200 order by c.place);
  answer.column_count := t.column_count + cardinality(t.partition_keys);
  answer.notes := t.notes;
  select m.stage, m.decided_at, m.migrated_at into answer.migration_stage, answer.migration_decided_at, answer.migrated_at
  from a2o.table_migrations m
  where m.assessment_id = t.assessment_id and m.database_name = t.database_name and m.table_name = t.table_name;
  answer.jobs := array(
    select row(l.job_id, l.job_type, l.job_name, l.job_status, l.state, l.source, l.started_at, l.completed_at, l.is_simulated)::a2o_mcp.table_job
    from a2o.job_links l where l.table_id = t.id and l.state <> 'REJECTED'
    order by l.state, l.started_at desc nulls last, l.job_id limit 10);
  return answer;
end
$$;
comment on function a2o_mcp.get_table(text, text, text) is
$$Everything known of one table: its format and verdict, each with the rule and the Glue parameter that decided, size and row count with their source, columns, findings with what to do, and how far its migration is (ASSESSED, MIGRATING, MIGRATED, CHANGED_SINCE) with the jobs that move it. Use it for "why is this table not ready?" and "has this table been moved?". To find a table by a part of its name use search_tables. A wrong name gets the nearest names in message.

@param database_name Exact name of the database
@param table_name Exact name of the table
@param assessment_id Assessment to look into: an id, latest, previous or latest~2; the newest when left out$$;
revoke all on function a2o_mcp.get_table(text, text, text) from public;
grant execute on function a2o_mcp.get_table(text, text, text) to a2o_reader;
--! EndIncluded tools/get_table.sql
--! Included tools/get_job_progress.sql
-- How far one migration is.
create or replace function a2o_mcp.get_job_progress(job_id uuid, points integer default 12) returns a2o_mcp.job_details
  language plpgsql stable as $$
declare
  answer a2o_mcp.job_details;
  j a2o.migration_jobs;
  active record;
begin
  answer.points := '{}';
  answer.tables := '{}';
  select * into j from a2o.migration_jobs m where m.id = get_job_progress.job_id;
  if not found then
    answer.message := format('There is no job %s that you may read. list_migration_jobs has the ids.', job_id);
    return answer;
  end if;
  select * into active from a2o.active_jobs a where a.job_id = j.id;
  answer.job_id := j.id;
  answer.job_type := j.job_type;
  answer.job_name := j.job_name;
  answer.status := j.status;
  answer.phase := a2o.migration_jobs_phase(j);
  answer.aws_status := j.aws_status;
  answer.aws_account_id := j.aws_account_id;
  answer.region := j.region;
  answer.is_simulated := j.is_simulated;
  answer.percent := j.percent;
  answer.rows_copied := j.rows_copied;
  answer.copied_gb := round(a2o.bytes_to_gb(j.bytes_copied), 3);
  answer.total_gb := round(a2o.bytes_to_gb(j.bytes_total), 3);
  answer.tables_loaded := j.tables_loaded;
  answer.tables_errored := j.tables_errored;
  answer.rows_per_second := round(active.rows_per_second::numeric, 1);
  answer.mb_per_second := round((active.bytes_per_second / 1048576)::numeric, 2);
  answer.started_at := j.started_at;
  answer.completed_at := j.completed_at;
  answer.estimated_end := active.eta_at;
  answer.estimate_confidence := active.eta_confidence;
  answer.is_stalled := active.is_stalled;
  answer.stalled_since := active.stalled_since;
  answer.last_seen_at := j.last_seen_at;
  answer.is_stale := active.is_stale;
  answer.source := left(j.source, 500);
  answer.target := left(j.target, 500);
  answer.error_code := j.error_code;
  answer.error_message := left(j.error_message, 1000);
  answer.points := array(
    select row(p.step_at, p.percent, p.rows_copied, round(a2o.bytes_to_gb(p.bytes_copied), 3), round(p.rows_per_second::numeric, 1),
      round((p.bytes_per_second / 1048576)::numeric, 2))::a2o_mcp.progress_point
    from a2o.job_progress(j.id, points => get_job_progress.points) as p order by p.step_at);
  answer.tables := array(
    select row(l.database_name, l.table_name, l.state, l.source, left(l.evidence::text, 300), l.table_state, l.full_load_rows)::a2o_mcp.job_table
    from a2o.job_links l where l.job_id = j.id
    order by l.state = 'CANDIDATE' desc, l.state, l.database_name, l.table_name limit 50);
  select count(*) filter (where l.state = 'LINKED'), count(*) filter (where l.state = 'CANDIDATE') into answer.linked_tables, answer.candidate_tables
  from a2o.job_links l where l.job_id = j.id;
  answer.message := nullif(concat_ws(' ',
    case when j.status = 'RUNNING' and j.percent is null then 'AWS gives no total for this job, so there is no percentage and no estimate of the end.' end,
    case when active.is_stale then 'AWS has not been heard about it for a while: what stands here may be over.' end,
    case when active.is_stalled then 'Nothing has moved for ten minutes though AWS answers.' end,
    case when answer.candidate_tables > 0 then 'Whether it moves the candidates is for an operator to say: aws2openstack jobs link, or the job''s page.' end), '');
  return answer;
end
$$;
comment on function a2o_mcp.get_job_progress(uuid, integer) is
$$One migration job: how far it is, at what pace, when it will end as far as AWS gives grounds for an estimate, whether it is stalled, the error that AWS gives, its course in equal steps of time, and the tables of the catalog that it moves or may move, with what tells so. Points that are all null are gaps in which AWS was not heard. list_migration_jobs has the ids. There is no percentage where AWS tells no total, as for Glue jobs; do not make one up.

@param job_id Id of the job
@param points Steps in time that the course is told in [2..60]$$;
revoke all on function a2o_mcp.get_job_progress(uuid, integer) from public;
grant execute on function a2o_mcp.get_job_progress(uuid, integer) to a2o_reader;
--! EndIncluded tools/get_job_progress.sql
--! Included tools/list_alerts.sql
-- What somebody has to look after.
create or replace function a2o_mcp.list_alerts(
  state a2o.alert_state default null, severity a2o.alert_severity default null, job_id uuid default null, account_id text default null, region text default null,
  "limit" integer default 20, cursor text default null
) returns a2o_mcp.alert_page
  language plpgsql stable as $$
declare
  answer a2o_mcp.alert_page;
  question text := 'alerts' || concat_ws(' ', coalesce(state::text, '-'), coalesce(severity::text, '-'), coalesce(job_id::text, '-'), coalesce(account_id, '-'),
    coalesce(region, '-'));
  after_key text[] := a2o.read_tool_cursor(cursor, question, 3);
begin
  with found as (
    select v.* from a2o.alert_overview v
    where (v.state = list_alerts.state or list_alerts.state is null and v.state <> 'RESOLVED')
      and (list_alerts.severity is null or v.severity >= list_alerts.severity) and (list_alerts.job_id is null or v.job_id = list_alerts.job_id)
      and (list_alerts.account_id is null or v.aws_account_id = list_alerts.account_id) and (list_alerts.region is null or v.region = list_alerts.region)),
  page as (
    select f.* from found f
    where after_key is null
      or (f.severity, f.opened_at) < (after_key[1]::a2o.alert_severity, after_key[2]::timestamptz)
      or (f.severity, f.opened_at) = (after_key[1]::a2o.alert_severity, after_key[2]::timestamptz) and f.alert_id > after_key[3]::uuid
    order by f.severity desc, f.opened_at desc, f.alert_id limit list_alerts."limit" + 1)
  select
    coalesce(array_agg(row(p.alert_id, p.severity, p.state, p.title, left(p.message, 300), p.remedy, p.value, p.threshold, p.unit, p.aws_account_id, p.region,
      p.job_id, p.job_type, p.job_name, p.job_status, p.database_name, p.table_name, p.monitor_name, p.opened_at, p.last_seen_at, p.acknowledged_at,
      p.acknowledged_by, p.acknowledged_note, p.resolved_at, p.resolution, p.is_simulated)::a2o_mcp.alert_line
      order by p.severity desc, p.opened_at desc, p.alert_id), '{}'),
    (select count(*) from found)
  into answer.items, answer.total_count
  from page p;
  select count(*) into answer.open_count from a2o.alerts a
  where a.acknowledged_at is null and a.resolved_at is null
    and (account_id is null or a.aws_account_id = account_id) and (list_alerts.region is null or a.region = list_alerts.region);
  if cardinality(answer.items) > "limit" then
    answer.items := answer.items[:"limit"];
    answer.next_cursor := a2o.write_tool_cursor(question, answer.items["limit"].severity, answer.items["limit"].opened_at::text,
      answer.items["limit"].alert_id::text);
  elsif answer.total_count = 0 then
    answer.message := case
      when not exists (select from a2o.monitors) then 'Nothing is watched: no monitor of yours asks AWS, so no alert can open.'
      when state = 'RESOLVED' or not exists (select from a2o.alerts) then 'No alert fits; none has been opened for what you ask.'
      else 'No alert fits that is still open or acknowledged. state RESOLVED lists what is over.' end;
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.list_alerts(a2o.alert_state, a2o.alert_severity, uuid, text, text, integer, text) is
$$Alerts of the running migration, the gravest and then the newest first: failed or stalled jobs, refused rows, lagging replication, monitors to which AWS does not answer; with what to do and who acknowledged them. Use it for what needs attention now, or with job_id for what went wrong with one job. Alerts are not findings: for what stands in the way of a table in the catalogue use get_findings. It does not acknowledge; an operator does.

@param state Only alerts in this state; OPEN and ACKNOWLEDGED when left out
@param severity Only alerts as grave as this or graver
@param job_id Only alerts about this job; list_migration_jobs has the ids
@param account_id Only this AWS account, twelve digits
@param region Only this AWS region, e.g. us-east-1
@param limit Alerts in one answer [1..50]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.list_alerts(a2o.alert_state, a2o.alert_severity, uuid, text, text, integer, text) from public;
grant execute on function a2o_mcp.list_alerts(a2o.alert_state, a2o.alert_severity, uuid, text, text, integer, text) to a2o_reader;
--! EndIncluded tools/list_alerts.sql
--! Included completions/assessment.sql
-- The assessments that an argument called assessment may name.
create or replace function a2o_mcp_completions.assessment(value text) returns setof a2o_mcp_completions.choice
  language sql stable as $$
  with newest as (
    select n.id, n.aws_account_id, n.region, n.timestamp, n.is_simulated, count(*) over () as catalogs from a2o.newest_assessments n),
  words as (
    select w.word as value, w.title, w.place from (values ('latest', 'The newest assessment', 1), ('previous', 'The one before it', 2)) as w(word, title, place)
    where (select max(n.catalogs) from newest n) = 1),
  ids as (
    select a.id::text as value, format('%s in %s, %s%s', a.aws_account_id, a.region, to_char(a.timestamp at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
      case when a.is_simulated then ' (simulated)' else '' end) as title, 3 as place, a.timestamp
    from a2o.assessments a
    -- Without a beginning only the newest of each catalog; there may be thousands before them.
    where case when trim(assessment.value) = '' then a.id in (select n.id from newest n)
      else a.id::text ^@ lower(trim(assessment.value)) or a.region ^@ lower(trim(assessment.value)) or a.aws_account_id ^@ trim(assessment.value) end)
  select row(f.value, f.title)::a2o_mcp_completions.choice
  from (
    select w.value, w.title, w.place, null::timestamptz as timestamp from words w where w.value ^@ lower(trim(assessment.value))
    union all select i.value, i.title, i.place, i.timestamp from ids i) as f
  order by f.place, f.timestamp desc, f.value
$$;
comment on function a2o_mcp_completions.assessment(text) is
$$Assessments by the beginning of their id, their region or their account; the newest ones when nothing is typed yet.

@param value What is typed so far$$;
revoke all on function a2o_mcp_completions.assessment(text) from public;
grant execute on function a2o_mcp_completions.assessment(text) to a2o_reader;

create or replace function a2o_mcp_completions.before_assessment(value text) returns setof a2o_mcp_completions.choice
  language sql stable as $$ select * from a2o_mcp_completions.assessment(value) $$;
comment on function a2o_mcp_completions.before_assessment(text) is E'As assessment.\n\n@param value What is typed so far';
create or replace function a2o_mcp_completions.after_assessment(value text) returns setof a2o_mcp_completions.choice
  language sql stable as $$ select * from a2o_mcp_completions.assessment(value) $$;
comment on function a2o_mcp_completions.after_assessment(text) is E'As assessment.\n\n@param value What is typed so far';
revoke all on function a2o_mcp_completions.before_assessment(text), a2o_mcp_completions.after_assessment(text) from public;
grant execute on function a2o_mcp_completions.before_assessment(text), a2o_mcp_completions.after_assessment(text) to a2o_reader;
--! EndIncluded completions/assessment.sql
--! Included resources/server_status.sql
-- What is there, and how fresh it is.
create or replace function a2o_mcp_resources.server_status() returns jsonb
  language sql stable as $$
  select jsonb_build_object(
    'server_time', now(),
    'postgresql', current_setting('server_version'),
    'member', (a2o.current_access()).user_name,
    'accounts', (a2o.current_access()).accounts,
    'assessments', (select count(*) from a2o.assessments),
    'newest_assessments', (
      select coalesce(jsonb_agg(jsonb_build_object('assessment_id', n.id, 'aws_account_id', n.aws_account_id, 'region', n.region, 'timestamp', n.timestamp,
        'age_hours', round(extract(epoch from now() - n.timestamp) / 3600, 1), 'total_tables', n.total_tables, 'migration_ready', n.migration_ready,
        'completeness_percent', n.completeness_percent, 'is_simulated', n.is_simulated) order by n.aws_account_id, n.region), '[]')
      from (select * from a2o.newest_assessments order by aws_account_id, region limit 100) as n),
    'monitors', (
      select coalesce(jsonb_agg(jsonb_build_object('monitor', m.monitor_name, 'aws_account_id', m.aws_account_id, 'region', m.region, 'state', m.state,
        'last_succeeded_at', m.last_succeeded_at, 'running_jobs', m.running_jobs, 'error', m.error_message, 'is_simulated', m.is_simulated)
        order by m.aws_account_id, m.region, m.monitor_name), '[]')
      from (select * from a2o.monitor_overview order by aws_account_id, region, monitor_name limit 100) as m),
    'jobs', (
      select coalesce(jsonb_object_agg(j.status, j.count), '{}') from (select status, count(*) as count from a2o.migration_jobs group by status) as j))
$$;
comment on function a2o_mcp_resources.server_status() is
$$What this server has: whose rights you have, the newest assessment of each account and region with its age in hours, what is watched and whether the watching works, and jobs by state.

@title Server status and freshness
@uri a2o://status$$;
revoke all on function a2o_mcp_resources.server_status() from public;
grant execute on function a2o_mcp_resources.server_status() to a2o_reader;
--! EndIncluded resources/server_status.sql
--! Included resources/data_dictionary.sql
-- The comments of the schema, put together: what the words in the answers mean.
create or replace function a2o_mcp_resources.data_dictionary() returns text
  language sql stable as $$
  with plain as (
    -- Smart tags come before the description.
    select c.oid, c.relname, regexp_replace(obj_description(c.oid, 'pg_class'), '^(@[^\n]*\n)+', '') as description
    from pg_class c
    where c.relnamespace = 'a2o'::regnamespace and c.relkind in ('r', 'p', 'v') and has_table_privilege(c.oid, 'select')
      and coalesce(obj_description(c.oid, 'pg_class'), '') !~ '@behavior -\*'),
  told as (
    select p.*, p.relname in ('assessments', 'databases', 'tables', 'database_coverage', 'migration_jobs', 'active_jobs') as is_central from plain p)
  select concat_ws(E'\n\n',
    E'# Data dictionary\n\nSizes are in bytes, or in GB of 2^30 bytes where the name ends in _gb. Null is unknown or none, never zero. Times are UTC.',
    E'## Verdicts, states and formats\n\n' || (
      select string_agg(format('- **%s**: %s', t.typname, obj_description(t.oid, 'pg_type')), E'\n' order by t.typname)
      from pg_type t where t.typnamespace = 'a2o'::regnamespace and t.typtype = 'e'),
    E'## How a format is recognised\n\n' || (
      select string_agg(format('- %s %s: %s', r.code, coalesce(r.table_format, '(the record format)'), r.explanation), E'\n' order by r.code) from a2o.format_rules r),
    E'## How a verdict is reached\n\n' || (
      select string_agg(format('- %s %s: %s', r.code, r.migration_readiness, r.explanation), E'\n' order by r.code) from a2o.readiness_rules r),
    E'## Findings\n\n' || (
      select string_agg(format('- %s (%s): %s', r.code, r.severity, r.title), E'\n' order by r.severity desc, r.code) from a2o.finding_rules r where r.is_enabled),
    E'## Tables and views\n\n' || (
      select string_agg(format(E'### %s\n\n%s', t.relname, t.description) || coalesce(E'\n\n' || (
          select string_agg(format('- %s (%s)%s', a.attname, format_type(a.atttypid, a.atttypmod),
            coalesce(': ' || regexp_replace(col_description(t.oid, a.attnum), '^(@[^\n]*\n)+', ''), '')), E'\n' order by a.attnum)
          from pg_attribute a
          where t.is_central and a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
            and coalesce(col_description(t.oid, a.attnum), '') !~ '@behavior -\*'), ''), E'\n\n' order by not t.is_central, t.relname)
      from told t))
$$;
comment on function a2o_mcp_resources.data_dictionary() is
$$What the words in the answers mean: verdicts, formats and the rules behind them, findings, and the columns of the central tables and views.

@title Data dictionary
@uri a2o://dictionary
@mime text/markdown$$;
revoke all on function a2o_mcp_resources.data_dictionary() from public;
grant execute on function a2o_mcp_resources.data_dictionary() to a2o_reader;
--! EndIncluded resources/data_dictionary.sql
--! Included resources/assessment_summary.sql
-- One assessment on a page.
create or replace function a2o_mcp_resources.assessment_summary(assessment text) returns jsonb
  language plpgsql stable as $$
declare
  chosen uuid := a2o.resolve_assessment(assessment);
begin
  return (
    select jsonb_build_object(
      'assessment_id', a.id, 'timestamp', a.timestamp, 'aws_account_id', a.aws_account_id, 'region', a.region, 'is_simulated', a.is_simulated, 'origin', a.origin,
      'total_databases', a.total_databases, 'total_tables', a.total_tables, 'iceberg_tables', a.iceberg_tables,
      'total_size_gb', round(a.total_estimated_size_gb, 2), 'tables_with_known_size', a.sized_tables,
      'coverage', jsonb_build_object('databases_read_in_full', a.databases_complete, 'completeness_percent', a.completeness_percent, 'not_read_in_full', (
        select coalesce(jsonb_agg(jsonb_build_object('database', c.database_name, 'status', c.status, 'tables_read', c.tables_read, 'error', left(concat_ws(': ', c.error_code, c.error_message), 200))
          order by c.database_name), '[]')
        from (select * from a2o.database_coverage v where v.assessment_id = a.id and v.status <> 'COMPLETE' order by v.database_name limit 50) as c)),
      'readiness', (
        select jsonb_object_agg(r.migration_readiness, jsonb_build_object('tables', r.table_count, 'percent', round(r.percent, 1), 'size_gb', round(a2o.bytes_to_gb(r.size_bytes), 2)))
        from a2o.readiness_overview r where r.assessment_id = a.id),
      'formats', (
        select coalesce(jsonb_agg(jsonb_build_object('format', f.table_format, 'tables', f.table_count, 'size_gb', round(a2o.bytes_to_gb(f.size_bytes), 2)) order by f.table_count desc, f.table_format), '[]')
        from (select * from a2o.format_overview o where o.assessment_id = a.id order by o.table_count desc, o.table_format limit 30) as f),
      'largest_databases', (
        select coalesce(jsonb_agg(jsonb_build_object('database', d.database_name, 'tables', d.table_count, 'ready_percent', d.ready_percent, 'size_gb', round(d.estimated_size_gb, 2))
          order by d.size_bytes desc nulls last, d.database_name), '[]')
        from (select * from a2o.database_overview o where o.assessment_id = a.id order by o.size_bytes desc nulls last, o.database_name limit 20) as d),
      'findings', (
        select coalesce(jsonb_agg(jsonb_build_object('code', f.code, 'severity', f.severity, 'title', f.title, 'tables', f.table_count, 'effort_hours', f.effort_hours)
          order by f.severity desc, f.table_count desc, f.code), '[]')
        from a2o.finding_overview f where f.assessment_id = a.id),
      'effort_hours', (select e.effort_hours from a2o.assessment_effort e where e.assessment_id = a.id),
      'changes_since_previous', (
        select jsonb_build_object('previous_assessment_id', c.previous_id, 'tables_added', c.tables_added, 'tables_removed', c.tables_removed, 'tables_changed', c.tables_changed)
        from a2o.assessment_churn c where c.assessment_id = a.id))
    from a2o.assessments a where a.id = chosen);
end
$$;
comment on function a2o_mcp_resources.assessment_summary(text) is
$$One assessment in numbers: readiness, formats, coverage, largest databases, findings, planned hours, and what changed since the one before.

@title Assessment summary
@uri a2o://assessments/{assessment}/summary
@param assessment An id, the first digits of one, latest, previous or latest~2$$;
revoke all on function a2o_mcp_resources.assessment_summary(text) from public;
grant execute on function a2o_mcp_resources.assessment_summary(text) to a2o_reader;
--! EndIncluded resources/assessment_summary.sql
--! Included resources/assessment_report.sql
-- The Markdown report, as far as a model takes it: the inventory of a large catalog would be megabytes.
create or replace function a2o_mcp_resources.assessment_report(assessment text) returns text
  language plpgsql stable as $$
declare
  chosen uuid := a2o.resolve_assessment(assessment);
  a a2o.assessments;
begin
  select * into a from a2o.assessments x where x.id = chosen;
  if a.total_tables <= 300 then
    return (select left(string_agg(line, E'\n'), 100000) from a2o.report_markdown(a.id) as line);
  end if;
  return concat_ws(E'\n\n',
    '# AWS Glue Catalog Assessment',
    format(E'**Generated:** %s UTC  \n**Region:** %s  \n**AWS Account:** %s', to_char(a.timestamp at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), a.region, a.aws_account_id),
    case when a.is_simulated then '**Simulated:** this catalog was made up by the AWS simulator' end,
    format('%s tables in %s databases; %s databases were read in full.', a.total_tables, a.total_databases, a.databases_complete),
    E'## Migration Readiness Breakdown\n\n| Status | Count | Percentage |\n|--------|------:|-----------:|\n' || (
      select string_agg(format('| %s | %s | %s |', r.migration_readiness, r.table_count, coalesce(round(r.percent, 1) || '%', '–')), E'\n' order by r.migration_readiness)
      from a2o.readiness_overview r where r.assessment_id = a.id),
    E'## Database Overview\n\n| Database | Tables | Iceberg Tables | Ready | Storage (GB) |\n|----------|-------:|---------------:|------:|-------------:|\n' || (
      select string_agg(format('| %s | %s | %s | %s | %s |', a2o.markdown_cell(d.database_name), d.table_count, d.iceberg_tables, d.migration_ready,
        coalesce(round(d.estimated_size_gb, 2)::text, 'unknown')), E'\n' order by d.size_bytes desc nulls last, d.database_name)
      from (select * from a2o.database_overview o where o.assessment_id = a.id order by o.size_bytes desc nulls last, o.database_name limit 200) as d),
    case when a.total_databases > 200 then format('The 200 largest of %s databases.', a.total_databases) end,
    E'## Findings\n\n| Finding | Severity | Tables | Hours | What to do |\n|---------|----------|-------:|------:|------------|\n' || (
      select string_agg(format('| %s | %s | %s | %s | %s |', f.title, f.severity, f.table_count, f.effort_hours, a2o.markdown_cell(f.remedy)), E'\n' order by f.severity desc, f.table_count desc, f.code)
      from a2o.finding_overview f where f.assessment_id = a.id),
    E'## Errors\n\nThese could not be read in full; their tables are not to be taken as absent.\n\n' || (
      select string_agg(format('- %s: %s', coalesce(nullif(a2o.markdown_cell(c.database_name), ''), '(list of databases)'), a2o.markdown_cell(concat_ws(' ', c.status, c.error_code, left(c.error_message, 200)))), E'\n' order by c.database_name)
      from (select * from a2o.database_coverage v where v.assessment_id = a.id and v.status <> 'COMPLETE' order by v.database_name limit 100) as c),
    format('The inventory of all %s tables is left out here; `aws2openstack report %s --format md` writes it, and search_tables answers questions about it.', a.total_tables, a.id));
end
$$;
comment on function a2o_mcp_resources.assessment_report(text) is
$$The report of one assessment in Markdown, with the inventory of tables where it has at most 300, and with totals and databases where it has more.

@title Assessment report
@uri a2o://assessments/{assessment}/report
@mime text/markdown
@param assessment An id, the first digits of one, latest, previous or latest~2$$;
revoke all on function a2o_mcp_resources.assessment_report(text) from public;
grant execute on function a2o_mcp_resources.assessment_report(text) to a2o_reader;
--! EndIncluded resources/assessment_report.sql
--! Included prompts/readiness_briefing.sql
create or replace function a2o_mcp_prompts.readiness_briefing(assessment text default 'latest') returns text
  language sql stable as $$
  select format($prompt$Brief me on how ready this catalog is to move from AWS to an OpenStack lakehouse.

The numbers, from the assessment itself:

%s

Write at most one page: first how much of the catalog these numbers cover and how old they are; then what is ready, what needs conversion and what is unknown, each with its share of tables and of known size; then the three findings that matter most, with what to do about each; then what you would look into next. Say where a number is a lower bound because something could not be read, or because sizes are unknown. Use get_findings, get_table and search_tables for details you need; do not estimate what the tools can tell.$prompt$,
    jsonb_pretty(a2o_mcp_resources.assessment_summary(assessment)))
$$;
comment on function a2o_mcp_prompts.readiness_briefing(text) is
$$A briefing of one page on what is ready, what is not and why.

@title Readiness briefing
@param assessment An id, latest, previous or latest~2; latest when left out$$;
revoke all on function a2o_mcp_prompts.readiness_briefing(text) from public;
grant execute on function a2o_mcp_prompts.readiness_briefing(text) to a2o_reader;
--! EndIncluded prompts/readiness_briefing.sql
--! Included prompts/wave_plan.sql
create or replace function a2o_mcp_prompts.wave_plan(assessment text default 'latest', hours_per_wave integer default 160) returns text
  language plpgsql stable as $$
declare
  chosen uuid := a2o.resolve_assessment(assessment);
begin
  return format($prompt$Plan the migration of this catalog in waves of about %s working hours each.

Databases of assessment %s by planned hours (the weights are rows in effort_weights; sizes in GB of 2^30 bytes, null when the catalog does not tell; at most 150 databases, those with most work):

%s

Put databases that are mostly ready and small first, to prove the path; keep views with the tables they read (get_table has the findings on a view); split a database only when it alone exceeds a wave. For each wave give its databases, tables, hours, known size, the findings of severity HIGH in it (get_findings with database) and what must be decided before it starts. List apart what cannot be planned: databases that could not be read (get_coverage) and tables whose verdict is UNKNOWN. End with the assumptions you made.$prompt$,
    hours_per_wave, chosen, (
      select coalesce(string_agg(format('- %s: %s tables, %s ready, %s to convert, %s unknown, %s GB, %s h, read: %s', a2o.markdown_cell(d.database_name), d.table_count,
        d.migration_ready, d.needs_conversion, d.unknown, coalesce(round(d.estimated_size_gb, 1)::text, 'unknown'), e.effort_hours, d.coverage), E'\n' order by e.effort_hours desc, d.database_name), '(no database was read)')
      from (
        select o.* from a2o.database_effort o where o.assessment_id = chosen order by o.effort_hours desc, o.database_name limit 150) as e
      join a2o.database_overview d on d.assessment_id = e.assessment_id and d.database_name = e.database_name));
end
$$;
comment on function a2o_mcp_prompts.wave_plan(text, integer) is
$$A plan of migration waves by database, from planned hours, readiness and findings.

@title Wave plan
@param assessment An id, latest, previous or latest~2; latest when left out
@param hours_per_wave Working hours that fit one wave; 160 when left out [1..100000]$$;
revoke all on function a2o_mcp_prompts.wave_plan(text, integer) from public;
grant execute on function a2o_mcp_prompts.wave_plan(text, integer) to a2o_reader;
--! EndIncluded prompts/wave_plan.sql
--! Included prompts/explain_changes.sql
create or replace function a2o_mcp_prompts.explain_changes(before_assessment text default 'previous', after_assessment text default 'latest') returns text
  language plpgsql stable as $$
declare
  from_id uuid := a2o.resolve_assessment(before_assessment);
  to_id uuid := a2o.resolve_assessment(after_assessment);
begin
  return format($prompt$Explain what changed in this catalog between two assessments, to somebody who plans its migration.

%s

Group the changes by what they mean for the migration: tables that became ready or fell back, tables that are new and need work, tables that are gone, sizes that grew, columns that changed. compare_assessments has the changed tables with attributes and columns before and after; go through its pages as far as needed, and say how many you looked at. Databases that could not be read on one side are no change: name them apart. Close with what the plan has to take up.$prompt$,
    jsonb_pretty(to_jsonb(a2o.compare_assessments(from_id, to_id))));
end
$$;
comment on function a2o_mcp_prompts.explain_changes(text, text) is
$$What changed between two assessments, and what it means for the plan.

@title Explain what changed
@param before_assessment The earlier one: an id, or previous, which is meant when left out
@param after_assessment The later one: an id, or latest, which is meant when left out$$;
revoke all on function a2o_mcp_prompts.explain_changes(text, text) from public;
grant execute on function a2o_mcp_prompts.explain_changes(text, text) to a2o_reader;
--! EndIncluded prompts/explain_changes.sql
--! Included prompts/client_summary.sql
create or replace function a2o_mcp_prompts.client_summary(assessment text default 'latest', language text default 'English') returns text
  language sql stable as $$
  select format($prompt$Write a summary of this assessment for the management of a client, in %s, in at most 300 words.

%s

Readers do not know Glue or Iceberg: say in plain words what is there, how much can move as it is, what work the rest needs and why, what is not known yet, and what they should decide next. Keep the numbers exact and few. Say when the data was read, and that it covers only what could be read. No praise, no alarm, no promise of dates.$prompt$,
    left(language, 50), jsonb_pretty(a2o_mcp_resources.assessment_summary(assessment)))
$$;
comment on function a2o_mcp_prompts.client_summary(text, text) is
$$A summary for the management of a client, without technical words.

@title Client summary
@param assessment An id, latest, previous or latest~2; latest when left out
@param language Language to write in; English when left out$$;
revoke all on function a2o_mcp_prompts.client_summary(text, text) from public;
grant execute on function a2o_mcp_prompts.client_summary(text, text) to a2o_reader;
--! EndIncluded prompts/client_summary.sql
-- Servers that run while this is migrated read the catalogue again.
notify a2o_tools;

--! split: 375-links.sql
--! Included functions/links/dms_names.sql
-- Patterns of DMS table mappings: % any text, _ one character, [_] that character itself, [ab] one of a set, [a-d] one of a
-- range. Glue keeps names in lower case whatever the source calls them, so case never counts.

-- The same pattern for LIKE, which is many times quicker than a regular expression; null when it has a set.
create or replace function a2o_private.dms_like(pattern text) returns text
  language sql immutable parallel safe
  begin atomic
    select case when p.escaped !~ '\[[^][]+\]' then lower(p.escaped) end
    from (select replace(replace(replace(pattern, '\', '\\'), '[_]', '\_'), '[%]', '\%')) as p(escaped);
  end;
comment on function a2o_private.dms_like(text) is 'A DMS name pattern as a LIKE pattern in lower case; null when it has a set of characters.';
revoke all on function a2o_private.dms_like(text) from public;

create or replace function a2o_private.dms_regex(pattern text) returns text
  language plpgsql immutable as $$
declare
  regex text := regexp_replace(lower(pattern), '([.^$*+?(){}|\\])', '\\\1', 'g');
begin
  -- A bracket that opens no set is itself; what stands in a set is no wildcard.
  regex := regexp_replace(regex, '\[(?![^][]+\])', '\\[', 'g');
  regex := regexp_replace(regex, '%(?![^][]*\])', '.*', 'g');
  regex := '^' || regexp_replace(regex, '_(?![^][]*\])', '.', 'g') || '$';
  perform '' ~ regex;
  return regex;
exception when invalid_regular_expression then
  -- A range that runs backwards.
  return '^(?!)';
end
$$;
comment on function a2o_private.dms_regex(text) is 'A DMS name pattern as a regular expression for names in lower case; one that fits nothing when the pattern makes no sense.';
revoke all on function a2o_private.dms_regex(text) from public;

create or replace function a2o_private.dms_fits(name text, pattern text) returns boolean
  language sql immutable parallel safe
  return coalesce(lower(name) like a2o_private.dms_like(pattern), lower(name) ~ a2o_private.dms_regex(pattern));
comment on function a2o_private.dms_fits(text, text) is 'Whether a name fits a DMS name pattern, in whatever case.';
revoke all on function a2o_private.dms_fits(text, text) from public;

-- The name itself when the pattern means no other, but for a _ that stands for itself as nearly always.
create or replace function a2o_private.dms_literal(pattern text) returns text
  language sql immutable parallel safe
  begin atomic
    select case when p.plain !~ '%|\[[^][]+\]' then lower(p.plain) end from (select replace(pattern, '[_]', '_')) as p(plain);
  end;
comment on function a2o_private.dms_literal(text) is 'The one name in lower case that a DMS name pattern was written for; null when it has wildcards other than _.';
revoke all on function a2o_private.dms_literal(text) from public;

-- For the index: names that fit begin with it.
create or replace function a2o_private.dms_prefix(pattern text) returns text
  language sql immutable parallel safe
  return lower(substring(pattern from '^[^]%_[]*'));
comment on function a2o_private.dms_prefix(text) is 'What every name that fits a DMS name pattern begins with.';
revoke all on function a2o_private.dms_prefix(text) from public;
--! EndIncluded functions/links/dms_names.sql
--! Included functions/links/dms_rules.sql
-- Table mappings of a DMS task, read rule by rule.
create or replace function a2o_private.dms_rules(definition jsonb)
  returns table (place integer, rule_id text, kind text, action text, target text, schema_pattern text, table_pattern text, value text, old_value text)
  language sql immutable parallel safe begin atomic
  select e.ordinality::integer, e.rule ->> 'rule-id', lower(e.rule ->> 'rule-type'), lower(e.rule ->> 'rule-action'), lower(e.rule ->> 'rule-target'),
    e.rule #>> '{object-locator,schema-name}', e.rule #>> '{object-locator,table-name}', e.rule ->> 'value', e.rule ->> 'old-value'
  from jsonb_array_elements(case when jsonb_typeof(definition -> 'rules') = 'array' then definition -> 'rules' else '[]' end) with ordinality as e(rule, ordinality)
  where jsonb_typeof(e.rule) = 'object';
  end;
comment on function a2o_private.dms_rules(jsonb) is 'The rules of DMS table mappings, in their order.';
revoke all on function a2o_private.dms_rules(jsonb) from public;

create or replace function a2o_private.dms_selects(definition jsonb, schema_name text, table_name text) returns boolean
  language sql immutable parallel safe
  return (
    select coalesce(bool_or(r.action in ('include', 'explicit')), false) and not coalesce(bool_or(r.action = 'exclude'), false)
    from a2o_private.dms_rules(definition) r
    where r.kind = 'selection' and case r.action
      when 'explicit' then lower(r.schema_pattern) = lower(dms_selects.schema_name) and lower(r.table_pattern) = lower(dms_selects.table_name)
      else a2o_private.dms_fits(dms_selects.schema_name, r.schema_pattern) and a2o_private.dms_fits(dms_selects.table_name, r.table_pattern) end);
comment on function a2o_private.dms_selects(jsonb, text, text) is 'Whether table mappings select a table of the source: included, or named explicitly, and not excluded.';
revoke all on function a2o_private.dms_selects(jsonb, text, text) from public;

create or replace function a2o_private.dms_renamed(name text, action text, value text, old_value text) returns text
  language sql immutable parallel safe
  return case action
    when 'rename' then coalesce(value, name)
    when 'add-prefix' then coalesce(value, '') || name
    when 'add-suffix' then name || coalesce(value, '')
    when 'remove-prefix' then case when starts_with(name, value) then substr(name, length(value) + 1) else name end
    when 'remove-suffix' then case when right(name, length(value)) = value then left(name, length(name) - length(value)) else name end
    when 'replace-prefix' then case when starts_with(name, old_value) then coalesce(value, '') || substr(name, length(old_value) + 1) else name end
    when 'replace-suffix' then case when right(name, length(old_value)) = old_value then left(name, length(name) - length(old_value)) || coalesce(value, '') else name end
    when 'convert-lowercase' then lower(name)
    when 'convert-uppercase' then upper(name)
    else name end;
comment on function a2o_private.dms_renamed(text, text, text, text) is 'A name after one action of a DMS transformation rule.';
revoke all on function a2o_private.dms_renamed(text, text, text, text) from public;

-- DMS applies one transformation to a schema's name and one to a table's: the first that fits.
create or replace function a2o_private.dms_target(definition jsonb, schema_name text, table_name text) returns text[]
  language sql immutable parallel safe
  return array[
    coalesce((
      select a2o_private.dms_renamed(dms_target.schema_name, r.action, r.value, r.old_value) from a2o_private.dms_rules(definition) r
      where r.kind = 'transformation' and r.target = 'schema' and a2o_private.dms_fits(dms_target.schema_name, r.schema_pattern)
      order by r.place limit 1), dms_target.schema_name),
    coalesce((
      select a2o_private.dms_renamed(dms_target.table_name, r.action, r.value, r.old_value) from a2o_private.dms_rules(definition) r
      where r.kind = 'transformation' and r.target = 'table' and a2o_private.dms_fits(dms_target.schema_name, r.schema_pattern)
        and a2o_private.dms_fits(dms_target.table_name, r.table_pattern)
      order by r.place limit 1), dms_target.table_name)];
comment on function a2o_private.dms_target(jsonb, text, text) is 'Schema and name that a table of the source gets in the target.';
revoke all on function a2o_private.dms_target(jsonb, text, text) from public;

-- Names are guessed by undoing each rule, then taken through the rules again: only what comes out as it should is an answer.
create or replace function a2o_private.dms_sources(definition jsonb, schema_name text, target_table text) returns setof text
  language sql immutable parallel safe begin atomic
  select distinct g.name
  from (
    select target_table
    union all
    select case r.action
      when 'rename' then a2o_private.dms_literal(r.table_pattern)
      when 'add-prefix' then case when starts_with(lower(target_table), lower(r.value)) then substr(target_table, length(r.value) + 1) end
      when 'add-suffix' then case when right(lower(target_table), length(r.value)) = lower(r.value) then left(target_table, length(target_table) - length(r.value)) end
      when 'remove-prefix' then r.value || target_table
      when 'remove-suffix' then target_table || r.value
      when 'replace-prefix' then case when starts_with(lower(target_table), lower(r.value)) then r.old_value || substr(target_table, length(r.value) + 1) end
      when 'replace-suffix' then case when right(lower(target_table), length(r.value)) = lower(r.value)
        then left(target_table, length(target_table) - length(r.value)) || r.old_value end
      end
    from a2o_private.dms_rules(definition) r where r.kind = 'transformation' and r.target = 'table') as g(name)
  where g.name <> '' and a2o_private.dms_selects(definition, dms_sources.schema_name, g.name)
    and lower((a2o_private.dms_target(definition, dms_sources.schema_name, g.name))[2]) = lower(target_table);
  end;
comment on function a2o_private.dms_sources(jsonb, text, text) is 'Names of tables in a schema of the source that table mappings select and that get this name in the target.';
revoke all on function a2o_private.dms_sources(jsonb, text, text) from public;
--! EndIncluded functions/links/dms_rules.sql
--! Included functions/links/datasync_covers.sql
-- Filters of DataSync: patterns joined by |, relative to the source location, * for any text; a folder means what lies in it.
create or replace function a2o_private.datasync_patterns(filters jsonb) returns setof text
  language sql immutable parallel safe begin atomic
  select rtrim(case when p.pattern ~ '^[*/]' then p.pattern else '/' || p.pattern end, '/')
  from jsonb_array_elements(case when jsonb_typeof(filters) = 'array' then filters else '[]' end) as f(filter)
  cross join lateral regexp_split_to_table(f.filter ->> 'Value', '(?<!\\)\|') as p(pattern)
  where p.pattern <> '';
  end;
comment on function a2o_private.datasync_patterns(jsonb) is 'The patterns of a list of DataSync filters.';
revoke all on function a2o_private.datasync_patterns(jsonb) from public;

create or replace function a2o_private.datasync_fits(path text, pattern text) returns boolean
  language sql immutable parallel safe
  return path ~ ('^' || replace(regexp_replace(regexp_replace(pattern, '/\*$', ''), '([].^$+?(){}|\\[])', '\\\1', 'g'), '*', '.*') || '(/.*)?$');
comment on function a2o_private.datasync_fits(text, text) is 'Whether a folder is what a DataSync pattern means, or lies in it.';
revoke all on function a2o_private.datasync_fits(text, text) from public;

create or replace function a2o_private.datasync_covers(definition jsonb, folder text) returns text
  language sql immutable parallel safe
  begin atomic
    with path as (select rtrim('/' || folder, '/') as path)
    select case
        when exists (select from a2o_private.datasync_patterns(definition -> 'Excludes') as p(pattern) where a2o_private.datasync_fits(path.path, p.pattern)) then null
        when exists (select from a2o_private.datasync_patterns(definition -> 'Includes')) and not exists (
          select from a2o_private.datasync_patterns(definition -> 'Includes') as p(pattern) where a2o_private.datasync_fits(path.path, p.pattern))
          then case when exists (
            select from a2o_private.datasync_patterns(definition -> 'Includes') as p(pattern) where starts_with(p.pattern, path.path || '/')) then 'PART' end
        when exists (select from a2o_private.datasync_patterns(definition -> 'Excludes') as p(pattern) where starts_with(p.pattern, path.path || '/')) then 'PART'
        else 'ALL' end
    from path;
  end;
comment on function a2o_private.datasync_covers(jsonb, text) is 'What the filters of a DataSync task leave of a folder of its source (a path without the leading slash): ALL, PART, or null for nothing. A pattern such as *.tmp, which means single files, takes no part away.';
revoke all on function a2o_private.datasync_covers(jsonb, text) from public;
--! EndIncluded functions/links/datasync_covers.sql
--! Included functions/links/glue_arguments.sql
-- Arguments of a Glue run are whatever its author called them; those that name a database, a table or a place on S3 are known
-- by their names: --source_table, --database, --input-path, --SourceDb …. Glue's own ones (TempDir, extra-py-files, …) are not.
create or replace function a2o_private.glue_arguments(arguments jsonb)
  returns table (argument text, kind text, role text, value text)
  language sql immutable parallel safe begin atomic
  with named as (
    select a.key, btrim(a.value) as value, lower(replace(regexp_replace(ltrim(a.key, '-'), '([a-z0-9])([A-Z])', '\1_\2', 'g'), '-', '_')) as name
    from jsonb_each_text(case when jsonb_typeof(arguments) = 'object' then arguments else '{}' end) as a(key, value)),
  parts as (
    select n.key, n.name, btrim(p.part) as value
    from named n cross join lateral regexp_split_to_table(translate(n.value, '[]"''`', ''), ',') as p(part)
    where n.name !~ '^(temp_?dir|extra_|spark_|enable_|job_|continuous_|additional_|script|checkpoint|conf$|class$|datalake_|python_|user_jars|library_|auto_scaling|executor_|customer_)')
  select p.key, k.kind, case
      when p.name ~ '(^|_)(source|sources|src|input|inputs|in|from|read|origin)(_|$)' then 'SOURCE'
      when p.name ~ '(^|_)(target|targets|tgt|dest|destination|output|outputs|out|to|write|sink)(_|$)' then 'TARGET'
      else 'ANY' end, p.value
  from parts p
  cross join lateral (
    select case
      when p.value ~* '^s3[an]?://[^/]' then 'PATH'
      when p.value !~ '^[[:alnum:]_.$-]+$' then null
      when p.name ~ '(^|_)(tables?|tbls?)(_?names?|_list)?(_?[0-9]+|_(source|src|target|in|out))?$' then 'TABLE'
      when p.name ~ '(^|_)(databases?|dbs?|schemas?)(_?names?|_list)?(_?[0-9]+|_(source|src|target|in|out))?$' then 'DATABASE'
      end as kind) as k
  where k.kind is not null;
  end;
comment on function a2o_private.glue_arguments(jsonb) is 'Those arguments of a Glue run that name databases, tables and places on S3, with the part that their names give them: SOURCE, TARGET or ANY. A list, with commas or as JSON, gives a row each.';
revoke all on function a2o_private.glue_arguments(jsonb) from public;
--! EndIncluded functions/links/glue_arguments.sql
--! Included functions/links/assign_scopes.sql
-- What a job says it moves, and nothing that changes from run to run without moving other tables.
create or replace function a2o_private.job_definition(job a2o.migration_jobs) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  return jsonb_strip_nulls(case job.job_type
    when 'DMS' then coalesce(job.details -> 'TableMappings', '{}')
    when 'DATASYNC' then jsonb_build_object('source', job.source, 'Includes', job.details -> 'Includes', 'Excludes', job.details -> 'Excludes')
    when 'GLUE_JOB' then jsonb_build_object('Arguments', (
      select jsonb_object_agg(a.argument, job.details -> 'Arguments' -> a.argument) from a2o_private.glue_arguments(job.details -> 'Arguments') a))
    else jsonb_build_object('job', job.id) end);
comment on function a2o_private.job_definition(a2o.migration_jobs) is 'The part of what AWS tells of a job that says which tables it moves.';
revoke all on function a2o_private.job_definition(a2o.migration_jobs) from public;

-- Cheap when every job has its scope: an index knows those that have none.
create or replace function a2o_private.assign_scopes(account_id text, in_region text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from a2o.migration_jobs j where j.aws_account_id = account_id and j.region = in_region and j.scope_id is null) then
    return;
  end if;
  with bare as (
    select j.id, j.job_type, coalesce(j.aws_parent_id, j.aws_job_id, j.id::text) as task, a2o_private.job_definition(j) as definition
    from a2o.migration_jobs j where j.aws_account_id = account_id and j.region = in_region and j.scope_id is null),
  placed as materialized (
    select b.*, md5(account_id || ' ' || in_region || ' ' || b.job_type || ' ' || length(b.task)::text || ' ' || b.task || ' ' || b.definition::text)::uuid as scope_id from bare b),
  added as (
    insert into a2o_private.job_scopes as s (id, aws_account_id, region, job_type, task, definition)
    select distinct on (p.scope_id) p.scope_id, account_id, in_region, p.job_type, p.task, p.definition from placed p order by p.scope_id
    on conflict do nothing
    returning s.*),
  -- What a person decided about a task goes on to hold when its definition is changed. A Glue job that is given other arguments
  -- moves other tables.
  kept as (
    insert into a2o.migration_job_links (scope_id, database_name, table_name, table_id, aws_account_id, region, state, source, source_schema, source_table, evidence, decided_by, decided_at)
    select a.id, l.database_name, l.table_name, l.table_id, l.aws_account_id, l.region, l.state, l.source, l.source_schema, l.source_table, l.evidence, l.decided_by, l.decided_at
    from added a
    cross join lateral (
      select b.id from a2o_private.job_scopes b
      where b.aws_account_id = account_id and b.region = in_region and b.job_type = a.job_type and b.task = a.task order by b.created_at desc limit 1) as before
    join a2o.migration_job_links l on l.scope_id = before.id and l.source = 'PERSON'
    where a.job_type in ('DMS', 'DATASYNC')
    on conflict do nothing)
  update a2o.migration_jobs j set scope_id = p.scope_id from placed p where j.id = p.id;
end
$$;
comment on function a2o_private.assign_scopes(text, text) is 'Gives the jobs of an account and region that have none a scope: what they say they move.';
revoke all on function a2o_private.assign_scopes(text, text) from public;
--! EndIncluded functions/links/assign_scopes.sql
--! Included functions/links/found_dms_links.sql
-- Which tables of an assessment the DMS tasks of some scopes move. Once DMS counts the tables of a task, those are its tables;
-- before, its selection rules are compared with the catalog. A table of the source is found in the catalog by its own name
-- (schema = database), by the name it gets in the target, or, for an entry that a crawler read over JDBC, by its location
-- (database.schema.table). One that fits a single entry is certain; one that fits several is for a person to decide.
create or replace function a2o_private.found_dms_links(assessment_id uuid, scopes uuid[]) returns setof a2o_private.found_link
  language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
begin
  return query
  with scope as materialized (
    select s.id, s.definition, exists (select from a2o_private.dms_rules(s.definition) r where r.kind = 'transformation' and r.target in ('schema', 'table')) as renames,
      exists (select from a2o.migration_jobs j join a2o.migration_job_tables t on t.job_id = j.id where j.scope_id = s.id) as is_told
    from a2o_private.job_scopes s where s.id = any (scopes) and s.job_type = 'DMS'),
  jdbc as materialized (
    select t.database_name, t.table_name, lower(split_part(t.storage_location, '.', -2)) as source_schema, lower(split_part(t.storage_location, '.', -1)) as source_table
    from a2o.tables t
    where t.assessment_id = found_dms_links.assessment_id and t.table_format = 'JDBC' and t.storage_location like '%_.%_' and exists (select from scope)),
  told as materialized (
    select distinct s.id, m.schema_name, m.table_name, s.renames, s.definition
    from scope s join a2o.migration_jobs j on j.scope_id = s.id join a2o.migration_job_tables m on m.job_id = j.id
    where s.is_told),
  named as (
    select t.id, t.schema_name, t.table_name, lower(t.schema_name) as to_database, lower(t.table_name) as to_table, 'NAME' as matched from told t
    union
    select t.id, t.schema_name, t.table_name, lower(x.name[1]), lower(x.name[2]), 'TARGET_NAME'
    from told t cross join lateral (select a2o_private.dms_target(t.definition, t.schema_name, t.table_name) as name) as x where t.renames),
  rule as materialized (
    select s.id, s.definition, s.renames, r.place, r.rule_id, r.action, r.schema_pattern, r.table_pattern,
      case r.action when 'explicit' then lower(r.schema_pattern) else a2o_private.dms_literal(r.schema_pattern) end as schema_name,
      case r.action when 'explicit' then replace(replace(replace(lower(r.schema_pattern), '\', '\\'), '%', '\%'), '_', '\_') else a2o_private.dms_like(r.schema_pattern) end as schema_like,
      case r.action when 'explicit' then replace(replace(replace(lower(r.table_pattern), '\', '\\'), '%', '\%'), '_', '\_') else a2o_private.dms_like(r.table_pattern) end as table_like,
      a2o_private.dms_regex(r.schema_pattern) as schema_regex, a2o_private.dms_regex(r.table_pattern) as table_regex,
      case r.action when 'explicit' then lower(r.table_pattern) else a2o_private.dms_prefix(r.table_pattern) end as table_prefix
    from scope s cross join lateral a2o_private.dms_rules(s.definition) r
    where not s.is_told and r.kind = 'selection' and r.action in ('include', 'explicit', 'exclude') and r.schema_pattern is not null and r.table_pattern is not null),
  -- Aggregated, so that each table is compared with the few that its own task excludes.
  excluded as materialized (
    select r.id, array_agg(r.schema_like) as schema_likes, array_agg(r.schema_regex) as schema_regexes, array_agg(r.table_like) as table_likes, array_agg(r.table_regex) as table_regexes
    from rule r where r.action = 'exclude' group by r.id),
  place as materialized (
    select r.*, d.database_name
    from rule r join a2o.databases d on d.assessment_id = found_dms_links.assessment_id
      and coalesce(lower(d.database_name) like r.schema_like, lower(d.database_name) ~ r.schema_regex)
    where r.action <> 'exclude'),
  fitting as (
    select p.id, p.database_name as schema_name, t.table_name, t.database_name as to_database, t.table_name as to_table, 'NAME' as matched, p.rule_id, p.place,
      p.schema_name is not distinct from lower(p.database_name) as is_named
    from place p
    cross join lateral (
      select x.database_name, x.table_name from a2o.tables x
      where x.assessment_id = found_dms_links.assessment_id and x.database_name = p.database_name
        and x.table_name >= p.table_prefix and x.table_name < p.table_prefix || U&'\+10FFFF'
      -- Keeps the order: places first, then their tables by the key.
      offset 0) as t
    where coalesce(lower(t.table_name) like p.table_like, lower(t.table_name) ~ p.table_regex)
    union all
    select r.id, j.source_schema, j.source_table, j.database_name, j.table_name, 'LOCATION', r.rule_id, r.place, true
    from rule r join jdbc j on j.source_schema = r.schema_name
    where r.action <> 'exclude' and coalesce(j.source_table like r.table_like, j.source_table ~ r.table_regex)
    union all
    select r.id, r.schema_name, g.source_table, t.database_name, t.table_name, 'TARGET_NAME', r.rule_id, r.place, true
    from (select distinct on (x.id, x.schema_name) x.* from rule x where x.renames and x.action <> 'exclude' and x.schema_name is not null order by x.id, x.schema_name, x.place) as r
    join a2o.tables t on t.assessment_id = found_dms_links.assessment_id and t.database_name = lower((a2o_private.dms_target(r.definition, r.schema_name, ''))[1])
    cross join lateral a2o_private.dms_sources(r.definition, r.schema_name, t.table_name) as g(source_table)),
  selected as (
    select f.* from fitting f left join excluded e on e.id = f.id
    where e.id is null or not exists (
      select from unnest(e.schema_likes, e.schema_regexes, e.table_likes, e.table_regexes) as x(schema_like, schema_regex, table_like, table_regex)
      where coalesce(lower(f.schema_name) like x.schema_like, lower(f.schema_name) ~ x.schema_regex)
        and coalesce(lower(f.table_name) like x.table_like, lower(f.table_name) ~ x.table_regex))),
  met as (
    select n.id, n.schema_name, n.table_name, t.database_name as to_database, t.table_name as to_table, n.matched, null as rule_id, 0 as place, true as is_named
    from named n join a2o.tables t on t.assessment_id = found_dms_links.assessment_id and t.database_name = n.to_database and t.table_name = n.to_table
    union all
    select n.id, n.schema_name, n.table_name, j.database_name, j.table_name, 'LOCATION', null, 0, true
    from told n join jdbc j on j.source_schema = lower(n.schema_name) and j.source_table = lower(n.table_name)
    union all
    select s.id, s.schema_name, s.table_name, s.to_database, s.to_table, s.matched, s.rule_id, s.place, s.is_named from selected s),
  single as (
    select distinct on (m.id, m.to_database, m.to_table) m.*, lower(m.schema_name) as schema_key, lower(m.table_name) as table_key
    from met m order by m.id, m.to_database, m.to_table, m.is_named desc, m.matched = 'NAME' desc, m.place, m.schema_name, m.table_name),
  counted as (select s.*, count(*) over (partition by s.id, s.schema_key, s.table_key) as fits from single s)
  select c.id, c.to_database, c.to_table, case when c.fits = 1 and c.is_named then 'LINKED' else 'CANDIDATE' end::a2o.link_state, 'DMS_TABLE_MAPPING'::a2o.link_source,
    c.schema_name::text, c.table_name::text,
    jsonb_strip_nulls(jsonb_build_object('source', c.schema_name || '.' || c.table_name, 'matched', c.matched, 'told_by', case when c.rule_id is null then 'TABLE_STATISTICS' else 'SELECTION_RULE' end,
      'rule_id', c.rule_id, 'fits', nullif(c.fits, 1), 'any_schema', case when not c.is_named then true end))
  from counted c;
end
$$;
comment on function a2o_private.found_dms_links(uuid, uuid[]) is 'Links of the DMS tasks of these scopes to tables of an assessment.';
revoke all on function a2o_private.found_dms_links(uuid, uuid[]) from public;
--! EndIncluded functions/links/found_dms_links.sql
--! Included functions/links/found_location_links.sql
-- Places on S3 against the locations of tables. What lies in a folder begins with the folder's key; the folders above a place
-- are few, and are looked up one by one. Entries that only refer to other data (views, links) lie nowhere.
create or replace function a2o_private.folders_above(key text) returns setof text
  language sql immutable parallel safe begin atomic
  select left(key, p.position)
  from generate_series(length(substring(key from '^s3://[^/]+/')), length(key) - 1) as p(position)
  where substr(key, p.position, 1) = '/';
  end;
comment on function a2o_private.folders_above(text) is 'The folders that a place on S3 lies in, the bucket first.';
revoke all on function a2o_private.folders_above(text) from public;

-- Always by the index, one place after the other.
create or replace function a2o_private.tables_in_folder(assessment_id uuid, first_key text, last_key text)
  returns table (database_name text, table_name text, storage_location text)
  language sql stable begin atomic
  select t.database_name, t.table_name, t.storage_location
  from a2o.tables t
  where t.assessment_id = tables_in_folder.assessment_id and t.table_format not in ('VIEW', 'RESOURCE_LINK', 'FEDERATED')
    and a2o_private.location_key(t.storage_location) collate "C" >= first_key collate "C" and a2o_private.location_key(t.storage_location) collate "C" <= last_key collate "C"
  offset 0;
  end;
comment on function a2o_private.tables_in_folder(uuid, text, text) is 'Tables of an assessment whose location has a key between two.';
revoke all on function a2o_private.tables_in_folder(uuid, text, text) from public;

create or replace function a2o_private.found_datasync_links(assessment_id uuid, scopes uuid[]) returns setof a2o_private.found_link
  language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
begin
  return query
  with scope as materialized (
    select s.id, s.definition, a2o_private.location_key(s.definition ->> 'source') as key, s.definition ?| array['Includes', 'Excludes'] as has_filters
    from a2o_private.job_scopes s where s.id = any (scopes) and s.job_type = 'DATASYNC' and a2o_private.location_key(s.definition ->> 'source') is not null),
  met as (
    select s.id, t.database_name, t.table_name, t.storage_location, s.key,
      case when s.has_filters then a2o_private.datasync_covers(s.definition, substr(a2o_private.location_key(t.storage_location), length(s.key) + 1)) else 'ALL' end as covers
    from scope s cross join lateral a2o_private.tables_in_folder(found_datasync_links.assessment_id, s.key, s.key || U&'\+10FFFF') as t
    union all
    select s.id, t.database_name, t.table_name, t.storage_location, s.key, 'PART'
    from scope s cross join lateral a2o_private.folders_above(s.key) as f(folder)
    cross join lateral a2o_private.tables_in_folder(found_datasync_links.assessment_id, f.folder, f.folder) as t)
  select m.id, m.database_name::text, m.table_name::text, case m.covers when 'ALL' then 'LINKED' else 'CANDIDATE' end::a2o.link_state, 'DATASYNC_LOCATION'::a2o.link_source, null::text, null::text,
    jsonb_build_object('source', m.key, 'location', m.storage_location, 'covers', m.covers)
  from met m where m.covers is not null;
end
$$;
comment on function a2o_private.found_datasync_links(uuid, uuid[]) is 'Links of the DataSync tasks of these scopes to tables of an assessment: those that lie in the source location are moved whole; of one that the source lies in, or of which filters leave something out, only a part is.';
revoke all on function a2o_private.found_datasync_links(uuid, uuid[]) from public;
--! EndIncluded functions/links/found_location_links.sql
--! Included functions/links/found_glue_links.sql
-- Tables that the arguments of Glue runs name. An argument that fits one table is certain, one that fits several is not. Nor is
-- a whole database or folder, since nobody says what the script takes from it; such are offered only when nothing is certain.
-- Arguments that name a target count only when no others do.
create or replace function a2o_private.found_glue_links(assessment_id uuid, scopes uuid[]) returns setof a2o_private.found_link
  language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
begin
  return query
  with every_argument as (
    select s.id, a.*, bool_or(a.role <> 'TARGET') over (partition by s.id) as has_source, bool_or(a.role = 'SOURCE') over (partition by s.id, a.kind) as has_named_source
    from a2o_private.job_scopes s cross join lateral a2o_private.glue_arguments(s.definition -> 'Arguments') a
    where s.id = any (scopes) and s.job_type = 'GLUE_JOB'),
  argument as materialized (
    select a.id, a.argument, a.kind, a.role, a.value, lower(a.value) as name, string_to_array(lower(a.value), '.') as parts, a2o_private.location_key(a.value) as key
    from every_argument a
    where a.role <> 'TARGET' or not a.has_source),
  base as materialized (
    select distinct a.id, a.name as database_name, a.argument from argument a join every_argument e using (id, argument, kind, value)
    where a.kind = 'DATABASE' and (a.role = 'SOURCE' or not e.has_named_source)),
  wanted as (
    -- It says its database itself: database.table or catalog.database.table.
    select a.*, a.parts[cardinality(a.parts) - 1] as in_database, a.parts[cardinality(a.parts)] as table_key from argument a where a.kind = 'TABLE' and cardinality(a.parts) > 1
    union all
    select a.*, b.database_name, a.name from argument a join base b on b.id = a.id where a.kind = 'TABLE' and cardinality(a.parts) = 1
    union all
    select a.*, d.database_name, a.name from argument a join a2o.databases d on d.assessment_id = found_glue_links.assessment_id
    where a.kind = 'TABLE' and cardinality(a.parts) = 1 and not exists (select from base b where b.id = a.id)),
  met as (
    select w.id, t.database_name, t.table_name, w.argument, w.value, w.role, 'NAMED' as matched,
      count(*) over (partition by w.id, w.argument, w.value) as fits
    from (select distinct x.id, x.argument, x.value, x.role, x.in_database, x.table_key from wanted x) as w
    join a2o.tables t on t.assessment_id = found_glue_links.assessment_id and t.database_name = w.in_database and t.table_name = w.table_key
    union all
    select a.id, t.database_name, t.table_name, a.argument, a.value, a.role, 'LOCATION', 1
    from argument a cross join lateral a2o_private.tables_in_folder(found_glue_links.assessment_id, a.key, a.key) as t
    where a.kind = 'PATH'
    union all
    select a.id, t.database_name, t.table_name, a.argument, a.value, a.role, 'IN_FOLDER', count(*) over (partition by a.id, a.argument, a.value)
    from argument a
    -- What comes after the folder itself begins with more than its slash.
    cross join lateral a2o_private.tables_in_folder(found_glue_links.assessment_id, a.key || U&'\0001', a.key || U&'\+10FFFF') as t
    where a.kind = 'PATH'
    union all
    select a.id, t.database_name, t.table_name, a.argument, a.value, a.role, 'FOLDER_IN_TABLE', 2
    from argument a cross join lateral a2o_private.folders_above(a.key) as f(folder)
    cross join lateral a2o_private.tables_in_folder(found_glue_links.assessment_id, f.folder, f.folder) as t
    where a.kind = 'PATH'
    union all
    select b.id, t.database_name, t.table_name, b.argument, b.database_name, 'ANY', 'IN_DATABASE', d.table_count
    from base b join a2o.databases d on d.assessment_id = found_glue_links.assessment_id and d.database_name = b.database_name
    join a2o.tables t on t.assessment_id = found_glue_links.assessment_id and t.database_name = d.database_name
    where not exists (select from argument a where a.id = b.id and a.kind = 'TABLE')),
  decided as (
    select m.*, case when m.fits = 1 and m.role <> 'TARGET' then 'LINKED' else 'CANDIDATE' end::a2o.link_state as state from met m),
  single as (
    select distinct on (d.id, d.database_name, d.table_name) d.*, bool_or(d.state = 'LINKED') over (partition by d.id) as has_certain
    from decided d order by d.id, d.database_name, d.table_name, d.state = 'LINKED' desc, d.matched = 'NAMED' desc, d.argument, d.value)
  select s.id, s.database_name::text, s.table_name::text, s.state, 'GLUE_ARGUMENT'::a2o.link_source, null::text, null::text,
    jsonb_strip_nulls(jsonb_build_object('argument', s.argument, 'value', s.value, 'matched', s.matched, 'fits', nullif(case s.matched when 'FOLDER_IN_TABLE' then 1 else s.fits end, 1)))
  from single s where s.state = 'LINKED' or s.matched = 'NAMED' or not s.has_certain;
end
$$;
comment on function a2o_private.found_glue_links(uuid, uuid[]) is 'Links of the Glue runs of these scopes to tables of an assessment.';
revoke all on function a2o_private.found_glue_links(uuid, uuid[]) from public;
--! EndIncluded functions/links/found_glue_links.sql
--! Included views/links/link_stages.sql
-- The runs of a scope that decide how far its tables are: the latest one, and the latest that ended well. Both are the same for
-- every table of the scope.
create or replace function a2o_private.deciding_runs(of_scope uuid)
  returns table (job_id uuid, status a2o.job_status, started_at timestamptz, completed_at timestamptz, is_load boolean)
  language sql stable begin atomic
  select j.id, j.status, j.started_at, j.completed_at, j.job_type = 'DMS' and j.migration_type = 'full-load'
  from ((select x.* from a2o.migration_jobs x where x.scope_id = of_scope and x.started_at is not null order by x.started_at desc limit 1)
    union
    (select x.* from a2o.migration_jobs x where x.scope_id = of_scope and x.status = 'COMPLETED' order by x.started_at desc nulls last limit 1)) as j
  where j.status <> 'PENDING' and (j.status <> 'RUNNING' or j.gone_at is null);
  end;
comment on function a2o_private.deciding_runs(uuid) is 'The runs of a scope that decide how far the tables linked to it are.';
revoke all on function a2o_private.deciding_runs(uuid) from public;
grant execute on function a2o_private.deciding_runs(uuid) to a2o_reader;

-- Where DMS counts the tables of a run one by one, its word on the table decides, not the run's end.
create or replace function a2o_private.run_stage(status a2o.job_status, is_load boolean, table_state text) returns a2o.migration_stage
  language sql immutable parallel safe
  return case
    when table_state ~* 'error|cancelled|does not exist' then null
    when is_load and table_state ~* '^table completed' then 'MIGRATED'::a2o.migration_stage
    when status = 'RUNNING' then 'MIGRATING'::a2o.migration_stage
    when status = 'COMPLETED' then 'MIGRATED'::a2o.migration_stage end;
comment on function a2o_private.run_stage(a2o.job_status, boolean, text) is 'What a run says of a table: MIGRATING, MIGRATED, or null for nothing.';
revoke all on function a2o_private.run_stage(a2o.job_status, boolean, text) from public;
grant execute on function a2o_private.run_stage(a2o.job_status, boolean, text) to a2o_reader;

create or replace function a2o_private.staged_since(
  stage a2o.migration_stage, is_load boolean, started_at timestamptz, completed_at timestamptz, full_load_ended_at timestamptz
) returns timestamptz
  language sql immutable parallel safe
  return case when stage = 'MIGRATING' then started_at when is_load then coalesce(full_load_ended_at, completed_at) else completed_at end;
comment on function a2o_private.staged_since(a2o.migration_stage, boolean, timestamptz, timestamptz, timestamptz) is 'Since when a table is at the stage that a run says.';
revoke all on function a2o_private.staged_since(a2o.migration_stage, boolean, timestamptz, timestamptz, timestamptz) from public;
grant execute on function a2o_private.staged_since(a2o.migration_stage, boolean, timestamptz, timestamptz, timestamptz) to a2o_reader;

-- What each certain link says of its table.
create or replace view a2o_private.link_stages with (security_invoker = true) as
  select l.table_id, l.aws_account_id, l.region, l.database_name, l.table_name, s.stage, r.job_id,
    a2o_private.staged_since(s.stage, r.is_load, r.started_at, r.completed_at, m.full_load_ended_at) as since
  from a2o.migration_job_links l
  cross join lateral a2o_private.deciding_runs(l.scope_id) as r
  left join a2o.migration_job_tables m on m.job_id = r.job_id and m.schema_name = l.source_schema and m.table_name = l.source_table
  cross join lateral (select a2o_private.run_stage(r.status, r.is_load, m.table_state) as stage) as s
  where l.state = 'LINKED' and s.stage is not null;
comment on view a2o_private.link_stages is 'Stage of a table as each of the jobs that are linked to it says: MIGRATING or MIGRATED, since when.';
grant select on a2o_private.link_stages to a2o_reader;
--! EndIncluded views/links/link_stages.sql
--! Included functions/links/count_stages.sql
-- As link_stages and table_migrations say it, for all tables of a database at once: the runs are looked up once for each scope, not
-- for each link. Runs as the caller, so the policies choose whose.
create or replace function a2o_private.count_stages(of_assessment uuid, account_id text, in_region text, of_database text)
  returns table (migrating bigint, migrated bigint, changed_since bigint, candidates bigint)
  language sql stable begin atomic
  with links as materialized (
    select l.scope_id, l.table_name, l.state, l.source_schema, l.source_table from a2o.migration_job_links l
    where l.aws_account_id = account_id and l.region = in_region and l.database_name = of_database and l.state <> 'REJECTED'),
  runs as materialized (
    select s.scope_id, r.* from (select distinct l.scope_id from links l where l.state = 'LINKED') as s cross join lateral a2o_private.deciding_runs(s.scope_id) as r),
  said as (
    select l.table_name, s.stage, a2o_private.staged_since(s.stage, r.is_load, r.started_at, r.completed_at, m.full_load_ended_at) as since
    from links l
    join runs r on r.scope_id = l.scope_id
    left join a2o.migration_job_tables m on m.job_id = r.job_id and m.schema_name = l.source_schema and m.table_name = l.source_table
    cross join lateral (select a2o_private.run_stage(r.status, r.is_load, m.table_state) as stage) as s
    where l.state = 'LINKED' and s.stage is not null
    union all
    select l.table_name, null, null from links l where l.state = 'CANDIDATE'),
  decided as (
    select distinct on (x.table_name) x.table_name, x.stage, x.since from said x order by x.table_name, x.stage nulls last, x.since desc nulls last)
  select count(*) filter (where d.stage = 'MIGRATING'), count(*) filter (where d.stage = 'MIGRATED' and not coalesce(t.last_updated > d.since, false)),
    count(*) filter (where d.stage = 'MIGRATED' and t.last_updated > d.since), count(*) filter (where d.stage is null)
  from decided d join a2o.tables t on t.assessment_id = of_assessment and t.database_name = of_database and t.table_name = d.table_name;
  end;
comment on function a2o_private.count_stages(uuid, text, text, text) is 'How many tables of one database of an assessment are migrating, migrated, changed since, and candidates of some job.';
revoke all on function a2o_private.count_stages(uuid, text, text, text) from public;
grant execute on function a2o_private.count_stages(uuid, text, text, text) to a2o_reader;
--! EndIncluded functions/links/count_stages.sql
--! Included functions/links/refresh_migration_rollups.sql
-- Whoever changes links or jobs adds a mark in the same transaction (see the triggers), so a reader sees both or neither. Here marks
-- are taken away first and the databases counted afterwards: what is committed in between has a mark of its own, which stays.
create or replace function a2o_private.refresh_migration_rollups(account_id text, in_region text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  newest uuid;
  stale text[];
begin
  -- One at a time. What is marked meanwhile waits for the next poll; until then readers count it themselves.
  if not pg_try_advisory_xact_lock(20255, hashtext(account_id || ' ' || in_region)) then
    return;
  end if;
  newest := (select a.id from a2o.assessments a where a.aws_account_id = account_id and a.region = in_region order by a.timestamp desc, a.id limit 1);
  delete from a2o.migration_rollups r where r.aws_account_id = account_id and r.region = in_region and r.assessment_id is distinct from newest;
  with taken as (
    delete from a2o.stale_migration_rollups s where s.aws_account_id = account_id and s.region = in_region returning s.database_name)
  select array_agg(distinct t.database_name) into stale from taken t;
  if newest is null then
    return;
  end if;
  if not exists (select from a2o.migration_rollups r where r.assessment_id = newest) then
    stale := array(select distinct l.database_name from a2o.migration_job_links l where l.aws_account_id = account_id and l.region = in_region);
  end if;
  if cardinality(stale) > 0 then
    insert into a2o.migration_rollups as r (assessment_id, database_name, aws_account_id, region, migrating, migrated, changed_since, candidates)
    select newest, d.database_name, account_id, in_region, c.migrating, c.migrated, c.changed_since, c.candidates
    from a2o.databases d
    cross join lateral a2o_private.count_stages(newest, account_id, in_region, d.database_name) as c
    where d.assessment_id = newest and d.database_name = any (stale)
    on conflict (assessment_id, database_name) do update
      set migrating = excluded.migrating, migrated = excluded.migrated, changed_since = excluded.changed_since, candidates = excluded.candidates
      where (r.migrating, r.migrated, r.changed_since, r.candidates)
        is distinct from (excluded.migrating, excluded.migrated, excluded.changed_since, excluded.candidates);
  end if;
end
$$;
comment on function a2o_private.refresh_migration_rollups(text, text) is 'Counts the stages again of those databases of an account and region that are marked as stale, in its newest assessment.';
revoke all on function a2o_private.refresh_migration_rollups(text, text) from public;
--! EndIncluded functions/links/refresh_migration_rollups.sql
--! Included functions/links/link_jobs.sql
-- Links follow from what jobs say and from the newest assessment of their account and region. Nothing is done when neither has
-- changed. A link to a table that is no longer in the catalog stays: it is history. What a person decided is never touched.
create or replace function a2o_private.link_jobs(account_id text, in_region text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
declare
  newest uuid;
  due uuid[];
begin
  perform a2o_private.assign_scopes(account_id, in_region);
  if not exists (select from a2o_private.job_scopes s where s.aws_account_id = account_id and s.region = in_region and s.is_due) then
    return;
  end if;
  perform pg_advisory_xact_lock(20254, hashtext(account_id || ' ' || in_region));
  newest := (select a.id from a2o.assessments a where a.aws_account_id = account_id and a.region = in_region order by a.timestamp desc, a.id limit 1);
  with taken as (
    update a2o_private.job_scopes s set is_due = false where s.aws_account_id = account_id and s.region = in_region and s.is_due returning s.id)
  select array_agg(t.id) into due from taken t;
  if newest is null or due is null then
    return;
  end if;
  with found as materialized (
    select * from a2o_private.found_dms_links(newest, due)
    union all select * from a2o_private.found_datasync_links(newest, due)
    union all select * from a2o_private.found_glue_links(newest, due)),
  stored as (
    insert into a2o.migration_job_links as l (scope_id, database_name, table_name, table_id, aws_account_id, region, state, source, source_schema, source_table, evidence)
    select f.scope_id, f.database_name, f.table_name, a2o.table_identity(account_id, in_region, f.database_name, f.table_name), account_id, in_region, f.state, f.source,
      f.source_schema, f.source_table, f.evidence
    from found f
    on conflict (scope_id, database_name, table_name) do update set state = excluded.state, source = excluded.source, source_schema = excluded.source_schema,
      source_table = excluded.source_table, evidence = excluded.evidence
    where l.source <> 'PERSON'
      and (l.state, l.source, l.source_schema, l.source_table, l.evidence) is distinct from (excluded.state, excluded.source, excluded.source_schema, excluded.source_table, excluded.evidence))
  delete from a2o.migration_job_links l
  where l.scope_id = any (due) and l.source <> 'PERSON'
    and not exists (select from found f where f.scope_id = l.scope_id and f.database_name = l.database_name and f.table_name = l.table_name)
    and exists (select from a2o.tables t where t.assessment_id = newest and t.database_name = l.database_name and t.table_name = l.table_name);
  perform a2o_private.name_only_tables(due);
end
$$;
comment on function a2o_private.link_jobs(text, text) is 'Brings the links between the jobs of an account and region and the tables of its newest assessment up to date.';
revoke all on function a2o_private.link_jobs(text, text) from public;

create or replace function a2o_private.name_only_tables(scopes uuid[]) returns void
  language sql volatile set search_path = pg_catalog, pg_temp begin atomic
  update a2o.migration_jobs j set table_id = n.table_id
  from (
    select l.scope_id, case when count(*) filter (where l.state = 'LINKED') = 1 then (array_agg(l.table_id) filter (where l.state = 'LINKED'))[1] end as table_id
    from a2o.migration_job_links l where l.scope_id = any (scopes) group by l.scope_id) as n
  where j.scope_id = n.scope_id and j.table_id is distinct from n.table_id;
  end;
comment on function a2o_private.name_only_tables(uuid[]) is 'Names in migration_jobs.table_id the table of those jobs that are linked to one alone.';
revoke all on function a2o_private.name_only_tables(uuid[]) from public;

create or replace function a2o_private.relink_jobs(account_id text, in_region text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  update a2o_private.job_scopes s set is_due = true where s.aws_account_id = account_id and s.region = in_region and not s.is_due;
  perform a2o_private.link_jobs(account_id, in_region);
end
$$;
comment on function a2o_private.relink_jobs(text, text) is 'The same when the newest assessment has changed: every link is looked at again.';
revoke all on function a2o_private.relink_jobs(text, text) from public;
--! EndIncluded functions/links/link_jobs.sql
--! Included functions/links/decide_links.sql
-- Definers, because operators write no table. What they decide holds for the other runs that say they move the same.
create or replace function a2o_private.operated_job(job_id uuid) returns a2o.migration_jobs
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  found_one a2o.migration_jobs;
begin
  select * into found_one from a2o.migration_jobs j where j.id = operated_job.job_id for update;
  if not coalesce(a2o_private.may_read_account(coalesce(found_one.aws_account_id, '')), false) or found_one.id is null then
    raise exception 'there is no job % of yours', coalesce(job_id::text, 'null') using errcode = 'A2O62', hint = 'The table migration_jobs lists them.';
  end if;
  if found_one.scope_id is null then
    perform a2o_private.assign_scopes(found_one.aws_account_id, found_one.region);
    select * into found_one from a2o.migration_jobs j where j.id = operated_job.job_id;
  end if;
  return found_one;
end
$$;
comment on function a2o_private.operated_job(uuid) is 'The job, locked, with its scope, if the caller may read its account. Error: A2O62 there is none, or it belongs to another account.';
revoke all on function a2o_private.operated_job(uuid) from public;

create or replace function a2o_private.decided(job a2o.migration_jobs) returns a2o.migration_jobs
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform a2o_private.name_only_tables(array[job.scope_id]);
  perform a2o_private.refresh_migration_rollups(job.aws_account_id, job.region);
  perform a2o_private.announce('job', job.aws_account_id, job.id);
  select * into job from a2o.migration_jobs j where j.id = job.id;
  return job;
end
$$;
comment on function a2o_private.decided(a2o.migration_jobs) is 'The job after a decision about its links, of which listeners hear.';
revoke all on function a2o_private.decided(a2o.migration_jobs) from public;

create or replace function a2o.link_job(job_id uuid, database_name text, table_name text default null) returns a2o.migration_jobs
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  job a2o.migration_jobs := a2o_private.operated_job(job_id);
  who text := coalesce(a2o_private.current_member(), session_user);
  identity uuid := a2o.table_identity(job.aws_account_id, job.region, link_job.database_name, link_job.table_name);
begin
  if table_name is null then
    update a2o.migration_job_links l set state = 'LINKED', source = 'PERSON', decided_by = who, decided_at = now()
    where l.scope_id = job.scope_id and l.database_name = link_job.database_name and l.state = 'CANDIDATE';
    if not found then
      raise exception 'the job has no candidates in database %', coalesce(quote_literal(left(database_name, 100)), 'null')
        using errcode = 'A2O64', hint = 'Name a table to link, or see the view job_links.';
    end if;
    return a2o_private.decided(job);
  end if;
  update a2o.migration_job_links l set state = 'LINKED', source = 'PERSON', decided_by = who, decided_at = now()
  where l.scope_id = job.scope_id and l.database_name = link_job.database_name and l.table_name = link_job.table_name
    and (l.state <> 'LINKED' or l.source <> 'PERSON');
  if not found and not exists (
    select from a2o.migration_job_links l where l.scope_id = job.scope_id and l.database_name = link_job.database_name and l.table_name = link_job.table_name)
  then
    if not exists (select from a2o.tables t where t.id = identity) then
      raise exception 'no assessment of account % in % has a table %', job.aws_account_id, job.region, quote_literal(left(database_name, 100) || '.' || left(table_name, 100))
        using errcode = 'A2O63', hint = 'Names are those of the Glue catalog, in lower case; search_tables finds them.';
    end if;
    insert into a2o.migration_job_links (scope_id, database_name, table_name, table_id, aws_account_id, region, state, source, decided_by, decided_at)
    values (job.scope_id, database_name, table_name, identity, job.aws_account_id, job.region, 'LINKED', 'PERSON', who, now());
  end if;
  return a2o_private.decided(job);
end
$$;
comment on function a2o.link_job(uuid, text, text) is 'Says that a job moves a table of its account and region: confirms a candidate, or adds a link that no rule finds. Without a table, confirms every candidate in the database. Holds for every run that says it moves the same, and is never overwritten. Errors: A2O62 no such job, A2O63 no such table, A2O64 no candidates there.';
revoke all on function a2o.link_job(uuid, text, text) from public;
grant execute on function a2o.link_job(uuid, text, text) to a2o_operator;

create or replace function a2o.unlink_job(job_id uuid, database_name text, table_name text default null) returns a2o.migration_jobs
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  job a2o.migration_jobs := a2o_private.operated_job(job_id);
begin
  update a2o.migration_job_links l set state = 'REJECTED', source = 'PERSON', decided_by = coalesce(a2o_private.current_member(), session_user), decided_at = now()
  where l.scope_id = job.scope_id and l.database_name = unlink_job.database_name
    and case when unlink_job.table_name is null then l.state = 'CANDIDATE' else l.table_name = unlink_job.table_name and l.state <> 'REJECTED' end;
  if not found then
    raise exception 'the job has no link to %', coalesce(quote_literal(left(database_name, 100) || coalesce('.' || left(table_name, 100), '.…')), 'null')
      using errcode = 'A2O64', hint = 'The view job_links lists those it has, and those that were rejected already.';
  end if;
  return a2o_private.decided(job);
end
$$;
comment on function a2o.unlink_job(uuid, text, text) is 'Says that a job does not move a table: rejects a candidate or a link, so that no rule brings it back. Without a table, rejects every candidate in the database. Taken back by link_job. Errors: A2O62 no such job, A2O64 no such link.';
revoke all on function a2o.unlink_job(uuid, text, text) from public;
grant execute on function a2o.unlink_job(uuid, text, text) to a2o_operator;
--! EndIncluded functions/links/decide_links.sql
--! Included functions/links/link_reason.sql
-- What a link was concluded from, for people; the keys are those that the rules write.
create or replace function a2o_private.link_reason(source a2o.link_source, evidence jsonb) returns text
  language sql immutable
  return case source
    when 'PERSON' then null
    when 'DATASYNC_LOCATION' then case evidence ->> 'covers' when 'PART' then 'part of it' else 'all of it' end || ' lies in ' || (evidence ->> 'source')
    when 'GLUE_ARGUMENT' then concat_ws(' ', evidence ->> 'argument', evidence ->> 'value')
    else (evidence ->> 'source') || coalesce(', by selection rule ' || (evidence ->> 'rule_id'), ', counted by DMS') end
    || coalesce(', fits ' || to_char((evidence ->> 'fits')::bigint, 'FM999,999,999,990') || ' tables', '');
comment on function a2o_private.link_reason(a2o.link_source, jsonb) is 'What a link was concluded from, in words; null when a person decided.';
revoke all on function a2o_private.link_reason(a2o.link_source, jsonb) from public;
grant execute on function a2o_private.link_reason(a2o.link_source, jsonb) to a2o_reader, a2o_worker;
--! EndIncluded functions/links/link_reason.sql
--! Included triggers/renew_job_scopes.sql
-- A job that says something else about what it moves gets another scope at the end of the poll.
create or replace function a2o_private.forget_job_scope() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.scope_id := null;
  return new;
end
$$;
comment on function a2o_private.forget_job_scope() is 'Trigger: the definition of a job has changed, so its scope is looked for anew.';
revoke all on function a2o_private.forget_job_scope() from public;

create or replace trigger forget_job_scope before update on a2o.migration_jobs
  for each row when (old.scope_id is not null and new.scope_id is not null and (
    old.source is distinct from new.source and new.job_type = 'DATASYNC'
    or old.details -> 'TableMappings' is distinct from new.details -> 'TableMappings'
    or old.details -> 'Arguments' is distinct from new.details -> 'Arguments'
    or old.details -> 'Includes' is distinct from new.details -> 'Includes'
    or old.details -> 'Excludes' is distinct from new.details -> 'Excludes'))
  execute function a2o_private.forget_job_scope();

-- The tables that DMS counts say more than patterns do.
create or replace function a2o_private.note_told_tables() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update a2o_private.job_scopes s set is_due = true
  where not s.is_due and s.id in (select j.scope_id from a2o.migration_jobs j where j.id in (select distinct t.job_id from added t));
  return null;
end
$$;
comment on function a2o_private.note_told_tables() is 'Trigger: DMS counts tables that it did not before, so the links of their task are looked at again.';
revoke all on function a2o_private.note_told_tables() from public;

create or replace trigger note_told_tables after insert on a2o.migration_job_tables
  referencing new table as added for each statement execute function a2o_private.note_told_tables();

-- Scopes go with their last job; what a person decided stays for the next run.
create or replace function a2o_private.forget_empty_scopes() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  with emptied as (
    delete from a2o_private.job_scopes s
    where s.id in (select r.scope_id from removed r) and not exists (select from a2o.migration_jobs j where j.scope_id = s.id)
      and not exists (select from a2o.migration_job_links l where l.scope_id = s.id and l.source = 'PERSON')
    returning s.id)
  delete from a2o.migration_job_links l using emptied e where l.scope_id = e.id;
  return null;
end
$$;
comment on function a2o_private.forget_empty_scopes() is 'Trigger: deletes the scopes, with their links, of which no job is left and about which nobody decided anything.';
revoke all on function a2o_private.forget_empty_scopes() from public;

create or replace trigger forget_empty_scopes after delete on a2o.migration_jobs
  referencing old table as removed for each statement execute function a2o_private.forget_empty_scopes();
--! EndIncluded triggers/renew_job_scopes.sql
--! Included triggers/mark_stale_rollups.sql
-- What database_migrations counts follows from links, from the runs of their scopes, and from what DMS says of single tables. A mark
-- is always added, even where one stands: that one may be on its way out.
create or replace function a2o_private.mark_databases_of_links() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into a2o.stale_migration_rollups (aws_account_id, region, database_name)
  select distinct c.aws_account_id, c.region, c.database_name from changed c;
  return null;
end
$$;
comment on function a2o_private.mark_databases_of_links() is 'Trigger: the stages of the databases of changed links are to be counted again.';
revoke all on function a2o_private.mark_databases_of_links() from public;

create or replace trigger mark_inserted after insert on a2o.migration_job_links
  referencing new table as changed for each statement execute function a2o_private.mark_databases_of_links();
create or replace trigger mark_updated after update on a2o.migration_job_links
  referencing new table as changed for each statement execute function a2o_private.mark_databases_of_links();
create or replace trigger mark_deleted after delete on a2o.migration_job_links
  referencing old table as changed for each statement execute function a2o_private.mark_databases_of_links();

create or replace function a2o_private.mark_databases_of_scopes(scopes uuid[]) returns void
  language sql volatile set search_path = pg_catalog, pg_temp begin atomic
  insert into a2o.stale_migration_rollups (aws_account_id, region, database_name)
  select distinct l.aws_account_id, l.region, l.database_name from a2o.migration_job_links l where l.scope_id = any (scopes) and l.state = 'LINKED';
  end;
comment on function a2o_private.mark_databases_of_scopes(uuid[]) is 'The stages of the databases to which these scopes are linked are to be counted again.';
revoke all on function a2o_private.mark_databases_of_scopes(uuid[]) from public;

create or replace function a2o_private.mark_databases_of_jobs() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  scopes uuid[];
begin
  if tg_op = 'UPDATE' then
    -- Not what a poll tells all the time: bytes, rows and percent.
    scopes := array(
      select x.scope_id from before_rows o join after_rows n on n.id = o.id cross join lateral (values (o.scope_id), (n.scope_id)) as x(scope_id)
      where (o.scope_id, o.status, o.started_at, o.completed_at, o.migration_type, o.gone_at is null)
          is distinct from (n.scope_id, n.status, n.started_at, n.completed_at, n.migration_type, n.gone_at is null)
        and x.scope_id is not null);
  elsif tg_op = 'INSERT' then
    scopes := array(select n.scope_id from after_rows n where n.scope_id is not null);
  else
    scopes := array(select o.scope_id from before_rows o where o.scope_id is not null);
  end if;
  if cardinality(scopes) > 0 then
    perform a2o_private.mark_databases_of_scopes(scopes);
  end if;
  return null;
end
$$;
comment on function a2o_private.mark_databases_of_jobs() is 'Trigger: runs have come, gone or changed their state, so the stages of the databases of their links are to be counted again.';
revoke all on function a2o_private.mark_databases_of_jobs() from public;

create or replace trigger mark_inserted after insert on a2o.migration_jobs
  referencing new table as after_rows for each statement execute function a2o_private.mark_databases_of_jobs();
create or replace trigger mark_updated after update on a2o.migration_jobs
  referencing old table as before_rows new table as after_rows for each statement execute function a2o_private.mark_databases_of_jobs();
create or replace trigger mark_deleted after delete on a2o.migration_jobs
  referencing old table as before_rows for each statement execute function a2o_private.mark_databases_of_jobs();

create or replace function a2o_private.mark_databases_of_told_tables() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    perform a2o_private.mark_databases_of_scopes(array(
      select distinct j.scope_id
      from before_rows o
      join after_rows n on n.job_id = o.job_id and n.schema_name = o.schema_name and n.table_name = o.table_name
        and (n.table_state, n.full_load_ended_at) is distinct from (o.table_state, o.full_load_ended_at)
      join a2o.migration_jobs j on j.id = n.job_id and j.scope_id is not null));
  else
    perform a2o_private.mark_databases_of_scopes(array(
      select j.scope_id from a2o.migration_jobs j where j.id in (select distinct n.job_id from after_rows n) and j.scope_id is not null));
  end if;
  return null;
end
$$;
comment on function a2o_private.mark_databases_of_told_tables() is 'Trigger: DMS says something else of tables, so the stages of the databases of their links are to be counted again.';
revoke all on function a2o_private.mark_databases_of_told_tables() from public;

create or replace trigger mark_inserted after insert on a2o.migration_job_tables
  referencing new table as after_rows for each statement execute function a2o_private.mark_databases_of_told_tables();
create or replace trigger mark_updated after update on a2o.migration_job_tables
  referencing old table as before_rows new table as after_rows for each statement execute function a2o_private.mark_databases_of_told_tables();
create or replace trigger mark_deleted after delete on a2o.migration_job_tables
  referencing old table as after_rows for each statement execute function a2o_private.mark_databases_of_told_tables();
--! EndIncluded triggers/mark_stale_rollups.sql
--! Included views/links/job_links.sql
-- Example:
--   select distinct on (state, source) job_name, database_name, table_name, state, source, reason
--   from job_links order by state, source, job_name, database_name, table_name limit 4;
create or replace view a2o.job_links with (security_invoker = true) as
  select j.id as job_id, l.database_name, l.table_name, l.table_id, l.aws_account_id, l.region, j.job_type, j.job_name, j.status as job_status, j.started_at, j.completed_at,
    j.is_simulated, l.state, l.source, l.source_schema, l.source_table, l.evidence, l.decided_by, l.decided_at, m.table_state, m.full_load_rows, m.validation_state,
    a2o_private.link_reason(l.source, l.evidence) as reason
  from a2o.migration_job_links l
  join a2o.migration_jobs j on j.scope_id = l.scope_id
  left join a2o.migration_job_tables m on m.job_id = j.id and m.schema_name = l.source_schema and m.table_name = l.source_table;
comment on view a2o.job_links is E'@primaryKey job_id,database_name,table_name\n@foreignKey (job_id) references a2o.migration_jobs (id)\n@behavior -totalCount\nWhich tables of the catalog each job moves, or may move, and what tells so. Ask for a job_id or a table_id: each run of a task has a row for each table.';
comment on column a2o.job_links.job_id is 'migration_jobs.id.';
comment on column a2o.job_links.table_id is E'@notNull\ntables.id, the same in every assessment.';
comment on column a2o.job_links.aws_account_id is E'@notNull\nAccount of the job and of the catalog.';
comment on column a2o.job_links.region is E'@notNull\nRegion of the job and of the catalog.';
comment on column a2o.job_links.job_type is E'@notNull\nService of the job.';
comment on column a2o.job_links.job_name is 'Name of the DMS task, DataSync task or Glue job.';
comment on column a2o.job_links.job_status is E'@notNull\nState of the job.';
comment on column a2o.job_links.started_at is 'When AWS started the job.';
comment on column a2o.job_links.completed_at is 'When the job ended, well or not.';
comment on column a2o.job_links.is_simulated is E'@notNull\nTrue when the AWS simulator told of the job.';
comment on column a2o.job_links.state is E'@notNull\nLINKED, CANDIDATE, or REJECTED by a person.';
comment on column a2o.job_links.source is E'@notNull\nWhat tells of it; PERSON when somebody decided.';
comment on column a2o.job_links.source_schema is 'DMS: schema of the table in the source.';
comment on column a2o.job_links.source_table is 'DMS: name of the table in the source.';
comment on column a2o.job_links.evidence is E'@notNull\nWhat the rules concluded it from. DMS: source, rule_id, matched (NAME, TARGET_NAME, LOCATION). DataSync: source, location, covers (ALL, PART). Glue: argument, value, matched. fits: how many tables it may be.';
comment on column a2o.job_links.decided_by is 'Who decided; null when nobody has.';
comment on column a2o.job_links.decided_at is 'When they did.';
comment on column a2o.job_links.table_state is 'DMS: state of the table in this run, in AWS''s words.';
comment on column a2o.job_links.full_load_rows is 'DMS: rows added in this run''s full load.';
comment on column a2o.job_links.validation_state is 'DMS: state of the validation, in AWS''s words.';
comment on column a2o.job_links.reason is 'What it was concluded from, in words; null when a person decided.';
grant select on a2o.job_links to a2o_reader;
--! EndIncluded views/links/job_links.sql
--! Included views/links/table_migrations.sql
-- Several jobs may move a table: one that runs decides, else the one that moved it last.
-- Example:
--   select m.database_name, m.table_name, m.stage, m.job_name, m.decided_at
--   from newest_assessments n join table_migrations m on m.assessment_id = n.id
--   where n.region = 'eu-central-1' and m.database_name = 'sales' and m.table_name in ('customers', 'order_lines', 'orders');
create or replace view a2o.table_migrations with (security_invoker = true) as
  select t.assessment_id, t.aws_account_id, t.database_name, t.table_name, t.id as table_id,
    case when s.stage is null then 'ASSESSED' when s.stage = 'MIGRATED' and t.last_updated > s.since then 'CHANGED_SINCE' else s.stage end::a2o.migration_stage as stage,
    case when s.stage = 'MIGRATED' and t.last_updated > s.since then t.last_updated else s.since end as decided_at,
    case when s.stage = 'MIGRATED' then s.since end as migrated_at, t.last_updated, s.job_id, j.job_type, j.job_name, j.status as job_status, j.is_simulated
  from a2o.tables t
  left join lateral (
    select x.stage, x.since, x.job_id from a2o_private.link_stages x where x.table_id = t.id order by x.stage, x.since desc nulls last limit 1) as s on true
  left join a2o.migration_jobs j on j.id = s.job_id;
comment on view a2o.table_migrations is E'@within assessment_id\n@behavior -totalCount\n@primaryKey assessment_id,database_name,table_name\nHow far each table of an assessment is: assessed, migrating, migrated, changed since; with the job that decided and when. Name an assessment (assessment_id = ''…''), as a rule the newest.';
comment on column a2o.table_migrations.table_id is E'@notNull\ntables.id.';
comment on column a2o.table_migrations.aws_account_id is E'@notNull\nAccount of the assessment.';
comment on column a2o.table_migrations.stage is E'@notNull\nHow far it is.';
comment on column a2o.table_migrations.decided_at is 'Since when: start of the job that runs, end of the one that moved it (of the table''s own load, where DMS tells it), or when the catalog''s entry was changed.';
comment on column a2o.table_migrations.migrated_at is 'When it was last moved; null while a job runs or when none has.';
comment on column a2o.table_migrations.last_updated is 'When Glue''s entry was last changed, as the assessment found it.';
comment on column a2o.table_migrations.job_id is 'migration_jobs.id of the job that decided.';
comment on column a2o.table_migrations.job_type is 'Its service.';
comment on column a2o.table_migrations.job_name is 'Its name.';
comment on column a2o.table_migrations.job_status is 'Its state now.';
comment on column a2o.table_migrations.is_simulated is 'True when the AWS simulator told of that job.';
grant select on a2o.table_migrations to a2o_reader;
--! EndIncluded views/links/table_migrations.sql
--! Included views/links/database_migrations.sql
-- What is stored for the newest assessment is read; of an older one, and for the moment between a change and the next refresh, the
-- links are counted. A database that has none costs one look at their index.
-- Example:
--   select m.database_name, m.tables, m.assessed, m.migrating, m.migrated, m.changed_since, m.candidates
--   from newest_assessments n join database_migrations m on m.assessment_id = n.id
--   where n.region = 'eu-central-1' and m.tables > m.assessed order by m.database_name limit 4;
create or replace view a2o.database_migrations with (security_invoker = true) as
  select d.assessment_id, d.aws_account_id, d.database_name, d.table_count as tables,
    (d.table_count - coalesce(r.migrating + r.migrated + r.changed_since, c.migrating + c.migrated + c.changed_since))::integer as assessed,
    coalesce(r.migrating, c.migrating)::integer as migrating, coalesce(r.migrated, c.migrated)::integer as migrated,
    coalesce(r.changed_since, c.changed_since)::integer as changed_since, coalesce(r.candidates, c.candidates)::integer as candidates
  from a2o.assessments a
  join a2o.databases d on d.assessment_id = a.id
  left join a2o.migration_rollups r on r.assessment_id = d.assessment_id and r.database_name = d.database_name and not exists (
    select from a2o.stale_migration_rollups x where x.aws_account_id = a.aws_account_id and x.region = a.region and x.database_name = d.database_name)
  -- Without a name nothing is counted.
  cross join lateral a2o_private.count_stages(d.assessment_id, a.aws_account_id, a.region, case when r.assessment_id is null then d.database_name end) as c;
comment on view a2o.database_migrations is E'@within assessment_id\n@behavior -totalCount\n@primaryKey assessment_id,database_name\nHow many tables of each database of an assessment are how far. Name an assessment (assessment_id = ''…''), as a rule the newest.';
comment on column a2o.database_migrations.aws_account_id is E'@notNull\nAccount of the assessment.';
comment on column a2o.database_migrations.tables is E'@notNull\nTables of the database; the sum of the four stages.';
comment on column a2o.database_migrations.assessed is E'@notNull\nTables that no linked job has moved.';
comment on column a2o.database_migrations.migrating is E'@notNull\nTables that a linked job moves now.';
comment on column a2o.database_migrations.migrated is E'@notNull\nTables that were moved and not changed since.';
comment on column a2o.database_migrations.changed_since is E'@notNull\nTables whose entry in the catalog was changed after they were moved.';
comment on column a2o.database_migrations.candidates is E'@notNull\nTables, of those assessed, that some job may have moved: a person is to say.';
grant select on a2o.database_migrations to a2o_reader;

-- Example:
--   select n.region, m.tables, m.assessed, m.migrating, m.migrated, m.changed_since
--   from newest_assessments n join assessment_migrations m on m.assessment_id = n.id order by n.region;
create or replace view a2o.assessment_migrations with (security_invoker = true) as
  select m.assessment_id, m.aws_account_id, sum(m.tables)::integer as tables, sum(m.assessed)::integer as assessed, sum(m.migrating)::integer as migrating,
    sum(m.migrated)::integer as migrated, sum(m.changed_since)::integer as changed_since, sum(m.candidates)::integer as candidates
  from a2o.database_migrations m
  group by m.assessment_id, m.aws_account_id;
comment on view a2o.assessment_migrations is E'@within assessment_id\n@behavior -totalCount\n@primaryKey assessment_id\nHow many tables of an assessment are how far. Name an assessment (assessment_id = ''…''), as a rule the newest.';
comment on column a2o.assessment_migrations.aws_account_id is E'@notNull\nAccount of the assessment.';
comment on column a2o.assessment_migrations.tables is E'@notNull\nTables of the assessment; the sum of the four stages.';
comment on column a2o.assessment_migrations.assessed is E'@notNull\nTables that no linked job has moved.';
comment on column a2o.assessment_migrations.migrating is E'@notNull\nTables that a linked job moves now.';
comment on column a2o.assessment_migrations.migrated is E'@notNull\nTables that were moved and not changed since.';
comment on column a2o.assessment_migrations.changed_since is E'@notNull\nTables whose entry in the catalog was changed after they were moved.';
comment on column a2o.assessment_migrations.candidates is E'@notNull\nTables, of those assessed, that some job may have moved: a person is to say.';
grant select on a2o.assessment_migrations to a2o_reader;
--! EndIncluded views/links/database_migrations.sql

--! split: 385-alerts.sql
--! Included functions/alerts/alert_conditions.sql
-- What the rules say of a monitor and its jobs, from what is stored alone: asked twice it answers the same. Times of jobs are
-- compared with AWS's clock, not with ours. Called after every poll, so it reads running jobs, those that ended within a week,
-- and those with an open alert, and two samples of each that loads.
create or replace function a2o_private.job_words(job a2o.migration_jobs) returns text
  language sql immutable parallel safe
  return case job.job_type when 'DMS' then 'DMS task ' when 'DATASYNC' then 'DataSync task ' when 'GLUE_JOB' then 'Glue job ' else '' end
    || coalesce(job.job_name, job.aws_parent_id, job.aws_job_id, job.id::text);
comment on function a2o_private.job_words(a2o.migration_jobs) is 'A job as people call it.';
revoke all on function a2o_private.job_words(a2o.migration_jobs) from public;

-- A counter that says the same at both ends of a time said the same all the time: none of them falls while a job loads.
create or replace function a2o_private.quiet_since(job a2o.migration_jobs, threshold double precision) returns timestamptz
  language sql stable set search_path = pg_catalog, pg_temp
  begin atomic
  select before.sampled_at
  from (select * from a2o.migration_progress p where p.job_id = job.id order by p.sampled_at desc limit 1) as newest
  join lateral (
    select * from a2o.migration_progress p
    where p.job_id = job.id and p.sampled_at <= newest.sampled_at - make_interval(secs => threshold) and p.sampled_at >= coalesce(job.resumed_at, '-infinity')
    order by p.sampled_at desc limit 1) as before on true
  where coalesce(newest.percent, newest.rows_copied, newest.bytes_copied, newest.tables_loaded, newest.files_copied) is not null
    and (newest.percent, newest.rows_copied, newest.bytes_copied, newest.tables_loaded, newest.files_copied)
      is not distinct from (before.percent, before.rows_copied, before.bytes_copied, before.tables_loaded, before.files_copied);
  end;
comment on function a2o_private.quiet_since(a2o.migration_jobs, double precision) is 'A time since when nothing moved, threshold seconds or more before the newest sample; null when something did, or nobody looked so long.';
revoke all on function a2o_private.quiet_since(a2o.migration_jobs, double precision) from public;

create or replace function a2o_private.alert_conditions(monitor a2o.monitors) returns setof a2o_private.alert_condition
  language sql stable set search_path = pg_catalog, pg_temp
  begin atomic
  with aws as (
    select coalesce(max(s.listed_at), now()) as clock from a2o.monitor_services s where s.monitor_id = monitor.id),
  alerted as (
    select distinct a.job_id from a2o.alerts a where a.resolved_at is null and a.aws_account_id = monitor.aws_account_id and a.job_id is not null),
  running as (
    select j as job from a2o.migration_jobs j where j.monitor_id = monitor.id and j.status = 'RUNNING' and j.gone_at is null),
  ended as (
    select j as job from aws, a2o.migration_jobs j
    where j.monitor_id = monitor.id and j.status in ('COMPLETED', 'FAILED') and j.completed_at > aws.clock - interval '7 days'
      and (j.completed_at > aws.clock - interval '1 day' or j.created_at < j.completed_at)
    union
    select j from alerted a join a2o.migration_jobs j on j.id = a.job_id and j.monitor_id = monitor.id and j.status in ('COMPLETED', 'FAILED')),
  -- A later run of the same task that ended is what counts now.
  latest as (
    select e.job from ended e
    where ((e.job).status = 'FAILED' or (e.job).validation_failed_rows > 0 or (e.job).error_rows > 0 or (e.job).tables_errored > 0)
      and not exists (
        select from a2o.migration_jobs r
        where r.aws_account_id = (e.job).aws_account_id and r.region = (e.job).region and r.job_type = (e.job).job_type and r.aws_parent_id = (e.job).aws_parent_id
          and r.started_at > (e.job).started_at and r.status in ('COMPLETED', 'FAILED'))),
  watched as (select r.job, false as is_over from running r union all select l.job, true from latest l),
  measured as (
    select w.job, w.is_over, r.code, r.threshold, r.unit, case r.code
        when 'VALIDATION_ERRORS' then (w.job).validation_failed_rows
        when 'ERROR_ROWS' then (w.job).error_rows
        when 'TABLES_ERRORED' then (w.job).tables_errored
        when 'CDC_LATENCY' then case when (w.job).job_type = 'DMS' and (w.job).migration_type in ('cdc', 'full-load-and-cdc') and not w.is_over then (
          select max(newest.value) from unnest(array['CDCLatencySource', 'CDCLatencyTarget']) as n(name)
          cross join lateral (
            select m.value from a2o.migration_metrics m
            where m.job_id = (w.job).id and m.metric_name = n.name and m.sampled_at > (w.job).observed_at - interval '15 minutes'
            order by m.sampled_at desc limit 1) as newest) end end::double precision as value
    from watched w
    join a2o.alert_rules r on r.is_enabled and r.code in ('VALIDATION_ERRORS', 'ERROR_ROWS', 'TABLES_ERRORED', 'CDC_LATENCY'))
  select r.code, (w.job).id, null::uuid,
    format('%s failed: %s', a2o_private.job_words(w.job), coalesce(nullif((w.job).error_message, ''), (w.job).stop_reason, 'AWS gave no reason.')), null::double precision, (w.job).completed_at
  from watched w join a2o.alert_rules r on r.code = 'JOB_FAILED' and r.is_enabled
  where (w.job).status = 'FAILED'
  union all
  select r.code, (w.job).id, null, format('%s loads, and nothing has moved since %s UTC or before.', a2o_private.job_words(w.job), to_char(q.since at time zone 'UTC', 'YYYY-MM-DD HH24:MI')),
    round(extract(epoch from (w.job).observed_at - q.since)), null
  from watched w join a2o.alert_rules r on r.code = 'JOB_STALLED' and r.is_enabled
  cross join lateral (select a2o_private.quiet_since(w.job, r.threshold) as since) as q
  where not w.is_over and a2o.migration_jobs_phase(w.job) = 'LOADING' and q.since is not null
  union all
  select m.code, (m.job).id, null, a2o_private.job_words(m.job) || case m.code
      when 'VALIDATION_ERRORS' then format(': validation found %s.', case m.value when 1 then '1 row that differs' else m.value || ' rows that differ' end)
      when 'ERROR_ROWS' then format(': the target refused %s of the full load.', case m.value when 1 then '1 row' else m.value || ' rows' end)
      when 'TABLES_ERRORED' then format(': %s failed.', case m.value when 1 then '1 table' else m.value || ' tables' end)
      else format(': changes arrive %s seconds late.', round(m.value)) end, m.value, (m.job).completed_at
  from measured m where m.value > coalesce(m.threshold, 0)
  union all
  select r.code, null, monitor.id, format('Monitor %s (%s) sees nothing: %s', monitor.monitor_name, monitor.region, coalesce(monitor.error_message, monitor.error_code, 'no service answers.')),
    monitor.consecutive_failures, null
  from a2o.alert_rules r
  where r.code = 'MONITOR_BLIND' and r.is_enabled and not monitor.is_paused and monitor.consecutive_failures > r.threshold
    and not exists (select from a2o.monitor_services s where s.monitor_id = monitor.id and s.service <> 'CLOUDWATCH' and s.last_polled_at is not null and not s.is_blind)
  union all
  select r.code, null, monitor.id, format('Monitor %s (%s) is overdue: no worker polls it. What is shown of its jobs may be over.', monitor.monitor_name, monitor.region),
    round(extract(epoch from now() - monitor.late_since)), null
  from a2o.alert_rules r
  where r.code = 'MONITOR_LATE' and r.is_enabled and not monitor.is_paused and monitor.late_since < now() - make_interval(secs => r.threshold);
  end;
comment on function a2o_private.alert_conditions(a2o.monitors) is 'What the enabled rules say of a monitor and its jobs now.';
revoke all on function a2o_private.alert_conditions(a2o.monitors) from public;
--! EndIncluded functions/alerts/alert_conditions.sql
--! Included functions/alerts/evaluate_alerts.sql
-- Opens what began, keeps what holds, resolves what ended. Whoever calls holds the lock of the monitor's account and region.
create or replace function a2o_private.evaluate_alerts(monitor a2o.monitors) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  conditions a2o_private.alert_condition[] := array(select c from a2o_private.alert_conditions(monitor) as c);
begin
  update a2o.alerts a set resolved_at = now(), resolution = 'CLEARED'
  where a.resolved_at is null
    and (a.monitor_id = monitor.id or a.job_id is not null and a.aws_account_id = monitor.aws_account_id
      and exists (select from a2o.migration_jobs j where j.id = a.job_id and j.monitor_id = monitor.id))
    and not exists (select from unnest(conditions) as c where c.rule_code = a.rule_code and coalesce(c.job_id, c.monitor_id) = coalesce(a.job_id, a.monitor_id));

  update a2o.alerts a set message = c.message, value = c.value, last_seen_at = now(), job_completed_at = c.completed_at,
    -- Whoever acknowledged it while the job ran need not do so again when it ends.
    resolved_at = case when c.completed_at is not null and a.acknowledged_at is not null then now() end,
    resolution = case when c.completed_at is not null and a.acknowledged_at is not null then 'ACKNOWLEDGED'::a2o.alert_resolution end
  from unnest(conditions) as c
  where a.resolved_at is null and a.rule_code = c.rule_code and coalesce(a.job_id, a.monitor_id) = coalesce(c.job_id, c.monitor_id)
    -- One that only goes on costs a write every five minutes.
    and ((a.message, a.value, a.job_completed_at) is distinct from (c.message, c.value, c.completed_at) or a.last_seen_at < now() - interval '5 minutes');

  insert into a2o.alerts (rule_code, aws_account_id, region, job_id, monitor_id, severity, message, value, threshold, job_completed_at, is_simulated)
  select r.code, monitor.aws_account_id, monitor.region, c.job_id, c.monitor_id, r.severity, c.message, c.value, r.threshold, c.completed_at,
    coalesce(j.is_simulated, monitor.is_simulated)
  from unnest(conditions) as c
  join a2o.alert_rules r on r.code = c.rule_code
  left join a2o.migration_jobs j on j.id = c.job_id
  where not exists (
    select from a2o.alerts a where a.rule_code = c.rule_code and a.job_id = c.job_id and a.resolution = 'ACKNOWLEDGED' and a.job_completed_at = c.completed_at)
  on conflict (rule_code, coalesce(job_id, monitor_id)) where resolved_at is null do nothing;
end
$$;
comment on function a2o_private.evaluate_alerts(a2o.monitors) is 'Opens, keeps and resolves the alerts of a monitor and its jobs.';
revoke all on function a2o_private.evaluate_alerts(a2o.monitors) from public;
--! EndIncluded functions/alerts/evaluate_alerts.sql
--! Included functions/alerts/check_monitors.sql
-- Monitors that nobody polls have no poll to be judged in. A worker that comes back after a night finds all of them overdue: they
-- count as late only when a living worker has seen them so for long enough. Definer, as record_poll.
create or replace function a2o.check_monitors() returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  monitor a2o.monitors;
  is_late boolean;
  checked integer := 0;
begin
  for monitor in select * from a2o.monitors m order by m.id loop
    is_late := not monitor.is_paused
      and coalesce(monitor.next_poll_at, monitor.created_at) < now() - greatest(interval '2 minutes', 3 * make_interval(secs => monitor.poll_seconds));
    continue when not is_late and monitor.late_since is null
      and not exists (select from a2o.alerts a where a.monitor_id = monitor.id and a.resolved_at is null);
    -- One that is being recorded is not late.
    continue when not pg_try_advisory_xact_lock(20252, hashtext(monitor.aws_account_id || monitor.region));
    update a2o.monitors m set late_since = case when is_late then coalesce(m.late_since, now()) end where m.id = monitor.id returning * into monitor;
    continue when not found;
    perform a2o_private.evaluate_alerts(monitor);
    checked := checked + 1;
  end loop;
  return checked;
end
$$;
comment on function a2o.check_monitors() is E'@behavior -*\nOpens and resolves the alerts of monitors that nobody polls; returns how many it looked at. The worker calls it every minute.';
revoke all on function a2o.check_monitors() from public;
grant execute on function a2o.check_monitors() to a2o_worker;
--! EndIncluded functions/alerts/check_monitors.sql
--! Included functions/alerts/acknowledge_alert.sql
-- Definers, because operators change nothing else of an alert.
create or replace function a2o_private.operated_alert(alert_id uuid) returns a2o.alerts
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  found_one a2o.alerts;
begin
  select * into found_one from a2o.alerts a where a.id = operated_alert.alert_id for update;
  if not coalesce(a2o_private.may_read_account(coalesce(found_one.aws_account_id, '')), false) or found_one.id is null then
    raise exception 'there is no alert % of yours', coalesce(alert_id::text, 'null') using errcode = 'A2O50', hint = 'The view alert_overview lists them.';
  end if;
  return found_one;
end
$$;
comment on function a2o_private.operated_alert(uuid) is 'The alert, locked, if the caller may read its account. Error: A2O50 there is none, or it belongs to another account.';
revoke all on function a2o_private.operated_alert(uuid) from public;

create or replace function a2o.acknowledge_alert(alert_id uuid, note text default null) returns a2o.alerts
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  alert a2o.alerts := a2o_private.operated_alert(alert_id);
  -- Then nothing but this can end it.
  is_over boolean := exists (
    select from a2o.migration_jobs j where j.id = alert.job_id and (j.status in ('COMPLETED', 'FAILED') or j.gone_at is not null or j.monitor_id is null));
begin
  if length(note) > 2000 then
    raise exception 'a note has 2,000 characters at most' using errcode = 'A2O52', hint = 'Shorten it.';
  end if;
  if alert.resolved_at is not null and alert.acknowledged_at is null then
    raise exception 'alert % is over', alert_id using errcode = 'A2O51', hint = 'It was resolved ' || to_char(alert.resolved_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC."');
  end if;
  update a2o.alerts a set acknowledged_at = coalesce(a.acknowledged_at, now()), acknowledged_by = coalesce(a.acknowledged_by, a2o_private.current_member(), session_user),
    acknowledged_note = coalesce(nullif(trim(note), ''), a.acknowledged_note),
    resolved_at = coalesce(a.resolved_at, case when is_over then now() end),
    resolution = coalesce(a.resolution, case when is_over then 'ACKNOWLEDGED'::a2o.alert_resolution end)
  where a.id = alert.id returning * into alert;
  return alert;
end
$$;
comment on function a2o.acknowledge_alert(uuid, text) is 'Takes an alert on, with a note if there is one to make; resolves it when its job is over. Doing so again changes the note alone. Errors: A2O50 no such alert, A2O51 it is over, A2O52 the note is too long.';
revoke all on function a2o.acknowledge_alert(uuid, text) from public;
grant execute on function a2o.acknowledge_alert(uuid, text) to a2o_operator;

create or replace function a2o.unacknowledge_alert(alert_id uuid) returns a2o.alerts
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  alert a2o.alerts := a2o_private.operated_alert(alert_id);
begin
  if alert.resolution = 'CLEARED' or alert.resolved_at is not null and exists (
    select from a2o.alerts a where a.rule_code = alert.rule_code and a.job_id = alert.job_id and a.resolved_at is null) then
    raise exception 'alert % is over', alert_id using errcode = 'A2O51', hint = 'Nothing is left to acknowledge.';
  end if;
  update a2o.alerts a set acknowledged_at = null, acknowledged_by = null, acknowledged_note = null, resolved_at = null, resolution = null
  where a.id = alert.id returning * into alert;
  return alert;
end
$$;
comment on function a2o.unacknowledge_alert(uuid) is 'Takes acknowledge_alert back; what it resolved is open again. Errors: A2O50 no such alert, A2O51 it is over.';
revoke all on function a2o.unacknowledge_alert(uuid) from public;
grant execute on function a2o.unacknowledge_alert(uuid) to a2o_operator;
--! EndIncluded functions/alerts/acknowledge_alert.sql
--! Included triggers/announce_alerts.sql
create or replace trigger announce_new_alerts after insert on a2o.alerts
  referencing new table as changed for each statement execute function a2o_private.announce_changed('alert');
create or replace trigger announce_changed_alerts after update on a2o.alerts
  referencing new table as changed for each statement execute function a2o_private.announce_changed('alert');
--! EndIncluded triggers/announce_alerts.sql
--! Included views/alerts/alert_overview.sql
-- Alerts as people read them: what, about what, what to do. For the dashboard, the command line and Claude.
-- Example:
--   select severity, title, job_name, message
--   from alert_overview where state = 'OPEN' order by severity desc, job_name limit 5;
create or replace view a2o.alert_overview with (security_invoker = true) as
  select a.id as alert_id, a.rule_code, a.severity, case when a.resolved_at is not null then 'RESOLVED' when a.acknowledged_at is not null then 'ACKNOWLEDGED' else 'OPEN' end::a2o.alert_state as state,
    r.title, a.message, a.value, a.threshold, r.unit, r.explanation, r.remedy, a.aws_account_id, a.region, a.opened_at, a.last_seen_at, a.acknowledged_at, a.acknowledged_by,
    a.acknowledged_note, a.resolved_at, a.resolution, a.is_simulated, a.job_id, j.job_type, j.job_name, j.aws_job_id, j.status as job_status, j.table_id,
    t.database_name, t.table_name, case when j.id is not null then a2o.migration_jobs_console_url(j) end as console_url, a.monitor_id, m.monitor_name
  from a2o.alerts a
  join a2o.alert_rules r on r.code = a.rule_code
  left join a2o.migration_jobs j on j.id = a.job_id
  left join a2o.monitors m on m.id = a.monitor_id
  left join lateral (
    select x.database_name, x.table_name from a2o.newest_assessments n join a2o.tables x on x.assessment_id = n.id and x.id = j.table_id
    where n.aws_account_id = j.aws_account_id and n.region = j.region limit 1) as t on j.table_id is not null;
comment on view a2o.alert_overview is E'@primaryKey alert_id\nAlerts with their rule, and the job, table or monitor they are about.';
comment on column a2o.alert_overview.alert_id is 'alerts.id.';
comment on column a2o.alert_overview.rule_code is E'@notNull\nThe rule that spoke.';
comment on column a2o.alert_overview.severity is E'@notNull\nHow much it matters.';
comment on column a2o.alert_overview.state is E'@notNull\nWhether somebody has to look after it.';
comment on column a2o.alert_overview.title is E'@notNull\nThe alert in a few words.';
comment on column a2o.alert_overview.message is E'@notNull\nWhat happened, in words; AWS''s own are kept as they are.';
comment on column a2o.alert_overview.unit is 'Unit of value and threshold.';
comment on column a2o.alert_overview.remedy is E'@notNull\nWhat to do.';
comment on column a2o.alert_overview.explanation is E'@notNull\nWhen the rule speaks.';
comment on column a2o.alert_overview.aws_account_id is E'@notNull\nAccount of the subject.';
comment on column a2o.alert_overview.region is E'@notNull\nRegion of the subject.';
comment on column a2o.alert_overview.opened_at is E'@notNull\nWhen it was opened.';
comment on column a2o.alert_overview.last_seen_at is E'@notNull\nWhen it was last found to hold, to within five minutes.';
comment on column a2o.alert_overview.is_simulated is E'@notNull\nTrue when the AWS simulator told what led to it.';
comment on column a2o.alert_overview.database_name is 'Database of the table that the job moves, in the newest assessment.';
comment on column a2o.alert_overview.table_name is 'That table; null when no single one is known.';
comment on column a2o.alert_overview.console_url is 'The job in AWS''s console; null for a simulated one.';
grant select on a2o.alert_overview to a2o_reader, a2o_worker;
--! EndIncluded views/alerts/alert_overview.sql

--! split: 386-alert-delivery.sql
--! Included functions/alerts/delivery/webhooks.sql
-- Definers, because operators write no table directly. Neither takes an address: the worker would send wherever a row says.
create or replace function a2o_private.may_tell_of(account_id text) returns boolean
  language sql stable
  return coalesce(
    pg_has_role(a2o_private.asking_role(), 'a2o_owner', 'usage')
      or exists (select from a2o.account_access g where g.member = a2o_private.current_member() and g.aws_account_id in ('*', account_id))
      or account_id is not null and a2o_private.may_read_account(account_id), false);
comment on function a2o_private.may_tell_of(text) is 'Whether the caller may have alerts of an account sent somewhere; null asks for all accounts.';
revoke all on function a2o_private.may_tell_of(text) from public;

create or replace function a2o_private.operated_webhook(webhook_id uuid) returns a2o.alert_webhooks
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  found_one a2o.alert_webhooks;
begin
  select * into found_one from a2o.alert_webhooks w where w.id = operated_webhook.webhook_id for no key update;
  if not a2o_private.may_tell_of(found_one.aws_account_id) or found_one.id is null then
    raise exception 'there is no webhook % of yours', coalesce(webhook_id::text, 'null') using errcode = 'A2O53', hint = 'The view alert_webhook_overview lists them.';
  end if;
  return found_one;
end
$$;
comment on function a2o_private.operated_webhook(uuid) is 'The webhook, locked, if the caller may read its account, or all accounts when it tells of all. Error: A2O53 there is none, or it is not theirs.';
revoke all on function a2o_private.operated_webhook(uuid) from public;

create or replace function a2o.add_webhook(
  webhook_name text, webhook_format a2o.webhook_format default 'GENERIC', minimum_severity a2o.alert_severity default 'WARNING', account_id text default null
) returns a2o.alert_webhooks
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  added a2o.alert_webhooks;
begin
  if account_id is not null then
    perform a2o_private.check_account_id(account_id);
  end if;
  if not a2o_private.may_tell_of(nullif(account_id, '*')) then
    raise exception '%', coalesce('account ' || nullif(account_id, '*') || ' is not yours to tell of', 'not all accounts are yours to tell of')
      using errcode = 'A2O55', hint = 'Name an account of yours, or have whoever owns the database grant it: aws2openstack access grant MEMBER ACCOUNT.';
  end if;
  if account_id <> '*' then
    insert into a2o.accounts (aws_account_id) values (account_id) on conflict do nothing;
  end if;
  insert into a2o.alert_webhooks (webhook_name, webhook_format, minimum_severity, aws_account_id, created_by)
  values (add_webhook.webhook_name, add_webhook.webhook_format, add_webhook.minimum_severity, nullif(account_id, '*'), coalesce(a2o_private.current_member(), session_user))
  on conflict on constraint alert_webhooks_webhook_name_key do nothing returning * into added;
  if added.id is null then
    raise exception 'there is a webhook % already', webhook_name using errcode = 'A2O54', hint = 'Give another name, or remove that one.';
  end if;
  return added;
exception
  when check_violation or not_null_violation then
    raise exception '% is no name for a webhook', coalesce(quote_literal(webhook_name), 'null') using errcode = 'A2O56',
      hint = 'Lower-case letters, digits and _, a letter first, 40 at most: its variables are ALERT_WEBHOOK_…_URL and ALERT_WEBHOOK_…_SECRET.';
end
$$;
comment on function a2o.add_webhook(text, a2o.webhook_format, a2o.alert_severity, text) is
  'Tells a webhook of alerts from now on, of one account or, without account_id, of all. Its address and secret are for the worker''s environment: ALERT_WEBHOOK_…_URL and ALERT_WEBHOOK_…_SECRET. Errors: A2O05 not an account id, A2O54 there is one of that name, A2O55 the account is not yours, A2O56 not a name.';
revoke all on function a2o.add_webhook(text, a2o.webhook_format, a2o.alert_severity, text) from public;
grant execute on function a2o.add_webhook(text, a2o.webhook_format, a2o.alert_severity, text) to a2o_operator;

create or replace function a2o.pause_webhook(webhook_id uuid) returns a2o.alert_webhooks
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  webhook a2o.alert_webhooks := a2o_private.operated_webhook(webhook_id);
begin
  update a2o.alert_webhooks w set is_enabled = false where w.id = webhook.id returning * into webhook;
  return webhook;
end
$$;
comment on function a2o.pause_webhook(uuid) is 'Sends nothing until resume_webhook: what waits goes on waiting, and alerts of that time are not told. Error: A2O53 no such webhook.';
revoke all on function a2o.pause_webhook(uuid) from public;
grant execute on function a2o.pause_webhook(uuid) to a2o_operator;

create or replace function a2o.resume_webhook(webhook_id uuid) returns a2o.alert_webhooks
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  webhook a2o.alert_webhooks := a2o_private.operated_webhook(webhook_id);
begin
  update a2o.alert_webhooks w set is_enabled = true, held_until = null where w.id = webhook.id returning * into webhook;
  perform pg_notify('a2o_deliveries', '');
  return webhook;
end
$$;
comment on function a2o.resume_webhook(uuid) is 'Sends again after pause_webhook. Error: A2O53 no such webhook.';
revoke all on function a2o.resume_webhook(uuid) from public;
grant execute on function a2o.resume_webhook(uuid) to a2o_operator;

create or replace function a2o.remove_webhook(webhook_id uuid) returns a2o.alert_webhooks
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  webhook a2o.alert_webhooks := a2o_private.operated_webhook(webhook_id);
begin
  delete from a2o.alert_webhooks w where w.id = webhook.id;
  return webhook;
end
$$;
comment on function a2o.remove_webhook(uuid) is 'Forgets a webhook with all its messages, sent or not. Error: A2O53 no such webhook.';
revoke all on function a2o.remove_webhook(uuid) from public;
grant execute on function a2o.remove_webhook(uuid) to a2o_operator;

create or replace function a2o.test_webhook(webhook_id uuid) returns a2o.alert_deliveries
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  webhook a2o.alert_webhooks := a2o_private.operated_webhook(webhook_id);
  written a2o.alert_deliveries;
begin
  insert into a2o.alert_deliveries (webhook_id, aws_account_id, event, payload)
  values (webhook.id, webhook.aws_account_id, 'TEST', jsonb_build_object('type', 'webhook.test', 'timestamp', now(), 'data', jsonb_build_object('webhook_name', webhook.webhook_name)))
  returning * into written;
  perform pg_notify('a2o_deliveries', '');
  return written;
end
$$;
comment on function a2o.test_webhook(uuid) is 'Has the worker send a test message once, even while the webhook is paused; the delivery tells how it went. Error: A2O53 no such webhook.';
revoke all on function a2o.test_webhook(uuid) from public;
grant execute on function a2o.test_webhook(uuid) to a2o_operator;
--! EndIncluded functions/alerts/delivery/webhooks.sql
--! Included functions/alerts/delivery/alert_event.sql
-- What a receiver gets, as it was at the moment of the change: a message that is sent again says the same again.
create or replace function a2o_private.alert_event(alert a2o.alerts, event a2o.delivery_event) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  begin atomic
  select jsonb_build_object(
    'type', 'alert.' || lower(event::text),
    'timestamp', now(),
    'data', jsonb_build_object(
      'alert_id', alert.id, 'rule_code', alert.rule_code, 'severity', alert.severity, 'title', r.title, 'message', alert.message,
      'value', alert.value, 'threshold', alert.threshold, 'unit', r.unit, 'remedy', r.remedy, 'aws_account_id', alert.aws_account_id, 'region', alert.region,
      'opened_at', alert.opened_at, 'resolved_at', case when event = 'RESOLVED' then coalesce(alert.resolved_at, now()) end,
      -- Removed with what it was about, it has none of its own.
      'resolution', case when event = 'RESOLVED' then coalesce(alert.resolution::text, 'REMOVED') end,
      'acknowledged_by', alert.acknowledged_by, 'acknowledged_note', alert.acknowledged_note, 'is_simulated', alert.is_simulated,
      'job', case when j.id is not null then jsonb_build_object('job_id', j.id, 'job_type', j.job_type, 'job_name', j.job_name, 'aws_job_id', j.aws_job_id,
        'console_url', a2o.migration_jobs_console_url(j)) end,
      'monitor', case when m.id is not null then jsonb_build_object('monitor_id', m.id, 'monitor_name', m.monitor_name) end))
  from a2o.alert_rules r
  left join a2o.migration_jobs j on j.id = alert.job_id
  left join a2o.monitors m on m.id = alert.monitor_id
  where r.code = alert.rule_code;
  end;
comment on function a2o_private.alert_event(a2o.alerts, a2o.delivery_event) is 'The message that tells of an alert''s change.';
revoke all on function a2o_private.alert_event(a2o.alerts, a2o.delivery_event) from public;
--! EndIncluded functions/alerts/delivery/alert_event.sql
--! Included functions/alerts/delivery/queue_deliveries.sql
-- The messages stand or fall with the change they tell of.
create or replace function a2o_private.queue_delivery(alert a2o.alerts, event a2o.delivery_event) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  insert into a2o.alert_deliveries (webhook_id, alert_id, aws_account_id, event, payload)
  select w.id, alert.id, alert.aws_account_id, queue_delivery.event, a2o_private.alert_event(alert, queue_delivery.event)
  from a2o.alert_webhooks w
  where w.is_enabled and alert.severity >= w.minimum_severity and coalesce(w.aws_account_id, alert.aws_account_id) = alert.aws_account_id
    -- Whoever was not told of the beginning is not told of the end.
    and (queue_delivery.event = 'OPENED' or w.created_at <= alert.opened_at);
  if found then
    -- One notification for each transaction, however many messages.
    perform pg_notify('a2o_deliveries', '');
  end if;
end
$$;
comment on function a2o_private.queue_delivery(a2o.alerts, a2o.delivery_event) is 'Writes the messages to those webhooks that are told of an alert, and wakes the workers at the commit.';
revoke all on function a2o_private.queue_delivery(a2o.alerts, a2o.delivery_event) from public;

create or replace function a2o_private.queue_deliveries() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  case tg_op
    when 'INSERT' then perform a2o_private.queue_delivery(new, 'OPENED');
    when 'UPDATE' then perform a2o_private.queue_delivery(new, case when new.resolved_at is null then 'OPENED' else 'RESOLVED' end::a2o.delivery_event);
    else perform a2o_private.queue_delivery(old, 'RESOLVED');
  end case;
  return null;
end
$$;
comment on function a2o_private.queue_deliveries() is 'Trigger: has webhooks told of an alert that was opened, resolved, opened again, or removed while it was open.';
revoke all on function a2o_private.queue_deliveries() from public;
--! EndIncluded functions/alerts/delivery/queue_deliveries.sql
--! Included functions/alerts/delivery/claim_delivery.sql
-- A message is leased for a minute, six times what sending may take. The lease is committed before anything is sent, so that a
-- worker that dies on the way leaves at most a message that is sent once more, under the same id.
create or replace function a2o.webhooks_to_serve() returns table (webhook_id uuid, webhook_name text, webhook_format a2o.webhook_format, is_due boolean)
  language sql stable begin atomic
  select w.id, w.webhook_name, w.webhook_format, exists (
    select from a2o.alert_deliveries d
    where d.webhook_id = w.id and d.state = 'PENDING' and d.next_attempt_at <= now() and coalesce(d.leased_until, now()) <= now()
      and (d.event = 'TEST' or w.is_enabled and coalesce(w.held_until, now()) <= now()))
  from a2o.alert_webhooks w
  order by w.webhook_name;
  end;
comment on function a2o.webhooks_to_serve() is E'@behavior -*\nEvery webhook, and whether something is to be sent to it now.';
revoke all on function a2o.webhooks_to_serve() from public;
grant execute on function a2o.webhooks_to_serve() to a2o_worker;

create or replace function a2o.claim_delivery(webhook_id uuid) returns table (delivery_id uuid, attempt integer, event a2o.delivery_event, body text)
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  begin atomic
  update a2o.alert_deliveries d set attempts = d.attempts + 1, last_attempt_at = now(), leased_until = now() + interval '1 minute'
  where d.id = (
    select x.id from a2o.alert_deliveries x
    join a2o.alert_webhooks w on w.id = x.webhook_id
    where x.webhook_id = claim_delivery.webhook_id and x.state = 'PENDING' and x.next_attempt_at <= now() and coalesce(x.leased_until, now()) <= now()
      and (x.event = 'TEST' or w.is_enabled and coalesce(w.held_until, now()) <= now())
      -- What an alert did first is told first.
      and not exists (
        select from a2o.alert_deliveries e
        where e.alert_id = x.alert_id and e.webhook_id = x.webhook_id and e.sequence_number < x.sequence_number and e.state = 'PENDING')
    order by x.event = 'TEST' desc, x.sequence_number
    limit 1 for update of x skip locked)
  returning d.id, d.attempts, d.event, d.payload::text;
  end;
comment on function a2o.claim_delivery(uuid) is E'@behavior -*\nLeases the next message to a webhook, if one is due, and counts the attempt.';
revoke all on function a2o.claim_delivery(uuid) from public;
grant execute on function a2o.claim_delivery(uuid) to a2o_worker;

create or replace function a2o.next_delivery_at(webhook_id uuid) returns timestamptz
  language sql stable begin atomic
  select min(greatest(d.next_attempt_at, d.leased_until, case when d.event <> 'TEST' then w.held_until end))
  from a2o.alert_webhooks w join a2o.alert_deliveries d on d.webhook_id = w.id and d.state = 'PENDING'
  where w.id = next_delivery_at.webhook_id and (w.is_enabled or d.event = 'TEST');
  end;
comment on function a2o.next_delivery_at(uuid) is E'@behavior -*\nWhen the next message to a webhook is due; null when none waits.';
revoke all on function a2o.next_delivery_at(uuid) from public;
grant execute on function a2o.next_delivery_at(uuid) to a2o_worker;
--! EndIncluded functions/alerts/delivery/claim_delivery.sql
--! Included functions/alerts/delivery/record_delivery.sql
-- Twice as long after every attempt, from 5 seconds to 6 hours, and shortened at random by up to half, so that messages that
-- failed together do not come back together. What the receiver asks for counts where it is longer, up to a day.
create or replace function a2o_private.retry_after(attempts integer, asked_seconds double precision) returns interval
  language sql volatile
  return make_interval(secs => greatest(
    least(5 * power(2::double precision, least(greatest(attempts, 1), 30) - 1), 21600) * (0.5 + random() / 2),
    least(coalesce(asked_seconds, 0), 86400)));
comment on function a2o_private.retry_after(integer, double precision) is 'How long to wait after so many attempts in vain, when the receiver asked for so many seconds.';
revoke all on function a2o_private.retry_after(integer, double precision) from public;

create or replace function a2o.record_delivery(delivery_id uuid, attempt integer, outcome jsonb) returns table (state a2o.delivery_state, was_failing boolean, next_attempt_at timestamptz)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  delivery a2o.alert_deliveries;
  webhook a2o.alert_webhooks;
  has_arrived boolean := coalesce((outcome ->> 'has_arrived')::boolean, false);
  asked_seconds double precision := outcome ->> 'retry_seconds';
  pause interval;
begin
  -- The webhook first, as everybody does.
  select w.* into webhook from a2o.alert_deliveries d join a2o.alert_webhooks w on w.id = d.webhook_id where d.id = record_delivery.delivery_id for no key update of w;
  select * into delivery from a2o.alert_deliveries d where d.id = record_delivery.delivery_id for update;
  -- Answers of a worker that was taken for dead meanwhile: that it arrived is true, that it failed is no longer its business.
  if not found or delivery.state = 'DELIVERED' or not has_arrived and (delivery.state <> 'PENDING' or delivery.attempts <> attempt) then
    return;
  end if;
  pause := a2o_private.retry_after(delivery.attempts, asked_seconds);
  update a2o.alert_deliveries d set
    state = case when has_arrived then 'DELIVERED' when d.attempts >= webhook.max_attempts or d.event = 'TEST' then 'DEAD' else 'PENDING' end::a2o.delivery_state,
    ended_at = case when has_arrived or d.attempts >= webhook.max_attempts or d.event = 'TEST' then now() end,
    next_attempt_at = now() + pause, leased_until = null, http_status = (outcome ->> 'http_status')::integer,
    error_code = outcome ->> 'error_code', error_message = outcome ->> 'error_message'
  where d.id = delivery.id returning * into delivery;
  if has_arrived then
    update a2o.alert_webhooks w set last_succeeded_at = now(), failing_since = null, consecutive_failures = 0, error_code = null, error_message = null, held_until = null
    where w.id = webhook.id;
  else
    update a2o.alert_webhooks w set failing_since = coalesce(w.failing_since, now()), consecutive_failures = w.consecutive_failures + 1,
      error_code = outcome ->> 'error_code', error_message = outcome ->> 'error_message',
      -- A receiver that is down is not asked once for each message. One that refuses a message may take the next.
      held_until = case when (outcome ->> 'is_down')::boolean then greatest(w.held_until, now() + greatest(least(pause, interval '5 minutes'), make_interval(secs => least(coalesce(asked_seconds, 0), 86400))))
        else w.held_until end
    where w.id = webhook.id;
  end if;
  return query select delivery.state, webhook.failing_since is not null, delivery.next_attempt_at;
end
$$;
comment on function a2o.record_delivery(uuid, integer, jsonb) is E'@behavior -*\nStores how an attempt went: {has_arrived, is_down, http_status, retry_seconds, error_code, error_message}.';
revoke all on function a2o.record_delivery(uuid, integer, jsonb) from public;
grant execute on function a2o.record_delivery(uuid, integer, jsonb) to a2o_worker;

create or replace function a2o.record_webhook_settings(webhook_id uuid, problem text) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if problem is null then
    update a2o.alert_webhooks w set failing_since = null, error_code = null, error_message = null
    where w.id = record_webhook_settings.webhook_id and w.error_code = 'SETTINGS';
    return;
  end if;
  update a2o.alert_webhooks w set failing_since = coalesce(w.failing_since, now()), error_code = 'SETTINGS', error_message = problem
  where w.id = record_webhook_settings.webhook_id and (w.error_code, w.error_message) is distinct from ('SETTINGS', problem);
  -- Messages wait until it is mended; whoever tries it waits for an answer.
  update a2o.alert_deliveries d set state = 'DEAD', ended_at = now(), error_code = 'SETTINGS', error_message = problem
  where d.webhook_id = record_webhook_settings.webhook_id and d.state = 'PENDING' and d.event = 'TEST';
end
$$;
comment on function a2o.record_webhook_settings(uuid, text) is E'@behavior -*\nStores what is wrong with the address or secret that the worker has for a webhook; null when nothing is. Nothing is sent, and no message is lost, until it is mended.';
revoke all on function a2o.record_webhook_settings(uuid, text) from public;
grant execute on function a2o.record_webhook_settings(uuid, text) to a2o_worker;
--! EndIncluded functions/alerts/delivery/record_delivery.sql
--! Included functions/alerts/delivery/retry_deliveries.sql
-- Definer, because operators change nothing else of a delivery.
create or replace function a2o.retry_deliveries(webhook_id uuid default null, delivery_id uuid default null) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  retried integer;
begin
  if retry_deliveries.webhook_id is not null then
    perform a2o_private.operated_webhook(retry_deliveries.webhook_id);
  end if;
  if delivery_id is not null and not exists (
    select from a2o.alert_deliveries d where d.id = delivery_id and d.state = 'DEAD' and d.event <> 'TEST' and a2o_private.may_tell_of(d.aws_account_id)) then
    raise exception 'there is no dead letter % of yours', delivery_id using errcode = 'A2O57', hint = 'Dead letters are the rows of alert_deliveries whose state is DEAD.';
  end if;
  with allowed as (
    select w.id from a2o.alert_webhooks w
    where w.id = coalesce(retry_deliveries.webhook_id, w.id) and a2o_private.may_tell_of(w.aws_account_id)),
  again as (
    update a2o.alert_deliveries d set state = 'PENDING', ended_at = null, attempts = 0, next_attempt_at = now(), leased_until = null
    where d.state = 'DEAD' and d.event <> 'TEST' and d.id = coalesce(retry_deliveries.delivery_id, d.id)
      and (d.webhook_id in (select a.id from allowed a) or retry_deliveries.delivery_id is not null)
    returning d.webhook_id),
  released as (
    update a2o.alert_webhooks w set held_until = null where w.id in (select a.webhook_id from again a) and w.held_until is not null)
  select count(*) into retried from again;
  if retried > 0 then
    perform pg_notify('a2o_deliveries', '');
  end if;
  return retried;
end
$$;
comment on function a2o.retry_deliveries(uuid, uuid) is 'Sends dead letters again, with all attempts before them: all those of the caller, of one webhook, or one. Returns how many. Errors: A2O53 no such webhook, A2O57 no such dead letter.';
revoke all on function a2o.retry_deliveries(uuid, uuid) from public;
grant execute on function a2o.retry_deliveries(uuid, uuid) to a2o_operator;
--! EndIncluded functions/alerts/delivery/retry_deliveries.sql
--! Included triggers/queue_deliveries.sql
create or replace trigger tell_opened after insert on a2o.alerts for each row when (new.resolved_at is null) execute function a2o_private.queue_deliveries();
create or replace trigger tell_resolved after update on a2o.alerts for each row
  when ((old.resolved_at is null) <> (new.resolved_at is null)) execute function a2o_private.queue_deliveries();
create or replace trigger tell_removed after delete on a2o.alerts for each row when (old.resolved_at is null) execute function a2o_private.queue_deliveries();
--! EndIncluded triggers/queue_deliveries.sql
--! Included policies/alert_webhooks.sql
-- A webhook of all accounts is for those who may read all of them.
alter table a2o.alert_webhooks enable row level security;
alter table a2o.alert_deliveries enable row level security;
drop policy if exists reads_own_accounts on a2o.alert_webhooks;
create policy reads_own_accounts on a2o.alert_webhooks for select to a2o_reader
  using (aws_account_id = any ((select a2o_private.visible_accounts())::text[])
    or aws_account_id is null and '*' = any ((select a2o_private.granted_accounts())::text[]));
drop policy if exists reads_own_accounts on a2o.alert_deliveries;
create policy reads_own_accounts on a2o.alert_deliveries for select to a2o_reader
  using (aws_account_id = any ((select a2o_private.visible_accounts())::text[])
    or aws_account_id is null and '*' = any ((select a2o_private.granted_accounts())::text[]));
drop policy if exists records_all_accounts on a2o.alert_webhooks;
create policy records_all_accounts on a2o.alert_webhooks for select to a2o_ingest, a2o_worker using (true);
drop policy if exists records_all_accounts on a2o.alert_deliveries;
create policy records_all_accounts on a2o.alert_deliveries for select to a2o_ingest, a2o_worker using (true);
grant select on a2o.alert_webhooks, a2o.alert_deliveries to a2o_reader, a2o_ingest, a2o_worker;
--! EndIncluded policies/alert_webhooks.sql
--! Included views/alerts/alert_webhook_overview.sql
-- Webhooks with how they are, for the command line and the dashboard.
-- Example:
--   select webhook_name, webhook_format, minimum_severity, state from alert_webhook_overview order by webhook_name;
create or replace view a2o.alert_webhook_overview with (security_invoker = true) as
  select w.id as webhook_id, w.webhook_name, w.webhook_format, w.minimum_severity, w.aws_account_id,
    case when not w.is_enabled then 'PAUSED' when w.failing_since is not null then 'FAILING' when w.last_succeeded_at is not null then 'DELIVERING' else 'UNTRIED' end::a2o.webhook_state as state,
    coalesce(d.pending, 0) as pending, coalesce(d.dead, 0) as dead, w.last_succeeded_at, w.failing_since, w.consecutive_failures, w.error_code, w.error_message,
    w.held_until, w.created_at, w.created_by
  from a2o.alert_webhooks w
  left join lateral (
    select count(*) filter (where x.state = 'PENDING') as pending, count(*) filter (where x.state = 'DEAD') as dead
    from a2o.alert_deliveries x where x.webhook_id = w.id and x.state in ('PENDING', 'DEAD') and x.event <> 'TEST') as d on true;
comment on view a2o.alert_webhook_overview is E'@primaryKey webhook_id\nWebhooks, how they are, and what waits for them.';
comment on column a2o.alert_webhook_overview.webhook_id is 'alert_webhooks.id.';
comment on column a2o.alert_webhook_overview.webhook_name is E'@notNull\nName; its variables are ALERT_WEBHOOK_…_URL and ALERT_WEBHOOK_…_SECRET.';
comment on column a2o.alert_webhook_overview.state is E'@notNull\nHow it is.';
comment on column a2o.alert_webhook_overview.pending is E'@notNull\nMessages that wait to be sent.';
comment on column a2o.alert_webhook_overview.dead is E'@notNull\nMessages that were given up.';
comment on column a2o.alert_webhook_overview.aws_account_id is 'Only alerts of this account; null tells of all accounts.';
grant select on a2o.alert_webhook_overview to a2o_reader, a2o_worker;
--! EndIncluded views/alerts/alert_webhook_overview.sql

--! split: 390-metrics.sql
--! Included policies/metrics.sql
-- Every account's rows, but only the columns that can be counted.
do $$
declare
  relation text;
  counted text;
begin
  for relation, counted in values
    ('monitors', 'id, aws_account_id, region, monitor_name, is_paused, is_simulated, created_at, last_succeeded_at, next_poll_at, consecutive_failures, running_jobs'),
    ('monitor_usage', 'monitor_id, day, aws_account_id, operation, calls, errors, throttled, metrics_requested'),
    ('assessments', 'id, aws_account_id, region, timestamp, total_tables, completeness_percent, is_simulated'),
    ('migration_jobs', 'aws_account_id, job_type, status, is_simulated'),
    ('alerts', 'aws_account_id, severity, acknowledged_at, resolved_at, opened_at, is_simulated')
  loop
    execute format('drop policy if exists counts_all_accounts on a2o.%I', relation);
    execute format('create policy counts_all_accounts on a2o.%I for select to a2o_metrics using (true)', relation);
    execute format('grant select (%s) on a2o.%I to a2o_metrics', counted, relation);
  end loop;
end
$$;
--! EndIncluded policies/metrics.sql
--! Included functions/metrics/read_queue.sql
-- The queue's schema is made after ours, by its own tool, so its view is named only when it is read.
create or replace function a2o_metrics.read_queue()
returns table (task text, waiting bigint, running bigint, retrying bigint, given_up bigint, oldest_wait_seconds double precision)
language plpgsql stable as $$
begin
  if to_regclass('graphile_worker.jobs') is null then
    return;
  end if;
  return query
    select j.task_identifier::text,
      count(*) filter (where j.locked_at is null and j.attempts < j.max_attempts and j.run_at <= now()),
      count(*) filter (where j.locked_at is not null),
      count(*) filter (where j.locked_at is null and j.attempts between 1 and j.max_attempts - 1),
      count(*) filter (where j.attempts >= j.max_attempts and j.locked_at is null),
      coalesce(extract(epoch from now() - min(j.run_at) filter (where j.locked_at is null and j.attempts < j.max_attempts and j.run_at <= now())), 0)::double precision
    from graphile_worker.jobs j
    group by 1;
end
$$;
comment on function a2o_metrics.read_queue() is 'What the view queue shows.';
revoke all on function a2o_metrics.read_queue() from public;
grant execute on function a2o_metrics.read_queue() to a2o_metrics, a2o_worker;
--! EndIncluded functions/metrics/read_queue.sql
--! Included functions/metrics/read_statements.sql
-- pg_stat_statements is an administrator's to install, and may stand in any schema, or nowhere: then there are no rows, and a
-- notice says how to get them. Statements of others show only to members of pg_read_all_stats.
create or replace function a2o_metrics.read_statements()
returns table (login text, calls bigint, total_seconds double precision, mean_ms double precision, rows bigint, read_blocks bigint, statement text)
language plpgsql stable as $$
declare
  home text;
begin
  select n.nspname into home from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
  where e.extname = 'pg_stat_statements';
  if home is null then
    raise notice 'pg_stat_statements is not installed in this database'
      using hint = 'Put it into shared_preload_libraries, restart PostgreSQL, then: create extension pg_stat_statements schema public;';
    return;
  end if;
  return query execute format(
    'select r.rolname::text, s.calls, s.total_exec_time / 1000, s.mean_exec_time, s.rows, s.shared_blks_read, s.query
     from %I.pg_stat_statements s
     join pg_catalog.pg_database d on d.oid = s.dbid and d.datname = current_database()
     left join pg_catalog.pg_roles r on r.oid = s.userid', home);
exception when object_not_in_prerequisite_state then
  raise notice 'pg_stat_statements is installed, but not loaded'
    using hint = 'Put it into shared_preload_libraries and restart PostgreSQL.';
end
$$;
comment on function a2o_metrics.read_statements() is 'What the view statements shows; no rows, and a notice that says why, without pg_stat_statements.';
revoke all on function a2o_metrics.read_statements() from public;
grant execute on function a2o_metrics.read_statements() to a2o_metrics;
--! EndIncluded functions/metrics/read_statements.sql
--! Included views/metrics/queue.sql
-- Tasks of the worker's queue.
create or replace view a2o_metrics.queue with (security_invoker = true) as
  select q.task, q.waiting, q.running, q.retrying, q.given_up, q.oldest_wait_seconds from a2o_metrics.read_queue() q;
comment on view a2o_metrics.queue is 'Tasks of the queue by name: due and not begun, running, waiting after a failure, given up; and how long the oldest due one has waited.';
comment on column a2o_metrics.queue.task is 'Name of the task.';
comment on column a2o_metrics.queue.waiting is 'Due, and not begun.';
comment on column a2o_metrics.queue.running is 'Under way.';
comment on column a2o_metrics.queue.retrying is 'Failed before, and to be tried again.';
comment on column a2o_metrics.queue.given_up is 'Failed as often as they may, and stay so.';
comment on column a2o_metrics.queue.oldest_wait_seconds is 'Since when the oldest due one waits; 0 when none does.';
grant select on a2o_metrics.queue to a2o_metrics, a2o_worker;
--! EndIncluded views/metrics/queue.sql
--! Included views/metrics/monitors.sql
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
--! EndIncluded views/metrics/monitors.sql
--! Included views/metrics/aws_calls.sql
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
--! EndIncluded views/metrics/aws_calls.sql
--! Included views/metrics/assessments.sql
-- How old what people look at is.
create or replace view a2o_metrics.assessments with (security_invoker = true) as
  select distinct on (a.aws_account_id, a.region) a.aws_account_id, a.region, a.is_simulated,
    extract(epoch from now() - a.timestamp)::double precision as age_seconds, a.total_tables, a.completeness_percent
  from a2o.assessments a
  order by a.aws_account_id, a.region, a.timestamp desc, a.id;
comment on view a2o_metrics.assessments is 'Newest assessment of each account and region: how old, how large, how complete.';
comment on column a2o_metrics.assessments.aws_account_id is 'Account that was assessed.';
comment on column a2o_metrics.assessments.region is 'Region that was assessed.';
comment on column a2o_metrics.assessments.is_simulated is 'True when the AWS simulator answered.';
comment on column a2o_metrics.assessments.age_seconds is 'Since it was made.';
comment on column a2o_metrics.assessments.total_tables is 'Tables in it.';
comment on column a2o_metrics.assessments.completeness_percent is 'How much of the catalog could be read.';
grant select on a2o_metrics.assessments to a2o_metrics, a2o_worker;
--! EndIncluded views/metrics/assessments.sql
--! Included views/metrics/jobs.sql
-- How many migrations there are in each state.
create or replace view a2o_metrics.jobs with (security_invoker = true) as
  select j.aws_account_id, j.job_type, j.status::text as status, count(*) as jobs
  from a2o.migration_jobs j
  group by 1, 2, 3;
comment on view a2o_metrics.jobs is 'Migration jobs by account, type and status.';
comment on column a2o_metrics.jobs.aws_account_id is 'Account of the jobs.';
comment on column a2o_metrics.jobs.job_type is 'DMS, DATASYNC, GLUE_JOB or COPY.';
comment on column a2o_metrics.jobs.status is 'Status, as in migration_jobs.';
comment on column a2o_metrics.jobs.jobs is 'How many.';
grant select on a2o_metrics.jobs to a2o_metrics, a2o_worker;
--! EndIncluded views/metrics/jobs.sql
--! Included views/metrics/alerts.sql
-- What somebody should look after.
create or replace view a2o_metrics.alerts with (security_invoker = true) as
  select a.aws_account_id, a.severity::text as severity, count(*) filter (where a.acknowledged_at is null) as open, count(a.acknowledged_at) as acknowledged,
    extract(epoch from now() - min(a.opened_at))::double precision as oldest_seconds
  from a2o.alerts a
  where a.resolved_at is null
  group by 1, 2;
comment on view a2o_metrics.alerts is 'Alerts that are not over, by account and severity.';
comment on column a2o_metrics.alerts.aws_account_id is 'Account of the subject.';
comment on column a2o_metrics.alerts.severity is 'INFO, WARNING or CRITICAL.';
comment on column a2o_metrics.alerts.open is 'Those that nobody has looked after.';
comment on column a2o_metrics.alerts.acknowledged is 'Those that somebody has, and that hold still.';
comment on column a2o_metrics.alerts.oldest_seconds is 'Since the oldest was opened.';
grant select on a2o_metrics.alerts to a2o_metrics, a2o_worker;
--! EndIncluded views/metrics/alerts.sql
--! Included views/metrics/database.sql
-- The database itself, from PostgreSQL's own statistics.
create or replace view a2o_metrics.database with (security_invoker = true) as
  select pg_database_size(d.oid) as size_bytes, s.numbackends as connections, current_setting('max_connections')::integer as max_connections,
    s.xact_commit as commits, s.xact_rollback as rollbacks, s.blks_read as blocks_read, s.blks_hit as blocks_hit, s.temp_bytes, s.deadlocks,
    pg_is_in_recovery() as is_replica
  from pg_catalog.pg_database d
  join pg_catalog.pg_stat_database s on s.datid = d.oid
  where d.datname = current_database();
comment on view a2o_metrics.database is 'This database, from PostgreSQL''s own statistics: one row.';
comment on column a2o_metrics.database.size_bytes is 'Its size on disk.';
comment on column a2o_metrics.database.connections is 'Connections to it.';
comment on column a2o_metrics.database.max_connections is 'Connections that the server allows.';
comment on column a2o_metrics.database.commits is 'Transactions that were committed since its statistics were reset.';
comment on column a2o_metrics.database.rollbacks is 'Those that were rolled back.';
comment on column a2o_metrics.database.blocks_read is 'Blocks read from outside its buffers.';
comment on column a2o_metrics.database.blocks_hit is 'Blocks found in them.';
comment on column a2o_metrics.database.temp_bytes is 'Bytes of temporary files.';
comment on column a2o_metrics.database.deadlocks is 'Deadlocks found.';
comment on column a2o_metrics.database.is_replica is 'True on a streaming replica.';
grant select on a2o_metrics.database to a2o_metrics, a2o_worker;
--! EndIncluded views/metrics/database.sql
--! Included views/metrics/statements.sql
-- What costs the server its time.
create or replace view a2o_metrics.statements with (security_invoker = true) as
  select s.login, s.calls, s.total_seconds, s.mean_ms, s.rows, s.read_blocks, s.statement from a2o_metrics.read_statements() s;
comment on view a2o_metrics.statements is 'Statements of this database, from pg_stat_statements; no rows, and a notice that says why, without it. Statements of other logins show to members of pg_read_all_stats.';
comment on column a2o_metrics.statements.login is 'Who ran it.';
comment on column a2o_metrics.statements.calls is 'How often.';
comment on column a2o_metrics.statements.total_seconds is 'Time it took in all.';
comment on column a2o_metrics.statements.mean_ms is 'Time it took on average, in milliseconds.';
comment on column a2o_metrics.statements.rows is 'Rows it gave or changed.';
comment on column a2o_metrics.statements.read_blocks is 'Blocks it read from outside the buffers.';
comment on column a2o_metrics.statements.statement is 'Its text, with $1 for values.';
grant select on a2o_metrics.statements to a2o_metrics;
--! EndIncluded views/metrics/statements.sql
--! Included views/metrics/samples.sql
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
--! EndIncluded views/metrics/samples.sql

--! split: 900-end.sql
reset role;
