-- What costs the server its time.
create or replace view a2o_metrics.statements with (security_invoker = true) as
  select s.login, s.calls, s.total_seconds, s.mean_ms, s.rows, s.read_blocks, s.statement from a2o_metrics.read_statements() s;
comment on view a2o_metrics.statements is 'Statements of this database, from pg_stat_statements; no rows, and a notice that says why, without it. Statements of other logins show to members of pg_read_all_stats.';
comment on column a2o_metrics.statements.login is 'Who ran it.';
comment on column a2o_metrics.statements.calls is 'How often.';
comment on column a2o_metrics.statements.total_seconds is 'Time it took in all.';
comment on column a2o_metrics.statements.mean_ms is 'Time it took on average, in milliseconds.';
comment on column a2o_metrics.statements.rows is 'Rows it gave or changed.';
comment on column a2o_metrics.statements.read_blocks is 'Blocks it read from outside the buffers.';
comment on column a2o_metrics.statements.statement is 'Its text, with $1 for values.';
grant select on a2o_metrics.statements to a2o_metrics;
