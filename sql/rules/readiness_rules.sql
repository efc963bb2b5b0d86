-- What each code that judge_readiness gives means. Codes are kept as evidence in stored assessments: never reuse one.
insert into a2o.readiness_rules (code, migration_readiness, explanation) values
  ('rdy-010', 'UNKNOWN', 'A resource link: its target decides.'),
  ('rdy-020', 'UNKNOWN', 'The format is not recognised.'),
  ('rdy-030', 'NEEDS_CONVERSION', 'A view is to be rewritten; data in a database, a federated source, DynamoDB or HBase is to be exported.'),
  ('rdy-031', 'NEEDS_CONVERSION', 'A stream: producers and consumers are to be moved.'),
  ('rdy-040', 'UNKNOWN', 'No storage location where one is needed.'),
  ('rdy-100', 'READY', 'Iceberg whose location or metadata_location is on S3 (s3://, s3a://, s3n://).'),
  ('rdy-110', 'NEEDS_CONVERSION', 'Iceberg outside S3: to be copied.'),
  ('rdy-120', 'NEEDS_CONVERSION', 'A recognised format other than Iceberg: to be converted.')
on conflict (code) do update set migration_readiness = excluded.migration_readiness, explanation = excluded.explanation;
