import type { Task } from "graphile-worker";
import { deliverSpec } from "../../alerts/queue.ts";
import { serveWebhook } from "../../alerts/serve.ts";
import { idIn } from "../../task-payload.ts";

/** Sends one webhook what is due and orders its next turn; payload `{ webhookId }`. */
const deliver: Task = async (payload, { query, addJob, abortSignal, logger }) => {
  const webhookId = idIn(payload, "webhookId");
  const served = await serveWebhook(webhookId, { query: (sql, params) => query(sql, params), signal: abortSignal });
  for (const line of served?.lines ?? []) logger.warn(line);
  if (served?.nextAt != null) {
    // One that was ordered meanwhile, for now, stays.
    const later = { ...deliverSpec(webhookId), runAt: served.nextAt, jobKeyMode: "preserve_run_at" as const };
    await addJob("alerts/deliver", { webhookId }, later);
  }
};

export default deliver;
