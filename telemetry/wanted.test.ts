import { expect, it } from "vitest";
import { wantsTraces } from "./wanted.ts";

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" };

it("wants traces by the variables of the specification, and of commands that have something to tell", () => {
  const serve = (environment: Record<string, string>) => wantsTraces(["serve"], environment);
  expect(serve({})).toBe(false);
  expect(serve(endpoint)).toBe(true);
  expect(serve({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://collector:4318/v1/traces" })).toBe(true);
  expect(serve({ OTEL_TRACES_EXPORTER: "otlp" })).toBe(true);
  expect(serve({ OTEL_TRACES_EXPORTER: "none", ...endpoint })).toBe(false);
  expect(serve({ OTEL_TRACES_EXPORTER: "console, otlp" })).toBe(true);
  // As Compose passes on what is not set.
  expect(serve({ OTEL_TRACES_EXPORTER: "", OTEL_EXPORTER_OTLP_ENDPOINT: "" })).toBe(false);
  expect(serve({ OTEL_SDK_DISABLED: "TRUE", OTEL_TRACES_EXPORTER: "otlp", ...endpoint })).toBe(false);
  for (const traced of ["up", "worker", "mcp", "assess", "ingest"]) expect(wantsTraces([traced], endpoint)).toBe(true);
  for (const quiet of [[], ["list"], ["completion"], ["mcp", "install"], ["assess", "glue-catalog", "--help"]]) {
    expect(wantsTraces(quiet, endpoint)).toBe(false);
  }
});
