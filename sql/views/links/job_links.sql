-- Example:
--   select distinct on (state, source) job_name, database_name, table_name, state, source, reason
--   from job_links order by state, source, job_name, database_name, table_name limit 4;
create or replace view a2o.job_links with (security_invoker = true) as
  select j.id as job_id, l.database_name, l.table_name, l.table_id, l.aws_account_id, l.region, j.job_type, j.job_name, j.status as job_status, j.started_at, j.completed_at,
    j.is_simulated, l.state, l.source, l.source_schema, l.source_table, l.evidence, l.decided_by, l.decided_at, m.table_state, m.full_load_rows, m.validation_state,
    a2o_private.link_reason(l.source, l.evidence) as reason
  from a2o.migration_job_links l
  join a2o.migration_jobs j on j.scope_id = l.scope_id
  left join a2o.migration_job_tables m on m.job_id = j.id and m.schema_name = l.source_schema and m.table_name = l.source_table;
comment on view a2o.job_links is E'@primaryKey job_id,database_name,table_name\n@foreignKey (job_id) references a2o.migration_jobs (id)\n@behavior -totalCount\nWhich tables of the catalog each job moves, or may move, and what tells so. Ask for a job_id or a table_id: each run of a task has a row for each table.';
comment on column a2o.job_links.job_id is 'migration_jobs.id.';
comment on column a2o.job_links.table_id is E'@notNull\ntables.id, the same in every assessment.';
comment on column a2o.job_links.aws_account_id is E'@notNull\nAccount of the job and of the catalog.';
comment on column a2o.job_links.region is E'@notNull\nRegion of the job and of the catalog.';
comment on column a2o.job_links.job_type is E'@notNull\nService of the job.';
comment on column a2o.job_links.job_name is 'Name of the DMS task, DataSync task or Glue job.';
comment on column a2o.job_links.job_status is E'@notNull\nState of the job.';
comment on column a2o.job_links.started_at is 'When AWS started the job.';
comment on column a2o.job_links.completed_at is 'When the job ended, well or not.';
comment on column a2o.job_links.is_simulated is E'@notNull\nTrue when the AWS simulator told of the job.';
comment on column a2o.job_links.state is E'@notNull\nLINKED, CANDIDATE, or REJECTED by a person.';
comment on column a2o.job_links.source is E'@notNull\nWhat tells of it; PERSON when somebody decided.';
comment on column a2o.job_links.source_schema is 'DMS: schema of the table in the source.';
comment on column a2o.job_links.source_table is 'DMS: name of the table in the source.';
comment on column a2o.job_links.evidence is E'@notNull\nWhat the rules concluded it from. DMS: source, rule_id, matched (NAME, TARGET_NAME, LOCATION). DataSync: source, location, covers (ALL, PART). Glue: argument, value, matched. fits: how many tables it may be.';
comment on column a2o.job_links.decided_by is 'Who decided; null when nobody has.';
comment on column a2o.job_links.decided_at is 'When they did.';
comment on column a2o.job_links.table_state is 'DMS: state of the table in this run, in AWS''s words.';
comment on column a2o.job_links.full_load_rows is 'DMS: rows added in this run''s full load.';
comment on column a2o.job_links.validation_state is 'DMS: state of the validation, in AWS''s words.';
comment on column a2o.job_links.reason is 'What it was concluded from, in words; null when a person decided.';
grant select on a2o.job_links to a2o_reader;
