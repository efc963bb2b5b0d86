-- The assessments that an argument called assessment may name.
create or replace function a2o_mcp_completions.assessment(value text) returns setof a2o_mcp_completions.choice
  language sql stable as $$
  with newest as (
    select n.id, n.aws_account_id, n.region, n.timestamp, n.is_simulated, count(*) over () as catalogs from a2o.newest_assessments n),
  words as (
    select w.word as value, w.title, w.place from (values ('latest', 'The newest assessment', 1), ('previous', 'The one before it', 2)) as w(word, title, place)
    where (select max(n.catalogs) from newest n) = 1),
  ids as (
    select a.id::text as value, format('%s in %s, %s%s', a.aws_account_id, a.region, to_char(a.timestamp at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
      case when a.is_simulated then ' (simulated)' else '' end) as title, 3 as place, a.timestamp
    from a2o.assessments a
    -- Without a beginning only the newest of each catalog; there may be thousands before them.
    where case when trim(assessment.value) = '' then a.id in (select n.id from newest n)
      else a.id::text ^@ lower(trim(assessment.value)) or a.region ^@ lower(trim(assessment.value)) or a.aws_account_id ^@ trim(assessment.value) end)
  select row(f.value, f.title)::a2o_mcp_completions.choice
  from (
    select w.value, w.title, w.place, null::timestamptz as timestamp from words w where w.value ^@ lower(trim(assessment.value))
    union all select i.value, i.title, i.place, i.timestamp from ids i) as f
  order by f.place, f.timestamp desc, f.value
$$;
comment on function a2o_mcp_completions.assessment(text) is
$$Assessments by the beginning of their id, their region or their account; the newest ones when nothing is typed yet.

@param value What is typed so far$$;
revoke all on function a2o_mcp_completions.assessment(text) from public;
grant execute on function a2o_mcp_completions.assessment(text) to a2o_reader;

create or replace function a2o_mcp_completions.before_assessment(value text) returns setof a2o_mcp_completions.choice
  language sql stable as $$ select * from a2o_mcp_completions.assessment(value) $$;
comment on function a2o_mcp_completions.before_assessment(text) is E'As assessment.\n\n@param value What is typed so far';
create or replace function a2o_mcp_completions.after_assessment(value text) returns setof a2o_mcp_completions.choice
  language sql stable as $$ select * from a2o_mcp_completions.assessment(value) $$;
comment on function a2o_mcp_completions.after_assessment(text) is E'As assessment.\n\n@param value What is typed so far';
revoke all on function a2o_mcp_completions.before_assessment(text), a2o_mcp_completions.after_assessment(text) from public;
grant execute on function a2o_mcp_completions.before_assessment(text), a2o_mcp_completions.after_assessment(text) to a2o_reader;
