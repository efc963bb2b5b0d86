-- Access is given and taken by whoever may act as the owner; there is no other way to write account_access.
create or replace function a2o.grant_account_access(member text, account_id text) returns void
  language plpgsql volatile as $$
begin
  perform a2o_private.check_account_id(account_id);
  insert into a2o.account_access (member, aws_account_id) values (grant_account_access.member, account_id) on conflict do nothing;
end
$$;
comment on function a2o.grant_account_access(text, text) is E'@behavior -*\nLets a member (login role, or signed-in user of the web) read an account; * means every account. Error: A2O05 not an account id.';
revoke all on function a2o.grant_account_access(text, text) from public;

-- What a program gives by itself it gives once: an owner who took it back means it.
create or replace function a2o.grant_account_access_once(member text, account_id text) returns boolean
  language plpgsql volatile as $$
begin
  perform a2o_private.check_account_id(account_id);
  insert into a2o_private.first_grants (member, aws_account_id) values (grant_account_access_once.member, account_id) on conflict do nothing;
  if not found then
    return false;
  end if;
  perform a2o.grant_account_access(grant_account_access_once.member, account_id);
  return true;
end
$$;
comment on function a2o.grant_account_access_once(text, text) is E'@behavior -*\nAs grant_account_access, but only the first time in the life of a database; false when it was given before, even if it was revoked since. Error: A2O05 not an account id.';
revoke all on function a2o.grant_account_access_once(text, text) from public;

create or replace function a2o.revoke_account_access(member text, account_id text) returns boolean
  language plpgsql volatile as $$
begin
  perform a2o_private.check_account_id(account_id);
  delete from a2o.account_access g where g.member = revoke_account_access.member and g.aws_account_id = account_id;
  return found;
end
$$;
comment on function a2o.revoke_account_access(text, text) is E'@behavior -*\nTakes back what grant_account_access gave, from the member''s next statement on; false when there was no such grant. Taking * leaves accounts that were given by themselves. Error: A2O05 not an account id.';
revoke all on function a2o.revoke_account_access(text, text) from public;

create or replace function a2o_private.check_account_id(account_id text) returns void
  language plpgsql immutable as $$
begin
  if account_id <> '*' and account_id !~ '^[0-9]{12}$' then
    raise exception '% is no AWS account id', quote_literal(account_id) using errcode = 'A2O05', hint = 'Twelve digits, or * for every account.';
  end if;
end
$$;
comment on function a2o_private.check_account_id(text) is 'Raises A2O05 unless it is twelve digits or *.';

-- A grant counts for the name that asks (see current_member), so the remarks say where a name cannot ask or need not.
create or replace function a2o.list_account_access(member text default null)
  returns table (member_name text, member_kind text, aws_account_id text, account_name text, is_known_account boolean,
    granted_at timestamptz, granted_by text, remarks text[])
  language sql stable as $$
  select g.member, case when r.oid is null then 'USER' when r.rolcanlogin then 'LOGIN' else 'GROUP' end, g.aws_account_id::text, a.account_name,
    g.aws_account_id = '*' or a.aws_account_id is not null, g.granted_at, g.granted_by,
    array_remove(array[
      case when g.member = 'a2o_authenticator' then g.member || ' is the web server''s login and reads as the user who signed in: grant to that user.'
        when not r.rolcanlogin then g.member || ' cannot log in. A grant counts for the login that asks, not for the groups it is in.' end,
      case when r.rolsuper then g.member || ' is a superuser, whom no policy holds back.'
        when r.rolcanlogin and g.member <> 'a2o_authenticator' and not pg_has_role(r.oid, 'a2o_reader', 'usage')
          then format('%s may not read anything yet: grant a2o_reader to %s;', g.member, quote_ident(g.member)) end], null)
  from a2o.account_access g
  left join pg_roles r on r.rolname = g.member
  left join a2o.accounts a on a.aws_account_id = g.aws_account_id
  where g.member = coalesce(list_account_access.member, g.member)
  order by g.member, g.aws_account_id
$$;
comment on function a2o.list_account_access(text) is E'@behavior -*\nWho may read which account: each grant, whether the member is a LOGIN, a GROUP or a USER of the web (no role has that name), whether the account was ever seen here, and what keeps the grant from working.';
revoke all on function a2o.list_account_access(text) from public;
