import { GetMetricDataCommand, ListMetricsCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { AwsSession } from "../../aws/session.ts";
import type { JobAnswer } from "../answers/answer.ts";
import { type MetricQuestion, resourceIdOf } from "../answers/metrics.ts";
import { attempt, emptyReading, forEach, pages, type Reading } from "../reading.ts";

/** Metrics in one call. Source: API_GetMetricData. */
export const METRICS_A_CALL = 500;

const AT_ONCE = 2;

/** Data points of one metric, as record_poll takes them. */
export interface MetricAnswer {
  job: number;
  metric_name: string;
  unit: string;
  points: [Date, number][];
}

/** Asks for the metrics between two moments. Values that a call did not tell in full come with its further pages. */
export async function readMetrics(
  session: AwsSession,
  questions: readonly MetricQuestion[],
  from: Date,
  until: Date,
): Promise<{ reading: Reading; metrics: MetricAnswer[] }> {
  const reading = emptyReading("CLOUDWATCH");
  const answers = questions.map(
    ({ job, metricName, unit }): MetricAnswer => ({ job, metric_name: metricName, unit, points: [] }),
  );
  const calls = Array.from({ length: Math.ceil(questions.length / METRICS_A_CALL) }, (_, i) => i * METRICS_A_CALL);
  await forEach(calls, AT_ONCE, async first => {
    const queries = questions
      .slice(first, first + METRICS_A_CALL)
      .map(({ stat }, i): MetricDataQuery => ({ Id: `m${first + i}`, MetricStat: stat, ReturnData: true }));
    await attempt(reading, "cloudwatch:GetMetricData", () =>
      pages(async NextToken => {
        const command = new GetMetricDataCommand({
          MetricDataQueries: queries,
          StartTime: from,
          EndTime: until,
          ScanBy: "TimestampAscending",
          NextToken,
        });
        const { output, at } = await session.call(options => session.cloudwatch.send(command, options));
        reading.listedAt = at;
        for (const {
          Id: id = "",
          Timestamps: times = [],
          Values: values = [],
          StatusCode: status,
        } of output.MetricDataResults ?? []) {
          const answer = answers[Number(id.slice(1))];
          if (status === "InternalError" || status === "Forbidden") {
            reading.failure ??= {
              operation: "cloudwatch:GetMetricData",
              code: status,
              message: `CloudWatch could not tell ${answer?.metric_name ?? "a metric"}.`,
            };
          }
          times.forEach((time, i) => {
            const value = values[i];
            if (value !== undefined && Number.isFinite(value)) answer?.points.push([time, value]);
          });
        }
        return output.NextToken;
      }),
    );
  });
  reading.isComplete = reading.failure === undefined;
  return { reading, metrics: answers.filter(({ points }) => points.length > 0) };
}

/**
 * AWS's guide names no dimensions for the metrics of serverless replications. So CloudWatch is asked which it has, once for each
 * replication: listing them is not billed. What it names stands in the answer's details as MetricDimensions.
 */
export async function findDimensions(session: AwsSession, answers: readonly JobAnswer[]): Promise<void> {
  const serverless = answers.filter(({ details, status }) => details?.IsServerless === true && status === "RUNNING");
  const known = (answer: JobAnswer) => session.known.get(`${answer.aws_job_id} dimensions`);
  if (serverless.some(answer => known(answer) === undefined)) {
    await attempt(emptyReading("CLOUDWATCH"), "cloudwatch:ListMetrics", () =>
      pages(async NextToken => {
        const command = new ListMetricsCommand({ Namespace: "AWS/DMS", RecentlyActive: "PT3H", NextToken });
        const { output } = await session.call(options => session.cloudwatch.send(command, options));
        for (const { Dimensions: dimensions = [] } of output.Metrics ?? []) {
          for (const { aws_job_id: arn, job_name: name } of serverless) {
            if (!dimensions.some(({ Value: value }) => value === resourceIdOf(arn) || value === name)) continue;
            const named = Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));
            session.known.set(`${arn} dimensions`, JSON.stringify(named));
          }
        }
        return output.NextToken;
      }),
    );
  }
  for (const answer of serverless) {
    const dimensions = known(answer);
    if (dimensions !== undefined) answer.details = { ...answer.details, MetricDimensions: JSON.parse(dimensions) };
  }
}
