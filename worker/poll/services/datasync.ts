import {
  DescribeTaskCommand,
  DescribeTaskExecutionCommand,
  ListLocationsCommand,
  ListTaskExecutionsCommand,
  ListTasksCommand,
} from "@aws-sdk/client-datasync";
import type { AwsSession } from "../../aws/session.ts";
import { answerOfExecution, hasEnded, taskOfExecution } from "../answers/datasync.ts";
import { type Asking, attempt, emptyReading, forEach, pages, type Reading } from "../reading.ts";

/** Calls for single executions that are under way at once. */
const AT_ONCE = 8;

/** Executions that were over before anybody watched, and are asked about in one poll; the others follow in later ones. */
const HISTORY_A_POLL = 250;

/** An execution or task that was deleted since it was listed. */
const GONE = ["InvalidRequestException"];

export async function readDataSync({ session, plan, openJobs, toDescribe }: Asking): Promise<Reading> {
  const reading = emptyReading("DATASYNC");
  const executions = new Map<string, string | undefined>();
  const names = new Map<string, string | undefined>();
  const hasExecutions = await attempt(reading, "datasync:ListTaskExecutions", async () => {
    await pages(async NextToken => {
      const command = new ListTaskExecutionsCommand({ MaxResults: 100, NextToken });
      const { output, at } = await session.call(options => session.datasync.send(command, options));
      for (const { TaskExecutionArn: arn = "", Status: status } of output.TaskExecutions ?? []) {
        if (arn !== "" && arn.length <= 255) executions.set(arn, status);
      }
      reading.listedAt = at;
      return output.NextToken;
    });
    return true;
  });
  reading.isComplete = hasExecutions === true;
  if (hasExecutions !== true) return reading;
  reading.listed = [...executions.keys()];

  await attempt(reading, "datasync:ListTasks", () =>
    pages(async NextToken => {
      const command = new ListTasksCommand({ MaxResults: 100, NextToken });
      const { output } = await session.call(options => session.datasync.send(command, options));
      for (const task of output.Tasks ?? []) names.set(task.TaskArn ?? "", task.Name || undefined);
      return output.NextToken;
    }),
  );
  const isWatched = (arn: string) => {
    const task = taskOfExecution(arn);
    // A task without a name goes by its id.
    return plan.watches(names.get(task) ?? task.split("/").at(-1));
  };
  const wanted = await toDescribe(reading.listed.filter(isWatched));
  const running = [...wanted].filter(arn => !hasEnded(executions.get(arn)));
  const open = new Set(openJobs.map(job => job.aws_job_id));
  const ended = [...wanted].filter(arn => hasEnded(executions.get(arn)));
  const history = ended.filter(arn => !open.has(arn)).slice(0, HISTORY_A_POLL);
  const asked = [...running, ...ended.filter(arn => open.has(arn)), ...history];

  await nameTasks(session, reading, [...new Set(asked.map(taskOfExecution))]);
  await forEach(asked, AT_ONCE, async arn => {
    const command = new DescribeTaskExecutionCommand({ TaskExecutionArn: arn });
    const answered = await attempt(
      reading,
      "datasync:DescribeTaskExecution",
      () => session.call(options => session.datasync.send(command, options)),
      GONE,
    );
    if (answered === undefined) return;
    const task = taskOfExecution(arn);
    reading.jobs.push(
      answerOfExecution(
        { ...answered.output, TaskExecutionArn: arn },
        {
          name: names.get(task) ?? task.split("/").at(-1),
          source: session.known.get(`${task} source`),
          target: session.known.get(`${task} target`),
        },
        answered.at,
      ),
    );
  });
  return reading;
}

/** Where each task copies from and to; a task's locations never change, so they are asked for once. */
async function nameTasks(session: AwsSession, reading: Reading, tasks: readonly string[]): Promise<void> {
  const unknown = tasks.filter(task => !session.known.has(`${task} source`));
  if (unknown.length === 0) return;
  const locations = new Map<string, readonly [string, string]>();
  await forEach(unknown, AT_ONCE, async task => {
    const command = new DescribeTaskCommand({ TaskArn: task });
    const answered = await attempt(
      reading,
      "datasync:DescribeTask",
      () => session.call(options => session.datasync.send(command, options)),
      GONE,
    );
    const { SourceLocationArn: source, DestinationLocationArn: target } = answered?.output ?? {};
    if (source !== undefined && target !== undefined) locations.set(task, [source, target]);
  });
  if ([...locations.values()].flat().some(location => !session.known.has(location))) {
    await attempt(reading, "datasync:ListLocations", () =>
      pages(async NextToken => {
        const command = new ListLocationsCommand({ MaxResults: 100, NextToken });
        const { output } = await session.call(options => session.datasync.send(command, options));
        for (const { LocationArn: arn = "", LocationUri: uri = "" } of output.Locations ?? [])
          session.known.set(arn, uri);
        return output.NextToken;
      }),
    );
  }
  for (const [task, [source, target]] of locations) {
    const [from, to] = [session.known.get(source), session.known.get(target)];
    if (from === undefined || to === undefined) continue;
    session.known.set(`${task} source`, from);
    session.known.set(`${task} target`, to);
  }
}
