create or replace function a2o_mcp_prompts.client_summary(assessment text default 'latest', language text default 'English') returns text
  language sql stable as $$
  select format($prompt$Write a summary of this assessment for the management of a client, in %s, in at most 300 words.

%s

Readers do not know Glue or Iceberg: say in plain words what is there, how much can move as it is, what work the rest needs and why, what is not known yet, and what they should decide next. Keep the numbers exact and few. Say when the data was read, and that it covers only what could be read. No praise, no alarm, no promise of dates.$prompt$,
    left(language, 50), jsonb_pretty(a2o_mcp_resources.assessment_summary(assessment)))
$$;
comment on function a2o_mcp_prompts.client_summary(text, text) is
$$A summary for the management of a client, without technical words.

@title Client summary
@param assessment An id, latest, previous or latest~2; latest when left out
@param language Language to write in; English when left out$$;
revoke all on function a2o_mcp_prompts.client_summary(text, text) from public;
grant execute on function a2o_mcp_prompts.client_summary(text, text) to a2o_reader;
