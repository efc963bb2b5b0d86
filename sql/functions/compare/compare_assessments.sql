-- Refuses what people rarely mean: another account or region has other tables, not changed ones.
create or replace function a2o_private.check_comparison(earlier a2o.assessments, later a2o.assessments, across_catalogs boolean) returns boolean
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  is_same boolean := (earlier.aws_account_id, earlier.region) = (later.aws_account_id, later.region);
begin
  if not is_same and not coalesce(across_catalogs, false) then
    raise exception 'these are different catalogs: account % in % and account % in %', earlier.aws_account_id, earlier.region, later.aws_account_id, later.region
      using errcode = 'A2O14', hint = 'Set across_catalogs to compare them all the same.';
  end if;
  return is_same;
end
$$;
comment on function a2o_private.check_comparison(a2o.assessments, a2o.assessments, boolean) is 'Whether two assessments are of one account and region. Error: A2O14 they are not, and that was not asked for.';
revoke all on function a2o_private.check_comparison(a2o.assessments, a2o.assessments, boolean) from public;

-- Definer: two million rows are merged without the policies; both accounts are checked first.
create or replace function a2o.compare_assessments(from_assessment uuid, to_assessment uuid, across_catalogs boolean default false)
  returns a2o.assessment_comparison
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  o a2o.assessments := a2o_private.readable_assessment(from_assessment);
  n a2o.assessments := a2o_private.readable_assessment(to_assessment);
  answer a2o.assessment_comparison;
  unread text[];
begin
  answer.is_same_catalog := a2o_private.check_comparison(o, n, across_catalogs);
  answer.from_assessment := o.id;
  answer.to_assessment := n.id;
  answer.from_timestamp := o.timestamp;
  answer.to_timestamp := n.timestamp;
  answer.from_account_id := o.aws_account_id;
  answer.to_account_id := n.aws_account_id;
  answer.from_region := o.region;
  answer.to_region := n.region;
  answer.tables_before := o.total_tables;
  answer.tables_after := n.total_tables;
  answer.ready_before := o.migration_ready;
  answer.ready_after := n.migration_ready;
  answer.needs_conversion_before := o.needs_conversion;
  answer.needs_conversion_after := n.needs_conversion;
  answer.unknown_before := o.unknown;
  answer.unknown_after := n.unknown;
  answer.iceberg_before := o.iceberg_tables;
  answer.iceberg_after := n.iceberg_tables;
  answer.size_bytes_before := o.total_size_bytes;
  answer.size_bytes_after := n.total_size_bytes;
  select array_agg(u.name order by u.name) into unread
  from (select unnest(a2o_private.unread_elsewhere(o.id, n.id)) collate "C" union select unnest(a2o_private.unread_elsewhere(n.id, o.id)) collate "C") as u(name);
  answer.unread_databases := coalesce(unread[:100], '{}');
  answer.unread_database_count := coalesce(cardinality(unread), 0);

  if o.id = n.id then
    answer.tables_added := 0;
    answer.tables_removed := 0;
    answer.tables_changed := 0;
    return answer;
  end if;
  select c.tables_added, c.tables_removed, c.tables_changed into answer.tables_added, answer.tables_removed, answer.tables_changed
  from a2o.assessment_churn c where c.assessment_id = n.id and c.previous_id = o.id;
  if not found then
    select c.tables_removed, c.tables_added, c.tables_changed into answer.tables_added, answer.tables_removed, answer.tables_changed
    from a2o.assessment_churn c where c.assessment_id = o.id and c.previous_id = n.id;
  end if;
  if not found then
    select c.added, c.removed, c.changed into answer.tables_added, answer.tables_removed, answer.tables_changed
    from a2o_private.count_changes(o.id, n.id) as c;
  end if;
  return answer;
end
$$;
comment on function a2o.compare_assessments(uuid, uuid, boolean) is
'Two assessments side by side, with how many tables were added, removed and changed from the first to the second. Neighbours of one account and region are stored; any other two are compared now, some seconds for a million tables. Databases that one of them could not read count neither way and are named. Errors: A2O12 no such assessment, A2O14 different accounts or regions without across_catalogs.';
revoke all on function a2o.compare_assessments(uuid, uuid, boolean) from public;
grant execute on function a2o.compare_assessments(uuid, uuid, boolean) to a2o_reader, a2o_ingest;

-- Definer for the same reason. A page goes on after the cursor's key on both sides, so that it never starts from the front.
create or replace function a2o.list_changes(
  from_assessment uuid, to_assessment uuid, kinds a2o.change_kind[] default null, database text default null,
  page_size integer default 50, cursor text default null, across_catalogs boolean default false, max_bytes integer default null
) returns a2o.change_page
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp set enable_hashjoin = off as $$
declare
  o a2o.assessments := a2o_private.readable_assessment(from_assessment);
  n a2o.assessments := a2o_private.readable_assessment(to_assessment);
  fingerprint text := left(md5(row(from_assessment, to_assessment, kinds, database)::text), 12);
  after_key text[] := a2o_private.read_cursor(cursor, fingerprint, 2);
  stored uuid;
  is_mirrored boolean := false;
  query text;
  page a2o.change_page;
  keys record;
  bytes integer := 0;
  item a2o.table_change;
  before_row a2o.tables;
  after_row a2o.tables;
begin
  perform a2o_private.check_comparison(o, n, across_catalogs);
  perform a2o_private.check_page_size(page_size);
  if cardinality(kinds) = 0 then
    kinds := null;
  end if;
  page.items := '{}';
  if o.id = n.id then
    return page;
  end if;
  select c.assessment_id, c.assessment_id = o.id into stored, is_mirrored
  from a2o.assessment_churn c
  where c.is_listed and (c.assessment_id = n.id and c.previous_id = o.id or c.assessment_id = o.id and c.previous_id = n.id);
  if stored is not null then
    query := format($sql$
      select t.database_name, t.table_name, %s as change from a2o.assessment_changes t where t.assessment_id = $8%s%s $sql$,
      case when is_mirrored
        then $sql$case t.change when 'ADDED' then 'REMOVED' when 'REMOVED' then 'ADDED' else 'CHANGED' end::a2o.change_kind$sql$ else 't.change' end,
      case when after_key is not null then ' and (t.database_name, t.table_name) > ($5[1], $5[2])' else '' end,
      case when database is not null then ' and t.database_name = $6' else '' end);
  else
    query := a2o_private.changes_query(goes_on => after_key is not null, one_database => database is not null);
  end if;
  query := format('select * from (%s) as c%s order by c.database_name, c.table_name limit $9', query,
    case when kinds is not null then ' where c.change = any ($7)' else '' end);

  for keys in execute query using o.id, n.id, a2o_private.unread_elsewhere(n.id, o.id), a2o_private.unread_elsewhere(o.id, n.id), after_key, database,
    kinds, stored, page_size + 1
  loop
    if cardinality(page.items) = page_size then
      page.next_cursor := a2o_private.write_cursor(fingerprint, item.database_name, item.table_name);
      exit;
    end if;
    -- By value, so that no other partition is planned for.
    execute 'select t.* from a2o.tables t where t.assessment_id = $1 and t.database_name = $2 and t.table_name = $3'
      into before_row using o.id, keys.database_name, keys.table_name;
    execute 'select t.* from a2o.tables t where t.assessment_id = $1 and t.database_name = $2 and t.table_name = $3'
      into after_row using n.id, keys.database_name, keys.table_name;
    bytes := bytes + octet_length(to_json(a2o_private.describe_change(before_row, after_row))::text);
    if bytes > max_bytes and cardinality(page.items) > 0 then
      page.next_cursor := a2o_private.write_cursor(fingerprint, item.database_name, item.table_name);
      exit;
    end if;
    item := a2o_private.describe_change(before_row, after_row);
    page.items := page.items || item;
  end loop;
  return page;
end
$$;
comment on function a2o.list_changes(uuid, uuid, a2o.change_kind[], text, integer, text, boolean, integer) is
'Tables that differ between two assessments, by database and name, each with the attributes and columns that changed, before and after. kinds and database narrow it; cursor is next_cursor of the page before. max_bytes ends a page early, once its rows take so many bytes as JSON. Errors: A2O10 cursor of another question, A2O11 page size, A2O12 no such assessment, A2O14 different accounts or regions without across_catalogs.';
revoke all on function a2o.list_changes(uuid, uuid, a2o.change_kind[], text, integer, text, boolean, integer) from public;
grant execute on function a2o.list_changes(uuid, uuid, a2o.change_kind[], text, integer, text, boolean, integer) to a2o_reader, a2o_ingest;
