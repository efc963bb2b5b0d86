import type { CatalogProgress } from "../aws/glue-catalog.ts";

/** One account and region on its way. */
export interface TargetProgress extends CatalogProgress {
  /** Twelve digits. */
  account: string;
  region: string;
  state: TargetState;
}

export type TargetState = "waiting" | "reading" | "judging" | "done" | "failed";

export const nothingRead: CatalogProgress = {
  databases: 0,
  listComplete: false,
  databasesDone: 0,
  databasesIncomplete: 0,
  tables: 0,
  throttled: 0,
  inFlight: 0,
  limit: 0,
};
