-- Definer, as compare_assessments: two million rows are merged without the policies; both accounts are checked first.
create or replace function a2o.readiness_moves(from_assessment uuid, to_assessment uuid, across_catalogs boolean default false)
  returns setof a2o.readiness_move
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp set enable_hashjoin = off set enable_nestloop = off as $$
declare
  o a2o.assessments := a2o_private.readable_assessment(from_assessment);
  n a2o.assessments := a2o_private.readable_assessment(to_assessment);
begin
  perform a2o_private.check_comparison(o, n, across_catalogs);
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
  using o.id, n.id, a2o_private.unread_elsewhere(n.id, o.id), a2o_private.unread_elsewhere(o.id, n.id);
end
$$;
comment on function a2o.readiness_moves(uuid, uuid, boolean) is
'How many tables went from which verdict to which between two assessments. A table whose database the other one did not read in full is neither new nor gone. Some seconds for a million tables. Errors: A2O12 no such assessment, A2O14 different accounts or regions without across_catalogs.';
revoke all on function a2o.readiness_moves(uuid, uuid, boolean) from public;
grant execute on function a2o.readiness_moves(uuid, uuid, boolean) to a2o_reader, a2o_ingest;
