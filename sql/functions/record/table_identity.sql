-- The length keeps the parts apart, whatever characters a name holds. As text: a number joined to a text is only stable, and would
-- keep the function from being inlined.
create or replace function a2o.table_identity(aws_account_id text, region text, database_name text, table_name text) returns uuid
  language sql immutable parallel safe
  return md5(aws_account_id || ' ' || region || ' ' || length(database_name)::text || ' ' || database_name || ' ' || table_name)::uuid;
comment on function a2o.table_identity(text, text, text, text) is E'@behavior -*\nStable identity of a table: the same in every assessment, so that a migration job stays linked to it.';
revoke all on function a2o.table_identity(text, text, text, text) from public;
grant execute on function a2o.table_identity(text, text, text, text) to a2o_reader, a2o_ingest, a2o_worker;
