-- Which tables of an assessment the DMS tasks of some scopes move. Once DMS counts the tables of a task, those are its tables;
-- before, its selection rules are compared with the catalog. A table of the source is found in the catalog by its own name
-- (schema = database), by the name it gets in the target, or, for an entry that a crawler read over JDBC, by its location
-- (database.schema.table). One that fits a single entry is certain; one that fits several is for a person to decide.
create or replace function a2o_private.found_dms_links(assessment_id uuid, scopes uuid[]) returns setof a2o_private.found_link
  language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
begin
  return query
  with scope as materialized (
    select s.id, s.definition, exists (select from a2o_private.dms_rules(s.definition) r where r.kind = 'transformation' and r.target in ('schema', 'table')) as renames,
      exists (select from a2o.migration_jobs j join a2o.migration_job_tables t on t.job_id = j.id where j.scope_id = s.id) as is_told
    from a2o_private.job_scopes s where s.id = any (scopes) and s.job_type = 'DMS'),
  jdbc as materialized (
    select t.database_name, t.table_name, lower(split_part(t.storage_location, '.', -2)) as source_schema, lower(split_part(t.storage_location, '.', -1)) as source_table
    from a2o.tables t
    where t.assessment_id = found_dms_links.assessment_id and t.table_format = 'JDBC' and t.storage_location like '%_.%_' and exists (select from scope)),
  told as materialized (
    select distinct s.id, m.schema_name, m.table_name, s.renames, s.definition
    from scope s join a2o.migration_jobs j on j.scope_id = s.id join a2o.migration_job_tables m on m.job_id = j.id
    where s.is_told),
  named as (
    select t.id, t.schema_name, t.table_name, lower(t.schema_name) as to_database, lower(t.table_name) as to_table, 'NAME' as matched from told t
    union
    select t.id, t.schema_name, t.table_name, lower(x.name[1]), lower(x.name[2]), 'TARGET_NAME'
    from told t cross join lateral (select a2o_private.dms_target(t.definition, t.schema_name, t.table_name) as name) as x where t.renames),
  rule as materialized (
    select s.id, s.definition, s.renames, r.place, r.rule_id, r.action, r.schema_pattern, r.table_pattern,
      case r.action when 'explicit' then lower(r.schema_pattern) else a2o_private.dms_literal(r.schema_pattern) end as schema_name,
      case r.action when 'explicit' then replace(replace(replace(lower(r.schema_pattern), '\', '\\'), '%', '\%'), '_', '\_') else a2o_private.dms_like(r.schema_pattern) end as schema_like,
      case r.action when 'explicit' then replace(replace(replace(lower(r.table_pattern), '\', '\\'), '%', '\%'), '_', '\_') else a2o_private.dms_like(r.table_pattern) end as table_like,
      a2o_private.dms_regex(r.schema_pattern) as schema_regex, a2o_private.dms_regex(r.table_pattern) as table_regex,
      case r.action when 'explicit' then lower(r.table_pattern) else a2o_private.dms_prefix(r.table_pattern) end as table_prefix
    from scope s cross join lateral a2o_private.dms_rules(s.definition) r
    where not s.is_told and r.kind = 'selection' and r.action in ('include', 'explicit', 'exclude') and r.schema_pattern is not null and r.table_pattern is not null),
  -- Aggregated, so that each table is compared with the few that its own task excludes.
  excluded as materialized (
    select r.id, array_agg(r.schema_like) as schema_likes, array_agg(r.schema_regex) as schema_regexes, array_agg(r.table_like) as table_likes, array_agg(r.table_regex) as table_regexes
    from rule r where r.action = 'exclude' group by r.id),
  place as materialized (
    select r.*, d.database_name
    from rule r join a2o.databases d on d.assessment_id = found_dms_links.assessment_id
      and coalesce(lower(d.database_name) like r.schema_like, lower(d.database_name) ~ r.schema_regex)
    where r.action <> 'exclude'),
  fitting as (
    select p.id, p.database_name as schema_name, t.table_name, t.database_name as to_database, t.table_name as to_table, 'NAME' as matched, p.rule_id, p.place,
      p.schema_name is not distinct from lower(p.database_name) as is_named
    from place p
    cross join lateral (
      select x.database_name, x.table_name from a2o.tables x
      where x.assessment_id = found_dms_links.assessment_id and x.database_name = p.database_name
        and x.table_name >= p.table_prefix and x.table_name < p.table_prefix || U&'\+10FFFF'
      -- Keeps the order: places first, then their tables by the key.
      offset 0) as t
    where coalesce(lower(t.table_name) like p.table_like, lower(t.table_name) ~ p.table_regex)
    union all
    select r.id, j.source_schema, j.source_table, j.database_name, j.table_name, 'LOCATION', r.rule_id, r.place, true
    from rule r join jdbc j on j.source_schema = r.schema_name
    where r.action <> 'exclude' and coalesce(j.source_table like r.table_like, j.source_table ~ r.table_regex)
    union all
    select r.id, r.schema_name, g.source_table, t.database_name, t.table_name, 'TARGET_NAME', r.rule_id, r.place, true
    from (select distinct on (x.id, x.schema_name) x.* from rule x where x.renames and x.action <> 'exclude' and x.schema_name is not null order by x.id, x.schema_name, x.place) as r
    join a2o.tables t on t.assessment_id = found_dms_links.assessment_id and t.database_name = lower((a2o_private.dms_target(r.definition, r.schema_name, ''))[1])
    cross join lateral a2o_private.dms_sources(r.definition, r.schema_name, t.table_name) as g(source_table)),
  selected as (
    select f.* from fitting f left join excluded e on e.id = f.id
    where e.id is null or not exists (
      select from unnest(e.schema_likes, e.schema_regexes, e.table_likes, e.table_regexes) as x(schema_like, schema_regex, table_like, table_regex)
      where coalesce(lower(f.schema_name) like x.schema_like, lower(f.schema_name) ~ x.schema_regex)
        and coalesce(lower(f.table_name) like x.table_like, lower(f.table_name) ~ x.table_regex))),
  met as (
    select n.id, n.schema_name, n.table_name, t.database_name as to_database, t.table_name as to_table, n.matched, null as rule_id, 0 as place, true as is_named
    from named n join a2o.tables t on t.assessment_id = found_dms_links.assessment_id and t.database_name = n.to_database and t.table_name = n.to_table
    union all
    select n.id, n.schema_name, n.table_name, j.database_name, j.table_name, 'LOCATION', null, 0, true
    from told n join jdbc j on j.source_schema = lower(n.schema_name) and j.source_table = lower(n.table_name)
    union all
    select s.id, s.schema_name, s.table_name, s.to_database, s.to_table, s.matched, s.rule_id, s.place, s.is_named from selected s),
  single as (
    select distinct on (m.id, m.to_database, m.to_table) m.*, lower(m.schema_name) as schema_key, lower(m.table_name) as table_key
    from met m order by m.id, m.to_database, m.to_table, m.is_named desc, m.matched = 'NAME' desc, m.place, m.schema_name, m.table_name),
  counted as (select s.*, count(*) over (partition by s.id, s.schema_key, s.table_key) as fits from single s)
  select c.id, c.to_database, c.to_table, case when c.fits = 1 and c.is_named then 'LINKED' else 'CANDIDATE' end::a2o.link_state, 'DMS_TABLE_MAPPING'::a2o.link_source,
    c.schema_name::text, c.table_name::text,
    jsonb_strip_nulls(jsonb_build_object('source', c.schema_name || '.' || c.table_name, 'matched', c.matched, 'told_by', case when c.rule_id is null then 'TABLE_STATISTICS' else 'SELECTION_RULE' end,
      'rule_id', c.rule_id, 'fits', nullif(c.fits, 1), 'any_schema', case when not c.is_named then true end))
  from counted c;
end
$$;
comment on function a2o_private.found_dms_links(uuid, uuid[]) is 'Links of the DMS tasks of these scopes to tables of an assessment.';
revoke all on function a2o_private.found_dms_links(uuid, uuid[]) from public;
