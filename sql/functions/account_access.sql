-- Grants are given by whoever may act as the owner; there is no other way to write account_access.
create or replace function a2o.grant_account_access(member text, account_id text) returns void
  language plpgsql volatile as $$
begin
  if account_id <> '*' and account_id !~ '^[0-9]{12}$' then
    raise exception '% is no AWS account id', quote_literal(account_id) using errcode = 'A2O05', hint = 'Twelve digits, or * for every account.';
  end if;
  insert into a2o.account_access (member, aws_account_id) values (grant_account_access.member, account_id) on conflict do nothing;
end
$$;
comment on function a2o.grant_account_access(text, text) is E'@behavior -*\nLets a member (login role, or signed-in user of the web) read an account; * means every account. Error: A2O05 not an account id.';
revoke all on function a2o.grant_account_access(text, text) from public;
