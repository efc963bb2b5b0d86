import { UserError } from "../../postgres/user-error.ts";
import type { AssessmentResult } from "../../worker/assess/glue-catalog.ts";
import type { Identity } from "../../worker/aws/credentials.ts";
import { howToAllow } from "../../worker/aws/explain.ts";
import { say, tell } from "../common.ts";
import { type Column, count, share, size, table } from "../text.ts";
import type { KeptOutcome, KeptResult } from "./run.ts";

/** How many databases that could not be read are named one by one. */
const UNREAD_SHOWN = 10;

export function printResult(result: KeptResult): void {
  const { summary } = result;
  say(
    `Found ${count(summary.totalDatabases)} databases with ${count(summary.totalTables)} tables in account ${result.awsAccountId}${result.isSimulated ? " (simulated)" : ""}`,
  );
  say("");
  say(
    `  Ready             ${count(summary.migrationReady).padStart(9)}  ${share(summary.migrationReady, summary.totalTables)}`,
  );
  say(
    `  Needs conversion  ${count(summary.needsConversion).padStart(9)}  ${share(summary.needsConversion, summary.totalTables)}`,
  );
  say(`  Unknown           ${count(summary.unknown).padStart(9)}  ${share(summary.unknown, summary.totalTables)}`);
  say(`  Known size        ${size(summary.totalEstimatedSizeGb).padStart(9)}`);
  say("");
  if (result.storedIn !== undefined) {
    say(
      result.isNew ? `Saved to ${result.storedIn}: ${result.id}` : `Saved already in ${result.storedIn}: ${result.id}`,
    );
  }
  say(
    result.unread.length === 0
      ? "Assessment complete"
      : `Assessment complete, except for ${unreadParts(result)} (exit code 3)`,
  );
  const kind = /\.ndjson(\.gz)?$/.test(result.jsonReport ?? "") ? "NDJSON" : "JSON";
  say(`${`  ${kind} report:`.padEnd(19)}${result.jsonReport}`);
  say(`  Markdown report: ${result.markdownReport}`);
}

/** What could not be read, and what would allow it. */
export function tellUnread(result: AssessmentResult): void {
  for (const { databaseName, status, errorCode, errorMessage } of result.unread.slice(0, UNREAD_SHOWN)) {
    const name = databaseName === "" ? "the list of databases" : databaseName;
    tell(`Not read in full: ${name} (${status.toLowerCase()}): ${errorCode}: ${errorMessage}`);
  }
  if (result.unread.length > UNREAD_SHOWN) {
    tell(`and ${count(result.unread.length - UNREAD_SHOWN)} more; the reports name them all.`);
  }
  for (const line of howToAllow(result, result.unread)) tell(line);
}

/** `3 databases`, `a part of the list of databases` */
function unreadParts({ unread }: AssessmentResult): string {
  const databases = unread.filter(({ databaseName }) => databaseName !== "").length;
  const list = databases < unread.length ? ["a part of the list of databases"] : [];
  return [...(databases === 0 ? [] : [databases === 1 ? "1 database" : `${count(databases)} databases`]), ...list].join(
    " and ",
  );
}

export function tellFailure(place: string, error: unknown): void {
  tell(`Error: ${place}: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof UserError && error.advice !== undefined) tell(error.advice);
}

/** `profile prod`, `role arn:aws:iam::111122223333:role/reader`, `the AWS credentials` */
export function nameOf({ profile, roleArn }: Identity): string {
  if (roleArn !== undefined) return `role ${roleArn}`;
  return profile === undefined ? "the AWS credentials" : `profile ${profile}`;
}

/** One line for each account and region, when there were several. */
export function printSummary(outcomes: readonly KeptOutcome[]): void {
  const told = outcomes.filter(outcome => outcome.kind !== "skipped");
  const skipped = Map.groupBy(
    outcomes.filter(outcome => outcome.kind === "skipped"),
    ({ reason }) => reason,
  );
  if (told.length > 0) say(table(told, COLUMNS));
  for (const [reason, left] of skipped) {
    say(`Left out, ${reason}: ${left.map(({ target }) => target.region.name).join(", ")}`);
  }
}

const result = (outcome: KeptOutcome) => (outcome.kind === "done" ? outcome.result : undefined);
const figure = (pick: (done: KeptResult) => string) => (outcome: KeptOutcome) => {
  const done = result(outcome);
  return done === undefined ? "–" : pick(done);
};

const COLUMNS: Column<KeptOutcome>[] = [
  { title: "Account", value: ({ target }) => target.account.caller.awsAccountId, whole: true },
  { title: "Region", value: ({ target }) => target.region.name, whole: true },
  { title: "Databases", value: figure(({ summary }) => count(summary.totalDatabases)), align: "right" },
  { title: "Tables", value: figure(({ summary }) => count(summary.totalTables)), align: "right" },
  {
    title: "Ready",
    value: figure(({ summary }) => share(summary.migrationReady, summary.totalTables)),
    align: "right",
  },
  { title: "Known size", value: figure(({ summary }) => size(summary.totalEstimatedSizeGb)), align: "right" },
  {
    title: "Not read",
    value: outcome => {
      const done = result(outcome);
      if (done === undefined) return "failed";
      return done.unread.length === 0 ? "" : unreadParts(done);
    },
  },
];

export function forJson(outcome: KeptOutcome): object {
  const { account, region } = outcome.target;
  const place = { awsAccountId: account.caller.awsAccountId, region: region.name };
  if (outcome.kind === "skipped") return { ...place, skipped: outcome.reason };
  if (outcome.kind === "failed") return { ...place, ...failureForJson(outcome.error) };
  const { id, storedIn, isNew, ...rest } = outcome.result;
  return { assessmentId: id, storedIn: storedIn ?? null, isNew, ...rest };
}

export function failureForJson(error: unknown): { error: string; advice: string | null } {
  return {
    error: error instanceof Error ? error.message : String(error),
    advice: error instanceof UserError ? (error.advice ?? null) : null,
  };
}
