-- Filters of DataSync: patterns joined by |, relative to the source location, * for any text; a folder means what lies in it.
create or replace function a2o_private.datasync_patterns(filters jsonb) returns setof text
  language sql immutable parallel safe begin atomic
  select rtrim(case when p.pattern ~ '^[*/]' then p.pattern else '/' || p.pattern end, '/')
  from jsonb_array_elements(case when jsonb_typeof(filters) = 'array' then filters else '[]' end) as f(filter)
  cross join lateral regexp_split_to_table(f.filter ->> 'Value', '(?<!\\)\|') as p(pattern)
  where p.pattern <> '';
  end;
comment on function a2o_private.datasync_patterns(jsonb) is 'The patterns of a list of DataSync filters.';
revoke all on function a2o_private.datasync_patterns(jsonb) from public;

create or replace function a2o_private.datasync_fits(path text, pattern text) returns boolean
  language sql immutable parallel safe
  return path ~ ('^' || replace(regexp_replace(regexp_replace(pattern, '/\*$', ''), '([].^$+?(){}|\\[])', '\\\1', 'g'), '*', '.*') || '(/.*)?$');
comment on function a2o_private.datasync_fits(text, text) is 'Whether a folder is what a DataSync pattern means, or lies in it.';
revoke all on function a2o_private.datasync_fits(text, text) from public;

create or replace function a2o_private.datasync_covers(definition jsonb, folder text) returns text
  language sql immutable parallel safe
  begin atomic
    with path as (select rtrim('/' || folder, '/') as path)
    select case
        when exists (select from a2o_private.datasync_patterns(definition -> 'Excludes') as p(pattern) where a2o_private.datasync_fits(path.path, p.pattern)) then null
        when exists (select from a2o_private.datasync_patterns(definition -> 'Includes')) and not exists (
          select from a2o_private.datasync_patterns(definition -> 'Includes') as p(pattern) where a2o_private.datasync_fits(path.path, p.pattern))
          then case when exists (
            select from a2o_private.datasync_patterns(definition -> 'Includes') as p(pattern) where starts_with(p.pattern, path.path || '/')) then 'PART' end
        when exists (select from a2o_private.datasync_patterns(definition -> 'Excludes') as p(pattern) where starts_with(p.pattern, path.path || '/')) then 'PART'
        else 'ALL' end
    from path;
  end;
comment on function a2o_private.datasync_covers(jsonb, text) is 'What the filters of a DataSync task leave of a folder of its source (a path without the leading slash): ALL, PART, or null for nothing. A pattern such as *.tmp, which means single files, takes no part away.';
revoke all on function a2o_private.datasync_covers(jsonb, text) from public;
