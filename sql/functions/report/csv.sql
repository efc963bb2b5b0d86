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
