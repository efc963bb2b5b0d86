import { AwsError, accessDenied } from "./errors.ts";
import { fractionOf } from "./random.ts";

/** Untruths a service can be made to tell in an otherwise sound answer. */
export type Lie =
  /** The answer's NextToken leads to the same page again. */
  | "repeatToken"
  /** The page is empty, its NextToken leads to the page that should have come. */
  | "emptyPage"
  /** The page lists its last item twice. */
  | "repeatItem"
  /** CloudWatch tells half of what is left, the rest comes with the NextToken: StatusCode PartialData. */
  | "partialData"
  /** Every other metric of CloudWatch's answer has StatusCode InternalError and no data. */
  | "internalError"
  /** Sizes and counts are out of range, negative or no numbers. */
  | "absurdSizes";

/** What goes wrong. */
export type Fault =
  /** ThrottlingException: Rate exceeded. */
  | { readonly kind: "throttle" }
  /** AccessDeniedException in IAM's words. */
  | { readonly kind: "deny" }
  /** The answer comes so many milliseconds later. */
  | { readonly kind: "delay"; readonly ms: number }
  /** The connection is reset before any byte of the answer, or in the middle of its body. */
  | { readonly kind: "reset"; readonly point: "before" | "body" }
  /** The answer's body is cut in half, with a matching Content-Length: broken JSON on a sound connection. */
  | { readonly kind: "truncate" }
  /** No answer ever comes; the connection stays open. */
  | { readonly kind: "hang" }
  /** Any error; InternalServiceException with status 500 when left out. */
  | { readonly kind: "error"; readonly status?: number; readonly code?: string; readonly message?: string }
  /** After so many matching calls with one access key, that key's calls end in ExpiredTokenException. */
  | { readonly kind: "expire"; readonly afterCalls: number }
  /** The answer tells how things were so many milliseconds (of simulated time) ago: a finished job runs again. */
  | { readonly kind: "old"; readonly ms: number }
  /** The answer's Date header is off by so many milliseconds, back when negative. */
  | { readonly kind: "skew"; readonly ms: number }
  | { readonly kind: "lie"; readonly lie: Lie };

/** Which calls a rule means; members left out match everything. */
export interface FaultMatch {
  /** The service's name in signatures: glue, dms, datasync, monitoring (CloudWatch) or sts. */
  readonly service?: string;
  readonly operation?: string;
  readonly region?: string;
  readonly database?: string;
  readonly accountId?: string;
  /** One job: the ARN or, for Glue jobs, the name that the call asks about. */
  readonly resource?: string;
  /** Leaves the first so many matching calls alone. */
  readonly skip?: number;
  /** Stops after striking so many times. */
  readonly times?: number;
  /** Strikes every Nth matching call (the Nth, the 2Nth, …), in the order of arrival. */
  readonly every?: number;
  /**
   * Strikes with this probability. Which calls are struck follows from the seed and from the call itself (operation,
   * region, database, job, token, how often it was tried), not from the order of arrival.
   */
  readonly probability?: number;
}

export type FaultRule = Fault & FaultMatch;

/** A call as the plan sees it. */
export interface FaultSubject {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly callerArn: string;
  /** As IAM names what is asked for, such as "glue:GetTables". */
  readonly action: string;
  readonly resourceArn: string;
  readonly database?: string;
  readonly resource?: string;
  readonly token?: string;
}

/** What the plan has for one call: everything that applies, to be carried out in this order. */
export interface Verdict {
  readonly delayMs: number;
  readonly oldMs: number;
  readonly skewMs: number;
  readonly hang: boolean;
  readonly resetBefore: boolean;
  readonly error: AwsError | undefined;
  readonly lies: ReadonlySet<Lie>;
  readonly truncate: boolean;
  readonly resetInBody: boolean;
}

interface ActiveRule {
  readonly rule: FaultRule;
  readonly number: number;
  seen: number;
  struck: number;
  readonly tries: Map<string, number>;
  readonly callsByKey: Map<string, number>;
}

/** Decides what goes wrong, by rules that can be added and removed while the simulator runs. */
export class FaultPlan {
  readonly #seed: string;
  readonly #rules = new Set<ActiveRule>();
  #added = 0;

  constructor(seed: string, rules: readonly FaultRule[] = []) {
    this.#seed = seed;
    for (const rule of rules) this.add(rule);
  }

  /** Adds a rule; the function returned removes it again. */
  add(rule: FaultRule): () => void {
    const active = { rule, number: this.#added++, seen: 0, struck: 0, tries: new Map(), callsByKey: new Map() };
    this.#rules.add(active);
    return () => void this.#rules.delete(active);
  }

  /** Removes every rule. */
  clear(): void {
    this.#rules.clear();
  }

  /** What goes wrong with a call. Asking counts: every call is to be asked about once. */
  judge(subject: FaultSubject): Verdict {
    const lies = new Set<Lie>();
    const verdict = {
      delayMs: 0,
      oldMs: 0,
      skewMs: 0,
      hang: false,
      resetBefore: false,
      truncate: false,
      resetInBody: false,
    };
    let error: AwsError | undefined;
    for (const active of this.#rules) {
      const { rule } = active;
      if (!this.#strikes(active, subject)) continue;
      if (rule.kind === "delay") verdict.delayMs += rule.ms;
      else if (rule.kind === "old") verdict.oldMs += rule.ms;
      else if (rule.kind === "skew") verdict.skewMs += rule.ms;
      else if (rule.kind === "hang") verdict.hang = true;
      else if (rule.kind === "truncate") verdict.truncate = true;
      else if (rule.kind === "lie") lies.add(rule.lie);
      else if (rule.kind === "reset") verdict[rule.point === "before" ? "resetBefore" : "resetInBody"] = true;
      else error ??= errorOf(rule, subject);
    }
    return { ...verdict, error, lies };
  }

  #strikes(active: ActiveRule, subject: FaultSubject): boolean {
    const { rule } = active;
    const isMeant =
      (rule.service ?? subject.service) === subject.service &&
      (rule.operation ?? subject.operation) === subject.operation &&
      (rule.region ?? subject.region) === subject.region &&
      (rule.accountId ?? subject.accountId) === subject.accountId &&
      (rule.database === undefined || rule.database === subject.database) &&
      (rule.resource === undefined || rule.resource === subject.resource);
    if (!isMeant || active.struck >= (rule.times ?? Number.POSITIVE_INFINITY)) return false;
    active.seen++;
    const counted = active.seen - (rule.skip ?? 0);
    if (counted <= 0) return false;
    if (rule.every !== undefined && counted % rule.every !== 0) return false;
    if (rule.probability !== undefined && !this.#drawn(active, rule.probability, subject)) return false;
    if (rule.kind === "expire" && !hasExpired(active, rule.afterCalls, subject.accessKeyId)) return false;
    active.struck++;
    return true;
  }

  #drawn(active: ActiveRule, probability: number, subject: FaultSubject): boolean {
    const { operation, region, accountId, database = "", resource = "", token = "" } = subject;
    const call = [operation, region, accountId, database, resource, token].join("\n");
    const tries = (active.tries.get(call) ?? 0) + 1;
    active.tries.set(call, tries);
    return fractionOf([this.#seed, active.number, call, tries].join("\n")) < probability;
  }
}

function hasExpired(active: ActiveRule, afterCalls: number, accessKeyId: string): boolean {
  const calls = (active.callsByKey.get(accessKeyId) ?? 0) + 1;
  active.callsByKey.set(accessKeyId, calls);
  return calls > afterCalls;
}

/** The throttling that AWS answers calls above an account's rate. */
export function rateExceeded(): AwsError {
  return new AwsError("ThrottlingException", "Rate exceeded");
}

function errorOf(
  rule: Extract<FaultRule, { kind: "throttle" | "deny" | "expire" | "error" }>,
  subject: FaultSubject,
): AwsError {
  switch (rule.kind) {
    case "throttle":
      return rateExceeded();
    case "deny":
      return accessDenied(subject.callerArn, subject.action, subject.resourceArn);
    case "expire":
      return new AwsError("ExpiredTokenException", "The security token included in the request is expired");
    case "error": {
      const status = rule.status ?? 500;
      const code = rule.code ?? (status === 503 ? "ServiceUnavailableException" : "InternalServiceException");
      const message = rule.message ?? (status === 503 ? "Service Unavailable" : "Internal service error");
      return new AwsError(code, message, status);
    }
  }
}
