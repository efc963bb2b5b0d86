import type { TaskSpec } from "graphile-worker";

/** One task for each webhook; a message that failed is found again by its own time, so the task has one attempt. */
export function deliverSpec(webhookId: string): TaskSpec {
  return { jobKey: `alerts/deliver ${webhookId}`, jobKeyMode: "replace", maxAttempts: 1 };
}
