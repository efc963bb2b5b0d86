-- Glue parameters are strings that anybody may write: '-1', '1.2 GB', '' and numbers of thirty digits all occur.
create or replace function a2o_private.parse_count(value text) returns bigint
  language sql immutable parallel safe
  return case when value ~ '^[0-9]{1,18}(\.0+)?$' then split_part(value, '.', 1)::bigint end;
comment on function a2o_private.parse_count(text) is 'A whole number of 0 or more with up to 18 digits (a size stays below one exabyte), else null: unknown, never zero.';

-- What a report brings was written by us or checked before; it may use the whole range.
create or replace function a2o_private.parse_bigint(value text) returns bigint
  language sql immutable parallel safe
  return case when value ~ '^[0-9]{1,19}$' then case when value::numeric <= 9223372036854775807 then value::bigint end end;
comment on function a2o_private.parse_bigint(text) is 'A whole number of 0 or more that a bigint holds, else null.';
