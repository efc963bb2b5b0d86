-- Athena and Presto keep a view's definition in ViewOriginalText as /* Presto View: BASE64 */, JSON with the view's columns.
-- Source: ViewReaderUtil.java of Trino's Hive connector. Not parallel safe, as spark_columns.
create or replace function a2o_private.presto_view_columns(view_text text) returns jsonb
  language plpgsql immutable as $$
declare
  definition jsonb;
begin
  definition := convert_from(decode(substring(view_text from '^\s*/\*\s*Presto View:\s*([A-Za-z0-9+/=]+)\s*\*/'), 'base64'), 'UTF8')::jsonb;
  return (
    select jsonb_agg(jsonb_build_object('name', c.col ->> 'name', 'type', c.col ->> 'type', 'comment', c.col ->> 'comment', 'partition', false)
      order by c.place)
    from jsonb_array_elements(definition -> 'columns') with ordinality as c(col, place));
exception when data_exception or program_limit_exceeded or statement_too_complex then
  return null; -- cut off, or not what it says it is
end
$$;
comment on function a2o_private.presto_view_columns(text) is 'Columns [{name, type, comment, partition}] of an Athena or Presto view from its ViewOriginalText, types in Presto''s notation; null when it holds none.';
