-- For the owner alone: who records adds to the history and takes nothing from it. What goes every night without anybody asking
-- stands in retention. Dropping a partition shuts readers of tables out until the commit, so it comes last, and waiting for it
-- is short: whoever waits holds up every reader who comes after.
create or replace function a2o.prune_assessments(
  keep_last integer default null, older_than interval default null, account_id text default null, region text default null, dry_run boolean default false
) returns table (id uuid, aws_account_id text, region_name text, assessed_at timestamptz, total_tables integer, is_simulated boolean)
  language plpgsql volatile set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  chosen uuid[];
begin
  if keep_last is null and older_than is null then
    raise exception 'nothing says which assessments may go' using errcode = 'A2O20', hint = 'Name keep_last, older_than, or both.';
  end if;
  if keep_last < 1 or older_than < interval '0' then
    raise exception 'keep_last must be 1 or more, and older_than not negative' using errcode = 'A2O20', hint = 'The newest assessment always stays.';
  end if;
  with ranked as (
    select a.id, a.timestamp, row_number() over (partition by a.aws_account_id, a.region order by a.timestamp desc, a.id) as place
    from a2o.assessments a
    where (prune_assessments.account_id is null or a.aws_account_id = prune_assessments.account_id)
      and (prune_assessments.region is null or a.region = prune_assessments.region))
  select coalesce(array_agg(r.id), '{}') into chosen from ranked r
  where r.place > greatest(coalesce(prune_assessments.keep_last, 1), 1)
    and (prune_assessments.older_than is null or r.timestamp < now() - prune_assessments.older_than);
  return query
    select a.id, a.aws_account_id::text, a.region::text, a.timestamp, a.total_tables, a.is_simulated
    from a2o.assessments a where a.id = any (chosen) order by a.aws_account_id, a.region, a.timestamp;
  if not dry_run then
    delete from a2o.assessments a where a.id = any (chosen) and not a2o_private.is_large_assessment(a.id);
    delete from a2o.assessments a where a.id = any (chosen) and a2o_private.is_large_assessment(a.id);
  end if;
end
$$;
comment on function a2o.prune_assessments(integer, interval, text, text, boolean) is
  E'@behavior -*\nDeletes assessments that are older than older_than and not among the newest keep_last of their account and region, and returns them; the newest one always stays. With dry_run it only tells. Error: A2O20 nothing says what may go; 55P03 when somebody reads or records at the moment.';
revoke all on function a2o.prune_assessments(integer, interval, text, text, boolean) from public;
