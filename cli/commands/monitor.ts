import { defineCommand } from "citty";
import { UserError } from "../../postgres/user-error.ts";
import type { SessionOptions } from "../../worker/aws/session.ts";
import { type MonitorRow, sessionOptionsOf, type WatchedService } from "../../worker/poll/plan.ts";
import { commonArgs, ExitCode, jsonArg, say, sayJson, tell, UsageError, wholeNumber, withStorage } from "../common.ts";
import { findMonitor, listMonitors, type Monitor } from "../monitors.ts";
import { type Column, count, minute, table } from "../text.ts";

const SERVICES = ["DMS", "DATASYNC", "GLUE"] as const;

/** The owner sees every account, an operator those that are theirs. */
const OPERATORS = ["a2o_owner", "a2o_operator"] as const;

const add = defineCommand({
  meta: {
    name: "add",
    description: "Watch the migrations of an account and region; stores where credentials come from, never credentials",
    examples: [
      ["monitor add --region eu-central-1", "with the worker's own credentials"],
      [
        "monitor add --region eu-central-1 --role arn:aws:iam::210987654321:role/watch --external-id x7",
        "another account, through a role",
      ],
      ["monitor add --region us-east-1 --profile prod --service DMS,GLUE --only 'mig-*'", "only some"],
    ],
  },
  args: {
    region: { type: "string", valueHint: "REGION", description: "AWS region to watch", required: true },
    account: {
      type: "string",
      valueHint: "ACCOUNT",
      description: "AWS account to watch; asked of AWS, or read from the role, when left out",
    },
    profile: { type: "string", valueHint: "PROFILE", description: "Profile on the machine of the worker" },
    role: { type: "string", valueHint: "ARN", description: "Role to assume in the watched account" },
    "external-id": { type: "string", valueHint: "ID", description: "External id that the role asks for" },
    service: { type: "string", valueHint: "S[,S…]", description: "DMS, DATASYNC, GLUE; all three when left out" },
    only: {
      type: "string",
      valueHint: "PATTERN[,…]",
      description: "Only tasks and jobs of these names; * is anything",
    },
    name: { type: "string", valueHint: "NAME", description: "Name of the monitor; the region when left out" },
    every: { type: "string", valueHint: "SECONDS", description: "Between polls while something runs", default: "30" },
    idle: { type: "string", valueHint: "SECONDS", description: "Between polls while nothing runs", default: "300" },
    metrics: {
      type: "string",
      valueHint: "SECONDS",
      description: "Between questions to CloudWatch, which bills each metric; off asks for none",
      default: "60",
    },
    endpoint: {
      type: "string",
      valueHint: "URL",
      description: "A stand-in for AWS: the simulator; needs the owner's login",
    },
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const services = servicesOf(args.service);
    const every = wholeNumber("--every", args.every, 1, 3600);
    const idle = wholeNumber("--idle", args.idle, 1, 86_400);
    const metrics = args.metrics === "off" ? null : wholeNumber("--metrics", args.metrics, 1, 86_400);
    if (args["external-id"] !== undefined && args.role === undefined) {
      throw new UsageError("--external-id goes with a role.", "Name the role with --role ARN.");
    }
    if (args.endpoint !== undefined && (args.role ?? args.profile) !== undefined) {
      throw new UsageError(
        "A stand-in for AWS gets no credentials of yours.",
        "Leave --role and --profile out, or --endpoint.",
      );
    }
    const kind =
      args.endpoint !== undefined
        ? "STAND_IN"
        : args.role !== undefined
          ? "ROLE"
          : args.profile !== undefined
            ? "PROFILE"
            : "DEFAULT";
    const account =
      args.account ??
      /^arn:aws[a-z-]*:iam::(\d{12}):role\//.exec(args.role ?? "")?.[1] ??
      (await accountOf({
        awsAccountId: "",
        region: args.region,
        credentialsKind: kind,
        profileName: args.profile,
        roleArn: args.role,
        externalId: args["external-id"],
        endpoint: args.endpoint,
      }));
    const monitor = await withStorage(OPERATORS, "monitor", async client => {
      const { rows } =
        args.endpoint !== undefined
          ? await client.query<{ id: string }>(
              "select id from a2o.add_stand_in_monitor($1, $2, $3, $4::text[]::a2o.aws_service[], $5, $6, $7, $8)",
              [account, args.region, args.endpoint, services, args.name ?? null, every, idle, metrics],
            )
          : await client.query<{ id: string }>(
              `select id from a2o.add_monitor($1, $2, $3::text[]::a2o.aws_service[], $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
              [
                account,
                args.region,
                services,
                args.name ?? null,
                kind,
                args.profile ?? null,
                args.role ?? null,
                args["external-id"] ?? null,
                args.only?.split(",").map(pattern => pattern.trim()) ?? null,
                every,
                idle,
                metrics,
              ],
            );
      return findMonitor(client, rows[0]?.id ?? "");
    });
    if (args.json) {
      sayJson(monitor);
      return;
    }
    say(`Monitor ${monitor.monitorName} watches ${spoken(services)} of account ${account} in ${args.region}.`);
    tell("The worker polls it within a minute. Whether it may read everything tells:");
    tell(`  aws2openstack monitor test ${monitor.monitorId.slice(0, 8)}`);
  },
});

const list = defineCommand({
  meta: {
    name: "list",
    description: "List the monitors with their health and what they asked of AWS this month",
    examples: [["monitor list --json", "for a script"]],
  },
  args: { ...jsonArg, ...commonArgs },
  async run({ args }) {
    const { monitors, services } = await withStorage([...OPERATORS, "a2o_reader"], "monitor", async client => {
      const { rows } = await client.query<ServiceHealth>(
        `select monitor_id as "monitorId", service, last_polled_at as "lastPolledAt", last_succeeded_at as "lastSucceededAt", operation,
           error_code as "errorCode", error_message as "errorMessage", consecutive_failures as "consecutiveFailures"
         from a2o.monitor_services order by monitor_id, service`,
      );
      return { monitors: await listMonitors(client), services: rows };
    });
    if (args.json) {
      sayJson(
        monitors.map(monitor => ({
          ...monitor,
          health: services.filter(({ monitorId }) => monitorId === monitor.monitorId),
        })),
      );
      return;
    }
    if (monitors.length === 0) {
      say("Nothing is watched yet. Watch an account and region with:");
      say("  aws2openstack monitor add --region eu-central-1");
      return;
    }
    say(table(monitors, COLUMNS));
    for (const { monitorId, service, operation, errorCode, errorMessage, consecutiveFailures } of services) {
      if (errorCode === null) continue;
      const name = monitors.find(monitor => monitor.monitorId === monitorId)?.monitorName ?? monitorId;
      const times = consecutiveFailures === 1 ? "" : ` (${count(consecutiveFailures)} times in a row)`;
      tell(`${name}, ${service}: ${[operation, errorCode].filter(Boolean).join(" ")}${times}: ${errorMessage ?? ""}`);
    }
  },
});

const monitorArg = {
  monitor: {
    type: "positional",
    valueHint: "MONITOR",
    description: "Its name, its id, or the first four or more digits of it",
    required: true,
  },
} as const;

/** `pause`, `resume` and `remove`: one SQL function each. */
function changing(verb: "pause" | "resume" | "remove", description: string, done: (monitor: Monitor) => string) {
  return defineCommand({
    meta: { name: verb, description, examples: [[`monitor ${verb} eu-central-1`, "by its name"]] },
    args: { ...monitorArg, ...commonArgs },
    async run({ args }) {
      const monitor = await withStorage(OPERATORS, "monitor", async client => {
        const found = await findMonitor(client, args.monitor);
        await client.query(`select a2o.${verb}_monitor($1)`, [found.monitorId]);
        return found;
      });
      say(done(monitor));
    },
  });
}

const test = defineCommand({
  meta: {
    name: "test",
    description: "Try with the monitor's credentials, on this machine, everything that polls ask of AWS",
    examples: [["monitor test eu-central-1", "which permissions are missing, and the IAM statement that grants them"]],
  },
  args: { ...monitorArg, ...jsonArg, ...commonArgs },
  async run({ args }) {
    const [{ AwsSession }, { checkPermissions, policyFor }] = await Promise.all([
      import("../../worker/aws/session.ts"),
      import("../../worker/poll/permissions.ts"),
    ]);
    const { monitor, row } = await withStorage([...OPERATORS, "a2o_reader"], "monitor", async client => {
      const found = await findMonitor(client, args.monitor);
      const { rows } = await client.query<{ row: MonitorRow }>(
        "select to_jsonb(m) as row from a2o.monitors m where id = $1",
        [found.monitorId],
      );
      const [only] = rows;
      if (only === undefined) throw new UserError(`Monitor ${found.monitorName} was removed meanwhile.`);
      return { monitor: found, row: only.row };
    });
    const session = new AwsSession(sessionOptionsOf(row));
    try {
      session.begin();
      const account = await identified(session.accountId(), sessionOptionsOf(row));
      const isRight = account === monitor.awsAccountId;
      const checks = isRight ? await checkPermissions(session, row.services) : [];
      const missing = checks.filter(({ outcome }) => outcome === "DENIED").map(({ action }) => action);
      const code = isRight && checks.every(({ outcome }) => outcome === "ALLOWED") ? ExitCode.ok : ExitCode.failed;
      if (args.json) {
        sayJson({ monitor: monitor.monitorName, account, expectedAccount: monitor.awsAccountId, checks });
        return code;
      }
      if (!isRight) {
        tell(
          `Error: The credentials are those of account ${account}, not of ${monitor.awsAccountId}; nothing would be recorded.`,
        );
        return code;
      }
      say(
        table(checks, [
          { title: "Permission", value: check => check.action, whole: true },
          {
            title: "Outcome",
            value: ({ outcome }) => (outcome === "ALLOWED" ? "allowed" : outcome === "DENIED" ? "denied" : "failed"),
            style: ({ outcome }) => (outcome === "ALLOWED" ? "green" : "red"),
          },
          {
            title: "AWS says",
            value: ({ failure }) => (failure === undefined ? "" : `${failure.code}: ${failure.message}`),
          },
        ]),
      );
      if (missing.length > 0) {
        tell("");
        tell("This policy allows what is missing:");
        say(JSON.stringify(policyFor(missing), null, 2));
      }
      return code;
    } finally {
      session.close();
    }
  },
});

interface ServiceHealth {
  monitorId: string;
  service: string;
  lastPolledAt: Date | null;
  lastSucceededAt: Date | null;
  operation: string | null;
  errorCode: string | null;
  errorMessage: string | null;
  consecutiveFailures: number;
}

const STATES = {
  PAUSED: ["dim", "paused"],
  WAITING: ["dim", "not polled yet"],
  WATCHING: ["green", "watching"],
  DEGRADED: ["yellow", "in part"],
  BLIND: ["red", "blind"],
  LATE: ["red", "no worker polls it"],
} as const;

const COLUMNS: Column<Monitor>[] = [
  { title: "Monitor", value: row => row.monitorName },
  { title: "Id", value: row => row.monitorId.slice(0, 8), whole: true },
  { title: "Account", value: row => row.awsAccountId + (row.isSimulated ? " (simulated)" : ""), whole: true },
  { title: "Region", value: row => row.region, whole: true },
  { title: "Services", value: row => row.services.join(" "), spare: 1 },
  { title: "State", value: ({ state }) => STATES[state][1], style: ({ state }) => STATES[state][0] },
  { title: "Polled (UTC)", value: row => (row.lastPolledAt === null ? "–" : minute(row.lastPolledAt)), whole: true },
  { title: "Running", value: row => count(row.runningJobs), align: "right" },
  { title: "Calls", value: row => count(row.callsThisMonth), align: "right" },
  { title: "Metrics", value: row => count(row.metricsThisMonth), align: "right" },
  { title: "USD", value: row => row.metricsUsdThisMonth.toFixed(2), align: "right" },
];

function servicesOf(text: string | undefined): WatchedService[] {
  if (text === undefined) return [...SERVICES];
  return text.split(",").map(word => {
    const service = SERVICES.find(known => known === word.trim().toUpperCase());
    if (service === undefined) {
      throw new UsageError(`${word.trim() || "Nothing"} is no service to watch.`, `Choose of ${SERVICES.join(", ")}.`);
    }
    return service;
  });
}

function spoken(services: readonly WatchedService[]): string {
  const names = { DMS: "DMS", DATASYNC: "DataSync", GLUE: "Glue" } as const;
  return services.map(service => names[service]).join(", ");
}

async function accountOf(options: SessionOptions): Promise<string> {
  const { AwsSession } = await import("../../worker/aws/session.ts");
  const session = new AwsSession(options);
  try {
    session.begin();
    return await identified(session.accountId(), options);
  } finally {
    session.close();
  }
}

/** Tells in words why nobody can say whose the credentials are. */
async function identified(account: Promise<string>, options: SessionOptions): Promise<string> {
  try {
    return await account;
  } catch (error) {
    const { explainAwsError } = await import("../../worker/aws/explain.ts");
    throw explainAwsError(error, { region: options.region, profile: options.profileName });
  }
}

export default defineCommand({
  meta: {
    name: "monitor",
    description: "What is watched: add, list, pause, resume, remove, test",
    examples: [
      ["monitor add --region eu-central-1", "watch the migrations of a region"],
      ["monitor list", "what is watched, and how it is"],
    ],
  },
  subCommands: {
    add,
    list,
    pause: changing("pause", "Stop polling until it is resumed", ({ monitorName }) => `${monitorName} is paused.`),
    resume: changing("resume", "Poll again", ({ monitorName }) => `${monitorName} is polled again within a minute.`),
    remove: changing(
      "remove",
      "Forget it with its health and counts; the jobs it saw stay",
      ({ monitorName }) => `${monitorName} is no longer watched. Its jobs stay.`,
    ),
    test,
  },
});
