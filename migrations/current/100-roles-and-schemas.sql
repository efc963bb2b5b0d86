--! Message: aws2openstack

-- Roles are shared by all databases of a server, so each may exist already. None of them can log in here: the embedded
-- server and the production guide give a password to the two that are logins (a2o_authenticator, a2o_mcp).
do $$
declare
  role_name text;
begin
  foreach role_name in array array[
    'a2o_owner',         -- owns everything; migrates
    'a2o_ingest',        -- records assessments
    'a2o_reader',        -- reads
    'a2o_operator',      -- reads, and changes jobs, monitors and alerts
    'a2o_worker',        -- writes what AWS said about running migrations
    'a2o_authenticator', -- the web server's login: may become reader or operator, is nothing by itself
    'a2o_mcp'            -- the MCP server's login: a reader in read-only transactions
  ] loop
    begin
      execute format('create role %I nologin', role_name);
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;
  -- A superuser may do all of this anyway; the owner of a managed database (RDS and the like) needs the membership.
  foreach role_name in array array['a2o_owner', 'a2o_ingest', 'a2o_worker'] loop
    if not pg_has_role(current_user, role_name, 'usage') then
      execute format('grant %I to %I', role_name, current_user);
    end if;
  end loop;
end
$$;

alter role a2o_authenticator noinherit;
grant a2o_reader to a2o_operator, a2o_mcp;
grant a2o_reader, a2o_operator to a2o_authenticator;
alter role a2o_mcp set default_transaction_read_only = on;
alter role a2o_mcp set statement_timeout = '20s';

create extension if not exists pg_trgm;

do $$
begin
  execute format('grant create on database %I to a2o_owner', current_database());
end
$$;

set role a2o_owner;

-- A new function is executable by everybody unless told otherwise; each definition grants what it needs.
alter default privileges for role a2o_owner revoke execute on functions from public;

create schema a2o;
create schema a2o_private;
create schema a2o_mcp;
comment on schema a2o is 'Assessments of AWS Glue Data Catalogs and the migrations that follow: tables, views and functions for people, GraphQL and the command line.';
comment on schema a2o_private is 'Staging and helpers. Nothing here is an interface.';
comment on schema a2o_mcp is 'One function is one MCP tool; its comment is the tool''s description.';
grant usage on schema a2o to a2o_reader, a2o_ingest, a2o_worker;
grant usage on schema a2o_mcp to a2o_reader;
-- COPY names its target, so the roles that record need to see the schema of the staging tables; nothing else there is theirs.
grant usage on schema a2o_private to a2o_ingest;
