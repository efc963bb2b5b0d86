-- Answers of the functions behind the dashboard's pages on one table and on two assessments.
create type a2o.sighting as enum ('FOUND', 'ABSENT', 'UNREAD');
comment on type a2o.sighting is 'Whether an assessment saw a table. FOUND: it did. ABSENT: its database was read in full without it. UNREAD: its database was not read in full, so that nobody knows.';

create type a2o.table_sighting as (
  assessment_id uuid, "timestamp" timestamptz, sighting a2o.sighting, table_format text, migration_readiness a2o.migration_readiness,
  size_bytes bigint, row_count bigint, column_count integer, storage_location text,
  attributes a2o.attribute_change[], column_changes a2o.column_change[]);
comment on type a2o.table_sighting is 'A table as one assessment saw it, with what had changed since it was last found.';

create type a2o.table_fate as enum ('KEPT', 'ADDED', 'REMOVED', 'UNREAD_BEFORE', 'UNREAD_AFTER');
comment on type a2o.table_fate is 'What became of a table from one assessment to another. UNREAD_BEFORE and UNREAD_AFTER: the other one did not read its database in full, so that it is neither new nor gone.';

create type a2o.readiness_move as (
  fate a2o.table_fate, readiness_before a2o.migration_readiness, readiness_after a2o.migration_readiness, table_count integer);
comment on type a2o.readiness_move is 'How many tables went from one verdict to another. A verdict is null on the side that does not have the table.';
