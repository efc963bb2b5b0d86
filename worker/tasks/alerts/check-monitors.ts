import type { Task } from "graphile-worker";

/** Opens and resolves the alerts of monitors that nobody polls; payload none. */
const checkMonitors: Task = async (_payload, { query }) => {
  await query("select a2o.check_monitors()");
};

export default checkMonitors;
