import type { Task } from "graphile-worker";
import { pollSpec } from "../../poll/queue.ts";

/**
 * Starts the polls of monitors that are due and that nobody polls: those that were added or resumed, and those whose worker
 * died. A poll that ends well orders the next one itself; payload none.
 */
const watch: Task = async (_payload, { query, addJob }) => {
  const { rows } = await query<{ monitor_id: string }>("select monitor_id from a2o.monitors_to_poll()");
  for (const { monitor_id: monitorId } of rows) await addJob("monitors/poll", { monitorId }, pollSpec(monitorId));
};

export default watch;
