import type { RepeatScript, RunScript } from "./schedule.ts";

/** What every job has, as a test or a scenario writes it. */
export interface CommonScript {
  /** Unique among the jobs of its kind and region; DMS takes letters, digits and single hyphens. */
  readonly name: string;
  /** eu-central-1 when left out. */
  readonly region?: string;
  readonly runs: readonly RunScript[] | RepeatScript;
  /** When it is created, in minutes after the scenario's beginning; a day before its first run when left out. */
  readonly createdAfter?: number;
  /** When it is deleted, in minutes after the scenario's beginning; never when left out. */
  readonly deletedAfter?: number;
}

/** A table that a DMS task loads. */
export interface DmsTableScript {
  readonly schema: string;
  readonly table: string;
  readonly rows: number;
  /** 200 when left out. */
  readonly bytesPerRow?: number;
  /** After which share of its rows the table falls into error. */
  readonly failsAfter?: number;
  /** How many of its rows validation finds to differ. */
  readonly mismatches?: number;
}

/** A selection rule of DMS table mappings; `%` stands for any text. */
export interface SelectionScript {
  readonly action: "include" | "exclude" | "explicit";
  readonly schema: string;
  readonly table: string;
}

/** What happens after a DMS task's full load. */
export interface ChangesScript {
  /** The mean number of changed rows a second. */
  readonly perSecond: number;
  /** How far the target is behind in quiet times; 2 seconds when left out. */
  readonly latencySeconds?: number;
  /** Times in which the target falls behind, up to `peakSeconds`, and catches up again. */
  readonly delays?: readonly {
    /** In minutes after the scenario's beginning. */
    readonly startsAfter: number;
    readonly minutes: number;
    readonly peakSeconds: number;
    /** Comes again every so many minutes; once when left out. */
    readonly every?: number;
  }[];
}

/** A DMS task, or a serverless replication. */
export interface DmsScript extends CommonScript {
  readonly kind: "dms";
  readonly type: "full-load" | "cdc" | "full-load-and-cdc";
  readonly isServerless?: boolean;
  /** Name of the replication instance of a task; "dms-main" when left out. */
  readonly instance?: string;
  readonly engine?: "oracle" | "mysql" | "postgres" | "sqlserver";
  readonly tables: readonly DmsTableScript[];
  /** One explicit include for each table when left out. */
  readonly mappings?: readonly SelectionScript[];
  /** Whether rows are validated; when a table has mismatches if left out. */
  readonly isValidated?: boolean;
  /** Needed for "cdc" and "full-load-and-cdc"; runs go on with changes until they fail, are stopped or start anew. */
  readonly changes?: ChangesScript;
}

/** A DataSync task. */
export interface DataSyncScript extends CommonScript {
  readonly kind: "datasync";
  /** s3://bucket/prefix/ */
  readonly source: string;
  /** The object storage it copies to, as server/bucket/prefix/. */
  readonly destination?: string;
  readonly mode?: "BASIC" | "ENHANCED";
  readonly bytes: number;
  readonly files: number;
}

/** A Glue job. */
export interface GlueScript extends CommonScript {
  readonly kind: "glue";
  /** Beside the ones that every job has. */
  readonly arguments?: Readonly<Record<string, string>>;
  /** Arguments that runs bring along, in turn: the first run the first ones, and so on from the start. */
  readonly turns?: readonly Readonly<Record<string, string>>[];
  /** Whether it reports metrics to CloudWatch; it does when left out. */
  readonly hasMetrics?: boolean;
  readonly bytes: number;
  /** How often a failed run is tried again; 0 when left out. */
  readonly maxRetries?: number;
  readonly workers?: number;
  /** 480 when left out. */
  readonly timeoutMinutes?: number;
}

export type JobScript = DmsScript | DataSyncScript | GlueScript;
