--! Message: aws2openstack

-- Roles are shared by all databases of a server: another database may have brought them, and another administrator may have
-- made them, who alone can change or grant them then (PostgreSQL 16 and later). So nothing here is done twice. None of them
-- can log in here: the embedded server gives a password to a2o_authenticator and a2o_mcp, `aws2openstack db logins` to each that a
-- program uses.
do $$
declare
  role_name text;
  duty text;
  options text[] := case when current_setting('server_version_num')::integer >= 160000 then array['usage', 'set'] else array['usage'] end;
begin
  for role_name, duty in values
    ('a2o_owner', 'Owns everything; migrates, gives access and deletes assessments.'),
    ('a2o_ingest', 'Records assessments and reads. Deletes nothing.'),
    ('a2o_reader', 'Reads the accounts its members were given.'),
    ('a2o_operator', 'Reads, and changes jobs, monitors and alerts.'),
    ('a2o_worker', 'Writes what AWS says about running migrations; applies the retention.'),
    ('a2o_authenticator', 'The web server''s login: may become reader or operator, is nothing by itself.'),
    ('a2o_mcp', 'The MCP server''s login: a reader in read-only transactions.'),
    ('a2o_metrics', 'Figures about the operation, for Prometheus and Grafana: counts and times of every account, no names of tables.')
  loop
    continue when exists (select from pg_roles r where r.rolname = role_name);
    begin
      execute format('create role %I nologin', role_name);
      execute format('comment on role %I is %L', role_name, duty);
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;

  -- A superuser may do all of this anyway; the owner of a managed database (RDS and the like) needs the membership.
  foreach role_name in array array['a2o_owner', 'a2o_ingest', 'a2o_worker'] loop
    -- SET is an option of its own since PostgreSQL 16, and createrole_self_grant may have left it out.
    if exists (select from unnest(options) as o(option) where not pg_has_role(current_user, role_name, o.option)) then
      execute format('grant %I to %I', role_name, current_user);
    end if;
  end loop;
  if not pg_has_role('a2o_operator', 'a2o_reader', 'usage') then
    grant a2o_reader to a2o_operator;
  end if;
  if not pg_has_role('a2o_mcp', 'a2o_reader', 'usage') then
    grant a2o_reader to a2o_mcp;
  end if;
  if (select r.rolinherit from pg_roles r where r.rolname = 'a2o_authenticator') then
    alter role a2o_authenticator noinherit;
  end if;
  foreach role_name in array array['a2o_reader', 'a2o_operator'] loop
    if not pg_has_role('a2o_authenticator', role_name, 'member') then
      execute format('grant %I to a2o_authenticator', role_name);
    end if;
  end loop;
  if not exists (select from pg_db_role_setting s where s.setrole = 'a2o_mcp'::regrole and s.setdatabase = 0
    and s.setconfig @> array['default_transaction_read_only=on', 'statement_timeout=20s']) then
    alter role a2o_mcp set default_transaction_read_only = on;
    alter role a2o_mcp set statement_timeout = '20s';
  end if;
end
$$;

-- Trusted: whoever owns the database may install it. It may stand already, installed by an administrator.
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
