-- The cursors of tools that are no definers: a2o_private is closed to who runs them, and these two bodies are bound to it.
create or replace function a2o.write_tool_cursor(question text, variadic key text[]) returns text
  language sql immutable
  return a2o_private.write_cursor(left(md5(question), 12), variadic key);
comment on function a2o.write_tool_cursor(text, text[]) is E'@behavior -*\nCursor for the rows after this key of a question.';

-- Definer, for the same reason; it reads nothing but its arguments.
create or replace function a2o.read_tool_cursor(cursor text, question text, parts integer) returns text[]
  language sql immutable security definer set search_path = pg_catalog, pg_temp as $$
  select a2o_private.read_cursor(cursor, left(md5(question), 12), parts)
$$;
comment on function a2o.read_tool_cursor(text, text, integer) is E'@behavior -*\nKey in a cursor; null for none. Error: A2O10 the cursor is none, or belongs to another question.';
revoke all on function a2o.write_tool_cursor(text, text[]), a2o.read_tool_cursor(text, text, integer) from public;
grant execute on function a2o.write_tool_cursor(text, text[]), a2o.read_tool_cursor(text, text, integer), a2o_private.write_cursor(text, text[]) to a2o_reader;
