-- The facts of a stored table, as the rules saw them when it was judged.
create or replace function a2o_private.stored_facts(
  stored a2o.tables, assessed_at timestamptz, limits a2o_private.finding_limits, has_clashing_name boolean
) returns a2o_private.table_facts
  language sql stable
  return (
    select row(assessed_at, limits, (stored).table_format, (stored).format_rule, (stored).readiness_rule, (stored).storage_location,
      (stored).size_bytes, (stored).size_source, (stored).row_count, (stored).partition_keys, (stored).column_count, (stored).last_updated,
      coalesce((stored).glue_parameters -> 'StorageDescriptor.Parameters', '{}') || coalesce((stored).glue_parameters -> 'Parameters', '{}'),
      (stored).glue_parameters, traits.column_types, traits.has_clashing_columns, traits.has_unfit_columns, has_clashing_name)::a2o_private.table_facts
    from (select) as one
    left join a2o.column_schemas s on s.schema_hash = (stored).column_schema_hash
    left join lateral a2o_private.column_traits(s.columns) as traits on true);
comment on function a2o_private.stored_facts(a2o.tables, timestamptz, a2o_private.finding_limits, boolean) is 'What finding rules may look at, from a stored table.';

-- Definer, because column lists and limits are behind it; it tells only about the row that the caller could read. Rules are rows,
-- so the sentence is looked up by name. It costs some 0.2 ms, and only where it is asked for.
create or replace function a2o_private.finding_detail(code text, stored a2o.tables) returns text
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  facts a2o_private.table_facts := a2o_private.stored_facts(
    stored, (select a.timestamp from a2o.assessments a where a.id = (stored).assessment_id), null, null);
  detail text;
begin
  execute format('select a2o_private.%I($1)', 'tells_' || code) using facts into detail;
  return detail;
end
$$;
comment on function a2o_private.finding_detail(text, a2o.tables) is 'What a rule has to tell about a table.';
revoke all on function a2o_private.finding_detail(text, a2o.tables) from public;
grant execute on function a2o_private.finding_detail(text, a2o.tables) to a2o_reader, a2o_ingest;
