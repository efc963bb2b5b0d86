-- What was found in an assessment, rule by rule, and database by database.
-- Example:
--   select database_name, code, severity, table_count, effort_hours
--   from database_finding_overview where assessment_id = '…' and severity = 'HIGH' order by table_count desc, database_name, code limit 3;
create or replace view a2o.database_finding_overview with (security_invoker = true) as
  select f.assessment_id, f.database_name, f.code, r.severity, r.title, f.table_count,
    f.table_count * coalesce(w.hours, 0) as effort_hours
  from a2o.finding_rollups f
  join a2o.finding_rules r on r.code = f.code
  left join a2o.effort_weights w on w.kind = 'FINDING' and w.key = f.code;
comment on view a2o.database_finding_overview is E'@within assessment_id\n@primaryKey assessment_id,database_name,code\nTables with each finding in each database of an assessment.';
comment on column a2o.database_finding_overview.code is E'@notNull\nThe rule, see finding_rules.';
comment on column a2o.database_finding_overview.severity is E'@notNull\nHow much it matters.';
comment on column a2o.database_finding_overview.title is E'@notNull\nThe finding in a few words.';
comment on column a2o.database_finding_overview.table_count is E'@notNull\nTables of the database with the finding.';
comment on column a2o.database_finding_overview.effort_hours is E'@notNull\nHours of work for this finding, by effort_weights.';
grant select on a2o.database_finding_overview to a2o_reader, a2o_ingest;

-- Example:
--   select code, severity, table_count, database_count, effort_hours
--   from finding_overview where assessment_id = '…' order by severity desc, table_count desc, code limit 3;
create or replace view a2o.finding_overview with (security_invoker = true) as
  select f.assessment_id, f.code, r.severity, r.title, r.explanation, r.remedy, f.table_count, f.database_count,
    f.table_count * coalesce(w.hours, 0) as effort_hours
  from (
    select x.assessment_id, x.code, sum(x.table_count)::integer as table_count, count(*)::integer as database_count
    from a2o.finding_rollups x group by x.assessment_id, x.code) as f
  join a2o.finding_rules r on r.code = f.code
  left join a2o.effort_weights w on w.kind = 'FINDING' and w.key = f.code;
comment on view a2o.finding_overview is E'@within assessment_id\n@primaryKey assessment_id,code\nTables with each finding in an assessment, with explanation and remedy.';
comment on column a2o.finding_overview.code is E'@notNull\nThe rule, see finding_rules.';
comment on column a2o.finding_overview.severity is E'@notNull\nHow much it matters.';
comment on column a2o.finding_overview.title is E'@notNull\nThe finding in a few words.';
comment on column a2o.finding_overview.explanation is E'@notNull\nWhen the rule speaks, and why that matters.';
comment on column a2o.finding_overview.remedy is E'@notNull\nWhat to do.';
comment on column a2o.finding_overview.table_count is E'@notNull\nTables with the finding.';
comment on column a2o.finding_overview.database_count is E'@notNull\nDatabases that have such tables.';
comment on column a2o.finding_overview.effort_hours is E'@notNull\nHours of work for this finding, by effort_weights.';
grant select on a2o.finding_overview to a2o_reader, a2o_ingest;
