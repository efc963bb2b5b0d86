-- Stores a run whole or not at all: everything happens in the caller's one transaction. Large assessments are written into a
-- table of their own, keyed, and attached as a partition; small ones share a partition. Readers are never locked out.
create or replace function a2o.finish_assessment(
  run_id uuid, origin a2o.assessment_origin, "timestamp" timestamptz, region text, aws_account_id text, tool_version text,
  is_simulated boolean default false, reported jsonb default '{}', expected_tables bigint default null, assessment_id uuid default null
) returns table (id uuid, is_new boolean)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  run a2o_private.runs;
  stage text := a2o_private.run_prefix(finish_assessment.run_id);
  -- Named after the run: two runs may bring the same assessment.
  target text := stage || 'judged';
  new_id uuid;
  own_partition text;
  staged bigint;
  hash bytea;
  known_id uuid;
  duplicates text;
  listing_complete boolean;
begin
  select * into run from a2o_private.runs r where r.run_id = finish_assessment.run_id;
  if not found or a2o_private.run_holder(run.lock_key) is distinct from pg_backend_pid() then
    raise exception 'this session has no run %', run_id using errcode = 'A2O01', hint = 'Open one with begin_assessment() in this session.';
  end if;
  execute format('select count(*) from a2o_private.%I', stage || case origin when 'GLUE' then 'tables' else 'reported_tables' end) into staged;
  if expected_tables is distinct from null and staged <> expected_tables then
    -- Unlogged tables are emptied when the server crashes.
    raise exception 'the run holds % tables where % were sent', staged, expected_tables
      using errcode = 'A2O02', hint = 'The database restarted meanwhile. Nothing was stored; run it again.';
  end if;

  new_id := coalesce(finish_assessment.assessment_id, a2o_private.new_assessment_id(is_large => staged >= 20000));

  execute format('create table a2o_private.%I (like a2o.tables including defaults including generated including constraints)', target);
  if origin = 'GLUE' then
    perform a2o_private.fill_from_glue(stage, target, new_id, aws_account_id, region, "timestamp");
  else
    perform a2o_private.fill_from_report(stage, target, new_id, aws_account_id, region, "timestamp");
  end if;
  perform a2o_private.count_staged_databases(stage, target, origin);

  begin
    execute format('alter table a2o_private.%I add constraint %I primary key (assessment_id, database_name, table_name)', target, stage || 'pkey');
  exception when unique_violation then
    execute format('select string_agg(format(%L, database_name, table_name), %L) from (
        select database_name, table_name from a2o_private.%I group by 1, 2 having count(*) > 1 order by 1, 2 limit 3) as d',
      '%s.%s', ', ', target) into duplicates;
    raise exception 'tables occur more than once: %', duplicates
      using errcode = 'A2O03', hint = 'Each database and table name may occur once in an assessment.';
  end;

  hash := a2o_private.hash_assessment(
    format($sql$ select database_name, coalesce(description, glue ->> 'Description') as description, coalesce(location_uri, glue ->> 'LocationUri') as location_uri,
      table_count, extra as reported from a2o_private.%I where database_name <> '' $sql$, stage || 'databases'),
    format('select * from a2o_private.%I', stage || 'databases'), format('select * from a2o_private.%I', target), "timestamp", region, aws_account_id, tool_version, is_simulated, reported);
  -- Two recordings of the same report wait here for each other, so that the second one finds the first.
  perform pg_advisory_xact_lock(20251, ('x' || encode(substr(hash, 1, 4), 'hex'))::bit(32)::integer);
  select a.id into known_id from a2o.assessments a where a.content_hash = hash;
  if found then
    execute format('drop table a2o_private.%I', target);
    perform a2o.abandon_assessment(run_id);
    return query select known_id, false;
    return;
  end if;
  if exists (select from a2o.assessments a where a.id = new_id) then
    raise exception 'assessment % is stored already, with other content', new_id
      using errcode = 'A2O04', hint = 'The report was changed after it was written. Remove assessment_metadata.assessment_id to store it as another one.';
  end if;

  insert into a2o.accounts (aws_account_id) values (finish_assessment.aws_account_id) on conflict do nothing;
  -- What is counted comes with the roll-ups.
  execute format($sql$
    insert into a2o.assessments (id, timestamp, region, aws_account_id, tool_version, total_databases, total_tables, iceberg_tables,
      migration_ready, needs_conversion, unknown, sized_tables, databases_complete, completeness_percent, origin, is_simulated, reported, content_hash)
    select $1, $2, $3, $4, $5, d.databases, 0, 0, 0, 0, 0, 0, d.complete,
      case when d.listed then case when d.databases = 0 then 100 else trunc(100.0 * d.complete / d.databases, 2) end end,
      $6, $7, $8, $9
    from (
      select count(*) filter (where database_name <> '') as databases, count(*) filter (where database_name <> '' and status = 'COMPLETE') as complete,
        coalesce(bool_and(status = 'COMPLETE') filter (where database_name = ''), true) as listed
      from a2o_private.%I) as d $sql$, stage || 'databases')
    using new_id, "timestamp", region, aws_account_id, tool_version, origin, is_simulated, reported, hash;

  execute format($sql$
    insert into a2o.databases (assessment_id, database_name, id, aws_account_id, description, location_uri, table_count, iceberg_tables,
      migration_ready, needs_conversion, unknown, sized_tables, glue, reported)
    select $1, d.database_name, a2o_private.database_identity($1, d.database_name), $2, coalesce(d.description, d.glue ->> 'Description'),
      coalesce(d.location_uri, d.glue ->> 'LocationUri'), d.table_count, 0, 0, 0, 0, 0, d.glue, d.extra
    from a2o_private.%I d
    where d.database_name <> '' $sql$, stage || 'databases') using new_id, aws_account_id;

  execute format($sql$
    insert into a2o.database_coverage (assessment_id, database_name, aws_account_id, status, tables_read, operation, error_code, error_message)
    select $1, database_name, $2, status, tables_read, operation, error_code, error_message from a2o_private.%I
    where database_name <> '' or status <> 'COMPLETE' $sql$, stage || 'databases') using new_id, aws_account_id;

  perform a2o_private.write_rollups(new_id, aws_account_id, format('a2o_private.%I', target));

  if a2o_private.is_large_assessment(new_id) then
    own_partition := 'tables_' || replace(new_id::text, '-', '');
    execute format('create index %I on a2o_private.%I (id)', own_partition || '_id_idx', target);
    execute format('create index %I on a2o_private.%I (database_id)', own_partition || '_database_id_idx', target);
    execute format('alter index a2o_private.%I rename to %I', stage || 'pkey', own_partition || '_pkey');
    execute format('alter table a2o_private.%I rename to %I', target, own_partition);
    execute format('alter table a2o_private.%I set schema a2o', own_partition);
    execute format('alter table a2o.%I enable row level security', own_partition);
    -- What people and policies filter by; autovacuum sees to the rest.
    execute format('analyze a2o.%I (assessment_id, aws_account_id, database_name, table_name, id, table_format, migration_readiness, is_iceberg, size_bytes,
      estimated_size_gb, last_updated, findings)', own_partition);
    -- The check lets ATTACH skip reading the table once more; it says nothing new afterwards.
    execute format('alter table a2o.%I add constraint one_assessment check (assessment_id = %L)', own_partition, new_id);
    execute format('alter table a2o.tables attach partition a2o.%I for values from (%L) to (%s)', own_partition, new_id,
      a2o_private.after_assessment_id(new_id));
    execute format('alter table a2o.%I drop constraint one_assessment', own_partition);
  else
    execute format('insert into a2o.tables (%s) select %1$s from a2o_private.%I', a2o_private.stored_columns(), target);
    execute format('drop table a2o_private.%I', target);
  end if;

  perform a2o_private.after_assessment_stored(new_id);
  perform a2o.abandon_assessment(run_id);
  return query select new_id, true;
end
$$;
comment on function a2o.finish_assessment(uuid, a2o.assessment_origin, timestamptz, text, text, text, boolean, jsonb, bigint, uuid) is
  E'@behavior -*\nStores what a run staged as one assessment and returns its id; is_new is false when the same content is stored already. Errors: A2O01 no such run, A2O02 staging lost, A2O03 a table twice, A2O04 the id is taken by other content.';
revoke all on function a2o.finish_assessment(uuid, a2o.assessment_origin, timestamptz, text, text, text, boolean, jsonb, bigint, uuid) from public;
grant execute on function a2o.finish_assessment(uuid, a2o.assessment_origin, timestamptz, text, text, text, boolean, jsonb, bigint, uuid) to a2o_ingest;

create or replace function a2o_private.stored_columns() returns text
  language sql stable
  return (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
    where attrelid = 'a2o.tables'::regclass and attnum > 0 and not attisdropped and attgenerated = '');
comment on function a2o_private.stored_columns() is 'Columns of tables that are written, that is all but the generated ones.';

-- The first digit of an assessment's id says where its tables are, see the partitions of tables.
create or replace function a2o_private.is_large_assessment(assessment_id uuid) returns boolean
  language sql immutable parallel safe
  return assessment_id >= 'f0000000-0000-0000-0000-000000000000';
comment on function a2o_private.is_large_assessment(uuid) is 'True when the id is one of an assessment with a partition of its own.';

create or replace function a2o_private.partition_of(assessment_id uuid) returns text
  language sql immutable parallel safe
  return case when a2o_private.is_large_assessment(assessment_id) then 'a2o.tables_' || replace(assessment_id::text, '-', '') else 'a2o.tables_shared' end;
comment on function a2o_private.partition_of(uuid) is 'Name of the partition that holds the tables of an assessment.';

create or replace function a2o_private.new_assessment_id(is_large boolean) returns uuid
  language sql volatile
  return overlay(gen_random_uuid()::text placing case when is_large then 'f' else to_hex(floor(random() * 15)::integer) end from 1 for 1)::uuid;
comment on function a2o_private.new_assessment_id(boolean) is 'A random id for a large or a small assessment.';

create or replace function a2o_private.after_assessment_id(assessment_id uuid) returns text
  language sql immutable parallel safe
  begin atomic
    with digits as (
      select hex, length(substring(hex from 'f*$')) as carried from (select replace(assessment_id::text, '-', '') as hex) as d)
    select case when carried = 32 then 'maxvalue' else
      quote_literal((left(hex, 31 - carried) || translate(substr(hex, 32 - carried, 1), '0123456789abcde', '123456789abcdef') || repeat('0', carried))::uuid) end
    from digits;
  end;
comment on function a2o_private.after_assessment_id(uuid) is 'The upper bound of the partition of one assessment: the next id, as a literal.';

-- Also names databases that the list forgot but that have tables; of one read from Glue nobody said then how far it was read.
create or replace function a2o_private.count_staged_databases(stage text, target text, origin a2o.assessment_origin) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  execute format($sql$
    with counted as materialized (select database_name, count(*) as tables from a2o_private.%2$I group by database_name),
    unlisted as (
      insert into a2o_private.%1$I (database_name, status, tables_read, table_count)
      select c.database_name, $1, c.tables, c.tables from counted c
      where not exists (select from a2o_private.%1$I d where d.database_name = c.database_name))
    update a2o_private.%1$I d set table_count = coalesce((select c.tables from counted c where c.database_name = d.database_name), 0)
    where d.table_count is null $sql$, stage || 'databases', target)
  using case origin when 'REPORT' then 'COMPLETE' else 'PARTIAL' end::a2o.coverage_status;
end
$$;
comment on function a2o_private.count_staged_databases(text, text, a2o.assessment_origin) is 'Completes the staged databases of a run: those without a count get the number of their tables, those not listed are added.';

create or replace function a2o_private.database_identity(assessment_id uuid, database_name text) returns uuid
  language sql immutable parallel safe
  return md5(assessment_id::text || ' ' || database_name)::uuid;
comment on function a2o_private.database_identity(uuid, text) is 'databases.id: identity of a database within its assessment.';
