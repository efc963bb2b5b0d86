import type { Task } from "graphile-worker";

/** Analyzes what autovacuum leaves out; payload none. */
const refreshStatistics: Task = async (_payload, { query }) => {
  await query("select a2o.refresh_statistics()");
};

export default refreshStatistics;
