import { once } from "node:events";
import { defineCommand } from "citty";
import { withClient } from "../../postgres/connect.ts";
import { secretOf } from "../../postgres/secret.ts";
import type { MetricsSettings } from "../../worker/operations/metrics.ts";
import { abortOnSignals, commonArgs, openStorage, say, tell, wholeNumber } from "../common.ts";
import { count } from "../text.ts";
import { checkMigrated } from "../web.ts";

export default defineCommand({
  meta: {
    name: "worker",
    description: "Watch migrations and do what is scheduled, until it is stopped; any number may run side by side",
    examples: [
      ["worker", "beside a web server of its own, or on another machine"],
      ["worker --metrics-port 9464", "with figures for Prometheus, for this machine"],
    ],
  },
  args: {
    "metrics-port": {
      type: "string",
      valueHint: "PORT",
      description: "Serve /metrics for Prometheus at this port; METRICS_PORT does the same",
    },
    ...commonArgs,
  },
  async run({ args }) {
    const metrics = metricsSettings(args["metrics-port"]);
    const { signal, dispose } = abortOnSignals();
    try {
      const storage = await openStorage();
      try {
        await checkMigrated(storage.url, "a2o_worker");
        const monitors = await withClient(
          storage.url,
          { role: "a2o_worker", purpose: "worker", signal },
          async client => {
            const { rows } = await client.query<{ active: number }>(
              "select count(*)::int as active from a2o.monitors where not is_paused",
            );
            return rows[0]?.active ?? 0;
          },
        );
        const { startWorker } = await import("../../worker/run.ts");
        const worker = await startWorker({ databaseUrl: storage.url, metrics, log: tell });
        say(`Worker on ${storage.description}: ${count(monitors)} ${monitors === 1 ? "monitor" : "monitors"} to watch`);
        if (worker.metricsUrl !== undefined) tell(`Metrics at ${worker.metricsUrl}/metrics`);
        if (monitors === 0) tell("Add one with: aws2openstack monitor add --region REGION");
        tell("Ctrl-C stops it.");
        try {
          if (!signal.aborted) await once(signal, "abort");
        } finally {
          tell("Stopping…");
          await worker.stop();
        }
      } finally {
        await storage.release();
      }
    } finally {
      dispose();
    }
  },
});

function metricsSettings(option: string | undefined): MetricsSettings | undefined {
  const port = option ?? process.env.METRICS_PORT;
  if (port === undefined || port === "") return undefined;
  return {
    host: process.env.METRICS_HOST || "127.0.0.1",
    port: wholeNumber(option === undefined ? "METRICS_PORT" : "--metrics-port", port, 1, 65_535),
    token: secretOf("METRICS_TOKEN") ?? null,
  };
}
