/** Tracing by OpenTelemetry. Loaded only when it is wanted, and before what it traces: what is loaded already it cannot change. */
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { context, type Span, SpanKind, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { AwsInstrumentation } from "@opentelemetry/instrumentation-aws-sdk";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from "@opentelemetry/sdk-trace-node";
import { secretOf } from "../postgres/secret.ts";
import { errorCode, UserError } from "../postgres/user-error.ts";
import { type Tracing, traceBy } from "./span.ts";
import { CarefulExporter } from "./told.ts";

export interface TracingOptions {
  /** Name of the service unless OTEL_SERVICE_NAME says another. */
  service: string;
  version: string;
  /** Takes a line for whoever runs it; never stdout, which may be a protocol. */
  tell: (line: string) => void;
}

/** Milliseconds that the last spans may take when the process ends. */
const LAST_SPANS = 2_000;
/** What the simulator is asked when it runs in this process: a part of AWS, not of ours. */
const isForAws = (authorization: string | undefined) => authorization?.startsWith("AWS4-") === true;
/** Asked every few seconds by machines. */
const UNTRACED = /^\/(healthz|readyz|metrics)(\?|$)/;

/**
 * Traces this process until the returned function is called, which sends what is left. Settings are those of the
 * specification's environment; mistakes in them are told and leave tracing off, since nothing may depend on it.
 */
export function startTracing(options: TracingOptions): () => Promise<void> {
  try {
    return start(options);
  } catch (error) {
    const advice = error instanceof UserError && error.advice !== undefined ? ` ${error.advice}` : "";
    options.tell(`There will be no traces: ${error instanceof Error ? error.message : String(error)}${advice}`);
    return async () => undefined;
  }
}

function start({ service, version, tell }: TracingOptions): () => Promise<void> {
  const exporter = new CarefulExporter(exporterOf(process.env), tell);
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          "service.namespace": "aws2openstack",
          "service.name": service,
          "service.version": version,
        }),
      )
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  // Not baggage: what a caller sends along is not for those whom we call.
  provider.register({ propagator: new W3CTraceContextPropagator() });
  registerInstrumentations({
    tracerProvider: provider,
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url = "", headers }) => UNTRACED.test(url) || isForAws(headers.authorization),
        requireParentforOutgoingSpans: true,
      }),
      new UndiciInstrumentation({ requireParentforSpans: true }),
      // Without a parent are the queue's own questions, many a minute.
      new PgInstrumentation({ requireParentSpan: true }),
      new AwsInstrumentation({ suppressInternalInstrumentation: true }),
    ],
  });
  loadTraced();
  traceBy(tracingBy(provider.getTracer("aws2openstack", version)));
  return async () => {
    traceBy(undefined);
    await Promise.race([provider.shutdown().catch(() => undefined), sleep(LAST_SPANS)]);
  };
}

/** Libraries are changed when they are required; imports of the same file find them changed. */
function loadTraced(): void {
  const require = createRequire(import.meta.url);
  for (const name of ["node:http", "node:https", "pg"]) require(name);
  for (const client of [
    "@aws-sdk/client-cloudwatch",
    "@aws-sdk/client-database-migration-service",
    "@aws-sdk/client-datasync",
    "@aws-sdk/client-glue",
    "@aws-sdk/client-sts",
  ]) {
    // What sends for all of them, and far smaller than a client; each may have a copy of its own.
    createRequire(require.resolve(client))("@smithy/core/client");
  }
}

function exporterOf(environment: NodeJS.ProcessEnv): SpanExporter {
  for (const name of ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"]) {
    const headers = secretOf(name, environment);
    if (headers !== undefined) environment[name] = headers;
  }
  const protocol =
    environment.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || environment.OTEL_EXPORTER_OTLP_PROTOCOL || "http/protobuf";
  if (protocol === "http/protobuf") return new ProtobufExporter();
  if (protocol === "http/json") return new JsonExporter();
  throw new UserError(
    `OTLP over ${protocol} is not spoken.`,
    "Set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf or http/json; collectors listen for both at port 4318.",
  );
}

const KINDS = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, consumer: SpanKind.CONSUMER };

function tracingBy(tracer: ReturnType<NodeTracerProvider["getTracer"]>): Tracing {
  return {
    inSpan: (name, { kind = "internal", attributes = {}, failed }, work) =>
      tracer.startActiveSpan(name, { kind: KINDS[kind], attributes }, async span => {
        try {
          const result = await work();
          if (failed?.(result)) span.setStatus({ code: SpanStatusCode.ERROR });
          return result;
        } catch (error) {
          markFailed(span, error);
          throw error;
        } finally {
          span.end();
        }
      }),
    atRoute(method, route) {
      const span = trace.getSpan(context.active());
      span?.setAttribute("http.route", route);
      span?.updateName(`${method} ${route}`);
    },
    traceId() {
      const spanContext = trace.getSpan(context.active())?.spanContext();
      return spanContext !== undefined && (spanContext.traceFlags & TraceFlags.SAMPLED) !== 0
        ? spanContext.traceId
        : undefined;
    },
  };
}

function markFailed(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute("error.type", errorCode(error) ?? (error instanceof Error ? error.name : "unknown"));
}
