import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { WorkerEvents } from "graphile-worker";
import type { Pool } from "pg";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { errorCode, UserError } from "../../postgres/user-error.ts";
import { isLoopback, METRICS_REFUSAL, mayReadMetrics } from "./access.ts";

export interface MetricsSettings {
  host: string;
  port: number;
  /** Bearer token of who may read; null: this machine alone. */
  token: string | null;
}

export interface MetricsServer {
  url: string;
  close(): Promise<void>;
}

interface Sample {
  metric: string;
  kind: "counter" | "gauge";
  help: string;
  labels: Record<string, string>;
  value: number;
}

/**
 * Serves /metrics, which tells of this process, its tasks and, asked each time, of what the view a2o_metrics.samples has; and
 * /healthz.
 * @throws UserError when the port is taken, or others could read without a token
 */
export async function serveWorkerMetrics(
  settings: MetricsSettings,
  pool: Pool,
  events: WorkerEvents,
): Promise<MetricsServer> {
  if (settings.token === null && !isLoopback(settings.host)) {
    throw new UserError(
      `Without a token, everybody who reaches ${settings.host} could read the metrics.`,
      "Set METRICS_TOKEN or METRICS_TOKEN_FILE, or METRICS_HOST=127.0.0.1.",
    );
  }
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  countTasks(registry, events);
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, text: string) =>
      response.writeHead(status, { "content-type": type }).end(text);
    const path = request.url?.split("?", 1)[0];
    if (path === "/healthz") {
      answer(200, "application/json", '{"status":"ok","service":"aws2openstack worker"}');
    } else if (path !== "/metrics") {
      answer(404, "text/plain", "there is /metrics and /healthz\n");
    } else if (!mayReadMetrics(request, settings.token)) {
      answer(403, "text/plain", `${METRICS_REFUSAL}\n`);
    } else {
      Promise.all([registry.metrics(), databaseMetrics(pool)]).then(
        ([own, shared]) => answer(200, registry.contentType, `${own}\n${shared}`),
        () => answer(503, "text/plain", "the database does not answer\n"),
      );
    }
  });
  server.listen(settings.port, settings.host);
  await listening(server, settings);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${settings.host.includes(":") ? `[${settings.host}]` : settings.host}:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function countTasks(registry: Registry, events: WorkerEvents): void {
  const registers = [registry];
  const runs = new Counter({
    name: "a2o_task_runs_total",
    help: "Tasks that this worker ended, by name and outcome.",
    labelNames: ["task", "outcome"],
    registers,
  });
  const duration = new Histogram({
    name: "a2o_task_duration_seconds",
    help: "How long tasks of this worker took, by name.",
    labelNames: ["task"],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    registers,
  });
  const running = new Gauge({
    name: "a2o_tasks_running",
    help: "Tasks that this worker has under way, by name.",
    labelNames: ["task"],
    registers,
  });
  const begun = new Map<string, number>();
  events.on("job:start", ({ job }) => {
    begun.set(job.id, performance.now());
    running.inc({ task: job.task_identifier });
  });
  events.on("job:complete", ({ job, error }) => {
    const task = job.task_identifier;
    const since = begun.get(job.id);
    begun.delete(job.id);
    running.dec({ task });
    runs.inc({ task, outcome: error ? "failed" : "done" });
    if (since !== undefined) duration.observe({ task }, (performance.now() - since) / 1000);
  });
}

/** What the database tells of itself and the queue, the same from every worker. */
async function databaseMetrics(pool: Pool): Promise<string> {
  const { rows } = await pool.query<Sample>(
    "select metric, kind, help, labels, value from a2o_metrics.samples order by metric, labels::text",
  );
  const registry = new Registry();
  for (const { metric, kind, help, labels, value } of rows) {
    const known = registry.getSingleMetric(metric);
    const labelNames = Object.keys(labels);
    if (kind === "counter") {
      const counter =
        known instanceof Counter ? known : new Counter({ name: metric, help, labelNames, registers: [registry] });
      counter.inc(labels, value);
    } else {
      const gauge =
        known instanceof Gauge ? known : new Gauge({ name: metric, help, labelNames, registers: [registry] });
      gauge.set(labels, value);
    }
  }
  return registry.metrics();
}

async function listening(server: Server, { host, port }: MetricsSettings): Promise<void> {
  try {
    await once(server, "listening");
  } catch (error) {
    const reason =
      errorCode(error) === "EADDRINUSE" ? "something else listens there" : (errorCode(error) ?? String(error));
    throw new UserError(
      `Metrics cannot be served at ${host}:${port}: ${reason}.`,
      "Choose another METRICS_PORT or METRICS_HOST.",
      { cause: error },
    );
  }
}
