-- Assessments are stored whole, so their coming is told once, at the commit.
drop trigger if exists announce_inserted on a2o.assessments;
create trigger announce_inserted after insert on a2o.assessments
  referencing new table as changed for each statement execute function a2o_private.announce_changed('ASSESSMENT');

drop trigger if exists announce_updated on a2o.assessments;
create trigger announce_updated after update on a2o.assessments
  referencing new table as changed for each statement execute function a2o_private.announce_changed('ASSESSMENT');

drop trigger if exists announce_deleted on a2o.assessments;
create trigger announce_deleted after delete on a2o.assessments
  referencing old table as changed for each statement execute function a2o_private.announce_changed('ASSESSMENT');
