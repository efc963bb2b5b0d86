import type pg from "pg";
import { errorCode, UserError } from "../../postgres/user-error.ts";
import type { Identity } from "../aws/credentials.ts";
import { assessGlueCatalog } from "./glue-catalog.ts";
import { assessTargets, type Outcome, planTargets } from "./many.ts";
import { everything, type Scope } from "./scope.ts";

export interface ScheduledOutcome {
  state: "SUCCEEDED" | "PARTIAL" | "FAILED" | "REMOVED";
  /** What went wrong, for people. */
  message?: string | undefined;
}

/**
 * Makes one scheduled assessment and keeps with the schedule how it went.
 * @param client works as a2o_worker; it serves nothing else meanwhile
 * @throws the reason of `signal` when that is aborted: the queue tries again then, and goes on with what was read
 */
export async function runScheduled(
  client: pg.PoolClient | pg.Client,
  scheduleId: string,
  signal?: AbortSignal,
): Promise<ScheduledOutcome> {
  const { rows } = await client.query<Schedule>(
    `select aws_account_id as "awsAccountId", regions, profile_name as profile, role_arn as "roleArn", external_id as "externalId", scope
     from a2o.begin_scheduled_run($1)`,
    [scheduleId],
  );
  const schedule = rows[0];
  if (schedule === undefined) return { state: "REMOVED" };
  const outcome = await assess(client, schedule, signal).catch((error: unknown): ScheduledOutcome => {
    signal?.throwIfAborted();
    return { state: "FAILED", message: wordsOf(error) };
  });
  await client.query("select a2o.finish_scheduled_run($1, $2, $3)", [
    ...[scheduleId, outcome.state, outcome.message ?? null],
  ]);
  return outcome;
}

interface Schedule extends Record<"profile" | "roleArn" | "externalId", string | null> {
  awsAccountId: string;
  regions: string;
  scope: Partial<Scope>;
}

async function assess(
  client: pg.PoolClient | pg.Client,
  schedule: Schedule,
  signal: AbortSignal | undefined,
): Promise<ScheduledOutcome> {
  const { targets, failed } = await planTargets([identityOf(schedule)], [schedule.regions]);
  if (failed[0] !== undefined) throw failed[0].error;
  const found = targets[0]?.account.caller.awsAccountId;
  if (found !== schedule.awsAccountId) {
    throw new UserError(`The credentials belong to account ${found}, and the schedule to ${schedule.awsAccountId}.`);
  }
  const outcomes = await recording(client, () =>
    assessTargets(
      targets,
      ({ account, region }) =>
        assessGlueCatalog(client, {
          ...account.identity,
          region: region.name,
          ...{ account, signal, keep: true, resume: true, isResumable: true, skipEmpty: !region.isNamed },
          scope: { ...everything, ...schedule.scope },
        }),
      // One connection, one assessment at a time.
      { signal, atOnce: 1 },
    ),
  );
  return together(outcomes);
}

function identityOf({ profile, roleArn, externalId }: Schedule): Identity {
  return { profile: profile ?? undefined, roleArn: roleArn ?? undefined, externalId: externalId ?? undefined };
}

/** Only who records may record; the worker by itself may not. */
async function recording<T>(client: pg.PoolClient | pg.Client, work: () => Promise<T>): Promise<T> {
  try {
    await client.query("set role a2o_ingest");
  } catch (error) {
    if (errorCode(error) !== "42501") throw error;
    const { rows } = await client.query<{ login: string }>("select session_user as login");
    throw new UserError(
      `The worker's login may not record; as a database administrator: grant a2o_ingest to ${rows[0]?.login};`,
    );
  }
  try {
    return await work();
  } finally {
    // A run that is kept for later must not look as if this session still recorded it.
    await client.query("select pg_advisory_unlock_all()").catch(() => undefined);
    await client.query("set role a2o_worker").catch(() => undefined);
  }
}

function together(outcomes: readonly Outcome[]): ScheduledOutcome {
  const problems = outcomes.flatMap(outcome => {
    const { name } = outcome.target.region;
    if (outcome.kind === "failed") return [`${name}: ${wordsOf(outcome.error)}`];
    if (outcome.kind !== "done" || outcome.result.unread.length === 0) return [];
    const unread = outcome.result.unread.map(
      ({ databaseName, errorCode }) => `${databaseName || "list"} (${errorCode})`,
    );
    return [`${name}: not read in full: ${unread.slice(0, 5).join(", ")}${unread.length > 5 ? ", …" : ""}`];
  });
  if (problems.length === 0) return { state: "SUCCEEDED" };
  const isAnyDone = outcomes.some(({ kind }) => kind === "done");
  return { state: isAnyDone ? "PARTIAL" : "FAILED", message: problems.join("; ") };
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof UserError && error.advice !== undefined ? `${error.message} ${error.advice}` : error.message;
}
