-- Definers, so that the web server's login has no right of its own on the table.
create or replace function a2o_private.end_web_session(session_id text, expires_at timestamptz) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from a2o_private.ended_web_sessions e where e.expires_at < now();
  insert into a2o_private.ended_web_sessions (session_id, expires_at)
  values (end_web_session.session_id, end_web_session.expires_at) on conflict do nothing;
$$;
comment on function a2o_private.end_web_session(text, timestamptz) is 'Ends a session of the web server for good, and forgets those whose cookie has ended.';
revoke all on function a2o_private.end_web_session(text, timestamptz) from public;
grant execute on function a2o_private.end_web_session(text, timestamptz) to a2o_authenticator;

create or replace function a2o_private.is_web_session_ended(session_id text) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from a2o_private.ended_web_sessions e where e.session_id = is_web_session_ended.session_id)
$$;
comment on function a2o_private.is_web_session_ended(text) is 'Whether a session of the web server was signed out.';
revoke all on function a2o_private.is_web_session_ended(text) from public;
grant execute on function a2o_private.is_web_session_ended(text) to a2o_authenticator;
