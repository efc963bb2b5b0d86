-- The seed's tool. Definer would gain nothing here: one indexed row, and the policies choose whose.
create or replace function a2o_mcp.get_latest_assessment(region text, account_id text) returns a2o_mcp.assessment_summary
  language plpgsql stable as $$
declare
  answer a2o_mcp.assessment_summary;
  choices text;
begin
  select a.id, a.timestamp, a.region, a.aws_account_id, a.origin, a.is_simulated, a.total_databases, a.databases_complete,
    a.completeness_percent, a.total_tables, a.iceberg_tables, a.migration_ready, a.needs_conversion, a.unknown, a.sized_tables,
    round(a.total_estimated_size_gb, 2), null
  into answer
  from a2o.newest_assessments a
  where a.aws_account_id = get_latest_assessment.account_id and a.region = get_latest_assessment.region;
  if answer.assessment_id is null then
    select string_agg(format('%s in %s', a.aws_account_id, a.region), ', ' order by a.aws_account_id, a.region) into choices from a2o.newest_assessments a;
    answer.message := format('No assessment of account %s in %s. ', account_id, region)
      || coalesce('There are assessments of: ' || choices || '.', 'Nothing has been assessed that you may read.');
  end if;
  return answer;
end
$$;
comment on function a2o_mcp.get_latest_assessment(text, text) is
$$Newest assessment of one AWS account in one region, in numbers: databases, tables, readiness, Iceberg tables, known size, and how much of the catalog could be read. Start here; its assessment_id goes into the other tools. Sizes are in GB of 2^30 bytes and cover only tables whose size the catalog tells. When there is no such assessment, message lists the accounts and regions that have one.

@param region AWS region, e.g. us-east-1
@param account_id AWS account id, twelve digits$$;
revoke all on function a2o_mcp.get_latest_assessment(text, text) from public;
grant execute on function a2o_mcp.get_latest_assessment(text, text) to a2o_reader;
