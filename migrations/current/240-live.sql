-- What is announced as it happens, see announce().
create type a2o.event_kind as enum ('ASSESSMENT', 'JOB', 'ALERT', 'MONITOR');
comment on type a2o.event_kind is 'What came, changed or went.';

alter table a2o.accounts add column announced_as uuid not null unique default gen_random_uuid();
comment on column a2o.accounts.announced_as is E'@behavior -*\nStands for the account in notifications, which every login of the database can listen to.';
