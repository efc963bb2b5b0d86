import type { RegionJobs } from "../migration.ts";
import { dataSyncMetricNames, dataSyncSeries } from "./datasync-metrics.ts";
import { dmsDimensions, dmsMetricNames, dmsSeries } from "./dms-metrics.ts";
import { glueMetrics, glueSeries } from "./glue-metrics.ts";
import type { MetricName, Series } from "./series.ts";

const day = 86_400_000;

/** The series of a metric; undefined when the dimensions are not exactly those of some job: such a metric has no data. */
export function seriesOf(jobs: RegionJobs, { namespace, name, dimensions }: MetricName): Series | undefined {
  switch (namespace) {
    case "AWS/DMS": {
      const id = dimensions.ReplicationTaskIdentifier ?? dimensions.ReplicationConfigIdentifier;
      const job = id === undefined ? undefined : jobs.dmsById(id);
      return job && isSame(dmsDimensions(job), dimensions) ? dmsSeries(job, name) : undefined;
    }
    case "AWS/DataSync": {
      const { TaskId: id, ...rest } = dimensions;
      const job = id === undefined || Object.keys(rest).length > 0 ? undefined : jobs.dataSyncById(id);
      return job && dataSyncSeries(job, name);
    }
    case "Glue": {
      const { JobName: jobName, JobRunId: runId, Type: type, ...rest } = dimensions;
      if (!jobName || !runId || !type || Object.keys(rest).length > 0) return undefined;
      const job = jobs.glueByName(jobName);
      return job && glueSeries(job, name, runId, type);
    }
    default:
      return undefined;
  }
}

function isSame(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every(name => left[name] === right[name]);
}

/** The metrics that had data in the time before a moment: two weeks, or the three hours of "recently active". */
export function listMetrics(jobs: RegionJobs, time: number, span = 14 * day): MetricName[] {
  const from = time - span;
  const dms = [...jobs.dmsTasks, ...jobs.replications]
    .filter(job => job.existsAt(time) && job.hasWorkedBetween(from, time))
    .flatMap(job => {
      const dimensions = dmsDimensions(job);
      return dmsMetricNames.map(name => ({ namespace: "AWS/DMS", name, dimensions }));
    });
  const dataSync = jobs.dataSyncTasks
    .filter(job => job.existsAt(time) && job.executionsAt(time).some(run => run.startsAt > from))
    .flatMap(job =>
      dataSyncMetricNames.map(name => ({ namespace: "AWS/DataSync", name, dimensions: { TaskId: job.taskId } })),
    );
  const glue = jobs.glueJobs
    .filter(job => job.existsAt(time) && job.hasMetrics)
    .flatMap(job => {
      const runs = job.attemptsBetween(from, time).map(({ id }) => id);
      return (runs.length === 0 ? [] : ["ALL", ...runs]).flatMap(JobRunId =>
        glueMetrics.map(({ name, type }) => ({
          namespace: "Glue",
          name,
          dimensions: { JobName: job.script.name, JobRunId, Type: type },
        })),
      );
    });
  return [...dms, ...dataSync, ...glue];
}
