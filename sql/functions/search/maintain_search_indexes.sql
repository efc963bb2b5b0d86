-- Search indexes stand on the newest assessment of each account and region, and only on large ones: the others keep their key.
create or replace function a2o_private.create_search_indexes(assessment_id uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp set maintenance_work_mem = '256MB' as $$
declare
  own_partition text := 'tables_' || replace(assessment_id::text, '-', '');
  trigrams text := (select quote_ident(n.nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm');
begin
  execute format('create index if not exists %I on a2o.%I (size_bytes desc nulls last, database_name, table_name)', own_partition || '_size', own_partition);
  execute format('create index if not exists %I on a2o.%I (table_format, size_bytes desc nulls last, database_name, table_name)',
    own_partition || '_format', own_partition);
  execute format('create index if not exists %I on a2o.%I (migration_readiness, size_bytes desc nulls last, database_name, table_name)',
    own_partition || '_ready', own_partition);
  execute format('create index if not exists %I on a2o.%I using gin (findings)', own_partition || '_finding', own_partition);
  execute format('create index if not exists %I on a2o.%I ((a2o_private.location_key(storage_location)) collate "C")', own_partition || '_location', own_partition);
  execute format('create index if not exists %I on a2o.%I using gin (table_name %s.gin_trgm_ops)', own_partition || '_name', own_partition, trigrams);
end
$$;
comment on function a2o_private.create_search_indexes(uuid) is 'Makes the search indexes of a large assessment: by size, by format and size, by readiness and size, by finding, by location, and trigrams of the name.';
revoke all on function a2o_private.create_search_indexes(uuid) from public;

-- A reader in the middle of a long query would make this wait, and others wait behind it; then it is left for the next time.
create or replace function a2o_private.drop_search_indexes(assessment_id uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp set lock_timeout = '100ms' as $$
declare
  own_partition text := 'tables_' || replace(assessment_id::text, '-', '');
begin
  execute format('drop index if exists a2o.%I, a2o.%I, a2o.%I, a2o.%I, a2o.%I, a2o.%I',
    own_partition || '_size', own_partition || '_format', own_partition || '_ready', own_partition || '_finding', own_partition || '_location', own_partition || '_name');
exception when lock_not_available then
  null;
end
$$;
comment on function a2o_private.drop_search_indexes(uuid) is 'Drops the search indexes of a large assessment, unless somebody is reading it.';
revoke all on function a2o_private.drop_search_indexes(uuid) from public;

create or replace function a2o_private.is_newest_assessment(assessment_id uuid) returns boolean
  language sql stable
  return not exists (
    select from a2o.assessments a
    join a2o.assessments later on later.aws_account_id = a.aws_account_id and later.region = a.region
    where a.id = is_newest_assessment.assessment_id and (later.timestamp > a.timestamp or later.timestamp = a.timestamp and later.id < a.id));
comment on function a2o_private.is_newest_assessment(uuid) is 'Whether no later assessment of its account and region is stored.';

create or replace function a2o_private.maintain_search_indexes(aws_account_id text default null, region text default null) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  large record;
begin
  for large in
    select a.id, a2o_private.is_newest_assessment(a.id) as is_newest,
      to_regclass('a2o.tables_' || replace(a.id::text, '-', '') || '_name') is not null as is_indexed
    from a2o.assessments a
    where a2o_private.is_large_assessment(a.id)
      and a.aws_account_id = coalesce(maintain_search_indexes.aws_account_id, a.aws_account_id)
      and a.region = coalesce(maintain_search_indexes.region, a.region)
  loop
    if large.is_newest and not large.is_indexed then
      perform a2o_private.create_search_indexes(large.id);
    elsif large.is_indexed and not large.is_newest then
      perform a2o_private.drop_search_indexes(large.id);
    end if;
  end loop;
end
$$;
comment on function a2o_private.maintain_search_indexes(text, text) is 'Gives the newest large assessments their search indexes and takes them from older ones; of one account and region, or of all.';
revoke all on function a2o_private.maintain_search_indexes(text, text) from public;
