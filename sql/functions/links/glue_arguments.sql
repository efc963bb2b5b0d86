-- Arguments of a Glue run are whatever its author called them; those that name a database, a table or a place on S3 are known
-- by their names: --source_table, --database, --input-path, --SourceDb …. Glue's own ones (TempDir, extra-py-files, …) are not.
create or replace function a2o_private.glue_arguments(arguments jsonb)
  returns table (argument text, kind text, role text, value text)
  language sql immutable parallel safe begin atomic
  with named as (
    select a.key, btrim(a.value) as value, lower(replace(regexp_replace(ltrim(a.key, '-'), '([a-z0-9])([A-Z])', '\1_\2', 'g'), '-', '_')) as name
    from jsonb_each_text(case when jsonb_typeof(arguments) = 'object' then arguments else '{}' end) as a(key, value)),
  parts as (
    select n.key, n.name, btrim(p.part) as value
    from named n cross join lateral regexp_split_to_table(translate(n.value, '[]"''`', ''), ',') as p(part)
    where n.name !~ '^(temp_?dir|extra_|spark_|enable_|job_|continuous_|additional_|script|checkpoint|conf$|class$|datalake_|python_|user_jars|library_|auto_scaling|executor_|customer_)')
  select p.key, k.kind, case
      when p.name ~ '(^|_)(source|sources|src|input|inputs|in|from|read|origin)(_|$)' then 'SOURCE'
      when p.name ~ '(^|_)(target|targets|tgt|dest|destination|output|outputs|out|to|write|sink)(_|$)' then 'TARGET'
      else 'ANY' end, p.value
  from parts p
  cross join lateral (
    select case
      when p.value ~* '^s3[an]?://[^/]' then 'PATH'
      when p.value !~ '^[[:alnum:]_.$-]+$' then null
      when p.name ~ '(^|_)(tables?|tbls?)(_?names?|_list)?(_?[0-9]+|_(source|src|target|in|out))?$' then 'TABLE'
      when p.name ~ '(^|_)(databases?|dbs?|schemas?)(_?names?|_list)?(_?[0-9]+|_(source|src|target|in|out))?$' then 'DATABASE'
      end as kind) as k
  where k.kind is not null;
  end;
comment on function a2o_private.glue_arguments(jsonb) is 'Those arguments of a Glue run that name databases, tables and places on S3, with the part that their names give them: SOURCE, TARGET or ANY. A list, with commas or as JSON, gives a row each.';
revoke all on function a2o_private.glue_arguments(jsonb) from public;
