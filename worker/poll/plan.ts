import type { SessionOptions } from "../aws/session.ts";

/** A job that has not ended, as far as the database knows. */
export interface OpenJob {
  job_type: string;
  aws_job_id: string;
  aws_parent_id: string | null;
  job_name: string | null;
  source: string | null;
  target: string | null;
  details: Record<string, unknown>;
}

/** What begin_poll says is to be asked. */
export interface PollPlan {
  monitorId: string;
  /** `production (123456789012 eu-central-1)` */
  monitorName: string;
  isFailing: boolean;
  session: SessionOptions;
  /** Seconds until another worker may poll it. */
  secondsLeft: number;
  services: readonly WatchedService[];
  /** True for the names that the monitor watches. */
  watches: (name: string | undefined) => boolean;
  pollSeconds: number;
  idlePollSeconds: number;
  asksMetrics: boolean;
  metricsUntil: Date | undefined;
  openJobs: readonly OpenJob[];
}

export type WatchedService = "DMS" | "DATASYNC" | "GLUE";

/** The row of a2o.monitors, as to_jsonb gives it; our own database wrote it. */
export interface MonitorRow {
  id: string;
  aws_account_id: string;
  region: string;
  monitor_name: string;
  consecutive_failures: number;
  services: WatchedService[];
  name_patterns: string[] | null;
  credentials_kind: SessionOptions["credentialsKind"];
  profile_name: string | null;
  role_arn: string | null;
  external_id: string | null;
  endpoint: string | null;
  poll_seconds: number;
  idle_poll_seconds: number;
  metrics_until: string | null;
}

export interface BegunPoll {
  monitor: MonitorRow;
  seconds_left: number;
  asks_metrics: boolean;
  open_jobs: OpenJob[];
}

export function planOf({ monitor, seconds_left, asks_metrics, open_jobs }: BegunPoll): PollPlan {
  return {
    monitorId: monitor.id,
    monitorName:
      monitor.monitor_name === monitor.region
        ? `${monitor.aws_account_id} ${monitor.region}`
        : `${monitor.monitor_name} (${monitor.aws_account_id} ${monitor.region})`,
    isFailing: monitor.consecutive_failures > 0,
    session: sessionOptionsOf(monitor),
    secondsLeft: seconds_left,
    services: monitor.services,
    watches: fitting(monitor.name_patterns),
    pollSeconds: monitor.poll_seconds,
    idlePollSeconds: monitor.idle_poll_seconds,
    asksMetrics: asks_metrics,
    metricsUntil: monitor.metrics_until === null ? undefined : new Date(monitor.metrics_until),
    openJobs: open_jobs,
  };
}

export function sessionOptionsOf(
  monitor: Pick<
    MonitorRow,
    "aws_account_id" | "region" | "credentials_kind" | "profile_name" | "role_arn" | "external_id" | "endpoint"
  >,
): SessionOptions {
  return {
    awsAccountId: monitor.aws_account_id,
    region: monitor.region,
    credentialsKind: monitor.credentials_kind,
    profileName: monitor.profile_name ?? undefined,
    roleArn: monitor.role_arn ?? undefined,
    externalId: monitor.external_id ?? undefined,
    endpoint: monitor.endpoint ?? undefined,
  };
}

/** Names that fit one of the patterns, `*` standing for anything; all names when there are no patterns. */
function fitting(patterns: readonly string[] | null): (name: string | undefined) => boolean {
  if (patterns === null) return () => true;
  const expressions = patterns.map(
    pattern => new RegExp(`^${pattern.replace(/[\\^$.+?()[\]{}|]/g, "\\$&").replaceAll("*", ".*")}$`, "s"),
  );
  return name => name !== undefined && expressions.some(expression => expression.test(name));
}
