-- One pass over the rows for the verdicts, one for the findings: a table has any number of those.
create or replace function a2o_private.count_findings(assessment_id uuid, aws_account_id text, source text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  execute format($sql$
    insert into a2o.finding_rollups (assessment_id, database_name, code, aws_account_id, table_count, sized_tables)
    select $1, t.database_name, code, $2, count(*), count(t.size_bytes) from %1$s t cross join lateral unnest(t.findings) as code where t.assessment_id = $1 group by 2, 3 $sql$, source)
  using assessment_id, aws_account_id;
  execute format($sql$
    insert into a2o.verdict_rollups (assessment_id, database_name, table_format, migration_readiness, aws_account_id, table_count)
    select $1, t.database_name, t.table_format, t.migration_readiness, $2, count(*) from %1$s t where t.assessment_id = $1 group by 2, 3, 4 $sql$, source)
  using assessment_id, aws_account_id;
end
$$;
comment on function a2o_private.count_findings(uuid, text, text) is 'Writes the roll-ups of findings and of verdicts per database of an assessment whose tables stand in source.';
