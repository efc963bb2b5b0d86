import { parseArgs } from "node:util";
import type { FaultRule } from "./faults.ts";
import { startSimulator } from "./simulator.ts";

const usage = `Usage: node demo/main.ts [options]

Starts an AWS simulator (STS, Glue, DMS, DataSync and CloudWatch) on 127.0.0.1.

  --port N          TCP port (default: any free one)
  --seed TEXT       what everything that looks random follows from
  --generation N    the catalog as it looks N weeks later (default 0)
  --databases N     a generated catalog of N databases instead of the demo company's
  --tables N        how many tables each of those has (default 100)
  --fleet N        N generated jobs that all run, instead of the demo company's migration
  --clock FACTOR   so many simulated seconds pass in a real one (default 1; 0 stops the clock)
  --throttle P      answer this share of the calls with ThrottlingException (0 to 1)
  --rate R          take R calls a second of each operation, throttle the rest
  --delay MS        answer every call so many milliseconds later
  --help            show this
`;

const options = {
  port: { type: "string" },
  seed: { type: "string" },
  generation: { type: "string" },
  databases: { type: "string" },
  tables: { type: "string" },
  fleet: { type: "string" },
  clock: { type: "string" },
  throttle: { type: "string" },
  rate: { type: "string" },
  delay: { type: "string" },
  help: { type: "boolean" },
} as const;

class UsageError extends Error {}

function read(args: string[]) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function numberOf(text: string | undefined, name: string, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && value >= low && value <= high) return value;
  throw new UsageError(`--${name} must be a number from ${low} to ${high}, not "${text}"`);
}

function wholeOf(text: string | undefined, name: string, low: number, high: number): number | undefined {
  const value = numberOf(text, name, low, high);
  if (value !== undefined && !Number.isInteger(value)) throw new UsageError(`--${name} must be a whole number`);
  return value;
}

/** Runs until SIGINT or SIGTERM. */
async function main(args: string[]): Promise<void> {
  const values = read(args);
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const databases = wholeOf(values.databases, "databases", 0, 1_000_000);
  const tables = wholeOf(values.tables, "tables", 0, 10_000_000);
  const generation = wholeOf(values.generation, "generation", 0, 1_000);
  const running = wholeOf(values.fleet, "fleet", 1, 100_000);
  const factor = numberOf(values.clock, "clock", 0, 1_000_000);
  const probability = numberOf(values.throttle, "throttle", 0, 1);
  const perSecond = numberOf(values.rate, "rate", 0.1, 1_000_000);
  const ms = numberOf(values.delay, "delay", 0, 600_000);
  if (tables !== undefined && databases === undefined) throw new UsageError("--tables needs --databases");
  const faults: FaultRule[] = [
    ...(probability === undefined ? [] : [{ kind: "throttle" as const, probability }]),
    ...(ms === undefined ? [] : [{ kind: "delay" as const, ms }]),
  ];
  const simulator = await startSimulator({
    port: wholeOf(values.port, "port", 0, 65_535) ?? 0,
    ...(values.seed !== undefined && { seed: values.seed }),
    catalog: {
      ...(generation !== undefined && { generation }),
      ...(databases !== undefined && { databases }),
      ...(tables !== undefined && { tablesPerDatabase: tables }),
    },
    ...(running !== undefined && { migration: { fleet: { running } } }),
    ...(factor !== undefined && { clock: { factor } }),
    ...(perSecond !== undefined && { limit: { perSecond } }),
    faults,
  });
  // Listening for signals before the first line is out: whoever reads it may answer with one at once.
  const stopped = new Promise<void>(resolve => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
  const catalog = simulator.catalogOf();
  const exports = Object.entries(simulator.environment()).map(([name, value]) => `  export ${name}=${value}`);
  process.stdout.write(
    `AWS simulator (STS, Glue, DMS, DataSync, CloudWatch) on ${simulator.url}: account ${catalog.accountId}, ${catalog.regions.join(" and ")}\n\n` +
      `Point any AWS tool at it (the keys are AWS's published example, no real ones):\n${exports.join("\n")}\n` +
      "  unset AWS_PROFILE AWS_SESSION_TOKEN\n\n" +
      "Then, for example:\n  aws glue get-databases --region us-east-1\n" +
      "  aws dms describe-replication-tasks --without-settings --region eu-central-1\n" +
      "  aws2openstack assess glue-catalog --region eu-central-1,us-east-1 --output-dir reports\n\n" +
      "Ctrl-C stops it.\n",
  );
  await stopped;
  await simulator.close();
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(isUsage ? `${text}\n\n${usage}` : `The simulator could not start: ${text}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
