-- Exports go through all pages of list_changes, so that both tell the same.
create or replace function a2o.export_changes(
  from_assessment uuid, to_assessment uuid, kinds a2o.change_kind[] default null, database text default null, across_catalogs boolean default false
) returns setof a2o.table_change
  language plpgsql stable rows 10000 as $$
declare
  page a2o.change_page;
  cursor text;
begin
  loop
    page := a2o.list_changes(from_assessment, to_assessment, kinds => kinds, database => database, page_size => 1000, cursor => cursor,
      across_catalogs => across_catalogs);
    return query select * from unnest(page.items);
    cursor := page.next_cursor;
    exit when cursor is null;
  end loop;
end
$$;
comment on function a2o.export_changes(uuid, uuid, a2o.change_kind[], text, boolean) is E'@behavior -*\nAll pages of list_changes. Errors as there.';

create or replace function a2o.changes_text(changes a2o.attribute_change[]) returns text
  language sql immutable
  return (select string_agg(format('%s: %s → %s', c.attribute, coalesce(c.before, 'unknown'), coalesce(c.after, 'unknown')), '; ') from unnest(changes) as c);
comment on function a2o.changes_text(a2o.attribute_change[]) is E'@behavior -*\nChanges of attributes as a line of text.';

create or replace function a2o.changes_text(changes a2o.column_change[]) returns text
  language sql immutable
  return (select string_agg(case c.change
      when 'ADDED' then format('%s added: %s', c.column_name, c.type_after)
      when 'REMOVED' then format('%s removed: %s', c.column_name, c.type_before)
      else format('%s: %s → %s', c.column_name, c.type_before, c.type_after) end, '; ')
    from unnest(changes) as c);
comment on function a2o.changes_text(a2o.column_change[]) is E'@behavior -*\nChanges of columns as a line of text.';

revoke all on function a2o.export_changes(uuid, uuid, a2o.change_kind[], text, boolean), a2o.changes_text(a2o.attribute_change[]),
  a2o.changes_text(a2o.column_change[]) from public;
grant execute on function a2o.export_changes(uuid, uuid, a2o.change_kind[], text, boolean), a2o.changes_text(a2o.attribute_change[]),
  a2o.changes_text(a2o.column_change[]) to a2o_reader, a2o_ingest;
