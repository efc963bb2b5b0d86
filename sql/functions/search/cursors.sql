-- Keyset cursors are opaque: the key of the last row, and a fingerprint of the question it belongs to. They grant nothing,
-- since every call checks the account again.
create or replace function a2o_private.write_cursor(fingerprint text, variadic key text[]) returns text
  language sql immutable parallel safe
  return translate(encode(convert_to(json_build_array(fingerprint, key)::text, 'UTF8'), 'base64'), E'+/=\n', '-_');
comment on function a2o_private.write_cursor(text, text[]) is 'A cursor for the rows after this key of the question with this fingerprint.';

create or replace function a2o_private.read_cursor(cursor text, fingerprint text, parts integer) returns text[]
  language plpgsql immutable as $$
declare
  content jsonb;
begin
  if cursor is null then
    return null;
  end if;
  begin
    content := convert_from(decode(rpad(translate(cursor, '-_', '+/'), (length(cursor) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb;
  exception when others then
    content := null;
  end;
  if content is null or jsonb_typeof(content) <> 'array' or content ->> 0 is distinct from fingerprint
    or jsonb_typeof(content -> 1) is distinct from 'array' or jsonb_array_length(content -> 1) <> parts
  then
    raise exception 'the cursor does not belong to this question'
      using errcode = 'A2O10', hint = 'Give the next_cursor of the page before, with the same assessment, filters and sort; or none to start again.';
  end if;
  return array(select e.part from jsonb_array_elements_text(content -> 1) with ordinality as e(part, place) order by e.place);
end
$$;
comment on function a2o_private.read_cursor(text, text, integer) is 'Key in a cursor; null for none. Error: A2O10 the cursor is none, or belongs to another question.';

create or replace function a2o_private.check_page_size(page_size integer) returns integer
  language plpgsql immutable as $$
begin
  if page_size is null or page_size not between 1 and 1000 then
    raise exception 'page_size is %; it must be from 1 to 1000', coalesce(page_size::text, 'null')
      using errcode = 'A2O11', hint = 'Ask for more with next_cursor.';
  end if;
  return page_size;
end
$$;
comment on function a2o_private.check_page_size(integer) is 'The page size, if a page may have it. Error: A2O11.';
