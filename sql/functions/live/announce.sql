-- Any login of the database can listen, so the payload tells nothing: not even the account, only a random name for it. Whoever
-- wants to know more asks under their own rights. For triggers and definer functions, which run as the owner.
create or replace function a2o_private.announce(kind text, aws_account_id text, id uuid) returns void
  language sql volatile set search_path = pg_catalog, pg_temp as $$
  select pg_notify('a2o', json_build_object('kind', upper(announce.kind)::a2o.event_kind, 'account', a.announced_as, 'id', announce.id, 'at', now())::text)
  from a2o.accounts a
  where a.aws_account_id = announce.aws_account_id
$$;
comment on function a2o_private.announce(text, text, uuid) is 'Notifies channel a2o, when the transaction commits, that something of an account came, changed or went (kind: see event_kind). A null id: so many of the kind that they are not named.';
revoke all on function a2o_private.announce(text, text, uuid) from public;

-- For statement-level triggers whose transition table is called changed and has id and aws_account_id. Definer, so that whoever
-- changes a row announces it.
create or replace function a2o_private.announce_changed() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform a2o_private.announce(tg_argv[0], c.aws_account_id, case when c.siblings <= 100 then c.id end)
  from (select distinct x.aws_account_id, x.id, count(*) over (partition by x.aws_account_id) as siblings from changed x) as c;
  return null;
end
$$;
comment on function a2o_private.announce_changed() is 'Announces the changed rows as events of the kind in the trigger''s argument; more than 100 of an account at once are not named.';
revoke all on function a2o_private.announce_changed() from public;

create or replace function a2o_private.watchers(announced uuid[], members text[])
  returns table (announced_as uuid, aws_account_id text, watching text[])
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select a.announced_as, a.aws_account_id::text, array_agg(distinct g.member)
  from a2o.accounts a
  join a2o.account_access g on g.aws_account_id in ('*', a.aws_account_id)
  where a.announced_as = any (announced) and g.member = any (members)
  group by a.announced_as, a.aws_account_id
$$;
comment on function a2o_private.watchers(uuid[], text[]) is 'Which of these members may read the announced accounts now; accounts that none of them may read are left out. For the web server, which tells each member only of their own accounts.';
revoke all on function a2o_private.watchers(uuid[], text[]) from public;
grant usage on schema a2o_private to a2o_authenticator;
grant execute on function a2o_private.watchers(uuid[], text[]) to a2o_authenticator;
