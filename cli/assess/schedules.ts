import { defineCommand } from "citty";
import type pg from "pg";
import { UserError } from "../../postgres/user-error.ts";
import type { Plan } from "../../worker/assess/many.ts";
import { everything, type Scope } from "../../worker/assess/scope.ts";
import { commonArgs, jsonArg, say, sayJson, withReader, withStorage } from "../common.ts";
import { type Column, minute, table } from "../text.ts";

interface Schedule {
  id: string;
  awsAccountId: string;
  regions: string;
  profileName: string | null;
  roleArn: string | null;
  scope: Partial<Scope>;
  every: string;
  isPaused: boolean;
  nextRunAt: Date;
  state: string;
  lastStartedAt: Date | null;
  lastFinishedAt: Date | null;
  lastSucceededAt: Date | null;
  lastMessage: string | null;
  consecutiveFailures: number;
}

const COLUMNS_SQL = `id, aws_account_id as "awsAccountId", regions, profile_name as "profileName", role_arn as "roleArn", scope, every,
  is_paused as "isPaused", next_run_at as "nextRunAt", state, last_started_at as "lastStartedAt", last_finished_at as "lastFinishedAt",
  last_succeeded_at as "lastSucceededAt", last_message as "lastMessage", consecutive_failures as "consecutiveFailures"`;

/** Registers an assessment of each account of the plan; the worker makes them. */
export async function schedule(
  { targets, failed }: Plan,
  regions: readonly string[],
  every: string,
  scope: Scope,
  json: boolean,
): Promise<void> {
  for (const { error } of failed) throw error;
  const accounts = [...new Set(targets.map(({ account }) => account))];
  const text = [...new Set(regions.flatMap(part => part.split(",")).map(part => part.trim().toLowerCase()))].join(",");
  const scheduled = await withStorage("a2o_ingest", "schedule", async client => {
    const made: Schedule[] = [];
    for (const { caller, identity } of accounts) {
      const { rows } = await client.query<Schedule>(
        `select ${COLUMNS_SQL} from a2o.schedule_assessment($1, $2, $3, $4, $5, $6, $7)`,
        [
          ...[caller.awsAccountId, text, every, identity.profile ?? null, identity.roleArn ?? null],
          ...[identity.externalId ?? null, wantedOf(scope)],
        ],
      );
      made.push(...rows);
    }
    return made;
  });
  if (json) sayJson(scheduled);
  else {
    for (const row of scheduled) {
      say(
        `Scheduled: account ${row.awsAccountId}, ${row.regions}, every ${row.every}; first at ${minute(row.nextRunAt)} UTC`,
      );
    }
    say("The worker makes them, with the AWS configuration of its machine; `aws2openstack up` runs one.");
    say("See them with: aws2openstack assess schedules list");
  }
}

/** Without what is as usual, so that the same wish is the same schedule. */
function wantedOf(scope: Scope): Partial<Scope> {
  return Object.fromEntries(
    Object.entries(scope).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(everything[key as keyof Scope]),
    ),
  );
}

const list = defineCommand({
  meta: {
    name: "list",
    description: "List the scheduled assessments, how the last run went and when the next is due",
    examples: [["assess schedules list", "all of them"]],
  },
  args: { ...jsonArg, ...commonArgs },
  async run({ args }) {
    const schedules = await withReader("schedules", all);
    if (args.json) {
      sayJson(schedules);
      return;
    }
    if (schedules.length === 0) {
      say("Nothing is scheduled. To assess a catalog every day:");
      say("  aws2openstack assess glue-catalog --region eu-central-1 --every day");
      return;
    }
    say(table(schedules, COLUMNS));
    for (const row of schedules) {
      if (row.lastMessage !== null) say(`${row.id.slice(0, 8)} ${row.state.toLowerCase()}: ${row.lastMessage}`);
    }
  },
});

const COLUMNS: Column<Schedule>[] = [
  { title: "Schedule", value: row => row.id.slice(0, 8), whole: true },
  { title: "Account", value: row => row.awsAccountId, whole: true },
  { title: "Regions", value: row => row.regions },
  { title: "Credentials", value: row => row.roleArn ?? row.profileName ?? "usual" },
  { title: "Every", value: row => row.every, whole: true },
  { title: "Next (UTC)", value: row => (row.isPaused ? "paused" : minute(row.nextRunAt)), whole: true },
  {
    title: "Last (UTC)",
    value: row => (row.lastStartedAt === null ? "never" : minute(row.lastStartedAt)),
    whole: true,
  },
  { title: "Result", value: resultOf, whole: true },
];

function resultOf({ state, consecutiveFailures }: Schedule): string {
  return state === "FAILED" && consecutiveFailures > 1 ? `failed ${consecutiveFailures} times` : state.toLowerCase();
}

async function all(client: pg.Client): Promise<Schedule[]> {
  const { rows } = await client.query<Schedule>(
    `select ${COLUMNS_SQL} from a2o.assessment_schedules order by aws_account_id, regions, created_at`,
  );
  return rows;
}

function changing(name: "pause" | "resume" | "remove", description: string, done: (row: Schedule) => string) {
  return defineCommand({
    meta: { name, description, examples: [[`assess schedules ${name} 3f2a`, "by the beginning of its id"]] },
    args: {
      schedule: { type: "positional", description: "Id of the schedule, or its beginning", required: true },
      ...jsonArg,
      ...commonArgs,
    },
    async run({ args }) {
      const changed = await withStorage("a2o_ingest", "schedules", async client => {
        const fitting = (await all(client)).filter(({ id }) => id.startsWith(args.schedule.toLowerCase()));
        const [chosen] = fitting;
        if (chosen === undefined || fitting.length > 1) {
          throw new UserError(
            chosen === undefined
              ? `There is no schedule ${args.schedule}.`
              : `${fitting.length} schedules begin with ${args.schedule}.`,
            "See them with: aws2openstack assess schedules list",
          );
        }
        const { rows } = await client.query<Schedule>(`select ${COLUMNS_SQL} from a2o.${name}_schedule($1)`, [
          chosen.id,
        ]);
        return rows[0] ?? chosen;
      });
      if (args.json) sayJson(changed);
      else say(done(changed));
    },
  });
}

const what = ({ awsAccountId, regions, every }: Schedule) => `account ${awsAccountId}, ${regions}, every ${every}`;

export const schedules = defineCommand({
  meta: {
    name: "schedules",
    description: "Assessments that the worker makes by itself: list, pause, resume, remove",
    examples: [
      ["assess schedules list", "what there is, and when it is due"],
      ["assess schedules pause 3f2a", "by the beginning of its id"],
    ],
  },
  subCommands: {
    list,
    pause: changing("pause", "Stop a scheduled assessment until it is resumed", row => `Paused: ${what(row)}`),
    resume: changing(
      "resume",
      "Let a paused one go on",
      row => `Goes on: ${what(row)}; next at ${minute(row.nextRunAt)} UTC`,
    ),
    remove: changing("remove", "End a scheduled assessment; what it stored stays", row => `Removed: ${what(row)}`),
  },
});
