-- Table mappings of a DMS task, read rule by rule.
create or replace function a2o_private.dms_rules(definition jsonb)
  returns table (place integer, rule_id text, kind text, action text, target text, schema_pattern text, table_pattern text, value text, old_value text)
  language sql immutable parallel safe begin atomic
  select e.ordinality::integer, e.rule ->> 'rule-id', lower(e.rule ->> 'rule-type'), lower(e.rule ->> 'rule-action'), lower(e.rule ->> 'rule-target'),
    e.rule #>> '{object-locator,schema-name}', e.rule #>> '{object-locator,table-name}', e.rule ->> 'value', e.rule ->> 'old-value'
  from jsonb_array_elements(case when jsonb_typeof(definition -> 'rules') = 'array' then definition -> 'rules' else '[]' end) with ordinality as e(rule, ordinality)
  where jsonb_typeof(e.rule) = 'object';
  end;
comment on function a2o_private.dms_rules(jsonb) is 'The rules of DMS table mappings, in their order.';
revoke all on function a2o_private.dms_rules(jsonb) from public;

create or replace function a2o_private.dms_selects(definition jsonb, schema_name text, table_name text) returns boolean
  language sql immutable parallel safe
  return (
    select coalesce(bool_or(r.action in ('include', 'explicit')), false) and not coalesce(bool_or(r.action = 'exclude'), false)
    from a2o_private.dms_rules(definition) r
    where r.kind = 'selection' and case r.action
      when 'explicit' then lower(r.schema_pattern) = lower(dms_selects.schema_name) and lower(r.table_pattern) = lower(dms_selects.table_name)
      else a2o_private.dms_fits(dms_selects.schema_name, r.schema_pattern) and a2o_private.dms_fits(dms_selects.table_name, r.table_pattern) end);
comment on function a2o_private.dms_selects(jsonb, text, text) is 'Whether table mappings select a table of the source: included, or named explicitly, and not excluded.';
revoke all on function a2o_private.dms_selects(jsonb, text, text) from public;

create or replace function a2o_private.dms_renamed(name text, action text, value text, old_value text) returns text
  language sql immutable parallel safe
  return case action
    when 'rename' then coalesce(value, name)
    when 'add-prefix' then coalesce(value, '') || name
    when 'add-suffix' then name || coalesce(value, '')
    when 'remove-prefix' then case when starts_with(name, value) then substr(name, length(value) + 1) else name end
    when 'remove-suffix' then case when right(name, length(value)) = value then left(name, length(name) - length(value)) else name end
    when 'replace-prefix' then case when starts_with(name, old_value) then coalesce(value, '') || substr(name, length(old_value) + 1) else name end
    when 'replace-suffix' then case when right(name, length(old_value)) = old_value then left(name, length(name) - length(old_value)) || coalesce(value, '') else name end
    when 'convert-lowercase' then lower(name)
    when 'convert-uppercase' then upper(name)
    else name end;
comment on function a2o_private.dms_renamed(text, text, text, text) is 'A name after one action of a DMS transformation rule.';
revoke all on function a2o_private.dms_renamed(text, text, text, text) from public;

-- DMS applies one transformation to a schema's name and one to a table's: the first that fits.
create or replace function a2o_private.dms_target(definition jsonb, schema_name text, table_name text) returns text[]
  language sql immutable parallel safe
  return array[
    coalesce((
      select a2o_private.dms_renamed(dms_target.schema_name, r.action, r.value, r.old_value) from a2o_private.dms_rules(definition) r
      where r.kind = 'transformation' and r.target = 'schema' and a2o_private.dms_fits(dms_target.schema_name, r.schema_pattern)
      order by r.place limit 1), dms_target.schema_name),
    coalesce((
      select a2o_private.dms_renamed(dms_target.table_name, r.action, r.value, r.old_value) from a2o_private.dms_rules(definition) r
      where r.kind = 'transformation' and r.target = 'table' and a2o_private.dms_fits(dms_target.schema_name, r.schema_pattern)
        and a2o_private.dms_fits(dms_target.table_name, r.table_pattern)
      order by r.place limit 1), dms_target.table_name)];
comment on function a2o_private.dms_target(jsonb, text, text) is 'Schema and name that a table of the source gets in the target.';
revoke all on function a2o_private.dms_target(jsonb, text, text) from public;

-- Names are guessed by undoing each rule, then taken through the rules again: only what comes out as it should is an answer.
create or replace function a2o_private.dms_sources(definition jsonb, schema_name text, target_table text) returns setof text
  language sql immutable parallel safe begin atomic
  select distinct g.name
  from (
    select target_table
    union all
    select case r.action
      when 'rename' then a2o_private.dms_literal(r.table_pattern)
      when 'add-prefix' then case when starts_with(lower(target_table), lower(r.value)) then substr(target_table, length(r.value) + 1) end
      when 'add-suffix' then case when right(lower(target_table), length(r.value)) = lower(r.value) then left(target_table, length(target_table) - length(r.value)) end
      when 'remove-prefix' then r.value || target_table
      when 'remove-suffix' then target_table || r.value
      when 'replace-prefix' then case when starts_with(lower(target_table), lower(r.value)) then r.old_value || substr(target_table, length(r.value) + 1) end
      when 'replace-suffix' then case when right(lower(target_table), length(r.value)) = lower(r.value)
        then left(target_table, length(target_table) - length(r.value)) || r.old_value end
      end
    from a2o_private.dms_rules(definition) r where r.kind = 'transformation' and r.target = 'table') as g(name)
  where g.name <> '' and a2o_private.dms_selects(definition, dms_sources.schema_name, g.name)
    and lower((a2o_private.dms_target(definition, dms_sources.schema_name, g.name))[2]) = lower(target_table);
  end;
comment on function a2o_private.dms_sources(jsonb, text, text) is 'Names of tables in a schema of the source that table mappings select and that get this name in the target.';
revoke all on function a2o_private.dms_sources(jsonb, text, text) from public;
