-- Deleting an assessment deletes its tables, as the foreign key of a plain schema would. A large one loses its partition.
create or replace function a2o_private.forget_tables_of_assessment() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_partition regclass := to_regclass(format('a2o.%I', 'tables_' || replace(old.id::text, '-', '')));
begin
  if own_partition is not null then
    execute format('drop table %s', own_partition);
  else
    delete from a2o.tables_shared t where t.assessment_id = old.id;
  end if;
  return old;
end
$$;
comment on function a2o_private.forget_tables_of_assessment() is 'Deletes the tables of a deleted assessment.';

drop trigger if exists forget_tables on a2o.assessments;
create trigger forget_tables before delete on a2o.assessments
  for each row execute function a2o_private.forget_tables_of_assessment();
