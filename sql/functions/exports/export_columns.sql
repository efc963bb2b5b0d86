-- A cell of CSV is text that no spreadsheet takes for a formula, times as ISO 8601 in UTC, true or false, and lists as text.
create or replace function a2o_private.csv_columns(source regclass) returns text
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select string_agg(format(
    case
      when t.typtype = 'e' or t.oid = 'boolean'::regtype then 'x.%1$I::text'
      when t.oid = 'timestamptz'::regtype then 'to_char(x.%1$I at time zone ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS"Z"'')'
      -- Notes are sentences, other lists are names.
      when t.oid = 'text[]'::regtype then 'a2o.csv_text(array_to_string(x.%1$I, ' || case a.attname when 'notes' then ''' ''' else ''', ''' end || '))'
      when t.oid in ('a2o.attribute_change[]'::regtype, 'a2o.column_change[]'::regtype) then 'a2o.csv_text(a2o.changes_text(x.%1$I))'
      when t.typcategory = 'S' then 'a2o.csv_text(x.%1$I)'
      else 'x.%1$I' end || ' as %1$I', a.attname), ', ' order by a.attnum)
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  where a.attrelid = source and a.attnum > 0 and not a.attisdropped and a.attname <> 'assessment_id'
$$;
comment on function a2o_private.csv_columns(regclass) is 'Select list of a relation x for CSV.';
revoke all on function a2o_private.csv_columns(regclass) from public;

create or replace function a2o_private.json_columns(source regclass) returns text
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select string_agg(format('x.%I', a.attname), ', ' order by a.attnum)
  from pg_attribute a
  where a.attrelid = source and a.attnum > 0 and not a.attisdropped and a.attname <> 'assessment_id'
$$;
comment on function a2o_private.json_columns(regclass) is 'Select list of a relation x for JSON.';
revoke all on function a2o_private.json_columns(regclass) from public;
