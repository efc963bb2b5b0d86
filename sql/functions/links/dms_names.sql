-- Patterns of DMS table mappings: % any text, _ one character, [_] that character itself, [ab] one of a set, [a-d] one of a
-- range. Glue keeps names in lower case whatever the source calls them, so case never counts.

-- The same pattern for LIKE, which is many times quicker than a regular expression; null when it has a set.
create or replace function a2o_private.dms_like(pattern text) returns text
  language sql immutable parallel safe
  begin atomic
    select case when p.escaped !~ '\[[^][]+\]' then lower(p.escaped) end
    from (select replace(replace(replace(pattern, '\', '\\'), '[_]', '\_'), '[%]', '\%')) as p(escaped);
  end;
comment on function a2o_private.dms_like(text) is 'A DMS name pattern as a LIKE pattern in lower case; null when it has a set of characters.';
revoke all on function a2o_private.dms_like(text) from public;

create or replace function a2o_private.dms_regex(pattern text) returns text
  language plpgsql immutable as $$
declare
  regex text := regexp_replace(lower(pattern), '([.^$*+?(){}|\\])', '\\\1', 'g');
begin
  -- A bracket that opens no set is itself; what stands in a set is no wildcard.
  regex := regexp_replace(regex, '\[(?![^][]+\])', '\\[', 'g');
  regex := regexp_replace(regex, '%(?![^][]*\])', '.*', 'g');
  regex := '^' || regexp_replace(regex, '_(?![^][]*\])', '.', 'g') || '$';
  perform '' ~ regex;
  return regex;
exception when invalid_regular_expression then
  -- A range that runs backwards.
  return '^(?!)';
end
$$;
comment on function a2o_private.dms_regex(text) is 'A DMS name pattern as a regular expression for names in lower case; one that fits nothing when the pattern makes no sense.';
revoke all on function a2o_private.dms_regex(text) from public;

create or replace function a2o_private.dms_fits(name text, pattern text) returns boolean
  language sql immutable parallel safe
  return coalesce(lower(name) like a2o_private.dms_like(pattern), lower(name) ~ a2o_private.dms_regex(pattern));
comment on function a2o_private.dms_fits(text, text) is 'Whether a name fits a DMS name pattern, in whatever case.';
revoke all on function a2o_private.dms_fits(text, text) from public;

-- The name itself when the pattern means no other, but for a _ that stands for itself as nearly always.
create or replace function a2o_private.dms_literal(pattern text) returns text
  language sql immutable parallel safe
  begin atomic
    select case when p.plain !~ '%|\[[^][]+\]' then lower(p.plain) end from (select replace(pattern, '[_]', '_')) as p(plain);
  end;
comment on function a2o_private.dms_literal(text) is 'The one name in lower case that a DMS name pattern was written for; null when it has wildcards other than _.';
revoke all on function a2o_private.dms_literal(text) from public;

-- For the index: names that fit begin with it.
create or replace function a2o_private.dms_prefix(pattern text) returns text
  language sql immutable parallel safe
  return lower(substring(pattern from '^[^]%_[]*'));
comment on function a2o_private.dms_prefix(text) is 'What every name that fits a DMS name pattern begins with.';
revoke all on function a2o_private.dms_prefix(text) from public;
