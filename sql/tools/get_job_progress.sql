-- How far one migration is.
create or replace function a2o_mcp.get_job_progress(job_id uuid, points integer default 12) returns a2o_mcp.job_details
  language plpgsql stable as $$
declare
  answer a2o_mcp.job_details;
  j a2o.migration_jobs;
  active record;
begin
  answer.points := '{}';
  answer.tables := '{}';
  select * into j from a2o.migration_jobs m where m.id = get_job_progress.job_id;
  if not found then
    answer.message := format('There is no job %s that you may read. list_migration_jobs has the ids.', job_id);
    return answer;
  end if;
  select * into active from a2o.active_jobs a where a.job_id = j.id;
  answer.job_id := j.id;
  answer.job_type := j.job_type;
  answer.job_name := j.job_name;
  answer.status := j.status;
  answer.phase := a2o.migration_jobs_phase(j);
  answer.aws_status := j.aws_status;
  answer.aws_account_id := j.aws_account_id;
  answer.region := j.region;
  answer.is_simulated := j.is_simulated;
  answer.percent := j.percent;
  answer.rows_copied := j.rows_copied;
  answer.copied_gb := round(a2o.bytes_to_gb(j.bytes_copied), 3);
  answer.total_gb := round(a2o.bytes_to_gb(j.bytes_total), 3);
  answer.tables_loaded := j.tables_loaded;
  answer.tables_errored := j.tables_errored;
  answer.rows_per_second := round(active.rows_per_second::numeric, 1);
  answer.mb_per_second := round((active.bytes_per_second / 1048576)::numeric, 2);
  answer.started_at := j.started_at;
  answer.completed_at := j.completed_at;
  answer.estimated_end := active.eta_at;
  answer.estimate_confidence := active.eta_confidence;
  answer.is_stalled := active.is_stalled;
  answer.stalled_since := active.stalled_since;
  answer.last_seen_at := j.last_seen_at;
  answer.is_stale := active.is_stale;
  answer.source := left(j.source, 500);
  answer.target := left(j.target, 500);
  answer.error_code := j.error_code;
  answer.error_message := left(j.error_message, 1000);
  answer.points := array(
    select row(p.step_at, p.percent, p.rows_copied, round(a2o.bytes_to_gb(p.bytes_copied), 3), round(p.rows_per_second::numeric, 1),
      round((p.bytes_per_second / 1048576)::numeric, 2))::a2o_mcp.progress_point
    from a2o.job_progress(j.id, points => get_job_progress.points) as p order by p.step_at);
  answer.tables := array(
    select row(l.database_name, l.table_name, l.state, l.source, left(l.evidence::text, 300), l.table_state, l.full_load_rows)::a2o_mcp.job_table
    from a2o.job_links l where l.job_id = j.id
    order by l.state = 'CANDIDATE' desc, l.state, l.database_name, l.table_name limit 50);
  select count(*) filter (where l.state = 'LINKED'), count(*) filter (where l.state = 'CANDIDATE') into answer.linked_tables, answer.candidate_tables
  from a2o.job_links l where l.job_id = j.id;
  answer.message := nullif(concat_ws(' ',
    case when j.status = 'RUNNING' and j.percent is null then 'AWS gives no total for this job, so there is no percentage and no estimate of the end.' end,
    case when active.is_stale then 'AWS has not been heard about it for a while: what stands here may be over.' end,
    case when active.is_stalled then 'Nothing has moved for ten minutes though AWS answers.' end,
    case when answer.candidate_tables > 0 then 'Whether it moves the candidates is for an operator to say: aws2openstack jobs link, or the job''s page.' end), '');
  return answer;
end
$$;
comment on function a2o_mcp.get_job_progress(uuid, integer) is
$$One migration job: how far it is, at what pace, when it will end as far as AWS gives grounds for an estimate, whether it is stalled, the error that AWS gives, its course in equal steps of time, and the tables of the catalog that it moves or may move, with what tells so. Points that are all null are gaps in which AWS was not heard. list_migration_jobs has the ids. There is no percentage where AWS tells no total, as for Glue jobs; do not make one up.

@param job_id Id of the job
@param points Steps in time that the course is told in [2..60]$$;
revoke all on function a2o_mcp.get_job_progress(uuid, integer) from public;
grant execute on function a2o_mcp.get_job_progress(uuid, integer) to a2o_reader;
