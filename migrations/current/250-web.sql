create table a2o_private.ended_web_sessions (
  session_id text primary key,
  expires_at timestamptz not null
);
comment on table a2o_private.ended_web_sessions is 'Sessions of the web server that were signed out before their cookie ends. Kept until then.';
-- The web server's login calls what is here by name, before it becomes a user.
grant usage on schema a2o_private to a2o_authenticator;

create table a2o_private.first_grants (
  member text,
  aws_account_id text,
  primary key (member, aws_account_id)
);
comment on table a2o_private.first_grants is 'What grant_account_access_once gave; it stays when the grant is revoked.';
