-- Tasks of the worker's queue.
create or replace view a2o_metrics.queue with (security_invoker = true) as
  select q.task, q.waiting, q.running, q.retrying, q.given_up, q.oldest_wait_seconds from a2o_metrics.read_queue() q;
comment on view a2o_metrics.queue is 'Tasks of the queue by name: due and not begun, running, waiting after a failure, given up; and how long the oldest due one has waited.';
comment on column a2o_metrics.queue.task is 'Name of the task.';
comment on column a2o_metrics.queue.waiting is 'Due, and not begun.';
comment on column a2o_metrics.queue.running is 'Under way.';
comment on column a2o_metrics.queue.retrying is 'Failed before, and to be tried again.';
comment on column a2o_metrics.queue.given_up is 'Failed as often as they may, and stay so.';
comment on column a2o_metrics.queue.oldest_wait_seconds is 'Since when the oldest due one waits; 0 when none does.';
grant select on a2o_metrics.queue to a2o_metrics, a2o_worker;
