-- A webhook of all accounts is for those who may read all of them.
alter table a2o.alert_webhooks enable row level security;
alter table a2o.alert_deliveries enable row level security;
drop policy if exists reads_own_accounts on a2o.alert_webhooks;
create policy reads_own_accounts on a2o.alert_webhooks for select to a2o_reader
  using (aws_account_id = any ((select a2o_private.visible_accounts())::text[])
    or aws_account_id is null and '*' = any ((select a2o_private.granted_accounts())::text[]));
drop policy if exists reads_own_accounts on a2o.alert_deliveries;
create policy reads_own_accounts on a2o.alert_deliveries for select to a2o_reader
  using (aws_account_id = any ((select a2o_private.visible_accounts())::text[])
    or aws_account_id is null and '*' = any ((select a2o_private.granted_accounts())::text[]));
drop policy if exists records_all_accounts on a2o.alert_webhooks;
create policy records_all_accounts on a2o.alert_webhooks for select to a2o_ingest, a2o_worker using (true);
drop policy if exists records_all_accounts on a2o.alert_deliveries;
create policy records_all_accounts on a2o.alert_deliveries for select to a2o_ingest, a2o_worker using (true);
grant select on a2o.alert_webhooks, a2o.alert_deliveries to a2o_reader, a2o_ingest, a2o_worker;
