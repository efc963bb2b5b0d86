import type { Task } from "graphile-worker";
import { runScheduled } from "../../assess/scheduled.ts";
import { idIn } from "../../task-payload.ts";

/** Makes one scheduled assessment; payload `{ scheduleId }`. A failure is kept with the schedule, which is due again anyway. */
const task: Task = async (payload, { withPgClient, abortSignal, logger }) => {
  const scheduleId = idIn(payload, "scheduleId");
  await withPgClient(async client => {
    const { state, message } = await runScheduled(client, scheduleId, abortSignal);
    if (message !== undefined) logger.warn(`scheduled assessment ${scheduleId}: ${state}: ${message}`);
  });
};

export default task;
