create type a2o.webhook_format as enum ('GENERIC', 'SLACK');
comment on type a2o.webhook_format is 'GENERIC: signed JSON by the Standard Webhooks specification. SLACK: a message for an incoming webhook of Slack, or of what speaks like it, such as Mattermost.';

create type a2o.webhook_state as enum ('PAUSED', 'UNTRIED', 'DELIVERING', 'FAILING');
comment on type a2o.webhook_state is 'PAUSED: somebody paused it. UNTRIED: nothing was sent yet. DELIVERING: the latest message arrived. FAILING: it did not, or the worker lacks its address.';

create type a2o.delivery_event as enum ('OPENED', 'RESOLVED', 'TEST');
comment on type a2o.delivery_event is 'What a message tells. OPENED: an alert began, or is open again. RESOLVED: it is over. TEST: somebody tries the webhook.';

create type a2o.delivery_state as enum ('PENDING', 'DELIVERED', 'DEAD');
comment on type a2o.delivery_state is 'PENDING: to be sent, or sent again. DELIVERED: the receiver took it. DEAD: given up after all attempts, until somebody retries it.';

create table a2o.alert_webhooks (
  id uuid primary key default gen_random_uuid(),
  webhook_name text not null unique check (webhook_name ~ '^[a-z][a-z0-9_]{0,39}$'),
  webhook_format a2o.webhook_format not null,
  minimum_severity a2o.alert_severity not null default 'WARNING',
  aws_account_id varchar(12) references a2o.accounts,
  is_enabled boolean not null default true,
  max_attempts integer not null default 15 check (max_attempts between 1 and 100),
  created_at timestamptz not null default now(),
  created_by text not null default session_user,
  last_succeeded_at timestamptz,
  failing_since timestamptz,
  consecutive_failures integer not null default 0,
  error_code text,
  error_message text,
  held_until timestamptz
);
create index alert_webhooks_aws_account_id_idx on a2o.alert_webhooks (aws_account_id);
comment on table a2o.alert_webhooks is 'Who is told of alerts. Holds neither address nor secret: the worker reads them from its environment, ALERT_WEBHOOK_…_URL and ALERT_WEBHOOK_…_SECRET, or from the files that the same names with _FILE name.';
comment on column a2o.alert_webhooks.webhook_name is 'Name, in lower case; in upper case it is part of the names of its variables.';
comment on column a2o.alert_webhooks.webhook_format is 'What the receiver understands.';
comment on column a2o.alert_webhooks.minimum_severity is 'Alerts that matter less are not told.';
comment on column a2o.alert_webhooks.aws_account_id is 'Only alerts of this account; null tells of all accounts.';
comment on column a2o.alert_webhooks.is_enabled is 'False while it is paused: alerts of that time are not told, and what waits goes on waiting.';
comment on column a2o.alert_webhooks.max_attempts is 'After so many attempts in vain a message is given up. 15 take about a day.';
comment on column a2o.alert_webhooks.created_at is 'When it was added.';
comment on column a2o.alert_webhooks.created_by is 'Login that added it, or the user that the web server vouches for.';
comment on column a2o.alert_webhooks.last_succeeded_at is 'When the receiver last took a message.';
comment on column a2o.alert_webhooks.failing_since is 'Since when nothing has arrived; null when the latest message did.';
comment on column a2o.alert_webhooks.consecutive_failures is 'Attempts in vain in a row.';
comment on column a2o.alert_webhooks.error_code is 'Why: HTTP_503, TIMEOUT, ECONNREFUSED, …; SETTINGS when the worker''s environment does not fit.';
comment on column a2o.alert_webhooks.error_message is 'The same in words, without address or secret.';
comment on column a2o.alert_webhooks.held_until is 'Nothing is sent before: the receiver asked for that, or just failed.';

create table a2o.alert_deliveries (
  id uuid primary key default gen_random_uuid(),
  sequence_number bigint generated always as identity,
  webhook_id uuid not null references a2o.alert_webhooks on delete cascade,
  alert_id uuid,
  aws_account_id varchar(12) references a2o.accounts,
  event a2o.delivery_event not null,
  payload jsonb not null,
  state a2o.delivery_state not null default 'PENDING',
  attempts integer not null default 0,
  created_at timestamptz not null default now(),
  next_attempt_at timestamptz not null default now(),
  leased_until timestamptz,
  last_attempt_at timestamptz,
  ended_at timestamptz,
  http_status integer,
  error_code text,
  error_message text,
  check ((alert_id is null) = (event = 'TEST')),
  check ((state = 'PENDING') = (ended_at is null))
);
create index alert_deliveries_pending_idx on a2o.alert_deliveries (webhook_id, sequence_number) where state = 'PENDING';
create index alert_deliveries_webhook_id_idx on a2o.alert_deliveries (webhook_id, state, sequence_number);
create index alert_deliveries_alert_id_idx on a2o.alert_deliveries (alert_id, webhook_id, sequence_number);
create index alert_deliveries_aws_account_id_idx on a2o.alert_deliveries (aws_account_id);
create index alert_deliveries_ended_at_idx on a2o.alert_deliveries (ended_at);
comment on table a2o.alert_deliveries is 'Messages to webhooks, written in the transaction of the alert''s change that they tell. Sent at least once; id is the receiver''s means to notice a second time.';
comment on column a2o.alert_deliveries.id is 'Sent as webhook-id, the same in every attempt.';
comment on column a2o.alert_deliveries.sequence_number is 'Order in which they were written; messages of one alert are sent in it.';
comment on column a2o.alert_deliveries.webhook_id is 'Whom it is for.';
comment on column a2o.alert_deliveries.alert_id is 'The alert it tells of, which may be gone by now; null for a test.';
comment on column a2o.alert_deliveries.aws_account_id is 'Account of the alert.';
comment on column a2o.alert_deliveries.event is 'What it tells.';
comment on column a2o.alert_deliveries.payload is 'What is sent: as it is in the format GENERIC, as text in the format SLACK.';
comment on column a2o.alert_deliveries.state is 'How far it is.';
comment on column a2o.alert_deliveries.attempts is 'Attempts so far, one under way included.';
comment on column a2o.alert_deliveries.created_at is 'When the alert changed.';
comment on column a2o.alert_deliveries.next_attempt_at is 'Not to be sent before.';
comment on column a2o.alert_deliveries.leased_until is E'@behavior -*\nUntil when a worker has it; after that the worker is taken for dead.';
comment on column a2o.alert_deliveries.last_attempt_at is 'When it was last sent.';
comment on column a2o.alert_deliveries.ended_at is 'When it arrived or was given up.';
comment on column a2o.alert_deliveries.http_status is 'What the receiver answered last.';
comment on column a2o.alert_deliveries.error_code is 'Why the latest attempt failed.';
comment on column a2o.alert_deliveries.error_message is 'The same in words, without address or secret.';
