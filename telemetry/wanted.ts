type Environment = Record<string, string | undefined>;

/** Commands that are traced: what runs for long or calls AWS. The others are over before a trace would tell anything. */
const TRACED = new Set(["up", "serve", "worker", "mcp", "assess", "ingest"]);

/**
 * Whether the environment wants traces of this command line, by the names of the OpenTelemetry specification. Asked at every
 * start, so it knows nothing that would have to be loaded.
 */
export function wantsTraces([command = "", ...rest]: readonly string[], environment: Environment): boolean {
  if (!TRACED.has(command) || rest.includes("--help") || rest.includes("-h") || rest[0] === "install") return false;
  if (environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === "true") return false;
  const exporters = environment.OTEL_TRACES_EXPORTER?.trim();
  if (exporters) return exporters.split(",").some(name => name.trim() === "otlp");
  return Boolean(
    environment.OTEL_EXPORTER_OTLP_ENDPOINT?.trim() || environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?.trim(),
  );
}
