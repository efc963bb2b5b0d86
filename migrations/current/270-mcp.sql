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
