-- Tables that the arguments of Glue runs name. An argument that fits one table is certain, one that fits several is not. Nor is
-- a whole database or folder, since nobody says what the script takes from it; such are offered only when nothing is certain.
-- Arguments that name a target count only when no others do.
create or replace function a2o_private.found_glue_links(assessment_id uuid, scopes uuid[]) returns setof a2o_private.found_link
  language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
begin
  return query
  with every_argument as (
    select s.id, a.*, bool_or(a.role <> 'TARGET') over (partition by s.id) as has_source, bool_or(a.role = 'SOURCE') over (partition by s.id, a.kind) as has_named_source
    from a2o_private.job_scopes s cross join lateral a2o_private.glue_arguments(s.definition -> 'Arguments') a
    where s.id = any (scopes) and s.job_type = 'GLUE_JOB'),
  argument as materialized (
    select a.id, a.argument, a.kind, a.role, a.value, lower(a.value) as name, string_to_array(lower(a.value), '.') as parts, a2o_private.location_key(a.value) as key
    from every_argument a
    where a.role <> 'TARGET' or not a.has_source),
  base as materialized (
    select distinct a.id, a.name as database_name, a.argument from argument a join every_argument e using (id, argument, kind, value)
    where a.kind = 'DATABASE' and (a.role = 'SOURCE' or not e.has_named_source)),
  wanted as (
    -- It says its database itself: database.table or catalog.database.table.
    select a.*, a.parts[cardinality(a.parts) - 1] as in_database, a.parts[cardinality(a.parts)] as table_key from argument a where a.kind = 'TABLE' and cardinality(a.parts) > 1
    union all
    select a.*, b.database_name, a.name from argument a join base b on b.id = a.id where a.kind = 'TABLE' and cardinality(a.parts) = 1
    union all
    select a.*, d.database_name, a.name from argument a join a2o.databases d on d.assessment_id = found_glue_links.assessment_id
    where a.kind = 'TABLE' and cardinality(a.parts) = 1 and not exists (select from base b where b.id = a.id)),
  met as (
    select w.id, t.database_name, t.table_name, w.argument, w.value, w.role, 'NAMED' as matched,
      count(*) over (partition by w.id, w.argument, w.value) as fits
    from (select distinct x.id, x.argument, x.value, x.role, x.in_database, x.table_key from wanted x) as w
    join a2o.tables t on t.assessment_id = found_glue_links.assessment_id and t.database_name = w.in_database and t.table_name = w.table_key
    union all
    select a.id, t.database_name, t.table_name, a.argument, a.value, a.role, 'LOCATION', 1
    from argument a cross join lateral a2o_private.tables_in_folder(found_glue_links.assessment_id, a.key, a.key) as t
    where a.kind = 'PATH'
    union all
    select a.id, t.database_name, t.table_name, a.argument, a.value, a.role, 'IN_FOLDER', count(*) over (partition by a.id, a.argument, a.value)
    from argument a
    -- What comes after the folder itself begins with more than its slash.
    cross join lateral a2o_private.tables_in_folder(found_glue_links.assessment_id, a.key || U&'\0001', a.key || U&'\+10FFFF') as t
    where a.kind = 'PATH'
    union all
    select a.id, t.database_name, t.table_name, a.argument, a.value, a.role, 'FOLDER_IN_TABLE', 2
    from argument a cross join lateral a2o_private.folders_above(a.key) as f(folder)
    cross join lateral a2o_private.tables_in_folder(found_glue_links.assessment_id, f.folder, f.folder) as t
    where a.kind = 'PATH'
    union all
    select b.id, t.database_name, t.table_name, b.argument, b.database_name, 'ANY', 'IN_DATABASE', d.table_count
    from base b join a2o.databases d on d.assessment_id = found_glue_links.assessment_id and d.database_name = b.database_name
    join a2o.tables t on t.assessment_id = found_glue_links.assessment_id and t.database_name = d.database_name
    where not exists (select from argument a where a.id = b.id and a.kind = 'TABLE')),
  decided as (
    select m.*, case when m.fits = 1 and m.role <> 'TARGET' then 'LINKED' else 'CANDIDATE' end::a2o.link_state as state from met m),
  single as (
    select distinct on (d.id, d.database_name, d.table_name) d.*, bool_or(d.state = 'LINKED') over (partition by d.id) as has_certain
    from decided d order by d.id, d.database_name, d.table_name, d.state = 'LINKED' desc, d.matched = 'NAMED' desc, d.argument, d.value)
  select s.id, s.database_name::text, s.table_name::text, s.state, 'GLUE_ARGUMENT'::a2o.link_source, null::text, null::text,
    jsonb_strip_nulls(jsonb_build_object('argument', s.argument, 'value', s.value, 'matched', s.matched, 'fits', nullif(case s.matched when 'FOLDER_IN_TABLE' then 1 else s.fits end, 1)))
  from single s where s.state = 'LINKED' or s.matched = 'NAMED' or not s.has_certain;
end
$$;
comment on function a2o_private.found_glue_links(uuid, uuid[]) is 'Links of the Glue runs of these scopes to tables of an assessment.';
revoke all on function a2o_private.found_glue_links(uuid, uuid[]) from public;
