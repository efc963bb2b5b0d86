-- Tells running MCP servers that a function came, changed or went. Only a superuser may make an event trigger, so on a managed
-- server whoever adds a function says `notify a2o_tools` afterwards; migrations do.
create or replace function a2o_private.announce_functions() returns event_trigger
  language plpgsql as $$
begin
  -- A grant does not tell of which schema; recordings grant tables all the time.
  if tg_tag = 'DROP FUNCTION' or exists (
    select from pg_event_trigger_ddl_commands() as c
    where lower(c.object_type) in ('function', 'type') and coalesce(c.schema_name, 'a2o_mcp') ^@ 'a2o_mcp') then
    notify a2o_tools;
  end if;
end
$$;
comment on function a2o_private.announce_functions() is 'Notifies channel a2o_tools after a change of functions that MCP offers, their types, comments or grants.';
revoke all on function a2o_private.announce_functions() from public;

reset role;
do $$
begin
  if (select r.rolsuper from pg_roles r where r.rolname = current_user) then
    drop event trigger if exists a2o_functions_changed;
    create event trigger a2o_functions_changed on ddl_command_end
      when tag in ('CREATE FUNCTION', 'ALTER FUNCTION', 'DROP FUNCTION', 'ALTER TYPE', 'COMMENT', 'GRANT', 'REVOKE')
      execute function a2o_private.announce_functions();
  end if;
end
$$;
set role a2o_owner;
