import type pg from "pg";
import { UserError } from "../postgres/user-error.ts";
import type { MonitorRow } from "../worker/poll/plan.ts";

export interface Monitor {
  monitorId: string;
  awsAccountId: string;
  region: string;
  monitorName: string;
  services: string[];
  credentialsKind: MonitorRow["credentials_kind"];
  profileName: string | null;
  roleArn: string | null;
  endpoint: string | null;
  isSimulated: boolean;
  state: "PAUSED" | "WAITING" | "WATCHING" | "DEGRADED" | "BLIND" | "LATE";
  lastPolledAt: Date | null;
  lastSucceededAt: Date | null;
  nextPollAt: Date | null;
  errorCode: string | null;
  errorMessage: string | null;
  runningJobs: number;
  clockSkewMs: number | null;
  callsThisMonth: number;
  throttledThisMonth: number;
  metricsThisMonth: number;
  metricsUsdThisMonth: number;
}

export async function listMonitors(client: pg.Client): Promise<Monitor[]> {
  const { rows } = await client.query<Monitor>(
    `select monitor_id as "monitorId", aws_account_id as "awsAccountId", region, monitor_name as "monitorName", services::text[] as services,
       credentials_kind as "credentialsKind", profile_name as "profileName", role_arn as "roleArn", endpoint, is_simulated as "isSimulated", state,
       last_polled_at as "lastPolledAt", last_succeeded_at as "lastSucceededAt", next_poll_at as "nextPollAt", error_code as "errorCode",
       error_message as "errorMessage", running_jobs as "runningJobs", clock_skew_ms::float8 as "clockSkewMs", calls_this_month::float8 as "callsThisMonth",
       throttled_this_month::float8 as "throttledThisMonth", metrics_this_month::float8 as "metricsThisMonth",
       metrics_usd_this_month::float8 as "metricsUsdThisMonth"
     from a2o.monitor_overview order by aws_account_id, region, monitor_name`,
  );
  return rows;
}

/** The monitor that somebody means: by its name, its id, or the first four or more digits of it. @throws UserError */
export async function findMonitor(client: pg.Client, reference: string): Promise<Monitor> {
  const monitors = await listMonitors(client);
  const fitting = monitors.filter(
    ({ monitorId, monitorName }) =>
      monitorName === reference || (reference.length >= 4 && monitorId.startsWith(reference.toLowerCase())),
  );
  const [monitor, another] = fitting;
  if (monitor === undefined) {
    throw new UserError(
      `There is no monitor ${reference}.`,
      monitors.length === 0
        ? "Add one with: aws2openstack monitor add --region REGION"
        : `There are: ${monitors.map(({ monitorName, monitorId }) => `${monitorName} (${monitorId.slice(0, 8)})`).join(", ")}.`,
    );
  }
  if (another !== undefined) {
    throw new UserError(
      `${reference} fits several monitors.`,
      `Name one by its id: ${fitting.map(({ monitorId, awsAccountId, region }) => `${monitorId.slice(0, 8)} (${awsAccountId} ${region})`).join(", ")}.`,
    );
  }
  return monitor;
}
