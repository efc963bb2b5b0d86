-- Every month has a partition of each table of samples and roll-ups. There is no default partition: one that holds rows would
-- have to be searched whenever a month is added. A partition is made beside its table and attached, which lets readers and
-- writers of the table go on.
create or replace function a2o_private.history_tables() returns text[]
  language sql immutable parallel safe
  return array['migration_progress', 'progress_5_minutes', 'progress_hours', 'migration_metrics', 'metrics_5_minutes', 'metrics_hours'];
comment on function a2o_private.history_tables() is 'Tables with a partition for each month.';
revoke all on function a2o_private.history_tables() from public;

-- Definer, so that partitions have the owner that their table has.
create or replace function a2o_private.make_history_partitions(moments timestamptz[]) returns integer
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  month timestamp;
  parent text;
  partition text;
  made integer := 0;
begin
  for month in
    select distinct date_trunc('month', m at time zone 'UTC') from unnest(moments) as m
    where m is not null and exists (
      select from unnest(a2o_private.history_tables()) as t where to_regclass('a2o.' || t || '_' || to_char(m at time zone 'UTC', 'YYYYMM')) is null)
    order by 1
  loop
    -- One at a time; and unlike an advisory lock this one shows what the one before made.
    lock table a2o.migration_progress in share update exclusive mode;
    foreach parent in array a2o_private.history_tables() loop
      partition := parent || '_' || to_char(month, 'YYYYMM');
      continue when to_regclass('a2o.' || partition) is not null;
      execute format('create table a2o.%I (like a2o.%I including all)', partition, parent);
      execute format('comment on table a2o.%I is %L', partition, E'@behavior -*\nThose of one month of ' || parent || '.');
      execute format('alter table a2o.%I enable row level security', partition);
      execute format('alter table a2o.%I attach partition a2o.%I for values from (%L) to (%L)', parent, partition,
        month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
      made := made + 1;
    end loop;
  end loop;
  return made;
end
$$;
comment on function a2o_private.make_history_partitions(timestamptz[]) is 'Makes the partitions of the months of these moments, where they are missing; returns how many. To be called before a transaction changes a job: attaching waits for those that do.';
revoke all on function a2o_private.make_history_partitions(timestamptz[]) from public;

create or replace function a2o.make_history_partitions() returns integer
  language sql volatile security definer set search_path = pg_catalog, pg_temp
  begin atomic
  select a2o_private.make_history_partitions(array[now(), now() + interval '1 month', now() + interval '2 months']);
  end;
comment on function a2o.make_history_partitions() is E'@behavior -*\nMakes the partitions of this month and the next two; returns how many were missing. The worker calls it every night; a sample of another month has its own made when it is recorded.';
revoke all on function a2o.make_history_partitions() from public;
grant execute on function a2o.make_history_partitions() to a2o_worker;

create or replace function a2o_private.months_of_poll(poll jsonb) returns timestamptz[]
  language sql stable set search_path = pg_catalog, pg_temp
  begin atomic
  select array(
    select distinct date_trunc('month', told.sampled_at at time zone 'UTC') at time zone 'UTC'
    from (
      select (j ->> 'observed_at')::timestamptz from jsonb_array_elements(coalesce(poll -> 'jobs', '[]')) as j
      union all
      select (p ->> 0)::timestamptz from jsonb_array_elements(coalesce(poll -> 'metrics', '[]')) as e cross join lateral jsonb_array_elements(e -> 'points') as p) as told(sampled_at)
    where told.sampled_at is not null);
  end;
comment on function a2o_private.months_of_poll(jsonb) is 'Beginnings of the months in which a poll has samples.';
revoke all on function a2o_private.months_of_poll(jsonb) from public;

-- Dropping waits for whoever reads the table, and all others would wait behind it. Tomorrow is soon enough.
create or replace function a2o_private.drop_history(parent text, before timestamptz) returns bigint
  language plpgsql volatile set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  sampled a2o_private.sample_kind := case parent when 'migration_progress' then 'PROGRESS' when 'migration_metrics' then 'METRICS' end;
  partition text;
  begins timestamptz;
  ends timestamptz;
  removed bigint := 0;
  rows_of_it bigint;
begin
  for partition in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = ('a2o.' || quote_ident(parent))::regclass order by c.relname
  loop
    begins := to_date(right(partition, 6), 'YYYYMM')::timestamp at time zone 'UTC';
    ends := (to_date(right(partition, 6), 'YYYYMM') + interval '1 month') at time zone 'UTC';
    continue when ends > before
      -- What is not rolled up yet would be lost.
      or exists (select from a2o_private.stale_hours s where s.kind = sampled and s.hour_at >= begins and s.hour_at < ends);
    begin
      execute format('select count(*) from a2o.%I', partition) into rows_of_it;
      execute format('drop table a2o.%I', partition);
      removed := removed + rows_of_it;
    exception when lock_not_available then
      null;
    end;
  end loop;
  return removed;
end
$$;
comment on function a2o_private.drop_history(text, timestamptz) is 'Drops the partitions of a table whose month ended before a moment; returns how many rows were in them.';
revoke all on function a2o_private.drop_history(text, timestamptz) from public;

create or replace function a2o_private.kept_since(what text) returns timestamptz
  language sql stable
  return coalesce((select now() - r.keep_for from a2o.retention r where r.what = kept_since.what), '-infinity');
comment on function a2o_private.kept_since(text) is 'Since when everything is kept of a table.';
revoke all on function a2o_private.kept_since(text) from public;
grant execute on function a2o_private.kept_since(text) to a2o_reader;

create or replace function a2o_private.finest_kept(kind text, since timestamptz) returns integer
  language sql stable
  return case when since >= a2o_private.kept_since('migration_' || kind) then 1 when since >= a2o_private.kept_since(kind || '_5_minutes') then 300 else 3600 end;
comment on function a2o_private.finest_kept(text, timestamptz) is 'Seconds between the steps that are kept of progress or metrics since a moment; 1 when the samples themselves are.';
revoke all on function a2o_private.finest_kept(text, timestamptz) from public;
grant execute on function a2o_private.finest_kept(text, timestamptz) to a2o_reader;
