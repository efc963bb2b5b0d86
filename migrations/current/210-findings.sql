create type a2o.finding_severity as enum ('INFO', 'LOW', 'MEDIUM', 'HIGH');
comment on type a2o.finding_severity is 'INFO: good to know. LOW: a little work, or a doubt. MEDIUM: work that has to be planned. HIGH: stops the migration of the table until somebody decides.';

create table a2o.finding_rules (
  code text primary key check (code ~ '^[a-z][a-z0-9_]{2,50}$'),
  severity a2o.finding_severity not null,
  title text not null,
  explanation text not null,
  remedy text not null,
  needs_glue boolean not null,
  is_enabled boolean not null default true
);
comment on table a2o.finding_rules is 'What is looked for in every table. Each rule is a predicate finds_… and a sentence tells_… over the facts of one table; see docs/findings.md.';
comment on column a2o.finding_rules.code is 'Code kept in tables.findings. Never used again for something else.';
comment on column a2o.finding_rules.severity is 'How much it matters.';
comment on column a2o.finding_rules.title is 'The finding in a few words.';
comment on column a2o.finding_rules.explanation is 'When the rule speaks, and why that matters.';
comment on column a2o.finding_rules.remedy is 'What to do.';
comment on column a2o.finding_rules.needs_glue is 'True when it looks at what only Glue tells; such rules are silent on ingested reports.';
comment on column a2o.finding_rules.is_enabled is 'False silences the rule from the next assessment or rescore on.';

create table a2o.finding_limits (
  name text primary key,
  value bigint not null check (value >= 0),
  unit text not null,
  explanation text not null
);
comment on table a2o.finding_limits is 'Numbers from which on rules speak. Change them as the owner; they count from the next assessment or rescore on.';
comment on column a2o.finding_limits.name is 'What is limited.';
comment on column a2o.finding_limits.value is 'The number.';
comment on column a2o.finding_limits.unit is 'Unit of the number.';
comment on column a2o.finding_limits.explanation is 'Which rule uses it, and how.';

create type a2o.effort_kind as enum ('READINESS', 'FORMAT', 'FINDING');
comment on type a2o.effort_kind is 'What hours are planned for: a verdict, a table format or a finding.';

create table a2o.effort_weights (
  kind a2o.effort_kind not null,
  key text not null,
  hours numeric(8, 2) not null check (hours >= 0),
  primary key (kind, key)
);
comment on table a2o.effort_weights is 'Hours of work for one table. Its effort is the sum for its verdict, its format and each of its findings; what has no row costs nothing. Change them as the owner; estimates follow at once.';
comment on column a2o.effort_weights.kind is 'READINESS, FORMAT or FINDING.';
comment on column a2o.effort_weights.key is 'The verdict, the format, or the code of the finding.';
comment on column a2o.effort_weights.hours is 'Hours for one table.';

create table a2o.finding_rollups (
  assessment_id uuid not null references a2o.assessments on delete cascade,
  database_name text collate "C" not null,
  code text not null,
  aws_account_id varchar(12) not null,
  table_count integer not null,
  sized_tables integer not null,
  primary key (assessment_id, database_name, code)
);
create index finding_rollups_code_idx on a2o.finding_rollups (assessment_id, code) include (table_count, sized_tables);
comment on table a2o.finding_rollups is E'@behavior -*\nTables with each finding in each database of an assessment, written when it is stored.';
comment on column a2o.finding_rollups.table_count is 'Tables.';
comment on column a2o.finding_rollups.sized_tables is 'Tables whose size is known.';

create table a2o.verdict_rollups (
  assessment_id uuid not null references a2o.assessments on delete cascade,
  database_name text collate "C" not null,
  table_format varchar(50) not null,
  migration_readiness a2o.migration_readiness not null,
  aws_account_id varchar(12) not null,
  table_count integer not null,
  primary key (assessment_id, database_name, table_format, migration_readiness)
);
comment on table a2o.verdict_rollups is E'@behavior -*\nTables of each format and verdict in each database of an assessment, written when it is stored; efforts are summed from it.';
comment on column a2o.verdict_rollups.table_count is 'Tables.';

create type a2o_private.finding_limits as (stale_days bigint, tiny_file_bytes bigint, tiny_file_count bigint, partition_keys bigint, columns bigint);
comment on type a2o_private.finding_limits is 'The rows of finding_limits as one value, read once for an assessment.';

create type a2o_private.table_facts as (
  assessed_at timestamptz, limits a2o_private.finding_limits, table_format text, format_rule text, readiness_rule text, storage_location text,
  size_bytes bigint, size_source text, row_count bigint, partition_keys text[], column_count integer, last_updated timestamptz,
  parameters jsonb, glue jsonb, column_types text, has_clashing_columns boolean, has_unfit_columns boolean, has_clashing_name boolean);
comment on type a2o_private.table_facts is 'What finding rules may look at. parameters: of the table and its storage descriptor; glue: tables.glue_parameters; column_types: the types of all columns, a line each, in lower case. Null for a report: parameters, glue and the three facts about columns.';
