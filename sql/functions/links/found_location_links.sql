-- Places on S3 against the locations of tables. What lies in a folder begins with the folder's key; the folders above a place
-- are few, and are looked up one by one. Entries that only refer to other data (views, links) lie nowhere.
create or replace function a2o_private.folders_above(key text) returns setof text
  language sql immutable parallel safe begin atomic
  select left(key, p.position)
  from generate_series(length(substring(key from '^s3://[^/]+/')), length(key) - 1) as p(position)
  where substr(key, p.position, 1) = '/';
  end;
comment on function a2o_private.folders_above(text) is 'The folders that a place on S3 lies in, the bucket first.';
revoke all on function a2o_private.folders_above(text) from public;

-- Always by the index, one place after the other.
create or replace function a2o_private.tables_in_folder(assessment_id uuid, first_key text, last_key text)
  returns table (database_name text, table_name text, storage_location text)
  language sql stable begin atomic
  select t.database_name, t.table_name, t.storage_location
  from a2o.tables t
  where t.assessment_id = tables_in_folder.assessment_id and t.table_format not in ('VIEW', 'RESOURCE_LINK', 'FEDERATED')
    and a2o_private.location_key(t.storage_location) collate "C" >= first_key collate "C" and a2o_private.location_key(t.storage_location) collate "C" <= last_key collate "C"
  offset 0;
  end;
comment on function a2o_private.tables_in_folder(uuid, text, text) is 'Tables of an assessment whose location has a key between two.';
revoke all on function a2o_private.tables_in_folder(uuid, text, text) from public;

create or replace function a2o_private.found_datasync_links(assessment_id uuid, scopes uuid[]) returns setof a2o_private.found_link
  language plpgsql stable set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
begin
  return query
  with scope as materialized (
    select s.id, s.definition, a2o_private.location_key(s.definition ->> 'source') as key, s.definition ?| array['Includes', 'Excludes'] as has_filters
    from a2o_private.job_scopes s where s.id = any (scopes) and s.job_type = 'DATASYNC' and a2o_private.location_key(s.definition ->> 'source') is not null),
  met as (
    select s.id, t.database_name, t.table_name, t.storage_location, s.key,
      case when s.has_filters then a2o_private.datasync_covers(s.definition, substr(a2o_private.location_key(t.storage_location), length(s.key) + 1)) else 'ALL' end as covers
    from scope s cross join lateral a2o_private.tables_in_folder(found_datasync_links.assessment_id, s.key, s.key || U&'\+10FFFF') as t
    union all
    select s.id, t.database_name, t.table_name, t.storage_location, s.key, 'PART'
    from scope s cross join lateral a2o_private.folders_above(s.key) as f(folder)
    cross join lateral a2o_private.tables_in_folder(found_datasync_links.assessment_id, f.folder, f.folder) as t)
  select m.id, m.database_name::text, m.table_name::text, case m.covers when 'ALL' then 'LINKED' else 'CANDIDATE' end::a2o.link_state, 'DATASYNC_LOCATION'::a2o.link_source, null::text, null::text,
    jsonb_build_object('source', m.key, 'location', m.storage_location, 'covers', m.covers)
  from met m where m.covers is not null;
end
$$;
comment on function a2o_private.found_datasync_links(uuid, uuid[]) is 'Links of the DataSync tasks of these scopes to tables of an assessment: those that lie in the source location are moved whole; of one that the source lies in, or of which filters leave something out, only a part is.';
revoke all on function a2o_private.found_datasync_links(uuid, uuid[]) from public;
