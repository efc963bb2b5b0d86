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
