create or replace function a2o_mcp_prompts.readiness_briefing(assessment text default 'latest') returns text
  language sql stable as $$
  select format($prompt$Brief me on how ready this catalog is to move from AWS to an OpenStack lakehouse.

The numbers, from the assessment itself:

%s

Write at most one page: first how much of the catalog these numbers cover and how old they are; then what is ready, what needs conversion and what is unknown, each with its share of tables and of known size; then the three findings that matter most, with what to do about each; then what you would look into next. Say where a number is a lower bound because something could not be read, or because sizes are unknown. Use get_findings, get_table and search_tables for details you need; do not estimate what the tools can tell.$prompt$,
    jsonb_pretty(a2o_mcp_resources.assessment_summary(assessment)))
$$;
comment on function a2o_mcp_prompts.readiness_briefing(text) is
$$A briefing of one page on what is ready, what is not and why.

@title Readiness briefing
@param assessment An id, latest, previous or latest~2; latest when left out$$;
revoke all on function a2o_mcp_prompts.readiness_briefing(text) from public;
grant execute on function a2o_mcp_prompts.readiness_briefing(text) to a2o_reader;
