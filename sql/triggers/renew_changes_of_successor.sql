-- Changes against a deleted assessment mean nothing any more. Those of small ones are found again at once; large ones would make
-- deleting slow, so tidy_assessments() does them, and until then comparisons read both assessments.
create or replace function a2o_private.renew_changes_of_successor() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  successor uuid := a2o_private.next_assessment(old.aws_account_id, old.region, old.timestamp, old.id);
begin
  if successor is null then
    return null;
  end if;
  perform a2o_private.forget_changes(successor);
  if not a2o_private.is_large_assessment(successor)
    and not a2o_private.is_large_assessment(coalesce(a2o_private.previous_assessment(successor), successor))
  then
    perform a2o_private.store_changes(successor);
  end if;
  return null;
end
$$;
comment on function a2o_private.renew_changes_of_successor() is 'Compares the assessment after a deleted one with the one before it.';

drop trigger if exists renew_changes_of_successor on a2o.assessments;
create trigger renew_changes_of_successor after delete on a2o.assessments
  for each row execute function a2o_private.renew_changes_of_successor();
