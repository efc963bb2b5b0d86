-- Several jobs may move a table: one that runs decides, else the one that moved it last.
-- Example:
--   select m.database_name, m.table_name, m.stage, m.job_name, m.decided_at
--   from newest_assessments n join table_migrations m on m.assessment_id = n.id
--   where n.region = 'eu-central-1' and m.database_name = 'sales' and m.table_name in ('customers', 'order_lines', 'orders');
create or replace view a2o.table_migrations with (security_invoker = true) as
  select t.assessment_id, t.aws_account_id, t.database_name, t.table_name, t.id as table_id,
    case when s.stage is null then 'ASSESSED' when s.stage = 'MIGRATED' and t.last_updated > s.since then 'CHANGED_SINCE' else s.stage end::a2o.migration_stage as stage,
    case when s.stage = 'MIGRATED' and t.last_updated > s.since then t.last_updated else s.since end as decided_at,
    case when s.stage = 'MIGRATED' then s.since end as migrated_at, t.last_updated, s.job_id, j.job_type, j.job_name, j.status as job_status, j.is_simulated
  from a2o.tables t
  left join lateral (
    select x.stage, x.since, x.job_id from a2o_private.link_stages x where x.table_id = t.id order by x.stage, x.since desc nulls last limit 1) as s on true
  left join a2o.migration_jobs j on j.id = s.job_id;
comment on view a2o.table_migrations is E'@within assessment_id\n@behavior -totalCount\n@primaryKey assessment_id,database_name,table_name\nHow far each table of an assessment is: assessed, migrating, migrated, changed since; with the job that decided and when. Name an assessment (assessment_id = ''…''), as a rule the newest.';
comment on column a2o.table_migrations.table_id is E'@notNull\ntables.id.';
comment on column a2o.table_migrations.aws_account_id is E'@notNull\nAccount of the assessment.';
comment on column a2o.table_migrations.stage is E'@notNull\nHow far it is.';
comment on column a2o.table_migrations.decided_at is 'Since when: start of the job that runs, end of the one that moved it (of the table''s own load, where DMS tells it), or when the catalog''s entry was changed.';
comment on column a2o.table_migrations.migrated_at is 'When it was last moved; null while a job runs or when none has.';
comment on column a2o.table_migrations.last_updated is 'When Glue''s entry was last changed, as the assessment found it.';
comment on column a2o.table_migrations.job_id is 'migration_jobs.id of the job that decided.';
comment on column a2o.table_migrations.job_type is 'Its service.';
comment on column a2o.table_migrations.job_name is 'Its name.';
comment on column a2o.table_migrations.job_status is 'Its state now.';
comment on column a2o.table_migrations.is_simulated is 'True when the AWS simulator told of that job.';
grant select on a2o.table_migrations to a2o_reader;
