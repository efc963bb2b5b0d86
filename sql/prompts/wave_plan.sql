create or replace function a2o_mcp_prompts.wave_plan(assessment text default 'latest', hours_per_wave integer default 160) returns text
  language plpgsql stable as $$
declare
  chosen uuid := a2o.resolve_assessment(assessment);
begin
  return format($prompt$Plan the migration of this catalog in waves of about %s working hours each.

Databases of assessment %s by planned hours (the weights are rows in effort_weights; sizes in GB of 2^30 bytes, null when the catalog does not tell; at most 150 databases, those with most work):

%s

Put databases that are mostly ready and small first, to prove the path; keep views with the tables they read (get_table has the findings on a view); split a database only when it alone exceeds a wave. For each wave give its databases, tables, hours, known size, the findings of severity HIGH in it (get_findings with database) and what must be decided before it starts. List apart what cannot be planned: databases that could not be read (get_coverage) and tables whose verdict is UNKNOWN. End with the assumptions you made.$prompt$,
    hours_per_wave, chosen, (
      select coalesce(string_agg(format('- %s: %s tables, %s ready, %s to convert, %s unknown, %s GB, %s h, read: %s', a2o.markdown_cell(d.database_name), d.table_count,
        d.migration_ready, d.needs_conversion, d.unknown, coalesce(round(d.estimated_size_gb, 1)::text, 'unknown'), e.effort_hours, d.coverage), E'\n' order by e.effort_hours desc, d.database_name), '(no database was read)')
      from (
        select o.* from a2o.database_effort o where o.assessment_id = chosen order by o.effort_hours desc, o.database_name limit 150) as e
      join a2o.database_overview d on d.assessment_id = e.assessment_id and d.database_name = e.database_name));
end
$$;
comment on function a2o_mcp_prompts.wave_plan(text, integer) is
$$A plan of migration waves by database, from planned hours, readiness and findings.

@title Wave plan
@param assessment An id, latest, previous or latest~2; latest when left out
@param hours_per_wave Working hours that fit one wave; 160 when left out [1..100000]$$;
revoke all on function a2o_mcp_prompts.wave_plan(text, integer) from public;
grant execute on function a2o_mcp_prompts.wave_plan(text, integer) to a2o_reader;
