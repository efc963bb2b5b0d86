create or replace trigger announce_new_alerts after insert on a2o.alerts
  referencing new table as changed for each statement execute function a2o_private.announce_changed('alert');
create or replace trigger announce_changed_alerts after update on a2o.alerts
  referencing new table as changed for each statement execute function a2o_private.announce_changed('alert');
