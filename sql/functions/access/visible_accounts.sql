-- The member is who logged in. A setting is believed only from the web server's login: anybody else could set it.
create or replace function a2o_private.current_member() returns text
  language sql stable parallel safe
  return case when session_user = 'a2o_authenticator' then nullif(current_setting('a2o.user', true), '') else session_user end;
comment on function a2o_private.current_member() is 'Member whose account access counts: the login role, or the signed-in user that the web server names in a2o.user.';
grant execute on function a2o_private.current_member() to a2o_reader, a2o_ingest, a2o_worker;

-- Definer, because members may not read each other's grants. Called once per query, through a sub-select; PL/pgSQL keeps the plan
-- for the session, a definer in SQL would start anew for every query.
create or replace function a2o_private.visible_accounts() returns text[]
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (
    select coalesce(array_agg(a.aws_account_id::text), '{}')
    from a2o.accounts a
    where exists (
      select from a2o.account_access g
      where g.member = a2o_private.current_member() and g.aws_account_id in ('*', a.aws_account_id)));
end
$$;
comment on function a2o_private.visible_accounts() is 'Accounts the current member may read.';
revoke all on function a2o_private.visible_accounts() from public;
grant execute on function a2o_private.visible_accounts() to a2o_reader, a2o_ingest, a2o_worker;
