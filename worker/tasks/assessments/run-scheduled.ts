import type { Task } from "graphile-worker";
import { runScheduled } from "../../assess/scheduled.ts";

/** Makes one scheduled assessment; payload `{ scheduleId }`. A failure is kept with the schedule, which is due again anyway. */
const task: Task = async (payload, { withPgClient, abortSignal, logger }) => {
  const scheduleId = scheduleIdOf(payload);
  await withPgClient(async client => {
    const { state, message } = await runScheduled(client, scheduleId, abortSignal);
    if (message !== undefined) logger.warn(`scheduled assessment ${scheduleId}: ${state}: ${message}`);
  });
};

export default task;

function scheduleIdOf(payload: unknown): string {
  if (typeof payload === "object" && payload !== null && "scheduleId" in payload) {
    if (typeof payload.scheduleId === "string") return payload.scheduleId;
  }
  throw new Error("the payload has no scheduleId");
}
