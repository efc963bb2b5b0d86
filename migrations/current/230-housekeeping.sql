alter table a2o.account_access add constraint account_access_member_check check (member <> '');

create table a2o.retention (
  what text primary key check (what in ('assessments', 'migration_jobs', 'migration_progress', 'migration_metrics', 'progress_5_minutes', 'progress_hours', 'metrics_5_minutes', 'metrics_hours', 'alerts', 'alert_deliveries')),
  keep_for interval check (keep_for > interval '0'),
  keep_last integer check (keep_last >= 1),
  explanation text not null,
  check (keep_last is null or what = 'assessments')
);
comment on table a2o.retention is E'@name retention_rule\nHow long things are kept. The owner changes it; the worker applies it every night.';
comment on column a2o.retention.what is 'Table that grows.';
comment on column a2o.retention.keep_for is 'Rows older than this go; null keeps them for ever.';
comment on column a2o.retention.keep_last is 'Assessments only: so many of each account and region stay whatever their age; null sets no number.';
comment on column a2o.retention.explanation is 'What goes, exactly.';
insert into a2o.retention (what, keep_for, explanation) values
  ('assessments', null, 'Assessments that are older than keep_for and not among the newest keep_last of their account and region. The newest one always stays.'),
  ('migration_jobs', null, 'Jobs that ended longer ago, with their samples.'),
  ('migration_progress', interval '90 days', 'Samples of progress, a month at a time when all of it is older.'),
  ('migration_metrics', interval '90 days', 'CloudWatch data points, a month at a time when all of it is older.'),
  ('progress_5_minutes', interval '1 year', 'Progress in steps of five minutes, a month at a time when all of it is older.'),
  ('metrics_5_minutes', interval '1 year', 'Metrics in steps of five minutes, a month at a time when all of it is older.'),
  ('progress_hours', interval '5 years', 'Progress hour by hour, a month at a time when all of it is older.'),
  ('metrics_hours', interval '5 years', 'Metrics hour by hour, a month at a time when all of it is older.'),
  ('alerts', interval '1 year', 'Alerts that were resolved longer ago.'),
  ('alert_deliveries', interval '90 days', 'Messages to webhooks that arrived or were given up longer ago.');

grant select on a2o.retention to a2o_reader, a2o_ingest, a2o_worker;
