import { defineCommand } from "citty";
import { UserError } from "../../postgres/user-error.ts";
import { type Plan, planTargets, type Target } from "../../worker/assess/many.ts";
import { ASSESSMENT_FORMATS } from "../../worker/assess/reports.ts";
import { patternsOf, type Scope } from "../../worker/assess/scope.ts";
import type { AskToSignIn, Identity } from "../../worker/aws/credentials.ts";
import { valuesOf } from "../arguments.ts";
import { FinishedTargets } from "../assess/finished.ts";
import {
  failureForJson,
  forJson,
  nameOf,
  printResult,
  printSummary,
  tellFailure,
  tellUnread,
} from "../assess/print.ts";
import { assessAll, directoryNamer, type KeptOutcome } from "../assess/run.ts";
import { schedule, schedules } from "../assess/schedules.ts";
import { askAtTerminal } from "../assess/sign-in.ts";
import {
  abortOnSignals,
  commonArgs,
  databaseUrl,
  ExitCode,
  Interrupted,
  jsonArg,
  say,
  sayJson,
  tell,
  UsageError,
} from "../common.ts";
import { ProgressLine } from "../progress.ts";
import { count } from "../text.ts";

const glueCatalog = defineCommand({
  meta: {
    name: "glue-catalog",
    description: "Read an AWS Glue Data Catalog, judge it, and write the reports",
    examples: [
      ["assess glue-catalog --region eu-central-1 --output-dir reports --save-to-db", "one region, stored"],
      ["assess glue-catalog --region all --profile prod --profile test --output-dir reports", "all of two accounts"],
      ["assess glue-catalog --region 'eu-*' --exclude-database 'tmp_*' --output-dir reports", "a part"],
      [
        "assess glue-catalog --region eu-central-1 --output-dir reports --format ndjson.gz",
        "small, and read line by line",
      ],
      ["assess glue-catalog --region eu-central-1 --output-dir reports --resume", "go on after an interruption"],
      ["assess glue-catalog --region eu-central-1 --profile prod --every day", "let the worker do it every day"],
    ],
  },
  args: {
    region: {
      type: "string",
      multiple: true,
      description: "AWS region, several separated by commas, patterns like eu-*, or all",
      valueHint: "eu-central-1",
    },
    profile: {
      type: "string",
      multiple: true,
      description: "AWS profile to use; repeat it for more accounts",
      valueHint: "name",
    },
    "role-arn": {
      type: "string",
      multiple: true,
      description: "Role to assume in the account to read; repeat it for more accounts",
      valueHint: "arn",
    },
    "external-id": {
      type: "string",
      multiple: true,
      description: "External id the roles ask for; one for all, or one for each --role-arn in turn",
      valueHint: "id",
    },
    database: {
      type: "string",
      multiple: true,
      description: "Read only these databases: names or patterns, separated by commas or repeated",
      valueHint: "pattern",
    },
    "exclude-database": {
      type: "string",
      multiple: true,
      description: "Leave these databases out",
      valueHint: "pattern",
    },
    "own-catalog-only": { type: "boolean", description: "Leave federated catalogs (S3 Tables, Redshift, …) out" },
    "iceberg-metadata": {
      type: "boolean",
      description: "Ask for each Iceberg table's metadata, one more call a table",
    },
    "output-dir": { type: "string", description: "Directory for the reports", valueHint: "dir" },
    format: {
      type: "enum",
      options: [...ASSESSMENT_FORMATS],
      description: "How the report of the whole is written beside the Markdown; json by default",
    },
    "save-to-db": { type: "boolean", description: "Store the assessment (always done when DATABASE_URL is set)" },
    resume: { type: "boolean", description: "Go on where an interrupted run of the same catalog stopped" },
    every: {
      type: "string",
      description: "Let the worker do it every hour, day, week, month, 6h, or at the times of a cron line in UTC",
      valueHint: "day",
    },
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args, rawArgs }) {
    const regions = regionTexts(valuesOf(rawArgs, "region"));
    const identities = identitiesOf(rawArgs);
    const scope = scopeOf(args, rawArgs);
    const outputDirectory = args["output-dir"];
    if (args.every !== undefined) {
      if (args.resume) throw new UsageError("--every does not go with --resume.", "The worker resumes by itself.");
      if (outputDirectory !== undefined || args.format !== undefined) {
        tell("The worker stores assessments and writes no reports; aws2openstack report latest writes them.");
      }
      await schedule(await planned(identities, regions), regions, args.every, scope, args.json === true);
      return ExitCode.ok;
    }
    if (outputDirectory === undefined || outputDirectory === "") {
      throw new UsageError(
        "--output-dir is missing.",
        "It names the directory for the reports, e.g. --output-dir reports",
      );
    }
    const { signal, dispose } = abortOnSignals();
    const line = new ProgressLine();
    const finished = new FinishedTargets(outputDirectory, scope);
    const outcomes: KeptOutcome[] = [];
    const kept: { target: Target; tables: number }[] = [];
    try {
      const plan = await planned(identities, regions, askAtTerminal(line, signal));
      for (const { identity, error } of plan.failed) tellFailure(nameOf(identity), error);
      for (const { identity, awsAccountId } of plan.repeated) {
        tell(`${nameOf(identity)} belongs to account ${awsAccountId}, which is read already.`);
      }
      const isOne = plan.targets.length === 1 && plan.targets[0]?.region.isNamed === true;
      if (args.resume) await finished.recall();
      const left = plan.targets.filter(target => !finished.has(target));
      for (const target of plan.targets) {
        if (!left.includes(target)) tell(`Done before: ${placeOf(target)}`);
      }
      if (isOne && !args.json) say(`Starting Glue Catalog assessment for region: ${plan.targets[0]?.region.name}`);
      await assessAll(left, {
        ...{ scope, signal, line, format: args.format },
        directoryOf: directoryNamer(plan.targets, outputDirectory),
        keep: args["save-to-db"] === true || databaseUrl() !== undefined,
        resume: args.resume === true,
        onKept: (target, tables) => kept.push({ target, tables }),
        onOutcome(outcome) {
          line.clear();
          outcomes.push(outcome);
          if (outcome.kind === "failed") {
            if (!isOne) tellFailure(placeOf(outcome.target), outcome.error);
            return;
          }
          if (!isOne) finished.add(outcome.target);
          if (outcome.kind === "skipped") return;
          if (!args.json && !isOne) say(`Glue Catalog assessment for region: ${outcome.result.region}`);
          if (!args.json) printResult(outcome.result);
          if (!args.json && !isOne) say("");
          tellUnread(outcome.result);
        },
      });
      line.clear();
      const [outcome] = outcomes;
      if (isOne && outcome?.kind === "failed") {
        tellKept(kept);
        throw outcome.error;
      }
      inOrder(outcomes, plan.targets);
      if (!args.json && !isOne) printSummary(outcomes);
      if (args.json) sayJson([...outcomes.map(forJson), ...plan.failed.map(({ error }) => failureForJson(error))]);
      if (!outcomes.some(({ kind }) => kind === "failed")) await finished.forget();
      tellKept(kept);
      return exitCode(outcomes, plan, left.length < plan.targets.length);
    } catch (error) {
      line.clear();
      if (!signal.aborted) throw error;
      await finished.flush();
      if (args.json && outcomes.length > 0) sayJson(outcomes.map(forJson));
      const done = outcomes.filter(({ kind }) => kind === "done").map(({ target }) => target.region.name);
      const tables = kept.reduce((sum, run) => sum + run.tables, 0);
      throw new Interrupted(
        (done.length === 0
          ? "Interrupted; nothing was stored or written."
          : `Interrupted; ${done.join(", ")} was done before.`) +
          (tables === 0
            ? ""
            : ` The ${count(tables)} tables read so far are kept for a day: the same with --resume goes on.`),
      );
    } finally {
      dispose();
    }
  },
});

export default defineCommand({
  meta: {
    name: "assess",
    description: "Assess a catalog: glue-catalog; schedules lists what the worker does by itself",
    examples: [
      ["assess glue-catalog --region eu-central-1 --output-dir reports --save-to-db", "now"],
      ["assess glue-catalog --region eu-central-1 --every day", "every day, by the worker"],
    ],
  },
  subCommands: { "glue-catalog": glueCatalog, schedules },
});

function regionTexts(given: string[]): string[] {
  const texts = given.length > 0 ? given : [process.env.AWS_REGION ?? ""];
  if (texts.join("").replaceAll(",", "").trim() === "") {
    throw new UsageError(
      "--region is missing.",
      "Name the region of the catalog, e.g. --region eu-central-1, several, or --region all",
    );
  }
  return texts;
}

function identitiesOf(rawArgs: readonly string[]): Identity[] {
  const profiles = valuesOf(rawArgs, "profile");
  const roles = valuesOf(rawArgs, "role-arn");
  const externalIds = valuesOf(rawArgs, "external-id");
  if (roles.length === 0) {
    if (externalIds.length > 0) throw new UsageError("--external-id goes with --role-arn.");
    return profiles.length === 0 ? [{}] : profiles.map(profile => ({ profile }));
  }
  if (profiles.length > 1) {
    throw new UsageError("--role-arn takes one --profile at most.", "Its credentials assume each of the roles.");
  }
  if (externalIds.length > 1 && externalIds.length !== roles.length) {
    throw new UsageError("--external-id is given once for all roles, or once for each --role-arn.");
  }
  return roles.map((roleArn, index) => {
    if (!/^arn:[\w-]+:iam::\d{12}:role\/./.test(roleArn)) {
      throw new UsageError(
        `${roleArn} is no role.`,
        "A role looks like arn:aws:iam::111122223333:role/catalog-reader.",
      );
    }
    const externalId = externalIds[externalIds.length === 1 ? 0 : index];
    return { roleArn, profile: profiles[0], externalId };
  });
}

function scopeOf(
  args: { "own-catalog-only"?: boolean | undefined; "iceberg-metadata"?: boolean | undefined },
  rawArgs: readonly string[],
): Scope {
  return {
    databases: patternsOf(valuesOf(rawArgs, "database")),
    excludedDatabases: patternsOf(valuesOf(rawArgs, "exclude-database")),
    ownCatalogOnly: args["own-catalog-only"] === true,
    icebergMetadata: args["iceberg-metadata"] === true,
  };
}

/** @throws the error of the only identity; with several, each is told on its own */
async function planned(identities: readonly Identity[], regions: readonly string[], ask?: AskToSignIn): Promise<Plan> {
  const plan = await planTargets(identities, regions, ask).catch(error => {
    throw error instanceof UserError ? new UsageError(error.message, error.advice) : error;
  });
  if (plan.targets.length === 0 && plan.failed.length === 1) throw plan.failed[0]?.error;
  return plan;
}

function placeOf({ account, region }: Target): string {
  return `${account.caller.awsAccountId} in ${region.name}`;
}

function inOrder(outcomes: KeptOutcome[], targets: readonly Target[]): void {
  outcomes.sort((a, b) => targets.indexOf(a.target) - targets.indexOf(b.target));
}

function tellKept(kept: readonly { target: Target; tables: number }[]): void {
  for (const { target, tables } of kept) {
    tell(`${count(tables)} tables of ${placeOf(target)} are kept for a day: the same command with --resume goes on.`);
  }
}

/** Partial as soon as something is there and something is not. */
function exitCode(outcomes: readonly KeptOutcome[], plan: Plan, someWereDone: boolean): number {
  const failed = plan.failed.length > 0 || outcomes.some(({ kind }) => kind === "failed");
  const read = someWereDone || outcomes.some(({ kind }) => kind !== "failed");
  if (failed) return read ? ExitCode.partial : ExitCode.failed;
  const unread = outcomes.some(outcome => outcome.kind === "done" && outcome.result.unread.length > 0);
  return unread ? ExitCode.partial : ExitCode.ok;
}
