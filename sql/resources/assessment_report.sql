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
