create or replace function a2o_mcp_prompts.explain_changes(before_assessment text default 'previous', after_assessment text default 'latest') returns text
  language plpgsql stable as $$
declare
  from_id uuid := a2o.resolve_assessment(before_assessment);
  to_id uuid := a2o.resolve_assessment(after_assessment);
begin
  return format($prompt$Explain what changed in this catalog between two assessments, to somebody who plans its migration.

%s

Group the changes by what they mean for the migration: tables that became ready or fell back, tables that are new and need work, tables that are gone, sizes that grew, columns that changed. compare_assessments has the changed tables with attributes and columns before and after; go through its pages as far as needed, and say how many you looked at. Databases that could not be read on one side are no change: name them apart. Close with what the plan has to take up.$prompt$,
    jsonb_pretty(to_jsonb(a2o.compare_assessments(from_id, to_id))));
end
$$;
comment on function a2o_mcp_prompts.explain_changes(text, text) is
$$What changed between two assessments, and what it means for the plan.

@title Explain what changed
@param before_assessment The earlier one: an id, or previous, which is meant when left out
@param after_assessment The later one: an id, or latest, which is meant when left out$$;
revoke all on function a2o_mcp_prompts.explain_changes(text, text) from public;
grant execute on function a2o_mcp_prompts.explain_changes(text, text) to a2o_reader;
