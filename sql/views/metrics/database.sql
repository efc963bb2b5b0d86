-- The database itself, from PostgreSQL's own statistics.
create or replace view a2o_metrics.database with (security_invoker = true) as
  select pg_database_size(d.oid) as size_bytes, s.numbackends as connections, current_setting('max_connections')::integer as max_connections,
    s.xact_commit as commits, s.xact_rollback as rollbacks, s.blks_read as blocks_read, s.blks_hit as blocks_hit, s.temp_bytes, s.deadlocks,
    pg_is_in_recovery() as is_replica
  from pg_catalog.pg_database d
  join pg_catalog.pg_stat_database s on s.datid = d.oid
  where d.datname = current_database();
comment on view a2o_metrics.database is 'This database, from PostgreSQL''s own statistics: one row.';
comment on column a2o_metrics.database.size_bytes is 'Its size on disk.';
comment on column a2o_metrics.database.connections is 'Connections to it.';
comment on column a2o_metrics.database.max_connections is 'Connections that the server allows.';
comment on column a2o_metrics.database.commits is 'Transactions that were committed since its statistics were reset.';
comment on column a2o_metrics.database.rollbacks is 'Those that were rolled back.';
comment on column a2o_metrics.database.blocks_read is 'Blocks read from outside its buffers.';
comment on column a2o_metrics.database.blocks_hit is 'Blocks found in them.';
comment on column a2o_metrics.database.temp_bytes is 'Bytes of temporary files.';
comment on column a2o_metrics.database.deadlocks is 'Deadlocks found.';
comment on column a2o_metrics.database.is_replica is 'True on a streaming replica.';
grant select on a2o_metrics.database to a2o_metrics, a2o_worker;
