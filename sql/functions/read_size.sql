-- In the order of trust. AWS disclaims the crawler's figures, so the source is kept with the number.
create or replace function a2o_private.read_size(parameters jsonb) returns table (bytes bigint, source text)
  language sql immutable parallel safe rows 1 as $$
  select
    coalesce(hive.bytes, spark.bytes, crawler.bytes, product.bytes),
    case
      when hive.bytes is not null then 'totalSize'
      when spark.bytes is not null then 'spark.sql.statistics.totalSize'
      when crawler.bytes is not null then 'sizeKey'
      when product.bytes is not null then 'recordCount × averageRecordSize' end
  from a2o_private.parse_count(parameters ->> 'totalSize') as hive(bytes),
    a2o_private.parse_count(parameters ->> 'spark.sql.statistics.totalSize') as spark(bytes),
    a2o_private.parse_count(parameters ->> 'sizeKey') as crawler(bytes),
    lateral (
      select case when p.bytes < 1e18 then p.bytes::bigint end as bytes
      from (select a2o_private.parse_count(parameters ->> 'recordCount')::numeric
        * a2o_private.parse_count(parameters ->> 'averageRecordSize') as bytes) as p) as product
$$;
comment on function a2o_private.read_size(jsonb) is 'Size in bytes from Glue parameters, with the parameter that told it; nulls when none tells a believable number.';

create or replace function a2o_private.read_row_count(parameters jsonb) returns table (count bigint, source text)
  language sql immutable parallel safe rows 1 as $$
  select
    coalesce(hive.rows, spark.rows, crawler.rows),
    case
      when hive.rows is not null then 'numRows'
      when spark.rows is not null then 'spark.sql.statistics.numRows'
      when crawler.rows is not null then 'recordCount' end
  from a2o_private.parse_count(parameters ->> 'numRows') as hive(rows),
    a2o_private.parse_count(parameters ->> 'spark.sql.statistics.numRows') as spark(rows),
    a2o_private.parse_count(parameters ->> 'recordCount') as crawler(rows)
$$;
comment on function a2o_private.read_row_count(jsonb) is 'Rows from Glue parameters, with the parameter that told them; nulls when none tells a believable number.';
