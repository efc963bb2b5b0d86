-- Figures about the operation, for Prometheus and Grafana. A role of its own sees them: those of every account, since who runs the
-- server runs it for all, but no name of a database, a table or a user, nothing that AWS said, and nothing of what tables hold.
create schema a2o_metrics;
comment on schema a2o_metrics is 'Figures about the operation: queue, polls, calls to AWS, assessments, alerts, the database. For the role a2o_metrics; no part of GraphQL.';
grant usage on schema a2o_metrics to a2o_metrics, a2o_worker;
