-- Runs as the caller: the policies choose whose. The choices go into the hint, which GraphQL, MCP and the command line show.
create or replace function a2o.resolve_assessment(reference text, account_id text default null, region text default null) returns uuid
  language plpgsql stable as $$
declare
  wanted text := lower(trim(reference));
  steps integer := 0;
  base text;
  found_ids uuid[];
  choices text;
begin
  base := coalesce(substring(wanted from '^(.*)~[0-9]{1,6}$'), wanted);
  steps := coalesce(substring(wanted from '~([0-9]{1,6})$')::integer, 0);
  if base = 'previous' then
    base := 'latest';
    steps := steps + 1;
  end if;

  if base = 'latest' then
    select array_agg(n.id), string_agg(format('%s in %s: %s', n.aws_account_id, n.region, n.id), '; ' order by n.aws_account_id, n.region)
        filter (where n.place <= 20)
      into found_ids, choices
    from (
      select a.id, a.aws_account_id, a.region, row_number() over (order by a.aws_account_id, a.region) as place
      from a2o.newest_assessments a
      where (resolve_assessment.account_id is null or a.aws_account_id = resolve_assessment.account_id)
        and (resolve_assessment.region is null or a.region = resolve_assessment.region)) as n;
    if found_ids is null then
      raise exception 'no assessment is stored% that you may read', coalesce(' of account ' || account_id, '') || coalesce(' in ' || region, '')
        using errcode = 'A2O15', hint = case when account_id is null and region is null
          then 'Make one with `aws2openstack assess glue-catalog`, or ask for access to an account.'
          else 'Look at all of them, without account and region.' end;
    elsif cardinality(found_ids) > 1 then
      raise exception 'the reference % fits % catalogs: say which account and region', quote_literal(trim(reference)), cardinality(found_ids)
        using errcode = 'A2O16', hint = choices || case when cardinality(found_ids) > 20 then '; …' else '' end;
    end if;
  elsif base ~ '^[0-9a-f]{4,32}$|^[0-9a-f]{8}-[0-9a-f-]{0,27}$' then
    select array_agg(a.id), string_agg(format('%s (%s in %s, %s)', a.id, a.aws_account_id, a.region,
        to_char(a.timestamp at time zone 'UTC', 'YYYY-MM-DD HH24:MI')), '; ' order by a.timestamp desc, a.id) filter (where a.place <= 20)
      into found_ids, choices
    from (
      select x.id, x.aws_account_id, x.region, x.timestamp, row_number() over (order by x.timestamp desc, x.id) as place
      from a2o.assessments x
      where x.id >= rpad(replace(base, '-', ''), 32, '0')::uuid and x.id <= rpad(replace(base, '-', ''), 32, 'f')::uuid
        and (resolve_assessment.account_id is null or x.aws_account_id = resolve_assessment.account_id)
        and (resolve_assessment.region is null or x.region = resolve_assessment.region)) as a;
    if cardinality(found_ids) > 1 then
      raise exception '% begins the ids of % assessments', base, cardinality(found_ids)
        using errcode = 'A2O16', hint = choices || case when cardinality(found_ids) > 20 then '; …' else '' end;
    end if;
  else
    raise exception 'the reference % names no assessment', quote_nullable(left(reference, 100))
      using errcode = 'A2O15', hint = 'Write latest, previous, latest~2, an id, or at least the first four digits of one.';
  end if;

  if steps > 0 and found_ids is not null then
    select array_agg(p.id) into found_ids
    from (
      select b.id from a2o.assessments b join a2o.assessments a on a.aws_account_id = b.aws_account_id and a.region = b.region
      where a.id = found_ids[1] and (b.timestamp < a.timestamp or b.timestamp = a.timestamp and b.id >= a.id)
      order by b.timestamp desc, b.id offset steps limit 1) as p;
    if found_ids is null then
      raise exception 'the reference % reaches further back than there are assessments', quote_literal(trim(reference))
        using errcode = 'A2O15', hint = 'The view assessment_overview lists those that there are.';
    end if;
  end if;
  if found_ids is null then
    raise exception 'there is no assessment % that you may read', base
      using errcode = 'A2O15', hint = 'The view assessment_overview lists those that there are.';
  end if;
  return found_ids[1];
end
$$;
comment on function a2o.resolve_assessment(text, text, text) is
'The assessment that a person means: latest, previous (the one before), latest~2 (two before), an id, the first four or more digits of one, or any of these with ~N. account_id and region choose between catalogs. Errors: A2O15 nothing fits, A2O16 several fit, and the hint lists them.';
revoke all on function a2o.resolve_assessment(text, text, text) from public;
grant execute on function a2o.resolve_assessment(text, text, text) to a2o_reader, a2o_ingest;
