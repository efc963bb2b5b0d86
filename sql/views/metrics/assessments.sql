-- How old what people look at is.
create or replace view a2o_metrics.assessments with (security_invoker = true) as
  select distinct on (a.aws_account_id, a.region) a.aws_account_id, a.region, a.is_simulated,
    extract(epoch from now() - a.timestamp)::double precision as age_seconds, a.total_tables, a.completeness_percent
  from a2o.assessments a
  order by a.aws_account_id, a.region, a.timestamp desc, a.id;
comment on view a2o_metrics.assessments is 'Newest assessment of each account and region: how old, how large, how complete.';
comment on column a2o_metrics.assessments.aws_account_id is 'Account that was assessed.';
comment on column a2o_metrics.assessments.region is 'Region that was assessed.';
comment on column a2o_metrics.assessments.is_simulated is 'True when the AWS simulator answered.';
comment on column a2o_metrics.assessments.age_seconds is 'Since it was made.';
comment on column a2o_metrics.assessments.total_tables is 'Tables in it.';
comment on column a2o_metrics.assessments.completeness_percent is 'How much of the catalog could be read.';
grant select on a2o_metrics.assessments to a2o_metrics, a2o_worker;
