-- Bounds what a LIKE pattern may cost: a name has at most 255 characters, and every % multiplies the work.
create or replace function a2o_private.check_like_pattern(pattern text) returns text
  language plpgsql immutable as $$
declare
  plain text;
begin
  -- As most are.
  if length(pattern) <= 500 and strpos(pattern, '\') = 0 and strpos(pattern, '%%') = 0 and length(pattern) - length(replace(pattern, '%', '')) <= 10 then
    return pattern;
  end if;
  plain := regexp_replace(pattern, '\\.', '', 'g');
  if length(pattern) > 500 or length(regexp_replace(plain, '[^%]|%(?=%)', '', 'g')) > 10 then
    raise exception 'the pattern is too long or has too many wildcards'
      using errcode = 'A2O13', hint = 'At most 500 characters and ten % signs; a part of the name between two % signs is usually enough.';
  end if;
  if right(plain, 1) = '\' then
    raise exception 'the pattern ends with a backslash'
      using errcode = 'A2O13', hint = 'A backslash takes the meaning from the % or _ after it; write \\ for the backslash itself.';
  end if;
  return regexp_replace(pattern, '(?<!\\)%+', '%', 'g');
end
$$;
comment on function a2o_private.check_like_pattern(text) is 'The pattern with runs of % as one. Error: A2O13 too long, too many wildcards, or a backslash at its end.';

create or replace function a2o_private.count_with_findings(assessment_id uuid, codes text[], database text, out sized bigint, out unsized bigint)
  language plpgsql stable as $$
begin
  select coalesce(sum(r.sized_tables), 0), coalesce(sum(r.table_count - r.sized_tables), 0) into sized, unsized
  from a2o.finding_rollups r
  where r.assessment_id = count_with_findings.assessment_id and r.code = any (codes)
    and (count_with_findings.database is null or r.database_name = count_with_findings.database);
end
$$;
comment on function a2o_private.count_with_findings(uuid, text[], text) is 'At most so many tables of known and of unknown size have one of these findings; a table with several is counted for each.';
revoke all on function a2o_private.count_with_findings(uuid, text[], text) from public;

-- Definer: under any policy LIKE could use no index, because it is not leakproof. The account is checked once, first. Every
-- statement is planned with its values, for the one partition that holds the assessment. What is left out of the usual path is
-- time: a page takes less than a millisecond, and each expression here has its part of it.
create or replace function a2o.search_tables(
  assessment_id uuid, pattern text default null, formats text[] default null, readiness a2o.migration_readiness[] default null,
  min_size_bytes bigint default null, max_size_bytes bigint default null, database text default null, findings text[] default null,
  sort a2o.table_sort default 'LARGEST_FIRST', page_size integer default 50, cursor text default null,
  count_up_to integer default 0, max_bytes integer default null
) returns a2o.table_page
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  source text;
  conditions text := '';
  fingerprint text;
  after_key text[];
  -- How many tables the findings leave, of known and of unknown size; null when they are not asked for.
  sized_matches bigint;
  unsized_matches bigint;
  is_descending boolean := sort in ('LARGEST_FIRST', 'RECENTLY_UPDATED', 'NAME_DESCENDING');
  -- What decides the order before the names do; null when the names alone do.
  sort_column text;
  by_value text;
  by_name text;
  after_value text;
  after_name text;
  -- Reads that follow one another, each a range of an index: a single one with OR would be none.
  steps text[];
  bounds bigint[];
  step integer;
  found_rows a2o.found_table[];
  items a2o.found_table[];
  kept integer;
  next_cursor text;
  bytes integer := 0;
  counted bigint;
begin
  assessment_id := a2o_private.check_assessment(assessment_id);
  if page_size is null or page_size not between 1 and 1000 then
    perform a2o_private.check_page_size(page_size);
  end if;
  if num_nonnulls(pattern, formats, readiness, min_size_bytes, max_size_bytes, database, findings) > 0 then
    if pattern is not null then
      pattern := a2o_private.check_like_pattern(pattern);
      if pattern <> '%' then
        conditions := conditions || format(' and t.table_name ilike %L', pattern);
      end if;
    end if;
    if cardinality(formats) > 0 then
      conditions := conditions || case when cardinality(formats) = 1 then format(' and t.table_format = %L', formats[1])
        else format(' and t.table_format = any (%L)', formats) end;
    end if;
    if cardinality(readiness) > 0 then
      conditions := conditions || case when cardinality(readiness) = 1 then format(' and t.migration_readiness = %L', readiness[1])
        else format(' and t.migration_readiness = any (%L)', readiness) end;
    end if;
    if min_size_bytes is not null then
      conditions := conditions || format(' and t.size_bytes >= %L', min_size_bytes);
    end if;
    if max_size_bytes is not null then
      conditions := conditions || format(' and t.size_bytes <= %L', max_size_bytes);
    end if;
    if database is not null then
      conditions := conditions || format(' and t.database_name = %L', database);
    end if;
    if cardinality(findings) > 0 then
      conditions := conditions || format(' and t.findings && %L', findings);
      select c.sized, c.unsized into sized_matches, unsized_matches from a2o_private.count_with_findings(assessment_id, findings, database) as c;
    end if;
  end if;
  source := format('%s t where t.assessment_id = %L%s', a2o_private.partition_of(assessment_id), assessment_id, conditions);
  fingerprint := left(md5(sort || source), 12);

  if sort in ('NAME', 'NAME_DESCENDING') then
    by_name := case when is_descending then ' order by t.database_name desc, t.table_name desc' else ' order by t.database_name, t.table_name' end;
  else
    sort_column := case when sort in ('LARGEST_FIRST', 'SMALLEST_FIRST') then 't.size_bytes' else 't.last_updated' end;
    by_name := ' order by t.database_name, t.table_name';
    by_value := ' order by ' || sort_column || case when is_descending then ' desc nulls last' else ' asc nulls first' end || ', t.database_name, t.table_name';
  end if;
  if cursor is not null then
    after_key := a2o_private.read_cursor(cursor, fingerprint, case when sort_column is null then 2 else 3 end);
    after_name := format(' and (t.database_name, t.table_name) %s (%L, %L)', case when sort = 'NAME_DESCENDING' then '<' else '>' end,
      after_key[cardinality(after_key) - 1], after_key[cardinality(after_key)]);
    after_value := quote_literal(after_key[1]);
  end if;

  -- Beside each step, how many tables can fit it by their findings.
  if sort_column is null then
    steps := array[coalesce(after_name, '') || by_name];
    bounds := array[sized_matches + unsized_matches];
  elsif cursor is null and is_descending and sized_matches is null then
    steps := array[by_value];
  elsif cursor is null then
    steps := array[
      ' and ' || sort_column || ' is not null' || by_value,
      ' and ' || sort_column || ' is null' || by_name];
    bounds := array[sized_matches, unsized_matches];
  elsif after_value is null then
    steps := array[' and ' || sort_column || ' is null' || after_name || by_name];
    bounds := array[unsized_matches];
  else
    steps := array[
      ' and ' || sort_column || ' = ' || after_value || after_name || by_name,
      ' and ' || sort_column || case when is_descending then ' < ' else ' > ' end || after_value || by_value,
      ' and ' || sort_column || ' is null' || by_name];
    bounds := array[sized_matches, sized_matches, unsized_matches];
  end if;

  for step in 1 .. cardinality(steps) loop
    execute 'select array_agg(f.found) from (select row(t.assessment_id, t.database_name, t.table_name, t.id, t.aws_account_id,'
      ' t.table_format, t.migration_readiness, t.size_bytes, t.estimated_size_gb, t.storage_location, t.partition_keys, t.column_count, t.last_updated,'
      ' t.is_iceberg, t.row_count, t.table_type, t.size_source, t.format_rule, t.readiness_rule, t.notes, t.findings)::a2o.found_table as found from '
      -- Few tables are all fetched and then sorted. Findings go with sizes (an empty table, a view), so walking in the order of
      -- size could pass a million tables before the first that fits.
      || case when bounds[step] <= 30000 then '(select * from ' || source || ' offset 0) as t where true' else source end
      || steps[step] || ' limit $1) as f'
    into found_rows using page_size + 1 - coalesce(cardinality(items), 0);
    items := items || found_rows;
    exit when cardinality(items) > page_size;
  end loop;

  kept := least(page_size, cardinality(items));
  if max_bytes is not null then
    for place in 1 .. coalesce(kept, 0) loop
      bytes := bytes + octet_length(to_json(items[place])::text);
      if bytes > max_bytes and place > 1 then
        kept := place - 1;
        exit;
      end if;
    end loop;
  end if;
  if kept < cardinality(items) then
    if sort_column = 't.size_bytes' then
      next_cursor := a2o_private.write_cursor(fingerprint, items[kept].size_bytes::text, items[kept].database_name, items[kept].table_name);
    elsif sort_column = 't.last_updated' then
      next_cursor := a2o_private.write_cursor(fingerprint,
        to_char(items[kept].last_updated at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), items[kept].database_name, items[kept].table_name);
    else
      next_cursor := a2o_private.write_cursor(fingerprint, items[kept].database_name, items[kept].table_name);
    end if;
    items := items[:kept];
  end if;

  if count_up_to > 0 then
    if conditions = '' then
      select a.total_tables into counted from a2o.assessments a where a.id = search_tables.assessment_id;
      count_up_to := counted;
    elsif pattern is null and min_size_bytes is null and max_size_bytes is null and database is null and sized_matches is null then
      select coalesce(sum(r.table_count), 0) into counted from a2o.format_rollups r
      where r.assessment_id = search_tables.assessment_id
        and (coalesce(cardinality(formats), 0) = 0 or r.table_format = any (formats))
        and (coalesce(cardinality(readiness), 0) = 0 or r.migration_readiness = any (search_tables.readiness));
      count_up_to := counted;
    else
      execute format('select count(*) from (select from %s limit %s) as f', source, count_up_to::bigint + 1) into counted;
    end if;
  end if;
  return row(coalesce(items, '{}'), next_cursor, case when counted > count_up_to then count_up_to else counted end, counted <= count_up_to)::a2o.table_page;
end
$$;
comment on function a2o.search_tables(uuid, text, text[], a2o.migration_readiness[], bigint, bigint, text, text[], a2o.table_sort, integer, text, integer, integer) is
$$Tables of an assessment that fit all filters, a page at a time. pattern is SQL LIKE over the whole name (% any characters, _ one, \ before either means itself) and takes capital letters A to Z and small ones as the same. An empty list of formats, readiness or findings is no filter; tables of unknown size fit no size filter; database is an exact name; findings are codes, of which a table has at least one. cursor is next_cursor of the page before. total_count comes when count_up_to is above 0 and counts no further than that. max_bytes ends the page early, once its rows take so many bytes as JSON. Errors: A2O10 cursor of another question, A2O11 page size, A2O12 no such assessment, A2O13 pattern.$$;
revoke all on function a2o.search_tables(uuid, text, text[], a2o.migration_readiness[], bigint, bigint, text, text[], a2o.table_sort, integer, text, integer, integer) from public;
grant execute on function a2o.search_tables(uuid, text, text[], a2o.migration_readiness[], bigint, bigint, text, text[], a2o.table_sort, integer, text, integer, integer) to a2o_reader, a2o_ingest;

create or replace function a2o.largest_tables(assessment_id uuid, top integer default 10, database text default null, formats text[] default null)
  returns setof a2o.found_table
  language sql stable
  begin atomic
    select f.* from a2o.search_tables(assessment_id => largest_tables.assessment_id, database => largest_tables.database,
      formats => largest_tables.formats, page_size => largest_tables.top) as page, unnest(page.items) as f
    where f.size_bytes is not null;
  end;
comment on function a2o.largest_tables(uuid, integer, text, text[]) is 'The largest tables of an assessment whose size is known, largest first; of one database or some formats when named. Errors as search_tables.';
revoke all on function a2o.largest_tables(uuid, integer, text, text[]) from public;
grant execute on function a2o.largest_tables(uuid, integer, text, text[]) to a2o_reader, a2o_ingest;
