import { DataSyncJob } from "./datasync.ts";
import { DmsJob } from "./dms.ts";
import { GlueJob } from "./glue.ts";
import type { Place } from "./place.ts";
import type { JobScript } from "./scripts.ts";

/** The jobs of one account in one region. */
export class RegionJobs {
  readonly dmsTasks: readonly DmsJob[];
  readonly replications: readonly DmsJob[];
  readonly dataSyncTasks: readonly DataSyncJob[];
  readonly glueJobs: readonly GlueJob[];
  readonly #dms: ReadonlyMap<string, DmsJob>;
  readonly #dataSync: ReadonlyMap<string, DataSyncJob>;
  readonly #glue: ReadonlyMap<string, GlueJob>;

  constructor(scripts: readonly JobScript[], place: Place) {
    const dms = scripts.filter(script => script.kind === "dms").map(script => new DmsJob(script, place));
    this.dmsTasks = byArn(dms.filter(({ script }) => !script.isServerless));
    this.replications = byArn(dms.filter(({ script }) => script.isServerless));
    this.dataSyncTasks = byArn(
      scripts.filter(script => script.kind === "datasync").map(script => new DataSyncJob(script, place)),
    );
    this.glueJobs = scripts
      .filter(script => script.kind === "glue")
      .map(script => new GlueJob(script, place))
      .toSorted((left, right) => (left.script.name < right.script.name ? -1 : 1));
    this.#dms = new Map([...this.dmsTasks, ...this.replications].map(job => [job.resourceId, job]));
    this.#dataSync = new Map(this.dataSyncTasks.map(job => [job.taskId, job]));
    this.#glue = new Map(this.glueJobs.map(job => [job.script.name, job]));
  }

  /** The task or replication with the resource id at the end of its ARN. */
  dmsById(resourceId: string): DmsJob | undefined {
    return this.#dms.get(resourceId);
  }

  dataSyncById(taskId: string): DataSyncJob | undefined {
    return this.#dataSync.get(taskId);
  }

  glueByName(name: string): GlueJob | undefined {
    return this.#glue.get(name);
  }
}

function byArn<T extends { readonly arn: string }>(jobs: readonly T[]): T[] {
  return jobs.toSorted((left, right) => (left.arn < right.arn ? -1 : 1));
}

/** Everything that an account migrates: what it tells at a moment follows from the scripts, the seed and that moment. */
export class Migration {
  readonly #scripts: readonly JobScript[];
  readonly #place: Omit<Place, "region">;
  readonly #regions = new Map<string, RegionJobs>();

  constructor(scripts: readonly JobScript[], place: Omit<Place, "region">) {
    this.#scripts = scripts;
    this.#place = place;
  }

  /** The jobs of a region; none in a region that no script names. */
  in(region: string): RegionJobs {
    let jobs = this.#regions.get(region);
    if (!jobs) {
      const own = this.#scripts.filter(script => (script.region ?? "eu-central-1") === region);
      jobs = new RegionJobs(own, { ...this.#place, region });
      this.#regions.set(region, jobs);
    }
    return jobs;
  }

  /** The regions with jobs. */
  get regions(): string[] {
    return [...new Set(this.#scripts.map(script => script.region ?? "eu-central-1"))].toSorted();
  }
}
