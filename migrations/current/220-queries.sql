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
