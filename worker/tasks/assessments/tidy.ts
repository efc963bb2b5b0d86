import type { Task } from "graphile-worker";

/** Makes up for what deleting large assessments leaves: stored changes and search indexes; payload none. */
const tidy: Task = async (_payload, { query }) => {
  await query("select a2o.tidy_assessments()");
};

export default tidy;
