import type { QueryResultRow } from "pg";
import { isCredentialError } from "../aws/errors.ts";
import type { Ledger } from "../aws/ledger.ts";
import type { AwsSession } from "../aws/session.ts";
import type { JobAnswer } from "./answers/answer.ts";
import { type MetricQuestion, metricQuestions } from "./answers/metrics.ts";
import { type BegunPoll, type PollPlan, planOf } from "./plan.ts";
import { type Asking, emptyReading, type Failure, failureOf, type Reading } from "./reading.ts";
import { findDimensions, type MetricAnswer, readMetrics } from "./services/cloudwatch.ts";
import { readDataSync } from "./services/datasync.ts";
import { readDms } from "./services/dms.ts";
import { readGlue } from "./services/glue.ts";
import type { Sessions } from "./sessions.ts";

/** The database, as a2o_worker. */
export type Query = <Row extends QueryResultRow>(sql: string, params: unknown[]) => Promise<{ rows: Row[] }>;

export interface PollContext {
  query: Query;
  sessions: Sessions;
  /** Ends a poll early; what was read by then is recorded. */
  signal?: AbortSignal;
}

export interface Polled {
  monitorName: string;
  /** Whether the poll before this one failed, wholly or in part. */
  wasFailing: boolean;
  /** When the next poll is due. */
  nextAt: Date;
  running: number;
  failures: Failure[];
}

/**
 * Shares of a poll's lease after which calls are given up: those of the services, then those of CloudWatch, which are not to
 * suffer from a service that hangs. What is left is for recording what was read.
 */
const SERVICES_SHARE = 0.55;
const METRICS_SHARE = 0.25;

/** How far back a job is asked about that was not known yet: CloudWatch keeps minutes for 15 days, but they cost nothing less. */
const FIRST_WINDOW = 3 * 3_600_000;

/** CloudWatch's latest minutes still change: what was asked before is asked again that far back. */
const OVERLAP = 10 * 60_000;

const MINUTE = 60_000;

const READERS = { DMS: readDms, DATASYNC: readDataSync, GLUE: readGlue } as const;

/**
 * Asks AWS once for everything that a monitor watches, and records the answers in one transaction. Returns undefined when the
 * monitor is gone, paused, not due, or being polled by another worker.
 */
export async function pollMonitor(
  monitorId: string,
  { query, sessions, signal }: PollContext,
): Promise<Polled | undefined> {
  const pollId = crypto.randomUUID();
  const { rows } = await query<{ begun: BegunPoll | null }>("select a2o.begin_poll($1, $2) as begun", [
    monitorId,
    pollId,
  ]);
  const begun = rows[0]?.begun;
  if (begun === null || begun === undefined) return undefined;
  const plan = planOf(begun);
  const session = sessions.of(plan.monitorId, plan.session);
  const within = (share: number) => {
    const deadline = AbortSignal.timeout(Math.round(plan.secondsLeft * 1000 * share));
    return signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  };
  const ledger = session.begin(within(SERVICES_SHARE));
  const answers = await ask({ session, plan, query, within });
  const poll = { poll_id: pollId, monitor_id: plan.monitorId, ...payloadOf(answers, ledger) };
  const recorded = await query<{ next: Date; running: number }>(
    "select next_poll_at as next, running_jobs as running from a2o.record_poll($1::jsonb)",
    [toJson(poll)],
  );
  const [outcome] = recorded.rows;
  if (outcome === undefined) {
    sessions.forget(plan.monitorId);
    return undefined;
  }
  return {
    monitorName: plan.monitorName,
    wasFailing: plan.isFailing,
    nextAt: outcome.next,
    running: outcome.running,
    failures: answers.readings.flatMap(({ failure }) => (failure === undefined ? [] : [failure])),
  };
}

interface Answers {
  readings: Reading[];
  jobs: JobAnswer[];
  metrics: MetricAnswer[];
  metricsUntil: Date | undefined;
}

async function ask({
  session,
  plan,
  query,
  within,
}: {
  session: AwsSession;
  plan: PollPlan;
  query: Query;
  within: (share: number) => AbortSignal;
}): Promise<Answers> {
  const refusal = await identify(session, plan);
  if (refusal !== undefined) {
    const readings = plan.services.map((service): Reading => ({ ...emptyReading(service), failure: refusal }));
    return { readings, jobs: [], metrics: [], metricsUntil: undefined };
  }
  const readings = await Promise.all(
    plan.services.map(async (service): Promise<Reading> => {
      const jobType = service === "GLUE" ? "GLUE_JOB" : service;
      const asking: Asking = {
        session,
        plan,
        openJobs: plan.openJobs.filter(job => job.job_type === jobType),
        toDescribe: async ids => {
          const { rows } = await query<{ ids: string[] }>("select a2o.jobs_to_describe($1, $2, $3) as ids", [
            plan.monitorId,
            jobType,
            ids,
          ]);
          return new Set(rows[0]?.ids);
        },
      };
      return READERS[service](asking);
    }),
  );
  const jobs = readings.flatMap(reading => reading.jobs);
  // Credentials that expired meanwhile are asked for anew.
  if (
    readings.some(
      ({ failure }) => failure !== undefined && isCredentialError(Object.assign(new Error(), { name: failure.code })),
    )
  ) {
    session.known.delete(IDENTIFIED);
  }
  if (!plan.asksMetrics) return { readings, jobs, metrics: [], metricsUntil: undefined };
  session.limit(within(METRICS_SHARE));
  await findDimensions(session, jobs);
  const { readings: asked, metrics, until } = await askMetrics(session, plan, jobs);
  return { readings: [...readings, ...asked], jobs, metrics, metricsUntil: until };
}

const IDENTIFIED = "account";

/** Credentials may belong to another account than the monitor says: then nothing may be recorded under its name. */
async function identify(session: AwsSession, plan: PollPlan): Promise<Failure | undefined> {
  if (session.known.get(IDENTIFIED) === plan.session.awsAccountId) return undefined;
  try {
    const account = await session.accountId();
    if (account !== plan.session.awsAccountId) {
      return {
        operation: undefined,
        code: "WrongAccount",
        message: `The credentials are those of account ${account}, not of ${plan.session.awsAccountId}.`,
      };
    }
    session.known.set(IDENTIFIED, account);
    return undefined;
  } catch (error) {
    return failureOf(error, "sts:GetCallerIdentity");
  }
}

/**
 * The metrics of jobs that run, and once more of those that ended since they were last asked for. Jobs that are new are asked
 * about since their start, the others since the last time; two windows, because a call has but one.
 */
async function askMetrics(
  session: AwsSession,
  plan: PollPlan,
  jobs: readonly JobAnswer[],
): Promise<{ readings: Reading[]; metrics: MetricAnswer[]; until: Date | undefined }> {
  const open = new Set(plan.openJobs.map(job => job.aws_job_id));
  const now = Math.max(0, ...jobs.map(job => job.observed_at.getTime())) || Date.now();
  const until = new Date(Math.ceil(now / MINUTE) * MINUTE);
  const known: MetricQuestion[] = [];
  const fresh: MetricQuestion[] = [];
  let freshFrom = now;
  jobs.forEach((answer, i) => {
    const wasOpen = open.has(answer.aws_job_id);
    if (answer.status !== "RUNNING" && !(wasOpen && (answer.status === "COMPLETED" || answer.status === "FAILED")))
      return;
    (wasOpen ? known : fresh).push(...metricQuestions(answer, i + 1));
    if (!wasOpen) freshFrom = Math.min(freshFrom, answer.started_at?.getTime() ?? now);
  });
  const minute = (time: number) => new Date(Math.floor(time / MINUTE) * MINUTE);
  const knownFrom = minute(Math.max((plan.metricsUntil?.getTime() ?? now) - OVERLAP, now - FIRST_WINDOW));
  const asked = [
    ...(known.length === 0 ? [] : [await readMetrics(session, known, knownFrom, until)]),
    ...(fresh.length === 0
      ? []
      : [await readMetrics(session, fresh, minute(Math.max(freshFrom, now - FIRST_WINDOW)), until)]),
  ];
  const isComplete = asked.every(({ reading }) => reading.failure === undefined);
  const [first] = asked;
  const failed = asked.find(({ reading }) => reading.failure !== undefined);
  return {
    readings: first === undefined ? [] : [(failed ?? first).reading],
    metrics: asked.flatMap(({ metrics }) => metrics),
    // What was missed, or could not be asked for because no service told of its jobs, is asked for next time.
    until: isComplete && asked.length > 0 ? until : undefined,
  };
}

function payloadOf({ readings, jobs, metrics, metricsUntil }: Answers, ledger: Ledger) {
  return {
    clock_skew_ms: ledger.skew,
    is_simulated: ledger.isSimulated,
    services: readings.map(({ service, listed, listedAt, isComplete, failure }) => ({
      service,
      listed_at: listedAt,
      is_complete: isComplete,
      is_blind: service === "CLOUDWATCH" ? listedAt === undefined : listed === undefined,
      listed,
      operation: failure?.operation,
      error_code: failure?.code,
      error_message: failure?.message,
    })),
    jobs,
    tables: jobs.flatMap((answer, i) => {
      const tables = readings.flatMap(reading => reading.tables.get(answer.aws_job_id) ?? []);
      return answer.job_type !== "DMS" || tables.length === 0 ? [] : [{ job: i + 1, tables }];
    }),
    metrics,
    metrics_until: metricsUntil,
    usage: ledger.usage,
  };
}

/** JSON that jsonb takes: PostgreSQL knows no NUL in a text. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "string" ? item.replaceAll("\0", "") : item));
}
