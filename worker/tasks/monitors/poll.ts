import type { Task } from "graphile-worker";
import { pollMonitor, type Query } from "../../poll/poll.ts";
import { pollSpec } from "../../poll/queue.ts";
import { sessions } from "../../poll/sessions.ts";
import { idIn } from "../../task-payload.ts";

/** Polls one monitor and orders its next poll; payload `{ monitorId }`. */
const poll: Task = async (payload, { query, addJob, abortSignal, logger }) => {
  const monitorId = idIn(payload, "monitorId");
  const asWorker: Query = (sql, params) => query(sql, params);
  const polled = await pollMonitor(monitorId, { query: asWorker, sessions, signal: abortSignal });
  // Whoever polls it now orders the next one; for what is paused, monitors/watch looks.
  if (polled === undefined) return;
  const [failure] = polled.failures;
  // Told once, not twice a minute; monitor_overview shows it as long as it lasts.
  if (failure !== undefined && !polled.wasFailing) {
    logger.warn(
      `monitor ${polled.monitorName}: ${failure.operation ?? ""} ${failure.code}: ${failure.message}`.replace(
        "  ",
        " ",
      ),
    );
  }
  if (failure === undefined && polled.wasFailing)
    logger.warn(`monitor ${polled.monitorName}: everything answers again`);
  await addJob("monitors/poll", { monitorId }, { ...pollSpec(monitorId), runAt: polled.nextAt });
};

export default poll;
