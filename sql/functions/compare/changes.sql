-- Databases whose tables in `here` say nothing about `there`, because they were not read in full there.
create or replace function a2o_private.unread_elsewhere(here uuid, there uuid) returns text[]
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(h.database_name), '{}')
  from a2o.database_coverage h
  left join a2o.database_coverage t on t.assessment_id = there and t.database_name = h.database_name
  where h.assessment_id = here and h.database_name <> ''
    and case when t.database_name is not null then t.status <> 'COMPLETE'
      -- Not in a list that is itself incomplete: it may have been there.
      else exists (select from a2o.database_coverage l where l.assessment_id = there and l.database_name = '' and l.status <> 'COMPLETE')
        -- Or nobody wanted it there.
        or exists (select from a2o.assessments a where a.id = there and a.reported #> '{assessment_metadata,scope}' is not null) end
$$;
comment on function a2o_private.unread_elsewhere(uuid, uuid) is 'Databases of the first assessment that the second one did not read in full, may not have listed, or was told to leave out.';
revoke all on function a2o_private.unread_elsewhere(uuid, uuid) from public;

-- One merge of two scans in the order of the key. $1 and $2 are the assessments, $3 and $4 unread_elsewhere both ways, $5 the
-- key to go on after. Rows with equal hashes are not looked into. A report does not tell columns, so against one they count as
-- equal.
create or replace function a2o_private.changes_query(goes_on boolean, one_database boolean default false) returns text
  language sql stable
  return format($sql$
    select coalesce(n.database_name, o.database_name) as database_name, coalesce(n.table_name, o.table_name) as table_name,
      case when o.table_name is null then 'ADDED' when n.table_name is null then 'REMOVED' else 'CHANGED' end::a2o.change_kind as change,
      o.table_name is null as is_added, n.table_name is null as is_removed
    from (select * from a2o.tables t where t.assessment_id = $1%1$s) as o
    full join (select * from a2o.tables t where t.assessment_id = $2%1$s) as n on n.database_name = o.database_name and n.table_name = o.table_name
    where o.content_hash is distinct from n.content_hash and case
      when o.table_name is null then $3 = '{}' or n.database_name <> all ($3)
      when n.table_name is null then $4 = '{}' or o.database_name <> all ($4)
      else (o.column_schema_hash is not null and n.column_schema_hash is not null and o.column_schema_hash <> n.column_schema_hash)
        or row(o.table_format, o.storage_location, o.size_bytes, o.partition_keys, o.column_count, o.last_updated, o.migration_readiness, o.table_type, o.row_count)
          is distinct from
          row(n.table_format, n.storage_location, n.size_bytes, n.partition_keys, n.column_count, n.last_updated, n.migration_readiness, n.table_type, n.row_count) end
  $sql$, case when goes_on then ' and (t.database_name, t.table_name) > ($5[1], $5[2])' else '' end
    || case when one_database then ' and t.database_name = $6' else '' end);
comment on function a2o_private.changes_query(boolean, boolean) is 'SQL of the tables that differ between two assessments.';

create or replace function a2o_private.count_changes(from_assessment uuid, to_assessment uuid, out added integer, out removed integer, out changed integer)
  language plpgsql stable set search_path = pg_catalog, pg_temp set enable_hashjoin = off set enable_nestloop = off as $$
begin
  execute format($sql$
    select count(*) filter (where is_added), count(*) filter (where is_removed), count(*) filter (where not is_added and not is_removed)
    from (%s) as c $sql$, a2o_private.changes_query(goes_on => false))
  using from_assessment, to_assessment, a2o_private.unread_elsewhere(to_assessment, from_assessment), a2o_private.unread_elsewhere(from_assessment, to_assessment)
  into added, removed, changed;
end
$$;
comment on function a2o_private.count_changes(uuid, uuid) is 'How many tables differ between two assessments.';
revoke all on function a2o_private.count_changes(uuid, uuid) from public;

create or replace function a2o_private.previous_assessment(assessment_id uuid) returns uuid
  language sql stable
  return (
    select earlier.id from a2o.assessments a
    join a2o.assessments earlier on earlier.aws_account_id = a.aws_account_id and earlier.region = a.region
      and (earlier.timestamp < a.timestamp or earlier.timestamp = a.timestamp and earlier.id > a.id)
    where a.id = previous_assessment.assessment_id
    order by earlier.timestamp desc, earlier.id limit 1);
comment on function a2o_private.previous_assessment(uuid) is 'The assessment before it, of the same account and region.';
revoke all on function a2o_private.previous_assessment(uuid) from public;

create or replace function a2o_private.forget_changes(assessment_id uuid) returns void
  language sql volatile set search_path = pg_catalog, pg_temp as $$
  delete from a2o.assessment_changes c where c.assessment_id = forget_changes.assessment_id;
  delete from a2o.assessment_churn c where c.assessment_id = forget_changes.assessment_id;
$$;
comment on function a2o_private.forget_changes(uuid) is 'Deletes the stored changes of an assessment.';
revoke all on function a2o_private.forget_changes(uuid) from public;

create or replace function a2o_private.store_changes(assessment_id uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp set enable_hashjoin = off set enable_nestloop = off as $$
declare
  previous uuid := a2o_private.previous_assessment(assessment_id);
  account text := (select a.aws_account_id from a2o.assessments a where a.id = store_changes.assessment_id);
begin
  perform a2o_private.forget_changes(assessment_id);
  if previous is null then
    return;
  end if;
  insert into a2o.assessment_churn (assessment_id, previous_id, aws_account_id, tables_added, tables_removed, tables_changed, is_listed)
  values (store_changes.assessment_id, previous, account, 0, 0, 0, true);
  execute format($sql$
    with changes as materialized (%s),
    counts as (
      select count(*) filter (where change = 'ADDED') as added, count(*) filter (where change = 'REMOVED') as removed,
        count(*) filter (where change = 'CHANGED') as changed from changes),
    kept as (
      insert into a2o.assessment_changes (assessment_id, database_name, table_name, aws_account_id, change)
      select $2, database_name, table_name, $5, change from changes where (select added + removed + changed <= 100000 from counts))
    update a2o.assessment_churn c set tables_added = added, tables_removed = removed, tables_changed = changed,
      is_listed = added + removed + changed <= 100000
    from counts where c.assessment_id = $2 $sql$, a2o_private.changes_query(goes_on => false))
  using previous, assessment_id, a2o_private.unread_elsewhere(assessment_id, previous), a2o_private.unread_elsewhere(previous, assessment_id), account;
end
$$;
comment on function a2o_private.store_changes(uuid) is 'Writes how an assessment differs from the one before it; up to 100,000 changes are listed.';
revoke all on function a2o_private.store_changes(uuid) from public;

-- Of tables already found to differ: what about them does.
create or replace function a2o_private.describe_column_changes(before jsonb, after jsonb) returns a2o.column_change[]
  language sql stable set search_path = pg_catalog, pg_temp as $$
  with described(side, name, type, place) as (
    select distinct on (side, c.col ->> 'name') side, c.col ->> 'name',
      coalesce(c.col ->> 'type', '') || case when c.col ->> 'partition' = 'true' then ' (partition key)' else '' end, c.place
    from (values ('before', before), ('after', after)) as s(side, columns)
    cross join jsonb_array_elements(s.columns) with ordinality as c(col, place)
    order by side, c.col ->> 'name', c.place)
  select array_agg(row(coalesce(b.name, a.name),
      case when b.name is null then 'ADDED' when a.name is null then 'REMOVED' else 'RETYPED' end, b.type, a.type)::a2o.column_change
      order by coalesce(a.place, b.place), coalesce(b.name, a.name))
  from (select * from described where side = 'before') as b
  full join (select * from described where side = 'after') as a using (name)
  where b.type is distinct from a.type
$$;
comment on function a2o_private.describe_column_changes(jsonb, jsonb) is 'Columns that came, went or changed their type between two column lists.';
revoke all on function a2o_private.describe_column_changes(jsonb, jsonb) from public;

create or replace function a2o_private.describe_change(o a2o.tables, n a2o.tables) returns a2o.table_change
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  answer a2o.table_change;
begin
  answer.database_name := coalesce(n.database_name, o.database_name);
  answer.table_name := coalesce(n.table_name, o.table_name);
  answer.change := case when o.table_name is null then 'ADDED' when n.table_name is null then 'REMOVED' else 'CHANGED' end;
  select array_agg(row(a.attribute, a.before, a.after)::a2o.attribute_change order by a.place) into answer.attributes
  from (values
    (1, 'table_format', o.table_format::text, n.table_format::text),
    (2, 'migration_readiness', o.migration_readiness::text, n.migration_readiness::text),
    (3, 'storage_location', o.storage_location, n.storage_location),
    (4, 'size_bytes', o.size_bytes::text, n.size_bytes::text),
    (5, 'row_count', o.row_count::text, n.row_count::text),
    (6, 'partition_keys', to_json(o.partition_keys)::text, to_json(n.partition_keys)::text),
    (7, 'column_count', o.column_count::text, n.column_count::text),
    (8, 'table_type', o.table_type, n.table_type),
    (9, 'last_updated', to_char(o.last_updated at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      to_char(n.last_updated at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))) as a(place, attribute, before, after)
  where a.before is distinct from a.after;
  if o.column_schema_hash <> n.column_schema_hash then
    answer.column_changes := a2o_private.describe_column_changes(
      (select s.columns from a2o.column_schemas s where s.schema_hash = o.column_schema_hash),
      (select s.columns from a2o.column_schemas s where s.schema_hash = n.column_schema_hash));
    if answer.column_changes is null then
      answer.attributes := answer.attributes || row('columns', null, 'order or comments changed')::a2o.attribute_change;
    end if;
  end if;
  return answer;
end
$$;
comment on function a2o_private.describe_change(a2o.tables, a2o.tables) is 'What differs between a table before and after; either may be null.';
revoke all on function a2o_private.describe_change(a2o.tables, a2o.tables) from public;
