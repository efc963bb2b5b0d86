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
