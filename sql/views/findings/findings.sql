-- Every finding on every table, with what there is to say about it. The detail is worked out only where it is selected.
-- Example:
--   select database_name, table_name, code, severity, detail
--   from findings where assessment_id = '…' and code = 'unsupported_types' order by database_name, table_name limit 2;
create or replace view a2o.findings with (security_invoker = true) as
  select t.assessment_id, t.database_name, t.table_name, r.code, r.severity, r.title, a2o_private.finding_detail(r.code, t) as detail, r.remedy,
    t.id as table_id, t.aws_account_id
  from a2o.tables t
  cross join lateral unnest(t.findings) as found(code)
  join a2o.finding_rules r on r.code = found.code;
comment on view a2o.findings is E'@within assessment_id,database_name,table_name\n@primaryKey assessment_id,database_name,table_name,code\nFindings on the tables of an assessment. Name the assessment (assessment_id = ''…'').';
comment on column a2o.findings.code is E'@notNull\nThe rule, see finding_rules.';
comment on column a2o.findings.severity is E'@notNull\nHow much it matters.';
comment on column a2o.findings.title is E'@notNull\nThe finding in a few words.';
comment on column a2o.findings.detail is 'What it is about this table.';
comment on column a2o.findings.remedy is E'@notNull\nWhat to do.';
comment on column a2o.findings.table_id is E'@notNull\ntables.id: the table''s identity in every assessment.';
comment on column a2o.findings.aws_account_id is E'@notNull\nAccount of the assessment.';
grant select on a2o.findings to a2o_reader, a2o_ingest;
