-- The rules become one expression, so that a table is looked at once, in the pass that judges it, and each predicate is inlined.
create or replace function a2o_private.findings_expression(origin a2o.assessment_origin) returns text
  language sql stable
  return (
    select format('array_remove(array[%s]::text[], null)',
      string_agg(format('case when a2o_private.%I(facts) then %L end', 'finds_' || r.code, r.code), ', ' order by r.code collate "C"))
    from a2o.finding_rules r where r.is_enabled and (origin = 'GLUE' or not r.needs_glue));
comment on function a2o_private.findings_expression(a2o.assessment_origin) is 'SQL that gives the sorted codes of the findings on a table from table_facts called facts.';
