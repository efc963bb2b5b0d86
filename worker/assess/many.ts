import { UserError } from "../../postgres/user-error.ts";
import type { AskToSignIn, Identity } from "../aws/credentials.ts";
import { awsErrorCode } from "../aws/errors.ts";
import { RegionNotEnabled } from "../aws/explain.ts";
import { type ChosenRegion, chooseRegions, homeRegion } from "../aws/regions.ts";
import { type Account, openAccount } from "./account.ts";
import { type AssessmentResult, EmptyCatalog } from "./glue-catalog.ts";
import { nothingRead, type TargetProgress, type TargetState } from "./progress.ts";

/** Accounts and regions read side by side: each has a limit of its own at AWS. */
const AT_ONCE = 4;

/** One account and region to read. */
export interface Target {
  account: Account;
  region: ChosenRegion;
}

export interface Plan {
  targets: Target[];
  /** Identities that AWS does not take, with the reason. */
  failed: { identity: Identity; error: unknown }[];
  /** Identities of an account that an earlier one reads already. */
  repeated: { identity: Identity; awsAccountId: string }[];
}

export type Outcome = { target: Target } & (
  | { kind: "done"; result: AssessmentResult }
  /** Nothing to read there: no database, or the account does not use the region. */
  | { kind: "skipped"; reason: string }
  | { kind: "failed"; error: unknown }
);

/**
 * Finds out which accounts are meant, and makes a target of each account and region.
 * @throws UserError for regions that there are not
 */
export async function planTargets(
  identities: readonly Identity[],
  regionTexts: readonly string[],
  ask?: AskToSignIn,
): Promise<Plan> {
  const near = regionTexts.flatMap(text => text.split(",")).find(text => /^[a-z]+(-[a-z]+)+-\d+$/.test(text.trim()));
  const regions = chooseRegions(regionTexts, near?.trim() ?? process.env.AWS_REGION);
  const first = regions.find(region => region.isNamed)?.name ?? homeRegion(regions[0]?.name ?? "us-east-1");
  const plan: Plan = { targets: [], failed: [], repeated: [] };
  const accounts = new Set<string>();
  for (const identity of identities) {
    try {
      const account = await openAccount(identity, first, ask);
      const { awsAccountId } = account.caller;
      if (accounts.has(awsAccountId)) plan.repeated.push({ identity, awsAccountId });
      else for (const region of regions) plan.targets.push({ account, region });
      accounts.add(awsAccountId);
    } catch (error) {
      plan.failed.push({ identity, error });
    }
  }
  return plan;
}

export interface AssessTargetsOptions {
  signal?: AbortSignal | undefined;
  /** How many are read side by side. */
  atOnce?: number;
  /** Called with all targets whenever one of them moved on. */
  onProgress?: (targets: readonly TargetProgress[]) => void;
  /** Called when a target is finished, in whatever order that happens. */
  onOutcome?: (outcome: Outcome) => void;
}

/** What `assessOne` tells of the target it works at. */
export type Report = (change: Partial<TargetProgress>) => void;

/**
 * Assesses several targets, a few at a time. One that fails leaves the others alone; outcomes come back in the targets' order.
 * @throws the reason of `signal` when that is aborted
 */
export async function assessTargets(
  targets: readonly Target[],
  assessOne: (target: Target, report: Report) => Promise<AssessmentResult>,
  options: AssessTargetsOptions = {},
): Promise<Outcome[]> {
  const { signal, atOnce = AT_ONCE, onProgress, onOutcome } = options;
  const progress = targets.map(
    ({ account, region }): TargetProgress => ({
      ...{ account: account.caller.awsAccountId, region: region.name, state: "waiting" as TargetState },
      ...nothingRead,
    }),
  );
  const outcomes: Outcome[] = [];
  let next = 0;
  const work = async () => {
    while (next < targets.length && !isAborted(signal)) {
      const index = next++;
      const target = targets[index];
      const moving = progress[index];
      if (target === undefined || moving === undefined) return;
      const report: Report = change => {
        Object.assign(moving, change);
        onProgress?.(progress);
      };
      report({ state: "reading" });
      const outcome = await settle(target, () => assessOne(target, report));
      report({ state: outcome.kind === "failed" ? "failed" : "done", inFlight: 0 });
      outcomes[index] = outcome;
      // What an interruption made of a target is no outcome of it.
      if (outcome.kind !== "failed" || !isAborted(signal)) onOutcome?.(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, targets.length) }, work));
  signal?.throwIfAborted();
  return outcomes;
}

async function settle(target: Target, work: () => Promise<AssessmentResult>): Promise<Outcome> {
  try {
    return { target, kind: "done", result: await work() };
  } catch (error) {
    if (error instanceof EmptyCatalog) return { target, kind: "skipped", reason: "no databases" };
    if (!target.region.isNamed && isAbsent(error)) return { target, kind: "skipped", reason: "not enabled" };
    return { target, kind: "failed", error };
  }
}

const isAborted = (signal: AbortSignal | undefined) => signal?.aborted === true;

/** A region that only a pattern brought, and that the account does not have. */
function isAbsent(error: unknown): boolean {
  if (error instanceof RegionNotEnabled) return true;
  return error instanceof UserError && awsErrorCode(error.cause) === "ENOTFOUND";
}
