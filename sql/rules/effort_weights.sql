-- First values for verdicts and formats; findings bring their own. Whoever changed one keeps it.
insert into a2o.effort_weights (kind, key, hours) values
  ('READINESS', 'READY', 0.5),
  ('READINESS', 'NEEDS_CONVERSION', 1),
  ('READINESS', 'UNKNOWN', 2),
  ('FORMAT', 'PARQUET', 0.5),
  ('FORMAT', 'ORC', 0.5),
  ('FORMAT', 'AVRO', 1),
  ('FORMAT', 'CSV', 1),
  ('FORMAT', 'JSON', 1),
  ('FORMAT', 'TEXT', 2),
  ('FORMAT', 'REGEX', 3),
  ('FORMAT', 'GROK', 3),
  ('FORMAT', 'XML', 3),
  ('FORMAT', 'ION', 3),
  ('FORMAT', 'CLOUDTRAIL', 2),
  ('FORMAT', 'SEQUENCEFILE', 2),
  ('FORMAT', 'RCFILE', 2)
on conflict (kind, key) do nothing;
