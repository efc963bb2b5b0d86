-- Two neighbours without tables that only one of them could read: what changed is stored, and all other tables have the verdict
-- that they had. So few rows are read.
create or replace function a2o_private.moves_of_stored_changes(from_assessment uuid, to_assessment uuid) returns setof a2o.readiness_move
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query execute format($sql$
    with changed as (
      select c.change, o.migration_readiness as readiness_before, n.migration_readiness as readiness_after
      from a2o.assessment_changes c
      left join %s o on o.assessment_id = $1 and o.database_name = c.database_name and o.table_name = c.table_name
      left join %s n on n.assessment_id = $2 and n.database_name = c.database_name and n.table_name = c.table_name
      where c.assessment_id = $2),
    moved as (
      select case c.change when 'ADDED' then 'ADDED' when 'REMOVED' then 'REMOVED' else 'KEPT' end::a2o.table_fate as fate,
        c.readiness_before, c.readiness_after, count(*) as tables
      from changed c group by 1, 2, 3
      union all
      select 'KEPT', r.migration_readiness, r.migration_readiness,
        sum(r.table_count) - (select count(*) from changed c where c.readiness_after = r.migration_readiness)
      from a2o.format_rollups r where r.assessment_id = $2 group by r.migration_readiness)
    select m.fate, m.readiness_before, m.readiness_after, sum(m.tables)::integer
    from moved m group by 1, 2, 3 having sum(m.tables) > 0 $sql$,
    a2o_private.partition_of(from_assessment), a2o_private.partition_of(to_assessment))
  using from_assessment, to_assessment;
end
$$;
comment on function a2o_private.moves_of_stored_changes(uuid, uuid) is 'How many tables went from which verdict to which, from the changes that are stored for the later of two neighbours.';
revoke all on function a2o_private.moves_of_stored_changes(uuid, uuid) from public;

-- Any other two: one merge of both, in the order of the key.
create or replace function a2o_private.merged_moves(from_assessment uuid, to_assessment uuid) returns setof a2o.readiness_move
  language plpgsql stable set search_path = pg_catalog, pg_temp set enable_hashjoin = off set enable_nestloop = off as $$
begin
  return query execute $sql$
    select case
        when o.table_name is null then case when n.database_name = any ($3) then 'UNREAD_BEFORE' else 'ADDED' end
        when n.table_name is null then case when o.database_name = any ($4) then 'UNREAD_AFTER' else 'REMOVED' end
        else 'KEPT' end::a2o.table_fate as fate,
      o.migration_readiness, n.migration_readiness, count(*)::integer
    from (select t.database_name, t.table_name, t.migration_readiness from a2o.tables t where t.assessment_id = $1) as o
    full join (select t.database_name, t.table_name, t.migration_readiness from a2o.tables t where t.assessment_id = $2) as n
      on n.database_name = o.database_name and n.table_name = o.table_name
    group by 1, 2, 3 $sql$
  using from_assessment, to_assessment, a2o_private.unread_elsewhere(to_assessment, from_assessment), a2o_private.unread_elsewhere(from_assessment, to_assessment);
end
$$;
comment on function a2o_private.merged_moves(uuid, uuid) is 'How many tables went from which verdict to which, from both assessments. A table whose database the other one did not read in full is neither new nor gone.';
revoke all on function a2o_private.merged_moves(uuid, uuid) from public;

-- Definer, as compare_assessments: two million rows are merged without the policies; both accounts are checked first.
create or replace function a2o.readiness_moves(from_assessment uuid, to_assessment uuid, across_catalogs boolean default false)
  returns setof a2o.readiness_move
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  o a2o.assessments := a2o_private.readable_assessment(from_assessment);
  n a2o.assessments := a2o_private.readable_assessment(to_assessment);
begin
  perform a2o_private.check_comparison(o, n, across_catalogs);
  if exists (select from a2o.assessment_churn c where c.assessment_id = n.id and c.previous_id = o.id and c.is_listed)
    -- What was not read in full on one side is in the way only where the other side has tables of it.
    and not exists (
      select from a2o.databases d where d.assessment_id in (o.id, n.id) and d.table_count > 0
        and d.database_name = any (a2o_private.unread_elsewhere(n.id, o.id) || a2o_private.unread_elsewhere(o.id, n.id))) then
    return query select * from a2o_private.moves_of_stored_changes(o.id, n.id);
  else
    return query select * from a2o_private.merged_moves(o.id, n.id);
  end if;
end
$$;
comment on function a2o.readiness_moves(uuid, uuid, boolean) is
'How many tables went from which verdict to which between two assessments. A table whose database the other one did not read in full is neither new nor gone. Quick for an assessment and the one before it, unless only one of them could read some tables; else some seconds for a million tables. Errors: A2O12 no such assessment, A2O14 different accounts or regions without across_catalogs.';
revoke all on function a2o.readiness_moves(uuid, uuid, boolean) from public;
grant execute on function a2o.readiness_moves(uuid, uuid, boolean) to a2o_reader, a2o_ingest;
