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
