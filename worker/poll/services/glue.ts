import { GetJobRunsCommand, GetJobsCommand, type JobRun } from "@aws-sdk/client-glue";
import { answerOfRun, hasEnded } from "../answers/glue.ts";
import { type Asking, attempt, emptyReading, forEach, pages, type Reading } from "../reading.ts";

/** Calls for single jobs that are under way at once. */
const AT_ONCE = 8;

/** Runs on one page. Glue lists the newest first. */
const PAGE = 25;

/** Pages of one job's runs that one poll reads; Glue keeps runs for 90 days. */
const MOST_PAGES = 20;

/** A job that was deleted since it was listed. */
const GONE = ["EntityNotFoundException"];

interface Runs {
  readonly jobName: string;
  readonly observedAt: Date;
  readonly runs: readonly JobRun[];
  readonly nextToken: string | undefined;
}

/**
 * Glue answers the runs of one job in a call. Jobs with a run under way are asked in every poll; the others in turn, so that
 * each is asked within the monitor's idle interval and a catalog of many jobs does not cost many calls every half minute.
 */
export async function readGlue(asking: Asking): Promise<Reading> {
  const { session, plan, openJobs, toDescribe } = asking;
  const reading = emptyReading("GLUE");
  const defaults = new Map<string, Record<string, string> | undefined>();
  const hasJobs = await attempt(reading, "glue:GetJobs", async () => {
    await pages(async NextToken => {
      const command = new GetJobsCommand({ MaxResults: 100, NextToken });
      const { output, at } = await session.call(options => session.glue.send(command, options));
      for (const { Name: name = "", DefaultArguments: args } of output.Jobs ?? []) {
        if (name !== "" && plan.watches(name)) defaults.set(name, args);
      }
      reading.listedAt = at;
      return output.NextToken;
    });
    return true;
  });
  if (hasJobs !== true) return reading;

  const open = new Map<string, Set<string>>();
  for (const { aws_parent_id: parent, aws_job_id: id } of openJobs) {
    if (parent !== null && defaults.has(parent)) open.set(parent, (open.get(parent) ?? new Set()).add(id));
  }
  const asked = [...new Set([...open.keys(), ...inTurn(asking, [...defaults.keys()])])];
  const unheard = new Set<string>();
  let round = await runsOf(
    asking,
    reading,
    asked.map(jobName => ({ jobName, token: undefined })),
  );
  for (const jobName of asked) if (!round.some(runs => runs.jobName === jobName)) unheard.add(jobName);
  const found = new Set<string>();
  for (let page = 1; round.length > 0 && page <= MOST_PAGES; page++) {
    const wanted = await toDescribe(round.flatMap(({ runs }) => runs.map(run => run.Id ?? "")));
    for (const { runs, observedAt } of round) {
      for (const run of runs) {
        if (run.Id === undefined || found.has(run.Id)) continue;
        found.add(run.Id);
        if (wanted.has(run.Id)) reading.jobs.push(answerOfRun(run, defaults.get(run.JobName ?? ""), observedAt));
      }
    }
    // Further back only where runs are missing, or every run of the page was new.
    const older = round.filter(
      ({ jobName, runs, nextToken }) =>
        nextToken !== undefined &&
        (runs.some(run => !hasEnded(run.JobRunState)) ||
          runs.every(run => wanted.has(run.Id ?? "")) ||
          [...(open.get(jobName) ?? [])].some(id => !found.has(id))),
    );
    round = await runsOf(
      asking,
      reading,
      older.map(({ jobName, nextToken }) => ({ jobName, token: nextToken })),
    );
  }
  // The open runs of jobs that did not answer may well be there. Those of jobs that are no longer listed are gone.
  const silent = openJobs.filter(job => unheard.has(job.aws_parent_id ?? "")).map(job => job.aws_job_id);
  reading.listed = [...found, ...silent];
  reading.isComplete = true;
  return reading;
}

async function runsOf(
  { session }: Asking,
  reading: Reading,
  wanted: readonly { jobName: string; token: string | undefined }[],
): Promise<Runs[]> {
  const answers: Runs[] = [];
  await forEach(wanted, AT_ONCE, async ({ jobName, token }) => {
    const command = new GetJobRunsCommand({ JobName: jobName, MaxResults: PAGE, NextToken: token });
    const answered = await attempt(
      reading,
      "glue:GetJobRuns",
      () => session.call(options => session.glue.send(command, options)),
      GONE,
    );
    if (answered === undefined) return;
    const runs = (answered.output.JobRuns ?? []).filter(({ Id: id = "" }) => id !== "" && id.length <= 255);
    answers.push({ jobName, observedAt: answered.at, runs, nextToken: answered.output.NextToken || undefined });
  });
  return answers;
}

/** The next of the jobs in turn, so many that all of them had their turn within the idle interval. */
function inTurn({ session, plan }: Asking, jobNames: readonly string[]): string[] {
  const turns = Math.max(1, Math.floor(plan.idlePollSeconds / plan.pollSeconds));
  const isBusy = plan.openJobs.length > 0;
  const share = isBusy ? Math.max(PAGE, Math.ceil(jobNames.length / turns)) : jobNames.length;
  if (share >= jobNames.length) return [...jobNames];
  const from = Number(session.known.get("glue turn") ?? 0) % jobNames.length;
  session.known.set("glue turn", String(from + share));
  return [...jobNames, ...jobNames].slice(from, from + share);
}
