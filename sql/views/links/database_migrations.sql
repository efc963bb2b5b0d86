-- Counted from the links, not from the tables: a database of which nothing has moved costs one row.
-- Example:
--   select m.database_name, m.tables, m.assessed, m.migrating, m.migrated, m.changed_since, m.candidates
--   from newest_assessments n join database_migrations m on m.assessment_id = n.id
--   where n.region = 'eu-central-1' and m.tables > m.assessed order by m.database_name limit 4;
create or replace view a2o.database_migrations with (security_invoker = true) as
  select d.assessment_id, d.aws_account_id, d.database_name, d.table_count as tables, (d.table_count - coalesce(c.migrating + c.migrated + c.changed_since, 0))::integer as assessed,
    coalesce(c.migrating, 0)::integer as migrating, coalesce(c.migrated, 0)::integer as migrated, coalesce(c.changed_since, 0)::integer as changed_since,
    coalesce(c.candidates, 0)::integer as candidates
  from a2o.assessments a
  join a2o.databases d on d.assessment_id = a.id
  left join lateral (
    select count(*) filter (where s.stage = 'MIGRATING') as migrating,
      count(*) filter (where s.stage = 'MIGRATED' and not coalesce(t.last_updated > s.since, false)) as migrated,
      count(*) filter (where s.stage = 'MIGRATED' and t.last_updated > s.since) as changed_since,
      count(*) filter (where s.stage is null) as candidates
    from (
      select distinct on (x.table_name) x.table_name, x.stage, x.since
      from (
        select y.table_name, y.stage, y.since from a2o_private.link_stages y
        where y.aws_account_id = a.aws_account_id and y.region = a.region and y.database_name = d.database_name
        union all
        select l.table_name, null, null from a2o.migration_job_links l
        where l.aws_account_id = a.aws_account_id and l.region = a.region and l.database_name = d.database_name and l.state = 'CANDIDATE') as x
      order by x.table_name, x.stage nulls last, x.since desc nulls last) as s
    join a2o.tables t on t.assessment_id = d.assessment_id and t.database_name = d.database_name and t.table_name = s.table_name) as c on true;
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
