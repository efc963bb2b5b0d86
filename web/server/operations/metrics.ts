import type { FastifyInstance } from "fastify";
import type { Pool } from "pg";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { METRICS_REFUSAL, mayReadMetrics } from "../../../worker/operations/access.ts";
import type { Database } from "../database/database.ts";

/** What the server counts. */
export interface Metrics {
  registry: Registry;
  /** Queries that could not be parsed are not in here, but among the requests with status 400. */
  graphqlErrors: Counter<"code">;
  exports: Counter<"list" | "format" | "outcome">;
  exportedBytes: Counter<"list" | "format">;
  signIns: Counter<"outcome">;
}

export function createMetrics(pools: Record<string, Pool>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({
    name: "a2o_pool_connections",
    help: "Connections to PostgreSQL, by pool and state; waiting counts callers without one.",
    labelNames: ["pool", "state"],
    registers,
    collect() {
      for (const [pool, { idleCount, totalCount, waitingCount }] of Object.entries(pools)) {
        this.set({ pool, state: "idle" }, idleCount);
        this.set({ pool, state: "busy" }, totalCount - idleCount);
        this.set({ pool, state: "waiting" }, waitingCount);
      }
    },
  });
  return {
    registry,
    graphqlErrors: new Counter({
      name: "a2o_graphql_errors_total",
      help: "Errors of executed GraphQL queries, by the code that the caller was told.",
      labelNames: ["code"],
      registers,
    }),
    exports: new Counter({
      name: "a2o_exports_total",
      help: "Exports that ended, by outcome: done, aborted by the caller, failed, or refused because too many ran.",
      labelNames: ["list", "format", "outcome"],
      registers,
    }),
    exportedBytes: new Counter({
      name: "a2o_exported_bytes_total",
      help: "Bytes of exports, before compression.",
      labelNames: ["list", "format"],
      registers,
    }),
    signIns: new Counter({
      name: "a2o_sign_ins_total",
      help: "Attempts to sign in by browser.",
      labelNames: ["outcome"],
      registers,
    }),
  };
}

/** Lists and formats that there are not share one name, or anybody could make a million of them. */
export function countExports({ exports, exportedBytes }: Metrics) {
  return (ended: { list: string; format: string; outcome: string; bytes: number }) => {
    const list = EXPORTED.has(ended.list) ? ended.list : "(unknown)";
    exports.inc({ list, format: ended.format, outcome: ended.outcome });
    exportedBytes.inc({ list, format: ended.format }, ended.bytes);
  };
}

const EXPORTED = new Set(["tables", "databases", "findings", "changes", "jobs"]);

/** Tells of the subscriptions, and of the one connection that feeds them. */
export function measureLive(
  { registry }: Metrics,
  live: { readonly isListening: boolean; readonly subscribers: number },
): void {
  const registers = [registry];
  new Gauge({
    name: "a2o_subscribers",
    help: "Subscriptions that are open.",
    registers,
    collect() {
      this.set(live.subscribers);
    },
  });
  new Gauge({
    name: "a2o_listening",
    help: "1 while the connection that announcements come by is up.",
    registers,
    collect() {
      this.set(live.isListening ? 1 : 0);
    },
  });
}

/** Tells of the replica, if there is one. */
export function measureReplica({ registry }: Metrics, { replica }: Database): void {
  if (replica === null) return;
  const registers = [registry];
  new Gauge({
    name: "a2o_replica_used",
    help: "1 while the read replica answers queries; 0 while it is gone or too far behind.",
    registers,
    collect() {
      this.set(replica.status.state === "used" ? 1 : 0);
    },
  });
  new Gauge({
    name: "a2o_replica_lag_seconds",
    help: "Since when the read replica lacks something that the primary has; NaN while it does not answer.",
    registers,
    collect() {
      this.set(replica.status.lagSeconds ?? Number.NaN);
    },
  });
}

/** Counts and times each request by its route. */
export function measureRequests(app: FastifyInstance, { registry }: Metrics): void {
  const duration = new Histogram({
    name: "a2o_http_request_duration_seconds",
    help: "Time until the answer was sent, by route, method and status.",
    labelNames: ["route", "method", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120],
    registers: [registry],
  });
  app.addHook("onResponse", async (request, reply) => {
    // Addresses that are no route of ours share one name, or anybody could make a million of them.
    const route = request.is404 ? "(page or unknown)" : (request.routeOptions.url ?? "(page or unknown)");
    const labels = { route, method: request.method, status: String(reply.statusCode) };
    duration.observe(labels, reply.elapsedTime / 1000);
  });
}

/** Serves /metrics to whoever knows the token; without a token, to this machine alone. */
export function serveMetrics(app: FastifyInstance, { registry }: Metrics, token: string | null): void {
  app.get("/metrics", { config: { anyHost: true } }, async (request, reply) => {
    if (!mayReadMetrics(request.raw, token)) return reply.code(403).send({ error: METRICS_REFUSAL });
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
