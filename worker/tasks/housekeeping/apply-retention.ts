import type { Task } from "graphile-worker";

/** Deletes what a2o.retention says is too old; payload none. */
const applyRetention: Task = async (_payload, { query, logger }) => {
  const { rows } = await query<{ what: string; removed: string }>(
    "select what, removed from a2o.apply_retention() where removed > 0",
  );
  for (const { what, removed } of rows) logger.info(`removed ${removed} of ${what}`);
};

export default applyRetention;
