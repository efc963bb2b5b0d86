-- Estimated hours, summed from the roll-ups: the tables themselves are not read.
-- Example:
--   select database_name, verdict_hours, finding_hours, effort_hours
--   from database_effort where assessment_id = '…' order by effort_hours desc, database_name limit 3;
create or replace view a2o.database_effort with (security_invoker = true) as
  select d.assessment_id, d.database_name, coalesce(v.hours, 0) as verdict_hours, coalesce(f.hours, 0) as finding_hours,
    coalesce(v.hours, 0) + coalesce(f.hours, 0) as effort_hours
  from a2o.databases d
  left join (
    select r.assessment_id, r.database_name, sum(r.table_count * (coalesce(by_readiness.hours, 0) + coalesce(by_format.hours, 0))) as hours
    from a2o.verdict_rollups r
    left join a2o.effort_weights by_readiness on by_readiness.kind = 'READINESS' and by_readiness.key = r.migration_readiness::text
    left join a2o.effort_weights by_format on by_format.kind = 'FORMAT' and by_format.key = r.table_format
    group by r.assessment_id, r.database_name) as v using (assessment_id, database_name)
  left join (
    select r.assessment_id, r.database_name, sum(r.table_count * coalesce(w.hours, 0)) as hours
    from a2o.finding_rollups r
    left join a2o.effort_weights w on w.kind = 'FINDING' and w.key = r.code
    group by r.assessment_id, r.database_name) as f using (assessment_id, database_name);
comment on view a2o.database_effort is E'@within assessment_id\n@primaryKey assessment_id,database_name\nEstimated hours of work to move each database, by effort_weights.';
comment on column a2o.database_effort.verdict_hours is E'@notNull\nHours for the verdicts and formats of its tables.';
comment on column a2o.database_effort.finding_hours is E'@notNull\nHours for the findings on its tables.';
comment on column a2o.database_effort.effort_hours is E'@notNull\nBoth together.';
grant select on a2o.database_effort to a2o_reader, a2o_ingest;

-- Example:
--   select region, verdict_hours, finding_hours, effort_hours
--   from assessment_effort join newest_assessments on id = assessment_id order by region;
create or replace view a2o.assessment_effort with (security_invoker = true) as
  select a.id as assessment_id, coalesce(sum(d.verdict_hours), 0) as verdict_hours, coalesce(sum(d.finding_hours), 0) as finding_hours,
    coalesce(sum(d.effort_hours), 0) as effort_hours
  from a2o.assessments a
  left join a2o.database_effort d on d.assessment_id = a.id
  group by a.id;
comment on view a2o.assessment_effort is E'@behavior -connection\n@primaryKey assessment_id\nEstimated hours of work to move everything that was assessed, by effort_weights.';
comment on column a2o.assessment_effort.verdict_hours is E'@notNull\nHours for the verdicts and formats of its tables.';
comment on column a2o.assessment_effort.finding_hours is E'@notNull\nHours for the findings on its tables.';
comment on column a2o.assessment_effort.effort_hours is E'@notNull\nBoth together.';
grant select on a2o.assessment_effort to a2o_reader, a2o_ingest;
