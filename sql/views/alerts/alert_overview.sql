-- Alerts as people read them: what, about what, what to do. For the dashboard, the command line and Claude.
-- Example:
--   select severity, title, job_name, message
--   from alert_overview where state = 'OPEN' order by severity desc, job_name limit 5;
create or replace view a2o.alert_overview with (security_invoker = true) as
  select a.id as alert_id, a.rule_code, a.severity, case when a.resolved_at is not null then 'RESOLVED' when a.acknowledged_at is not null then 'ACKNOWLEDGED' else 'OPEN' end::a2o.alert_state as state,
    r.title, a.message, a.value, a.threshold, r.unit, r.explanation, r.remedy, a.aws_account_id, a.region, a.opened_at, a.last_seen_at, a.acknowledged_at, a.acknowledged_by,
    a.acknowledged_note, a.resolved_at, a.resolution, a.is_simulated, a.job_id, j.job_type, j.job_name, j.aws_job_id, j.status as job_status, j.table_id,
    t.database_name, t.table_name, case when j.id is not null then a2o.migration_jobs_console_url(j) end as console_url, a.monitor_id, m.monitor_name
  from a2o.alerts a
  join a2o.alert_rules r on r.code = a.rule_code
  left join a2o.migration_jobs j on j.id = a.job_id
  left join a2o.monitors m on m.id = a.monitor_id
  left join lateral (
    select x.database_name, x.table_name from a2o.newest_assessments n join a2o.tables x on x.assessment_id = n.id and x.id = j.table_id
    where n.aws_account_id = j.aws_account_id and n.region = j.region limit 1) as t on j.table_id is not null;
comment on view a2o.alert_overview is E'@primaryKey alert_id\nAlerts with their rule, and the job, table or monitor they are about.';
comment on column a2o.alert_overview.alert_id is 'alerts.id.';
comment on column a2o.alert_overview.rule_code is E'@notNull\nThe rule that spoke.';
comment on column a2o.alert_overview.severity is E'@notNull\nHow much it matters.';
comment on column a2o.alert_overview.state is E'@notNull\nWhether somebody has to look after it.';
comment on column a2o.alert_overview.title is E'@notNull\nThe alert in a few words.';
comment on column a2o.alert_overview.message is E'@notNull\nWhat happened, in words; AWS''s own are kept as they are.';
comment on column a2o.alert_overview.unit is 'Unit of value and threshold.';
comment on column a2o.alert_overview.remedy is E'@notNull\nWhat to do.';
comment on column a2o.alert_overview.explanation is E'@notNull\nWhen the rule speaks.';
comment on column a2o.alert_overview.aws_account_id is E'@notNull\nAccount of the subject.';
comment on column a2o.alert_overview.region is E'@notNull\nRegion of the subject.';
comment on column a2o.alert_overview.opened_at is E'@notNull\nWhen it was opened.';
comment on column a2o.alert_overview.last_seen_at is E'@notNull\nWhen it was last found to hold, to within five minutes.';
comment on column a2o.alert_overview.is_simulated is E'@notNull\nTrue when the AWS simulator told what led to it.';
comment on column a2o.alert_overview.database_name is 'Database of the table that the job moves, in the newest assessment.';
comment on column a2o.alert_overview.table_name is 'That table; null when no single one is known.';
comment on column a2o.alert_overview.console_url is 'The job in AWS''s console; null for a simulated one.';
grant select on a2o.alert_overview to a2o_reader, a2o_worker;
