import type { Job, JobRun, JobRunState } from "@aws-sdk/client-glue";
import { fractionOf } from "../random.ts";
import type { Wire } from "../wire.ts";
import { hexOf } from "./names.ts";
import { type Life, lifeOf, type Place } from "./place.ts";
import { endsAt, type RunPlan, workDone, workEndsAt, workStartsAt } from "./run.ts";
import { type Schedule, scheduleOf } from "./schedule.ts";
import type { GlueScript } from "./scripts.ts";

const second = 1_000;

/** How long Glue keeps a job's runs. */
const retention = 90 * 86_400_000;

/** How far back a run may have started that still runs. */
const maxRunMs = 2 * 86_400_000;

/** One attempt at a run of a Glue job. */
export interface Attempt {
  readonly id: string;
  readonly number: number;
  readonly previousId?: string;
  readonly run: RunPlan;
  readonly arguments: Readonly<Record<string, string>>;
}

/** What an attempt has read, written and computed by a moment. */
export interface Progress {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly records: number;
  readonly stages: number;
  readonly tasks: number;
  readonly failedTasks: number;
}

/** A Glue job and its runs. */
export class GlueJob {
  readonly script: GlueScript;
  readonly place: Place;
  readonly life: Life;
  readonly #key: string;
  readonly #schedule: Schedule;
  readonly #attempts = new Map<number, Attempt[]>();

  constructor(script: GlueScript, place: Place) {
    const { region, accountId, seed, origin } = place;
    this.script = script;
    this.place = place;
    this.#key = `${seed}/${accountId}/${region}/glue/${script.name}`;
    this.life = lifeOf(script, origin);
    this.#schedule = scheduleOf(script.runs, this.#key, origin, { prepare: 0.05, finish: 0 });
  }

  get hasMetrics(): boolean {
    return this.script.hasMetrics ?? true;
  }

  existsAt(time: number): boolean {
    return time >= this.life.from && time < this.life.to;
  }

  /** The attempts that Glue still knows, newest first. */
  attemptsAt(time: number): Attempt[] {
    return this.attemptsBetween(time - retention, time);
  }

  /** The attempts that started in (from, to], newest first. */
  attemptsBetween(from: number, to: number): Attempt[] {
    return this.#schedule
      .startedBetween(from, to)
      .flatMap(run => this.#attemptsOf(run))
      .filter(({ run }) => run.startsAt <= to)
      .toSorted((left, right) => right.run.startsAt - left.run.startsAt);
  }

  /** The attempts that ran at some moment of [from, to]. */
  attemptsAround(from: number, to: number): Attempt[] {
    // Nothing runs longer than Glue's longest timeout; the newest few are enough.
    const newest = this.#schedule.newestAt(to);
    if (!newest) return [];
    return this.attemptsBetween(Math.min(newest.startsAt, from) - maxRunMs, to).filter(
      ({ run }) => run.startsAt < to && endsAt(run) > from,
    );
  }

  /** A run and, when it fails, the retries after it, each of which may fail too. */
  #attemptsOf(run: RunPlan): Attempt[] {
    let attempts = this.#attempts.get(run.number);
    if (!attempts) {
      attempts = this.#planAttempts(run);
      if (this.#attempts.size > 5_000) this.#attempts.clear();
      this.#attempts.set(run.number, attempts);
    }
    return attempts;
  }

  #planAttempts(run: RunPlan): Attempt[] {
    const id = `jr_${hexOf(run.key, 64)}`;
    const { turns = [] } = this.script;
    const own = turns[run.number % turns.length] ?? {};
    const attempts: Attempt[] = [{ id, number: 0, run, arguments: own }];
    let last = run;
    for (let number = 1; number <= (this.script.maxRetries ?? 0) && last.end === "failed"; number++) {
      const key = `${run.key}/attempt/${number}`;
      const isDone = fractionOf(`${key}/end`) < 0.8;
      last = {
        ...last,
        key,
        startsAt: endsAt(last) + 30 * second,
        stalls: [],
        ...(isDone && { end: "done" as const, endsAfter: 1 }),
      };
      const previousId = attempts.at(-1)?.id;
      attempts.push({
        id: `${id}_attempt_${number}`,
        number,
        run: last,
        arguments: own,
        ...(previousId !== undefined && { previousId }),
      });
    }
    return attempts;
  }

  stateAt(run: RunPlan, time: number): JobRunState {
    if (time < workStartsAt(run)) return "STARTING";
    const end = endsAt(run);
    if (time < end) return run.end === "stopped" && time >= end - 15 * second ? "STOPPING" : "RUNNING";
    return { done: "SUCCEEDED", failed: "FAILED", stopped: "STOPPED", timeout: "TIMEOUT" }[run.end] as JobRunState;
  }

  progressAt(run: RunPlan, time: number): Progress {
    const share = workDone(run, time);
    const bytes = this.script.bytes * run.scale;
    const tasks = Math.max(40, Math.ceil(bytes / 134_217_728));
    return {
      bytesRead: Math.floor(bytes * share),
      // The first tenth only reads.
      bytesWritten: Math.floor(bytes * 0.72 * Math.max(0, (share - 0.1) / 0.9)),
      records: Math.floor((bytes / 180) * share),
      stages: Math.floor(24 * share),
      tasks: Math.floor(tasks * share),
      failedTasks: run.end === "failed" && time >= workEndsAt(run) ? 4 : 0,
    };
  }

  /** What GetJobs lists. */
  get definition(): Wire<Job> {
    const { script, place, life } = this;
    return {
      Name: script.name,
      JobMode: "SCRIPT",
      JobRunQueuingEnabled: false,
      Role: `arn:aws:iam::${place.accountId}:role/GlueMigrationRole`,
      CreatedOn: life.from / second,
      LastModifiedOn: life.from / second,
      ExecutionProperty: { MaxConcurrentRuns: 1 },
      Command: {
        Name: "glueetl",
        ScriptLocation: `s3://aws-glue-assets-${place.accountId}-${place.region}/scripts/${script.name}.py`,
        PythonVersion: "3",
      },
      DefaultArguments: {
        "--job-language": "python",
        "--enable-continuous-cloudwatch-log": "true",
        "--enable-glue-datacatalog": "true",
        ...(this.hasMetrics && { "--enable-metrics": "true" }),
        "--TempDir": `s3://aws-glue-assets-${place.accountId}-${place.region}/temporary/`,
        ...script.arguments,
      },
      MaxRetries: script.maxRetries ?? 0,
      AllocatedCapacity: this.#workers,
      MaxCapacity: this.#workers,
      Timeout: script.timeoutMinutes ?? 480,
      WorkerType: "G.1X",
      NumberOfWorkers: this.#workers,
      GlueVersion: "5.0",
      ExecutionClass: "STANDARD",
    };
  }

  get #workers(): number {
    return this.script.workers ?? 10;
  }

  /** What GetJobRuns lists. */
  describe({ id, number, previousId, run, arguments: own }: Attempt, time: number): Wire<JobRun> {
    const { script } = this;
    const state = this.stateAt(run, time);
    const end = endsAt(run);
    const isOver = time >= end;
    const worked = Math.max(0, Math.floor((Math.min(time, end) - workStartsAt(run)) / second));
    const error =
      isOver && run.end === "failed"
        ? (run.message ??
          "An error occurred while calling o148.pyWriteDynamicFrame. Connection to the target timed out")
        : isOver && run.end === "timeout"
          ? "Job run exceeded the timeout"
          : undefined;
    return {
      Id: id,
      Attempt: number,
      ...(previousId !== undefined && { PreviousRunId: previousId }),
      JobName: script.name,
      JobMode: "SCRIPT",
      JobRunQueuingEnabled: false,
      StartedOn: run.startsAt / second,
      LastModifiedOn: (isOver ? end : time) / second,
      ...(isOver && { CompletedOn: end / second }),
      JobRunState: state,
      Arguments: own,
      ...(error !== undefined && { ErrorMessage: error }),
      PredecessorRuns: [],
      AllocatedCapacity: this.#workers,
      ExecutionTime: worked,
      Timeout: script.timeoutMinutes ?? 480,
      MaxCapacity: this.#workers,
      WorkerType: "G.1X",
      NumberOfWorkers: this.#workers,
      LogGroupName: "/aws-glue/jobs",
      GlueVersion: "5.0",
      ...(isOver && { DPUSeconds: worked * this.#workers }),
      ExecutionClass: "STANDARD",
    };
  }
}
