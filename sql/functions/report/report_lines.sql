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
