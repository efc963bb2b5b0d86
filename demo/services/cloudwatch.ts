import { AwsError } from "../errors.ts";
import { listMetrics, seriesOf } from "../migration/metrics/metrics.ts";
import { dataPoints, type Statistic, statistics } from "../migration/metrics/series.ts";
import type { RegionJobs } from "../migration/migration.ts";
import { jsonService } from "./json-service.ts";
import type { PageTokens } from "./page-token.ts";
import type { Answer, Call, Handler, Service, World } from "./service.ts";

const operations: Readonly<Record<string, Handler>> = { GetMetricData: getMetricData, ListMetrics: listAllMetrics };

/** The codes that clients of the query protocol, and of JSON in its mode, see. */
const queryCodes: Readonly<Record<string, string>> = {
  ThrottlingException: "Throttling",
  AccessDeniedException: "AccessDenied",
  ExpiredTokenException: "ExpiredToken",
  ValidationException: "ValidationError",
  InternalServiceException: "InternalServiceFault",
};

/**
 * CloudWatch over AWS JSON 1.0 in query-compatible mode, which the newest SDK clients speak: GetMetricData, ListMetrics.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html
 */
export function cloudWatchService(world: World): Service {
  return jsonService(world, {
    signingName: "monitoring",
    iamName: "cloudwatch",
    targetPrefix: "GraniteServiceVersion20100801",
    operations,
    tokenRefusal: "InvalidNextToken",
    jsonVersion: "1.0",
    queryCodes,
    subjectOf: ({ input }) => ({ ...(typeof input.NextToken === "string" && { token: input.NextToken }) }),
    resourceOf: () => "*",
  });
}

/** Source: API_GetMetricData. */
const maxQueries = 500;
const maxDatapoints = 100_800;

const second = 1_000;
const day = 86_400_000;

interface Query {
  readonly id: string;
  readonly label: string;
  readonly points: readonly { readonly time: number; readonly value: number }[];
}

function invalid(text: string): AwsError {
  return new AwsError("ValidationException", text);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function numberIn(input: Readonly<Record<string, unknown>>, member: string): number {
  const value = input[member];
  if (typeof value !== "number" || !Number.isFinite(value)) throw invalid(`The parameter ${member} is required.`);
  return value;
}

function getMetricData(world: World, tokens: PageTokens, call: Call): Answer {
  const { NextToken: token, ...asked } = call.input;
  const queries = asked.MetricDataQueries;
  if (!Array.isArray(queries) || queries.length === 0) throw invalid("The parameter MetricDataQueries is required.");
  if (queries.length > maxQueries) {
    throw invalid(`The collection MetricDataQueries must not have a size greater than ${maxQueries}.`);
  }
  const limit = asked.MaxDatapoints === undefined ? maxDatapoints : numberIn(asked, "MaxDatapoints");
  if (!Number.isInteger(limit) || limit < 1 || limit > maxDatapoints) {
    throw invalid(`MaxDatapoints must be from 1 to ${maxDatapoints}`);
  }
  const listing = ["GetMetricData", call.caller.accountId, call.region, JSON.stringify(asked)];
  // Pages of one question tell of the moment at which it was first asked, so that they fit together.
  const position = typeof token === "string" && token !== "" ? tokens.readKey(listing, token) : `${call.time}/0`;
  const [now = call.time, start = 0] = position.split("/").map(Number);
  const jobs = world.migrationOf(call.caller.accountId).in(call.region);
  const answered = readQueries(jobs, asked, queries, now);
  const total = answered.reduce((sum, query) => sum + query.points.length, 0);
  const size = call.lies.has("partialData") ? Math.min(limit, Math.max(1, Math.ceil((total - start) / 2))) : limit;
  const results = pageOf(answered, start, start + size);
  const shown = call.lies.has("internalError")
    ? results.map((result, index) =>
        index % 2 === 0 ? { ...result, StatusCode: "InternalError", Timestamps: [], Values: [] } : result,
      )
    : results;
  const next = start + size < total ? tokens.issue(listing, `${now}/${start + size}`) : undefined;
  return {
    output: { MetricDataResults: shown, Messages: [], ...(next !== undefined && { NextToken: next }) },
    items: results.reduce((sum, { Values }) => sum + Values.length, 0),
    metrics: queries.filter(query => record(query).MetricStat !== undefined).length,
  };
}

function readQueries(
  jobs: RegionJobs,
  asked: Readonly<Record<string, unknown>>,
  queries: readonly unknown[],
  now: number,
): Query[] {
  const startTime = numberIn(asked, "StartTime") * second;
  const endTime = numberIn(asked, "EndTime") * second;
  if (startTime >= endTime) throw invalid("The parameter StartTime must be less than the parameter EndTime.");
  const ids = new Set<string>();
  const newestFirst = asked.ScanBy !== "TimestampAscending";
  return queries.map(value => {
    const query = record(value);
    const id = String(query.Id ?? "");
    if (!/^[a-z][a-zA-Z0-9_]{0,254}$/.test(id))
      throw invalid(`The value ${id} for parameter Id is not matching the expected pattern.`);
    if (ids.has(id)) throw invalid(`The values for parameter id in MetricDataQueries are not unique: ${id}.`);
    ids.add(id);
    if (query.Expression !== undefined) throw invalid(`${id}: the simulator evaluates no expressions.`);
    const points =
      query.ReturnData === false ? [] : pointsOf(jobs, id, record(query.MetricStat), startTime, endTime, now);
    const name = record(record(query.MetricStat).Metric).MetricName;
    return { id, label: String(query.Label ?? name), points: newestFirst ? points.toReversed() : points };
  });
}

function pointsOf(
  jobs: RegionJobs,
  id: string,
  stat: Readonly<Record<string, unknown>>,
  startTime: number,
  endTime: number,
  now: number,
): Query["points"] {
  const metric = record(stat.Metric);
  const period = numberIn(stat, "Period");
  if (period <= 0 || (period % 60 !== 0 && ![1, 5, 10, 20, 30].includes(period))) {
    throw invalid(`${id}: Period must be 1, 5, 10, 20, 30 or a multiple of 60, not ${period}.`);
  }
  const statistic = statisticOf(id, stat.Stat);
  const dimensions = Array.isArray(metric.Dimensions) ? metric.Dimensions.map(record) : [];
  const series = seriesOf(jobs, {
    namespace: String(metric.Namespace ?? ""),
    name: String(metric.MetricName ?? ""),
    dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [String(Name), String(Value)])),
  });
  // Periods below a minute exist only for metrics that are published so.
  if (!series || period * second < 60_000) return [];
  // Source: API_GetMetricData (StartTime). Fine periods are kept for 15 days, 5 minutes for 63, hours for 455.
  const kept = period < 300 ? 15 : period < 3_600 ? 63 : 455;
  const from = Math.max(startTime - (startTime % 60_000), now - kept * day);
  return dataPoints(series, statistic, period * second, from, Math.min(endTime, now), now);
}

function statisticOf(id: string, value: unknown): Statistic {
  const known = statistics.find(candidate => candidate === value);
  if (known) return known;
  const percentile = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(String(value))?.[1];
  if (percentile === undefined) throw invalid(`${id}: The value ${String(value)} for parameter Stat is not supported.`);
  return `p${Number(percentile)}`;
}

/** The data points from one position to another, counted over all queries. */
function pageOf(queries: readonly Query[], from: number, to: number) {
  const results: { Id: string; Label: string; Timestamps: number[]; Values: number[]; StatusCode: string }[] = [];
  let passed = 0;
  for (const { id, label, points } of queries) {
    const first = passed;
    passed += points.length;
    const page = points.slice(Math.max(0, from - first), Math.max(0, to - first));
    // A metric without data is told once, with the page that its place falls into.
    const isHere = points.length === 0 ? first >= from && (first < to || to === from) : page.length > 0;
    if (!isHere) continue;
    results.push({
      Id: id,
      Label: label,
      Timestamps: page.map(({ time }) => time / second),
      Values: page.map(({ value }) => value),
      StatusCode: passed <= to ? "Complete" : "PartialData",
    });
  }
  return results;
}

function listAllMetrics(world: World, tokens: PageTokens, call: Call): Answer {
  const { NextToken: token, ...asked } = call.input;
  const listing = ["ListMetrics", call.caller.accountId, call.region, JSON.stringify(asked)];
  const start = typeof token === "string" && token !== "" ? tokens.read(listing, token) : 0;
  const filters = Array.isArray(asked.Dimensions) ? asked.Dimensions.map(record) : [];
  const span = asked.RecentlyActive === "PT3H" ? 3 * 3_600_000 : undefined;
  const found = listMetrics(world.migrationOf(call.caller.accountId).in(call.region), call.time, span).filter(
    metric =>
      (asked.Namespace ?? metric.namespace) === metric.namespace &&
      (asked.MetricName ?? metric.name) === metric.name &&
      filters.every(({ Name, Value }) => {
        const value = metric.dimensions[String(Name)];
        return value !== undefined && (Value ?? value) === value;
      }),
  );
  const page = found.slice(start, start + 500);
  return {
    output: {
      Metrics: page.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      })),
      ...(start + 500 < found.length && { NextToken: tokens.issue(listing, start + 500) }),
    },
    items: page.length,
  };
}
