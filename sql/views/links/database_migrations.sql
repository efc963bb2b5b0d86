-- What is stored for the newest assessment is read; of an older one, and for the moment between a change and the next refresh, the
-- links are counted. A database that has none costs one look at their index.
-- Example:
--   select m.database_name, m.tables, m.assessed, m.migrating, m.migrated, m.changed_since, m.candidates
--   from newest_assessments n join database_migrations m on m.assessment_id = n.id
--   where n.region = 'eu-central-1' and m.tables > m.assessed order by m.database_name limit 4;
create or replace view a2o.database_migrations with (security_invoker = true) as
  select d.assessment_id, d.aws_account_id, d.database_name, d.table_count as tables,
    (d.table_count - coalesce(r.migrating + r.migrated + r.changed_since, c.migrating + c.migrated + c.changed_since))::integer as assessed,
    coalesce(r.migrating, c.migrating)::integer as migrating, coalesce(r.migrated, c.migrated)::integer as migrated,
    coalesce(r.changed_since, c.changed_since)::integer as changed_since, coalesce(r.candidates, c.candidates)::integer as candidates
  from a2o.assessments a
  join a2o.databases d on d.assessment_id = a.id
  left join a2o.migration_rollups r on r.assessment_id = d.assessment_id and r.database_name = d.database_name and not exists (
    select from a2o.stale_migration_rollups x where x.aws_account_id = a.aws_account_id and x.region = a.region and x.database_name = d.database_name)
  -- Without a name nothing is counted.
  cross join lateral a2o_private.count_stages(d.assessment_id, a.aws_account_id, a.region, case when r.assessment_id is null then d.database_name end) as c;
comment on view a2o.database_migrations is E'@within assessment_id\n@behavior -totalCount\n@primaryKey assessment_id,database_name\nHow many tables of each database of an assessment are how far. Name an assessment (assessment_id = ''…''), as a rule the newest.';
comment on column a2o.database_migrations.aws_account_id is E'@notNull\nAccount of the assessment.';
comment on column a2o.database_migrations.tables is E'@notNull\nTables of the database; the sum of the four stages.';
comment on column a2o.database_migrations.assessed is E'@notNull\nTables that no linked job has moved.';
comment on column a2o.database_migrations.migrating is E'@notNull\nTables that a linked job moves now.';
comment on column a2o.database_migrations.migrated is E'@notNull\nTables that were moved and not changed since.';
comment on column a2o.database_migrations.changed_since is E'@notNull\nTables whose entry in the catalog was changed after they were moved.';
comment on column a2o.database_migrations.candidates is E'@notNull\nTables, of those assessed, that some job may have moved: a person is to say.';
grant select on a2o.database_migrations to a2o_reader;

-- Example:
--   select n.region, m.tables, m.assessed, m.migrating, m.migrated, m.changed_since
--   from newest_assessments n join assessment_migrations m on m.assessment_id = n.id order by n.region;
create or replace view a2o.assessment_migrations with (security_invoker = true) as
  select m.assessment_id, m.aws_account_id, sum(m.tables)::integer as tables, sum(m.assessed)::integer as assessed, sum(m.migrating)::integer as migrating,
    sum(m.migrated)::integer as migrated, sum(m.changed_since)::integer as changed_since, sum(m.candidates)::integer as candidates
  from a2o.database_migrations m
  group by m.assessment_id, m.aws_account_id;
comment on view a2o.assessment_migrations is E'@within assessment_id\n@behavior -totalCount\n@primaryKey assessment_id\nHow many tables of an assessment are how far. Name an assessment (assessment_id = ''…''), as a rule the newest.';
comment on column a2o.assessment_migrations.aws_account_id is E'@notNull\nAccount of the assessment.';
comment on column a2o.assessment_migrations.tables is E'@notNull\nTables of the assessment; the sum of the four stages.';
comment on column a2o.assessment_migrations.assessed is E'@notNull\nTables that no linked job has moved.';
comment on column a2o.assessment_migrations.migrating is E'@notNull\nTables that a linked job moves now.';
comment on column a2o.assessment_migrations.migrated is E'@notNull\nTables that were moved and not changed since.';
comment on column a2o.assessment_migrations.changed_since is E'@notNull\nTables whose entry in the catalog was changed after they were moved.';
comment on column a2o.assessment_migrations.candidates is E'@notNull\nTables, of those assessed, that some job may have moved: a person is to say.';
grant select on a2o.assessment_migrations to a2o_reader;
