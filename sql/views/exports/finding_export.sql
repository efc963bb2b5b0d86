-- What an export of findings holds.
-- Example:
--   select severity, code, table_count, effort_hours
--   from finding_export where assessment_id = '…' order by severity desc, table_count desc, code limit 3;
create or replace view a2o.finding_export with (security_invoker = true) as
  select f.assessment_id, f.code, f.severity, f.title, f.table_count, f.database_count, f.effort_hours, f.explanation, f.remedy
  from a2o.finding_overview f;
comment on view a2o.finding_export is E'@behavior -*\nWhat was found in an assessment, as exports show it: how often, the hours it costs, and what to do.';
grant select on a2o.finding_export to a2o_reader, a2o_ingest;
