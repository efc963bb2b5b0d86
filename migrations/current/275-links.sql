create type a2o.link_state as enum ('LINKED', 'CANDIDATE', 'REJECTED');
comment on type a2o.link_state is 'LINKED: the job moves the table. CANDIDATE: it may; a person is to say. REJECTED: a person said that it does not.';

create type a2o.link_source as enum ('DMS_TABLE_MAPPING', 'DATASYNC_LOCATION', 'GLUE_ARGUMENT', 'PERSON');
comment on type a2o.link_source is 'What tells of a link. DMS_TABLE_MAPPING: selection rules of the task, and the tables that DMS counts. DATASYNC_LOCATION: the source location. GLUE_ARGUMENT: an argument of the run. PERSON: somebody decided; nothing changes that but a person.';

create type a2o.migration_stage as enum ('ASSESSED', 'MIGRATING', 'MIGRATED', 'CHANGED_SINCE');
comment on type a2o.migration_stage is 'How far a table is. ASSESSED: no linked job has moved it. MIGRATING: a linked job runs. MIGRATED: the latest linked job that told of an end moved it. CHANGED_SINCE: the same, and the catalog''s entry was changed after that.';

-- Used by an index, so it stands here and not among the includes.
create function a2o_private.location_key(location text) returns text
  language sql immutable parallel safe
  return case when lower(split_part(location, '://', 1)) in ('s3', 's3a', 's3n') and location like '%://_%'
    then 's3://' || rtrim(substr(location, position('://' in location) + 3), '/') || '/' end;
comment on function a2o_private.location_key(text) is 'A location on S3 as it is compared: one scheme, one slash at its end, so that a folder is a prefix of what lies in it and of nothing else. Null elsewhere.';
revoke all on function a2o_private.location_key(text) from public;

create index tables_shared_location_idx on a2o.tables_shared (assessment_id, (a2o_private.location_key(storage_location)) collate "C");

create table a2o_private.job_scopes (
  id uuid primary key,
  aws_account_id varchar(12) not null,
  region varchar(50) not null,
  job_type varchar(50) not null,
  task text not null,
  definition jsonb not null,
  is_due boolean not null default true,
  created_at timestamptz not null default clock_timestamp()
);
create index job_scopes_due_idx on a2o_private.job_scopes (aws_account_id, region) where is_due;
create index job_scopes_task_idx on a2o_private.job_scopes (aws_account_id, region, job_type, task, created_at desc);
comment on table a2o_private.job_scopes is 'What a task says it moves: its table mappings, its source location, or those arguments that name tables. Runs that say the same share a scope, and so its links; a run that says something else has another.';

alter table a2o.migration_jobs add column scope_id uuid references a2o_private.job_scopes;
comment on column a2o.migration_jobs.scope_id is E'@behavior -*\nWhat it says it moves, shared with other runs that say the same; null until that was looked at.';
create index migration_jobs_scope_id_idx on a2o.migration_jobs (scope_id, started_at desc);
create index migration_jobs_without_scope_idx on a2o.migration_jobs (aws_account_id, region) where scope_id is null;

create table a2o.migration_job_links (
  scope_id uuid not null,
  database_name text collate "C" not null,
  table_name text collate "C" not null,
  table_id uuid not null,
  aws_account_id varchar(12) not null,
  region varchar(50) not null,
  state a2o.link_state not null,
  source a2o.link_source not null,
  source_schema text collate "C",
  source_table text collate "C",
  evidence jsonb not null default '{}',
  decided_by text,
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (scope_id, database_name, table_name),
  check (state <> 'REJECTED' or source = 'PERSON'),
  check ((source = 'PERSON') = (decided_by is not null)),
  check ((decided_by is null) = (decided_at is null))
);
create index migration_job_links_table_id_idx on a2o.migration_job_links (table_id);
create index migration_job_links_database_name_idx on a2o.migration_job_links (aws_account_id, region, database_name);
comment on table a2o.migration_job_links is E'@behavior -*\nWhich tables of the catalog a job moves. Names a table by account, region, database and name, so it outlives every assessment; runs of a task that say the same share their links. See the view job_links.';
comment on column a2o.migration_job_links.scope_id is 'migration_jobs.scope_id of the jobs. No foreign key, since checking it costs as much as a link does; a trigger deletes links with their scope.';
comment on column a2o.migration_job_links.table_id is 'tables.id, the stable identity of the table.';
comment on column a2o.migration_job_links.aws_account_id is 'Account of the job and of the catalog.';
comment on column a2o.migration_job_links.region is 'Region of the job and of the catalog.';
comment on column a2o.migration_job_links.state is 'LINKED, CANDIDATE or REJECTED.';
comment on column a2o.migration_job_links.source is 'What tells of it.';
comment on column a2o.migration_job_links.source_schema is 'DMS: schema of the table in the source.';
comment on column a2o.migration_job_links.source_table is 'DMS: name of the table in the source.';
comment on column a2o.migration_job_links.evidence is 'What it was concluded from; kept when a person decides.';
comment on column a2o.migration_job_links.decided_by is 'Who decided: login, or the user that the web server vouches for; null when nobody has.';
comment on column a2o.migration_job_links.decided_at is 'When they did.';
comment on column a2o.migration_job_links.created_at is 'When it was first found.';

create table a2o.migration_rollups (
  assessment_id uuid not null references a2o.assessments on delete cascade,
  database_name text collate "C" not null,
  aws_account_id varchar(12) not null,
  region varchar(50) not null,
  migrating integer not null,
  migrated integer not null,
  changed_since integer not null,
  candidates integer not null,
  primary key (assessment_id, database_name)
);
create index migration_rollups_account_region_idx on a2o.migration_rollups (aws_account_id, region);
comment on table a2o.migration_rollups is E'@behavior -*\nStages of the tables of each database that has links, counted for the newest assessment of its account and region. A row counts only while stale_migration_rollups does not name its database; the view database_migrations sees to that.';
comment on column a2o.migration_rollups.aws_account_id is 'Account of the assessment.';
comment on column a2o.migration_rollups.region is 'Region of the assessment.';
comment on column a2o.migration_rollups.migrating is 'Tables that a linked job moves now.';
comment on column a2o.migration_rollups.migrated is 'Tables that were moved and not changed since.';
comment on column a2o.migration_rollups.changed_since is 'Tables whose entry in the catalog was changed after they were moved.';
comment on column a2o.migration_rollups.candidates is 'Tables that some job may have moved, and none has.';

-- Only ever added to by those who change something, so that nobody waits for anybody.
create table a2o.stale_migration_rollups (
  id bigint generated by default as identity primary key,
  aws_account_id varchar(12) not null,
  region varchar(50) not null,
  database_name text collate "C" not null
);
create index stale_migration_rollups_database_idx on a2o.stale_migration_rollups (aws_account_id, region, database_name);
comment on table a2o.stale_migration_rollups is E'@behavior -*\nDatabases of which links or jobs have changed since migration_rollups counted them; any number of times each.';
comment on column a2o.stale_migration_rollups.aws_account_id is 'Account of the catalog.';
comment on column a2o.stale_migration_rollups.region is 'Region of the catalog.';

create type a2o_private.found_link as (
  scope_id uuid, database_name text, table_name text, state a2o.link_state, source a2o.link_source, source_schema text, source_table text, evidence jsonb);
comment on type a2o_private.found_link is 'A link that the rules conclude.';
