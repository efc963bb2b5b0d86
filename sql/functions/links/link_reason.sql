-- What a link was concluded from, for people; the keys are those that the rules write.
create or replace function a2o_private.link_reason(source a2o.link_source, evidence jsonb) returns text
  language sql immutable
  return case source
    when 'PERSON' then null
    when 'DATASYNC_LOCATION' then case evidence ->> 'covers' when 'PART' then 'part of it' else 'all of it' end || ' lies in ' || (evidence ->> 'source')
    when 'GLUE_ARGUMENT' then concat_ws(' ', evidence ->> 'argument', evidence ->> 'value')
    else (evidence ->> 'source') || coalesce(', by selection rule ' || (evidence ->> 'rule_id'), ', counted by DMS') end
    || coalesce(', fits ' || to_char((evidence ->> 'fits')::bigint, 'FM999,999,999,990') || ' tables', '');
comment on function a2o_private.link_reason(a2o.link_source, jsonb) is 'What a link was concluded from, in words; null when a person decided.';
revoke all on function a2o_private.link_reason(a2o.link_source, jsonb) from public;
grant execute on function a2o_private.link_reason(a2o.link_source, jsonb) to a2o_reader, a2o_worker;
