-- USD 0.01 for 1,000 metrics asked for by GetMetricData, which is in no free tier: https://aws.amazon.com/cloudwatch/pricing/
create or replace function a2o.metrics_price_usd(metrics bigint) returns numeric
  language sql immutable parallel safe
  return round(metrics * 0.00001, 2);
comment on function a2o.metrics_price_usd(bigint) is E'@behavior -*\nList price of so many metrics asked of CloudWatch by GetMetricData, in US dollars (us-east-1; other regions may differ).';
revoke all on function a2o.metrics_price_usd(bigint) from public;
grant execute on function a2o.metrics_price_usd(bigint) to a2o_reader, a2o_worker;
