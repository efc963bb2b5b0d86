-- Whose rights an answer has; the dashboard shows it.
create or replace function a2o_private.granted_accounts() returns text[]
  language sql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(g.aws_account_id::text order by g.aws_account_id), '{}')
  from a2o.account_access g where g.member = a2o_private.current_member()
$$;
comment on function a2o_private.granted_accounts() is 'Grants of the current member as they were given, * included.';
revoke all on function a2o_private.granted_accounts() from public;
grant execute on function a2o_private.granted_accounts() to a2o_reader;

create or replace function a2o.current_access() returns a2o.access
  language sql stable
  return row(a2o_private.current_member(), current_user::text, a2o_private.granted_accounts())::a2o.access;
comment on function a2o.current_access() is 'Who is asking: user name, database role, and the accounts they may read (* for all).';
revoke all on function a2o.current_access() from public;
grant execute on function a2o.current_access() to a2o_reader;
