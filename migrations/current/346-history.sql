--!include triggers/mark_stale_hours.sql

-- The month that begins while nobody looks, and the one before, whose samples may still come.
select a2o_private.make_history_partitions(array[now() - interval '1 month', now(), now() + interval '1 month', now() + interval '2 months']);
