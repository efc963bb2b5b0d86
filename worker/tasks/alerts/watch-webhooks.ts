import type { Task } from "graphile-worker";
import { deliverSpec } from "../../alerts/queue.ts";
import { webhooksToServe } from "../../alerts/serve.ts";

/** Starts the delivery of what is due, and notes at each webhook whether its variables are there; payload none. */
const watchWebhooks: Task = async (_payload, { query, addJob }) => {
  const due = await webhooksToServe((sql, params) => query(sql, params));
  for (const webhookId of due) await addJob("alerts/deliver", { webhookId }, deliverSpec(webhookId));
};

export default watchWebhooks;
