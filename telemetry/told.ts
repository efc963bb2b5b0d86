import type { ExportResult } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-node";
import { withoutValues } from "./without-values.ts";

/**
 * What a span may tell. Libraries add what they find useful, in each version more: addresses with their query, who asked,
 * messages of errors. So everything that is not named here stays here.
 */
const TOLD = new Set([
  "a2o.task.attempt",
  "cloud.region",
  "db.namespace",
  "db.operation.name",
  "db.query.text",
  "db.system.name",
  "error.type",
  "gen_ai.tool.name",
  "graphql.operation.name",
  "graphql.operation.type",
  "http.request.method",
  "http.request.resend_count",
  "http.response.status_code",
  "http.route",
  "mcp.method.name",
  "messaging.destination.name",
  "network.protocol.version",
  "rpc.method",
  "rpc.service",
  "rpc.system",
  "server.address",
  "server.port",
  "url.scheme",
]);

/** Names, numbers, hosts and routes; nothing that somebody wrote as a text. */
const PLAIN = /^[\w.:/*()[\]-]{1,200}$/;

/** A copy of a span that tells what it may: no messages, no events, no addresses, no values of statements. */
export function toldOf(span: ReadableSpan): ReadableSpan {
  const attributes: ReadableSpan["attributes"] = {};
  for (const [name, value] of Object.entries(span.attributes)) {
    if (!TOLD.has(name)) continue;
    if (name === "db.query.text") attributes[name] = withoutValues(String(value));
    else if (typeof value === "number" || typeof value === "boolean") attributes[name] = value;
    else if (typeof value === "string" && PLAIN.test(value)) attributes[name] = value;
  }
  const { code } = span.status;
  return Object.create(span, {
    name: { value: span.name.replace(/^(pg\.query:\w+).*$/s, "$1").slice(0, 200) },
    attributes: { value: attributes },
    status: { value: { code } },
    events: { value: [] },
    links: { value: span.links.map(({ context }) => ({ context })) },
  });
}

/** Sends what may be told, and tells once when that fails, and once more when it goes well again. */
export class CarefulExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #tell: (line: string) => void;
  #isFailing = false;

  constructor(exporter: SpanExporter, tell: (line: string) => void) {
    this.#exporter = exporter;
    this.#tell = tell;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#exporter.export(spans.map(toldOf), ({ code, error }) => {
      const isFailing = code !== 0;
      if (isFailing && !this.#isFailing) this.#tell(`Traces cannot be sent (${reasonOf(error)}); the work goes on.`);
      if (!isFailing && this.#isFailing) this.#tell("Traces are sent again.");
      this.#isFailing = isFailing;
      // The batch is gone either way, and it was told.
      done({ code: 0 });
    });
  }

  forceFlush(): Promise<void> {
    return this.#exporter.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }
}

/** A code or status; messages of a collector are its own. */
function reasonOf(error: Error | undefined): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && cause.code !== undefined && cause.code !== "") return `${cause.code}`;
  }
  return error?.message.includes("timeout") || error?.message.includes("Timeout") ? "no answer in time" : "refused";
}
