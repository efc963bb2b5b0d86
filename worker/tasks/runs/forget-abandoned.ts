import type { Task } from "graphile-worker";

/** Drops what recordings staged whose process died; payload none. */
const forgetAbandoned: Task = async (_payload, { query }) => {
  await query("select a2o.forget_abandoned_runs()");
};

export default forgetAbandoned;
