-- Definer: each assessment is looked into by its own value, so that only its partition is planned for, and columns are compared,
-- which readers cannot reach. The account is checked first, and every assessment is of that account.
create or replace function a2o.table_history(assessment_id uuid, database_name text, table_name text, newest integer default 100)
  returns setof a2o.table_sighting
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  here a2o.assessments := a2o_private.readable_assessment(table_history.assessment_id);
  one record;
  found_row a2o.tables;
  last_found a2o.tables;
  seen a2o.table_sighting;
  change a2o.table_change;
begin
  for one in
    select a.id, a.timestamp, a.origin, coalesce(c.status, listed.status) as status
    from (
      select x.id, x.timestamp, x.origin from a2o.assessments x
      where x.aws_account_id = here.aws_account_id and x.region = here.region
      order by x.timestamp desc, x.id limit least(greatest(table_history.newest, 1), 1000)) as a
    left join a2o.database_coverage c on c.assessment_id = a.id and c.database_name = table_history.database_name
    left join a2o.database_coverage listed on listed.assessment_id = a.id and listed.database_name = ''
    order by a.timestamp, a.id desc
  loop
    execute 'select t.* from a2o.tables t where t.assessment_id = $1 and t.database_name = $2 and t.table_name = $3'
      into found_row using one.id, table_history.database_name, table_history.table_name;
    seen := null;
    seen.assessment_id := one.id;
    seen.timestamp := one.timestamp;
    if found_row.table_name is null then
      seen.sighting := case when coalesce(one.status, 'COMPLETE') = 'COMPLETE' then 'ABSENT' else 'UNREAD' end;
    else
      seen.sighting := 'FOUND';
      seen.table_format := found_row.table_format;
      seen.migration_readiness := found_row.migration_readiness;
      seen.size_bytes := found_row.size_bytes;
      seen.row_count := found_row.row_count;
      seen.column_count := found_row.column_count;
      seen.storage_location := found_row.storage_location;
      if last_found.table_name is not null and last_found.content_hash <> found_row.content_hash then
        change := a2o_private.describe_change(last_found, found_row);
        seen.attributes := change.attributes;
        seen.column_changes := change.column_changes;
      end if;
      last_found := found_row;
    end if;
    return next seen;
  end loop;
end
$$;
comment on function a2o.table_history(uuid, text, text, integer) is
'A table in the assessments of the same account and region, oldest first: what it was in each, what had changed since it was last found, and where it could not be seen because its database was not read. newest limits it to so many assessments. Error: A2O12 no such assessment.';
revoke all on function a2o.table_history(uuid, text, text, integer) from public;
grant execute on function a2o.table_history(uuid, text, text, integer) to a2o_reader, a2o_ingest;
