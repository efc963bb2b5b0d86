-- The seed's tool.
create or replace function a2o_mcp.compare_assessments(
  assessment_id_1 text, assessment_id_2 text, change a2o.change_kind default null, database text default null, across_catalogs boolean default false,
  "limit" integer default 20, cursor text default null
) returns a2o_mcp.comparison
  language plpgsql stable as $$
declare
  answer a2o_mcp.comparison;
  summary a2o.assessment_comparison;
  page a2o.change_page;
  ids uuid[];
begin
  answer.items := '{}';
  select array_agg(c.chosen order by v.place), (array_agg(c.message order by v.place) filter (where c.chosen is null))[1] into ids, answer.message
  from (values (1, assessment_id_1), (2, assessment_id_2)) as v(place, reference), a2o.choose_assessment(v.reference) as c;
  if answer.message is not null then
    return answer;
  end if;
  summary := a2o.compare_assessments(ids[1], ids[2], across_catalogs);
  page := a2o.list_changes(ids[1], ids[2], case when change is not null then array[change] end, database, "limit", cursor, across_catalogs, 14000);
  answer.assessment_id_1 := summary.from_assessment;
  answer.assessment_id_2 := summary.to_assessment;
  answer.timestamp_1 := summary.from_timestamp;
  answer.timestamp_2 := summary.to_timestamp;
  answer.is_same_catalog := summary.is_same_catalog;
  answer.tables_added := summary.tables_added;
  answer.tables_removed := summary.tables_removed;
  answer.tables_changed := summary.tables_changed;
  answer.total_tables_1 := summary.tables_before;
  answer.total_tables_2 := summary.tables_after;
  answer.migration_ready_1 := summary.ready_before;
  answer.migration_ready_2 := summary.ready_after;
  answer.needs_conversion_1 := summary.needs_conversion_before;
  answer.needs_conversion_2 := summary.needs_conversion_after;
  answer.total_size_gb_1 := round(a2o.bytes_to_gb(summary.size_bytes_before), 3);
  answer.total_size_gb_2 := round(a2o.bytes_to_gb(summary.size_bytes_after), 3);
  answer.unread_databases := summary.unread_databases[:20];
  answer.unread_database_count := summary.unread_database_count;
  if database is null then
    answer.total_count := case change when 'ADDED' then summary.tables_added when 'REMOVED' then summary.tables_removed when 'CHANGED' then summary.tables_changed
      else summary.tables_added + summary.tables_removed + summary.tables_changed end;
  end if;
  answer.items := array(
    select row(i.database_name, i.table_name, i.change,
      array(select row(a.attribute, left(a.before, 300), left(a.after, 300))::a2o_mcp.attribute_change from unnest(i.attributes[:20]) as a),
      -- A wide table may have thousands.
      array(select row(c.column_name, c.change, left(c.type_before, 100), left(c.type_after, 100))::a2o_mcp.column_change from unnest(i.column_changes[:30]) as c))::a2o_mcp.table_change
    from unnest(page.items) with ordinality as i order by i.ordinality);
  answer.next_cursor := page.next_cursor;
  answer.message := nullif(concat_ws(' ',
    case when not summary.is_same_catalog then 'These are different accounts or regions: added and removed mean present on one side only.' end,
    case when summary.from_timestamp > summary.to_timestamp then 'assessment_id_1 is the later one: swap them to read the changes forward in time.' end,
    case when summary.unread_database_count > 0 then 'Some databases could not be read on one side; their missing tables count neither as added nor as removed.' end,
    case when database is not null and page.items = '{}' and cursor is null then 'Nothing changed in a database of this name.' end,
    case when page.next_cursor is not null then 'There are more changes: call again with next_cursor as cursor.' end), '');
  return answer;
end
$$;
comment on function a2o_mcp.compare_assessments(text, text, a2o.change_kind, text, boolean, integer, text) is
$$What changed from one assessment to another: how many tables were added, removed and changed, totals on both sides, and the changed tables by database and name, each with attributes and columns before and after. For "what changed since last time" compare previous with latest; list_assessments has the ids of others. Give the earlier one first. For how a catalog developed over many assessments use get_trends. Databases that one side could not read are named and do not count.

@param assessment_id_1 The earlier assessment: an id, previous or latest~2
@param assessment_id_2 The later assessment: an id, or latest
@param change Only these changes in items
@param database Only changes in the database of exactly this name in items
@param across_catalogs true to compare different accounts or regions, which is refused otherwise
@param limit Changes in one answer [1..100]
@param cursor next_cursor of the answer before, to go on; the other arguments unchanged$$;
revoke all on function a2o_mcp.compare_assessments(text, text, a2o.change_kind, text, boolean, integer, text) from public;
grant execute on function a2o_mcp.compare_assessments(text, text, a2o.change_kind, text, boolean, integer, text) to a2o_reader;
