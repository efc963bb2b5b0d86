import type { ReplicationTaskStats, TableStatistics } from "@aws-sdk/client-database-migration-service";
import { fractionOf } from "../random.ts";
import type { Wire } from "../wire.ts";
import { Changes } from "./changes.ts";
import { tableMappings, taskSettings } from "./dms-definition.ts";
import { type Loads, planLoads } from "./loads.ts";
import { dmsIdOf } from "./names.ts";
import { type Life, lifeOf, type Place } from "./place.ts";
import { endsAt, type RunPlan, timeOfShare, workDone, workEndsAt, workStartsAt } from "./run.ts";
import { type Schedule, scheduleOf } from "./schedule.ts";
import type { DmsScript, DmsTableScript } from "./scripts.ts";

/** What DescribeReplicationTasks and DescribeReplications tell of a run, without the names around it. */
export interface DmsState {
  readonly status: string;
  readonly stopReason?: string;
  readonly failure?: string;
  readonly stats?: Wire<ReplicationTaskStats>;
}

const second = 1_000;
const minute = 60_000;

/** How long validation takes after a table is loaded, as a share of the run's work. */
const validationShare = 0.08;

const defaultFailure =
  "Last Error  Stream Component Fatal error. Stop Reason FATAL_ERROR Error Level FATAL. " +
  "Failed to connect to the target endpoint: connection timed out";

/** A DMS task or serverless replication: everything about it follows from its script and the time. */
export class DmsJob {
  readonly script: DmsScript;
  readonly place: Place;
  readonly arn: string;
  /** The resource id at the end of the ARN, which CloudWatch knows the task by. */
  readonly resourceId: string;
  readonly instanceName: string;
  readonly instanceArn: string;
  readonly sourceEndpointArn: string;
  readonly targetEndpointArn: string;
  readonly life: Life;
  readonly isValidated: boolean;
  readonly #key: string;
  readonly #schedule: Schedule;
  readonly #loads: Loads;

  constructor(script: DmsScript, place: Place) {
    const { region, accountId, seed, origin } = place;
    this.script = script;
    this.place = place;
    this.#key = `${seed}/${accountId}/${region}/dms/${script.isServerless ? "serverless/" : ""}${script.name}`;
    const arn = (kind: string, key: string): string => `arn:aws:dms:${region}:${accountId}:${kind}:${dmsIdOf(key)}`;
    this.resourceId = dmsIdOf(this.#key);
    this.arn = arn(script.isServerless ? "replication-config" : "task", this.#key);
    this.instanceName = script.instance ?? "dms-main";
    this.instanceArn = arn("rep", `${seed}/${accountId}/${region}/rep/${this.instanceName}`);
    this.sourceEndpointArn = arn("endpoint", `${seed}/${accountId}/${region}/endpoint/${this.engine}`);
    this.targetEndpointArn = arn("endpoint", `${seed}/${accountId}/${region}/endpoint/lakehouse`);
    this.life = lifeOf(script, origin);
    this.isValidated = script.isValidated ?? script.tables.some(table => table.mismatches !== undefined);
    const hasLoad = script.type !== "cdc";
    const finish = this.isValidated && hasLoad ? validationShare : 0;
    this.#schedule = scheduleOf(script.runs, this.#key, origin, { prepare: hasLoad ? 0.03 : 1, finish });
    this.#loads = planLoads(script.tables);
  }

  get engine(): string {
    return this.script.engine ?? "oracle";
  }

  existsAt(time: number): boolean {
    return time >= this.life.from && time < this.life.to;
  }

  /** The run that is under way or was the last one. */
  runAt(time: number): RunPlan | undefined {
    return this.#schedule.newestAt(time);
  }

  /** Whether a run goes on with changes after its full load (or has none). */
  #followsChanges(run: RunPlan): boolean {
    return this.script.type !== "full-load" && run.endsAfter >= 1;
  }

  /** When the run is over; infinity when it follows changes until it is started anew. */
  endOf(run: RunPlan): number {
    return this.#followsChanges(run) ? workEndsAt(run) + run.followMs : endsAt(run);
  }

  stateAt(time: number): DmsState {
    const run = this.runAt(time);
    const status = this.#statusAt(time, run);
    if (!run || time < workStartsAt(run)) return { status };
    const over = time >= this.endOf(run);
    const failed = over && (run.end === "failed" || run.end === "timeout");
    return {
      status,
      ...(failed && { failure: run.message ?? defaultFailure }),
      ...(over && { stopReason: stopReasonOf(run, this.#followsChanges(run)) }),
      stats: this.#statsAt(time, run),
    };
  }

  #statusAt(time: number, run: RunPlan | undefined): string {
    if (time >= this.life.to - minute) return "deleting";
    if (!run) return time < this.life.from + minute ? "creating" : this.script.isServerless ? "created" : "ready";
    if (time < workStartsAt(run)) return this.#startingStatus((time - run.startsAt) / run.prepareMs);
    const end = this.endOf(run);
    if (run.end === "stopped" && time >= end - 20 * second && time < end) return "stopping";
    if (time < end) return "running";
    return run.end === "failed" || run.end === "timeout" ? "failed" : "stopped";
  }

  /** Source: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Serverless.Components.html */
  #startingStatus(share: number): string {
    if (!this.script.isServerless) return "starting";
    const steps = [
      "initializing",
      "preparing_metadata_resources",
      "testing_connection",
      "fetching_metadata",
      "calculating_capacity",
      "provisioning_capacity",
      "replication_starting",
    ];
    return steps[Math.min(steps.length - 1, Math.floor(share * steps.length))] ?? "initializing";
  }

  #statsAt(time: number, run: RunPlan): Wire<ReplicationTaskStats> {
    const end = this.endOf(run);
    const until = Math.min(time, end);
    const share = this.#loadShare(until, run);
    const states = this.#loads.tables.map(load => load.stateAt(share));
    const count = (state: string): number => states.filter(candidate => candidate === state).length;
    const hasLoad = this.script.type !== "cdc";
    const loadEnd = hasLoad ? timeOfShare(run, 1) : undefined;
    return {
      FullLoadProgressPercent: hasLoad ? this.#loads.percentAt(share) : 0,
      ElapsedTimeMillis: Math.max(0, until - workStartsAt(run)),
      TablesLoaded: count("loaded"),
      TablesLoading: time < end ? count("loading") : 0,
      TablesQueued: hasLoad ? count("queued") + (time < end ? 0 : count("loading")) : 0,
      TablesErrored: count("error"),
      FreshStartDate: run.startsAt / second,
      StartDate: run.startsAt / second,
      ...(time >= end && { StopDate: end / second }),
      ...(hasLoad && { FullLoadStartDate: workStartsAt(run) / second }),
      ...(loadEnd !== undefined && time >= loadEnd && { FullLoadFinishDate: loadEnd / second }),
    };
  }

  #loadShare(time: number, run: RunPlan): number {
    return this.script.type === "cdc" ? 0 : workDone(run, time);
  }

  /** Rows and bytes loaded by a moment, over all tables. */
  loadedAt(time: number): { rows: number; bytes: number } {
    const run = this.runAt(time);
    if (!run || this.script.type === "cdc") return { rows: 0, bytes: 0 };
    return this.#loads.loadedAt(workDone(run, time));
  }

  /** The changes that a run follows; undefined when it follows none yet. */
  changesOf(run: RunPlan): Changes | undefined {
    const { changes } = this.script;
    if (!changes || !this.#followsChanges(run)) return undefined;
    // Changes are cached from the start of the full load on, as DMS does, and applied after it.
    const from = this.script.type === "cdc" ? workStartsAt(run) : workEndsAt(run);
    return new Changes(changes, from, this.endOf(run), this.place.origin);
  }

  /** What DescribeTableStatistics lists. */
  tablesAt(time: number): Wire<TableStatistics>[] {
    const run = this.runAt(time);
    return this.script.tables.map((table, index) => this.#tableAt(time, run, table, index));
  }

  #tableAt(time: number, run: RunPlan | undefined, table: DmsTableScript, index: number): Wire<TableStatistics> {
    const load = this.#loads.tables[index];
    if (!load) throw new RangeError("every table has a load");
    const hasLoad = this.script.type !== "cdc";
    const started = run !== undefined && time >= workStartsAt(run);
    const end = run ? this.endOf(run) : 0;
    const until = Math.min(time, end);
    const share = run && started ? this.#loadShare(until, run) : 0;
    const state = load.stateAt(share);
    const startedAt = run && hasLoad && share > load.startsAt ? timeOfShare(run, load.startsAt) : undefined;
    const endedAt = run && (state === "loaded" || state === "error") ? timeOfShare(run, load.endsAt) : undefined;
    // A table in error is suspended: its changes are left out.
    const changes = run && started && state !== "error" ? this.changesOf(run) : undefined;
    const seen = changes?.ofTable(load.weight, changes.madeBy(until)) ?? noChanges;
    const applied = changes?.ofTable(load.weight, changes.appliedBy(until)) ?? noChanges;
    const rows = load.rowsAt(share);
    return {
      SchemaName: table.schema,
      TableName: table.table,
      Inserts: seen.inserts,
      Deletes: seen.deletes,
      Updates: seen.updates,
      Ddls: 0,
      AppliedInserts: applied.inserts,
      AppliedDeletes: applied.deletes,
      AppliedUpdates: applied.updates,
      AppliedDdls: 0,
      FullLoadRows: rows,
      FullLoadCondtnlChkFailedRows: 0,
      FullLoadErrorRows: state === "error" ? load.errorRows : 0,
      ...(startedAt !== undefined && { FullLoadStartTime: startedAt / second }),
      ...(endedAt !== undefined && { FullLoadEndTime: endedAt / second }),
      FullLoadReloaded: false,
      ...(started && { LastUpdateTime: (changes ? until : (endedAt ?? until)) / second }),
      TableState: hasLoad
        ? tableState(state, time >= end && run?.end !== "done")
        : started
          ? "Table completed"
          : "Before load",
      ...this.#validationOf(table, state, rows, run, until, endedAt),
    };
  }

  #validationOf(
    table: DmsTableScript,
    state: string,
    rows: number,
    run: RunPlan | undefined,
    time: number,
    endedAt: number | undefined,
  ): Wire<TableStatistics> {
    const none = { ValidationPendingRecords: 0, ValidationFailedRecords: 0, ValidationSuspendedRecords: 0 };
    if (!this.isValidated) return { ...none, ValidationState: "Not enabled" };
    if (state === "error") return { ...none, ValidationState: "Table error" };
    if (!run || endedAt === undefined) return { ...none, ValidationState: "Pending validation" };
    const length = Math.max(minute, (run.workMs + run.finishMs) * validationShare * 0.9);
    const share = Math.min(1, (time - endedAt) / length);
    const failed = Math.floor((table.mismatches ?? 0) * share);
    const pending = rows - Math.floor(rows * share);
    const validated = failed > 0 ? "Mismatched records" : "Validated";
    return {
      ...none,
      ValidationPendingRecords: pending,
      ValidationFailedRecords: failed,
      ValidationState: pending > 0 && failed === 0 ? "Pending records" : validated,
    };
  }

  /** The provisioning of a serverless replication. */
  provisionAt(time: number): { state: string; units: number } {
    const run = this.runAt(time);
    const isUp = run !== undefined && time >= workStartsAt(run) && time < this.endOf(run) + minute;
    return {
      state: isUp ? "provisioned" : "deprovisioned",
      units: isUp ? 4 * (1 + Math.floor(fractionOf(this.#key) * 4)) : 0,
    };
  }

  /** Whether the task still has data of that moment in CloudWatch. */
  isWorkingAt(time: number): boolean {
    const run = this.runAt(time);
    return (
      run !== undefined &&
      this.existsAt(time) &&
      time >= workStartsAt(run) &&
      time < Math.min(this.endOf(run), this.life.to)
    );
  }

  /** Whether a run was under way at some moment of [from, to]. */
  hasWorkedBetween(from: number, to: number): boolean {
    const run = this.runAt(to);
    return run !== undefined && this.endOf(run) > from;
  }

  /** The table mappings as DMS stores them. */
  get tableMappings(): string {
    return tableMappings(this.script);
  }

  get settings(): string {
    return taskSettings(this.isValidated);
  }
}

const noChanges = { inserts: 0, updates: 0, deletes: 0 };

/** Source: https://docs.aws.amazon.com/dms/latest/APIReference/API_ReplicationTask.html (StopReason) */
function stopReasonOf(run: RunPlan, follows: boolean): string {
  if (run.end === "done") return `Stop Reason ${follows ? "STOPPED_AT_SERVER_TIME" : "FULL_LOAD_ONLY_FINISHED"}`;
  return run.end === "stopped" ? "Stop Reason NORMAL" : "Stop Reason FATAL_ERROR";
}

function tableState(state: string, isCancelled: boolean): string {
  if (state === "loaded") return "Table completed";
  if (state === "error") return "Table error";
  if (state === "queued") return "Before load";
  return isCancelled ? "Table cancelled" : "Full load";
}
