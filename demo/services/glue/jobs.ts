import { AwsError } from "../../errors.ts";
import type { GlueJob } from "../../migration/glue.ts";
import type { PageTokens } from "../page-token.ts";
import { pageByKey } from "../paging.ts";
import type { Answer, Call, Handler, World } from "../service.ts";
import { optionalInteger, optionalText, requiredName } from "../validate.ts";

/**
 * Glue jobs: GetJobs, GetJob, GetJobRuns, GetJobRun, ListJobs.
 * Source: https://docs.aws.amazon.com/glue/latest/webapi/API_Operations.html
 */
export const jobOperations: Readonly<Record<string, Handler>> = {
  GetJobs: getJobs,
  GetJob: getJob,
  GetJobRuns: getJobRuns,
  GetJobRun: getJobRun,
  ListJobs: listJobs,
};

/** Most items that one answer lists. Source: API_GetJobs, API_GetJobRuns (MaxResults). */
const jobLimit = 1_000;
const runLimit = 200;

function jobsOf(world: World, call: Call): GlueJob[] {
  return world
    .migrationOf(call.caller.accountId)
    .in(call.region)
    .glueJobs.filter(job => job.existsAt(call.time));
}

function jobPage(world: World, tokens: PageTokens, call: Call) {
  const limit = optionalInteger(call.input, "MaxResults", 1, jobLimit) ?? 100;
  const listing = [call.operation, call.caller.accountId, call.region];
  const token = optionalText(call.input, "NextToken");
  const after = token ? tokens.readKey(listing, token) : undefined;
  const page = pageByKey(jobsOf(world, call), job => job.script.name, limit, after);
  return { page, next: page.last !== undefined && { NextToken: tokens.issue(listing, page.last) } };
}

function getJobs(world: World, tokens: PageTokens, call: Call): Answer {
  const { page, next } = jobPage(world, tokens, call);
  return { output: { Jobs: page.items.map(job => job.definition), ...next }, items: page.items.length };
}

function listJobs(world: World, tokens: PageTokens, call: Call): Answer {
  const { page, next } = jobPage(world, tokens, call);
  return { output: { JobNames: page.items.map(job => job.script.name), ...next }, items: page.items.length };
}

function findJob(world: World, call: Call, name: string): GlueJob {
  const job = jobsOf(world, call).find(({ script }) => script.name === name);
  if (!job) throw new AwsError("EntityNotFoundException", `Entity Not Found: Job ${name} not found.`);
  return job;
}

function getJob(world: World, _tokens: PageTokens, call: Call): Answer {
  return { output: { Job: findJob(world, call, requiredName(call.input, "JobName")).definition }, items: 1 };
}

function getJobRuns(world: World, tokens: PageTokens, call: Call): Answer {
  const name = requiredName(call.input, "JobName");
  const limit = optionalInteger(call.input, "MaxResults", 1, runLimit) ?? runLimit;
  const job = findJob(world, call, name);
  const listing = ["GetJobRuns", call.caller.accountId, call.region, name];
  const token = optionalText(call.input, "NextToken");
  const after = token ? tokens.readKey(listing, token) : undefined;
  const keyOf = (attempt: { id: string; run: { startsAt: number } }) => `${attempt.run.startsAt}/${attempt.id}`;
  const newestFirst = (left: string, right: string): number =>
    Number.parseInt(right, 10) - Number.parseInt(left, 10) || (left < right ? -1 : left > right ? 1 : 0);
  const page = pageByKey(job.attemptsAt(call.time), keyOf, limit, after, newestFirst);
  return {
    output: {
      JobRuns: page.items.map(attempt => job.describe(attempt, call.time)),
      ...(page.last !== undefined && { NextToken: tokens.issue(listing, page.last) }),
    },
    items: page.items.length,
  };
}

function getJobRun(world: World, _tokens: PageTokens, call: Call): Answer {
  const name = requiredName(call.input, "JobName");
  const id = requiredName(call.input, "RunId");
  const job = findJob(world, call, name);
  const attempt = job.attemptsAt(call.time).find(candidate => candidate.id === id);
  if (!attempt) throw new AwsError("EntityNotFoundException", `Entity Not Found: Job run ${id} not found.`);
  return { output: { JobRun: job.describe(attempt, call.time) }, items: 1 };
}
