import type { JSX } from "solid-js";
import { sentence } from "./sentence.ts";

/** What the Monitors page says. */
export const words = {
  title: "Monitors",
  costs: "Calls and costs of this month, UTC, at CloudWatch's list price",
  place: (account: string | null, region: string | null, isSimulated: boolean) =>
    isSimulated ? `${account}, ${region}, simulated` : `${account}, ${region}`,
  pause: "Pause",
  resume: "Resume",
  states: {
    PAUSED: "Paused",
    WAITING: "Waiting",
    WATCHING: "Watching",
    DEGRADED: "Degraded",
    BLIND: "Blind",
    LATE: "Late",
  },
  means: {
    PAUSED: "somebody paused it",
    WAITING: "not polled yet",
    WATCHING: "every service answers",
    DEGRADED: "some services do not answer",
    BLIND: "no service answers",
    LATE: "no worker has polled it for long: is one running?",
  },
  error: (code: string, message: string) => `${code}: ${message}`,
  test: "Which permission is missing, with the IAM statement:",
  testLabel: "Test the monitor",
  testCommand: (monitor: string) => `aws2openstack monitor test ${monitor}`,
  lastSuccess: "Last success",
  running: "Running jobs",
  every: "Asked every",
  everySeconds: (busy: number | null, idle: number | null) => `${busy} s, ${idle} s when idle`,
  calls: "Calls",
  throttled: (calls: string, throttled: string) => `${calls}, ${throttled} throttled`,
  metrics: "CloudWatch metrics",
  metricsCost: (count: string, cost: string) => `${count}, ${cost}`,
  columns: { service: "Service", state: "State", listed: "Jobs listed" },
  answers: "answers",
  refusal: (code: JSX.Element, operation: string, message: string) => sentence`${code} ${operation}: ${message}`,
  never: "never",
} as const;
