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
