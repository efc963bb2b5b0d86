import type { Catalog } from "../catalog/model.ts";
import type { AwsError } from "../errors.ts";
import type { Lie } from "../faults.ts";
import type { HttpReply, HttpRequest } from "../http.ts";
import type { Caller, Identities } from "../identities.ts";
import type { Migration } from "../migration/migration.ts";
import type { PageTokens } from "./page-token.ts";

/** A role's trust policy, as far as it is simulated. */
export interface RoleOptions {
  /** When given, AssumeRole must bring it. */
  readonly externalId?: string;
}

/** What every simulated service may use. */
export interface World {
  readonly seed: string;
  readonly identities: Identities;
  /** The roles that may be assumed, by ARN; when left out, any role of a known account may. */
  readonly roles: Readonly<Record<string, RoleOptions>> | undefined;
  /** The Glue catalog of an account; undefined when the simulator does not know the account. */
  catalogOf(accountId: string): Catalog | undefined;
  /** The federated catalogs of an account, by their path. */
  federatedOf(accountId: string): ReadonlyMap<string, Catalog>;
  /** What an account migrates. */
  migrationOf(accountId: string): Migration;
}

/** A request that a service recognised as its own. */
export interface Incoming {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A recognised and authenticated call. */
export interface Call extends Incoming {
  readonly region: string;
  readonly caller: Caller;
  /** Untruths that the fault plan wants in the answer. */
  readonly lies: ReadonlySet<Lie>;
  /** The simulated moment that the answer tells of, in milliseconds since the Unix epoch. */
  readonly time: number;
}

/** The parts of a call that fault rules match and the request log shows. */
export interface Subject {
  readonly database?: string;
  readonly table?: string;
  /** The job that is asked about: a task's ARN, an execution's, a Glue job's name. */
  readonly resource?: string;
  /** The pagination token that the call came with. */
  readonly token?: string;
}

/** What a call was answered, before the service's protocol wraps it. */
export interface Answer {
  readonly output: Readonly<Record<string, unknown>>;
  /** The output as JSON, where it is at hand already. */
  readonly json?: string;
  /** How many databases, tables, … the answer lists, for the request log. */
  readonly items?: number;
  /** How many metrics CloudWatch was asked for, which is what it bills. */
  readonly metrics?: number;
}

/** Answers one operation; throws AwsError. */
export type Handler = (world: World, tokens: PageTokens, call: Call) => Answer;

/** One simulated AWS service: a protocol and its operations. */
export interface Service {
  /** The service's name in the credential scope of Signature Version 4. */
  readonly signingName: string;
  /** What IAM's actions of the service begin with, where that is not its signing name. */
  readonly iamName?: string;
  /** The call that a request makes of this service; undefined when it is not this service's protocol. */
  recognise(request: HttpRequest): Incoming | undefined;
  subjectOf(incoming: Incoming): Subject;
  /** The ARN that a denial of this call names. */
  resourceOf(incoming: Incoming, region: string, accountId: string): string;
  /** Answers a call; throws AwsError. */
  answer(call: Call): Answer;
  encode(operation: string, answer: Answer, requestId: string): HttpReply;
  encodeError(error: AwsError, requestId: string): HttpReply;
}
