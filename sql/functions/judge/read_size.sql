-- In the order of trust. AWS disclaims the crawler's figures, so the source is kept with the number. The sub-selects with
-- offset 0 let each parameter be read once.
create or replace function a2o_private.read_size(parameters jsonb) returns table (bytes bigint, source text)
  language sql immutable parallel safe rows 1 as $$
  select
    coalesce(told.hive, told.spark, told.crawler, case when told.product < 1e18 then told.product::bigint end),
    case
      when told.hive is not null then 'totalSize'
      when told.spark is not null then 'spark.sql.statistics.totalSize'
      when told.crawler is not null then 'sizeKey'
      when told.product < 1e18 then 'recordCount × averageRecordSize' end
  from (
    select a2o_private.parse_count(parameters ->> 'totalSize') as hive,
      a2o_private.parse_count(parameters ->> 'spark.sql.statistics.totalSize') as spark,
      a2o_private.parse_count(parameters ->> 'sizeKey') as crawler,
      a2o_private.parse_count(parameters ->> 'recordCount')::numeric * a2o_private.parse_count(parameters ->> 'averageRecordSize') as product
    offset 0) as told
$$;
comment on function a2o_private.read_size(jsonb) is 'Size in bytes from Glue parameters, with the parameter that told it; nulls when none tells a believable number.';

create or replace function a2o_private.read_row_count(parameters jsonb) returns table (count bigint, source text)
  language sql immutable parallel safe rows 1 as $$
  select
    coalesce(told.hive, told.spark, told.crawler),
    case
      when told.hive is not null then 'numRows'
      when told.spark is not null then 'spark.sql.statistics.numRows'
      when told.crawler is not null then 'recordCount' end
  from (
    select a2o_private.parse_count(parameters ->> 'numRows') as hive,
      a2o_private.parse_count(parameters ->> 'spark.sql.statistics.numRows') as spark,
      a2o_private.parse_count(parameters ->> 'recordCount') as crawler
    offset 0) as told
$$;
comment on function a2o_private.read_row_count(jsonb) is 'Rows from Glue parameters, with the parameter that told them; nulls when none tells a believable number.';
