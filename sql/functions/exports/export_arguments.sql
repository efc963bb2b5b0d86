-- Arguments come from a web address: each a text, or a list of texts when it is given more than once.
create or replace function a2o_private.export_values(arguments jsonb, name text) returns text[]
  language sql immutable set search_path = pg_catalog, pg_temp as $$
  select nullif(array(
    select v.value from jsonb_array_elements_text(
      case jsonb_typeof(arguments -> name) when 'array' then arguments -> name when 'null' then '[]' else coalesce(jsonb_build_array(arguments -> name), '[]') end)
      as v(value)
    where v.value <> ''), '{}')
$$;
comment on function a2o_private.export_values(jsonb, text) is 'Values of an argument; null when it is not given, or empty.';
revoke all on function a2o_private.export_values(jsonb, text) from public;

create or replace function a2o_private.export_value(arguments jsonb, name text) returns text
  language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  given text[] := a2o_private.export_values(arguments, name);
begin
  if cardinality(given) > 1 then
    raise exception '% is given more than once', name using errcode = 'A2O61', hint = 'Give it once.';
  end if;
  return given[1];
end
$$;
comment on function a2o_private.export_value(jsonb, text) is 'The value of an argument that is given once at most. Error: A2O61 more than once.';
revoke all on function a2o_private.export_value(jsonb, text) from public;

create or replace function a2o_private.check_export_arguments(list text, arguments jsonb, known text[]) returns void
  language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  unknown text := (select k.name from jsonb_object_keys(arguments) as k(name) where k.name <> all (known) order by k.name limit 1);
begin
  if unknown is not null then
    raise exception 'an export of % has no argument %', list, unknown
      using errcode = 'A2O60', hint = format('It has %s.', array_to_string(known, ', '));
  end if;
end
$$;
comment on function a2o_private.check_export_arguments(text, jsonb, text[]) is 'Error: A2O60 an argument that there is not.';
revoke all on function a2o_private.check_export_arguments(text, jsonb, text[]) from public;

create or replace function a2o_private.export_order(source regclass, order_by text, otherwise text) returns text
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  column_name text := lower(regexp_replace(order_by, '_(ASC|DESC)$', ''));
begin
  if order_by is null then
    return otherwise;
  end if;
  if order_by !~ '_(ASC|DESC)$' or not exists (
    select from pg_attribute a where a.attrelid = source and a.attnum > 0 and not a.attisdropped and a.attname = column_name and a.attname <> 'assessment_id') then
    raise exception 'there is no order %', order_by using errcode = 'A2O61', hint = 'The name of a column and its direction, e.g. SIZE_BYTES_DESC.';
  end if;
  return format('x.%I %s nulls last, %s', column_name, case when order_by like '%\_DESC' then 'desc' else 'asc' end, otherwise);
end
$$;
comment on function a2o_private.export_order(regclass, text, text) is 'ORDER BY of an export; orders are called as in GraphQL. Error: A2O61 no such order.';
revoke all on function a2o_private.export_order(regclass, text, text) from public;
