create or replace trigger tell_opened after insert on a2o.alerts for each row when (new.resolved_at is null) execute function a2o_private.queue_deliveries();
create or replace trigger tell_resolved after update on a2o.alerts for each row
  when ((old.resolved_at is null) <> (new.resolved_at is null)) execute function a2o_private.queue_deliveries();
create or replace trigger tell_removed after delete on a2o.alerts for each row when (old.resolved_at is null) execute function a2o_private.queue_deliveries();
