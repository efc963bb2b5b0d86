import type { ArgsDef } from "citty";
import type pg from "pg";
import { describeUrl, type GroupRole, withClient } from "../postgres/connect.ts";
import { acquireEmbedded, type Embedded } from "../postgres/embedded/acquire.ts";
import { ensureLogins } from "../postgres/logins.ts";
import { migrate } from "../postgres/migrate.ts";
import { secretOf } from "../postgres/secret.ts";
import { errorCode, UserError } from "../postgres/user-error.ts";
import { colour, wrapped } from "./text.ts";

export const ExitCode = { ok: 0, failed: 1, usage: 2, partial: 3 } as const;

/** A mistake in the command line: exit code 2. */
export class UsageError extends UserError {}

/** Options that every command has. */
export const commonArgs = {
  debug: { type: "boolean", description: "Show stack traces" },
} satisfies ArgsDef;

export const jsonArg = {
  json: { type: "boolean", description: "Print JSON instead of text" },
} satisfies ArgsDef;

/** Options of commands about one account and region among several. */
export const catalogArgs = {
  account: { type: "string", valueHint: "ACCOUNT", description: "AWS account, where latest would fit several" },
  region: { type: "string", valueHint: "REGION", description: "AWS region, where latest would fit several" },
} satisfies ArgsDef;

/** How an assessment is named on the command line; `assessmentId` finds it. */
export const ASSESSMENT_HINT = "latest, previous, latest~2, an id, or its first four or more digits";

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints a value as JSON, its keys named as the columns of the database are: `total_tables`. */
export function sayJson(value: unknown): void {
  say(JSON.stringify(snakeCased(value), null, 2));
}

function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      snakeCased(item),
    ]),
  );
}

/** A line for a person who watches, broken between words on a terminal; it goes to stderr, so that stdout can be piped. */
export function tell(line: string): void {
  const { isTTY, columns } = process.stderr;
  const lines = isTTY && columns > 0 ? line.split("\n").flatMap(part => wrapped(part, columns)) : [line];
  process.stderr.write(`${lines.join("\n")}\n`);
}

/** Prints an error as what happened and what to do, and returns the exit code. */
export function printError(thrown: unknown): number {
  const debug = process.argv.includes("--debug");
  const error = asUserError(thrown);
  const label = colour("red", "Error:", process.stderr);
  if (error instanceof UserError) {
    tell(error instanceof Interrupted ? error.message : `${label} ${error.message}`);
    if (error.advice !== undefined) tell(error.advice);
  } else {
    tell(`${label} ${error instanceof Error ? error.message : String(error)}`);
    if (!debug) tell("Run it again with --debug for details.");
  }
  if (debug && error instanceof Error) tell(error.stack ?? "");
  if (debug && error instanceof Error && error.cause instanceof Error) tell(error.cause.stack ?? "");
  return error instanceof UsageError ? ExitCode.usage : ExitCode.failed;
}

/** Our SQL errors (A2Onn) say themselves what to do, in their hint. */
function asUserError(error: unknown): unknown {
  if (error instanceof UserError || !(error instanceof Error) || !errorCode(error)?.startsWith("A2O")) return error;
  const sentence = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint.replaceAll("; ", "\n") : undefined;
  return new UserError(sentence, hint, { cause: error });
}

/** Where assessments live: the database of DATABASE_URL, or the embedded one, migrated and kept up while it is used. */
export interface Storage {
  /** For migrations and as the login that becomes a group role. */
  url: string;
  embedded: Embedded | undefined;
  /** `the embedded database`, or `database at host:port`. */
  description: string;
  release(): Promise<void>;
}

export function databaseUrl(): string | undefined {
  return secretOf("DATABASE_URL");
}

export async function openStorage(): Promise<Storage> {
  const url = databaseUrl();
  if (url !== undefined) {
    return { url, embedded: undefined, description: describeUrl(url), release: async () => undefined };
  }
  return openEmbedded();
}

export async function openEmbedded(): Promise<Storage> {
  const embedded = await acquireEmbedded({ say: tell });
  try {
    await migrate(embedded.url);
    await ensureLogins(embedded.url, embedded.passwords, [
      embedded.urlFor("a2o_authenticator"),
      embedded.urlFor("a2o_mcp"),
    ]);
  } catch (error) {
    await embedded.release();
    throw error;
  }
  return { url: embedded.url, embedded, description: "the embedded database", release: () => embedded.release() };
}

/** Runs `work` as a group role on the storage of this command, and lets the storage go afterwards. */
export async function withStorage<T>(
  role: GroupRole | readonly GroupRole[],
  purpose: string,
  work: (client: pg.Client, storage: Storage, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, dispose } = abortOnSignals();
  try {
    const storage = await openStorage();
    try {
      return await withClient(storage.url, { role, purpose, signal }, client => work(client, storage, signal));
    } finally {
      await storage.release();
    }
  } finally {
    dispose();
  }
}

/** Runs `work` for a command that only reads: as a login that records when it may be one, else as a reader of its accounts. */
export function withReader<T>(
  purpose: string,
  work: (client: pg.Client, storage: Storage, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withStorage(["a2o_ingest", "a2o_reader"], purpose, work);
}

/** The id of the assessment that somebody named: ASSESSMENT_HINT says how. @throws A2O15, A2O16 */
export async function assessmentId(
  client: pg.Client,
  reference: string,
  catalog: { account?: string | undefined; region?: string | undefined } = {},
): Promise<string> {
  const { rows } = await client.query<{ id: string }>("select a2o.resolve_assessment($1, $2, $3) as id", [
    reference,
    catalog.account ?? null,
    catalog.region ?? null,
  ]);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error("resolve_assessment returned nothing");
  return id;
}

/** An option that must be a whole number. @throws UsageError */
export function wholeNumber(option: string, text: string, least = 1, most = 1_000_000_000): number {
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(
    `${option} must be a whole number from ${least.toLocaleString("en-GB")} to ${most.toLocaleString("en-GB")}, not ${text}.`,
    `e.g. ${option} ${Math.max(least, Math.min(most, 10))}`,
  );
}

/** An option that must be one of some words, in upper or lower case; undefined when it is not given. @throws UsageError */
export function choice<Choice extends string>(
  option: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  if (text === undefined) return undefined;
  const chosen = choices.find(known => known === text.toUpperCase());
  if (chosen === undefined) throw new UsageError(`${option} cannot be ${text}.`, `Choose of ${choices.join(", ")}.`);
  return chosen;
}

/** A signal that Ctrl-C and a request to end abort, so that a command can undo what is half done. */
export function abortOnSignals(): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort(new Interrupted());
  process.on("SIGINT", abort);
  process.on("SIGTERM", abort);
  const dispose = () => {
    process.off("SIGINT", abort);
    process.off("SIGTERM", abort);
  };
  return { signal: controller.signal, dispose };
}

/** Ctrl-C, or a request to end. */
export class Interrupted extends UserError {
  constructor(message = "Interrupted.") {
    super(message);
  }
}
