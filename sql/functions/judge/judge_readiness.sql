-- READY is said only of what can be registered in another catalog as it is; the rest is honest work or honest ignorance.
create or replace function a2o_private.judge_readiness(table_format text, format_rule text, location text, metadata_location text)
  returns table (rule text, migration_readiness a2o.migration_readiness)
  language sql immutable parallel safe rows 1 as $$
  select verdict[1], verdict[2]::a2o.migration_readiness from (
    select case
      when table_format = 'RESOURCE_LINK' then array['rdy-010', 'UNKNOWN']
      when table_format = 'UNKNOWN' then array['rdy-020', 'UNKNOWN']
      when table_format in ('VIEW', 'FEDERATED', 'JDBC', 'DYNAMODB', 'HBASE') then array['rdy-030', 'NEEDS_CONVERSION']
      when format_rule in ('fmt-200', 'fmt-201') then array['rdy-031', 'NEEDS_CONVERSION']
      when table_format = 'ICEBERG' and (location ~* '^s3[an]?://' or metadata_location ~* '^s3[an]?://') then array['rdy-100', 'READY']
      when coalesce(location, metadata_location) is null then array['rdy-040', 'UNKNOWN']
      when table_format = 'ICEBERG' then array['rdy-110', 'NEEDS_CONVERSION']
      else array['rdy-120', 'NEEDS_CONVERSION'] end as verdict
    offset 0) as first_that_fits
$$;
comment on function a2o_private.judge_readiness(text, text, text, text) is 'Verdict on one table with the code of the rule that reached it (see readiness_rules).';
