// An OTLP collector as one listens at port 4318: takes protobuf and JSON over HTTP, and keeps what came.
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

export interface ReceivedSpan {
  service: string;
  scope: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  /** 1 internal, 2 server, 3 client, 5 consumer. */
  kind: number;
  attributes: Record<string, string | number | boolean>;
  /** 0 unset, 1 ok, 2 error. */
  status: number;
}

export interface Collector {
  url: string;
  spans: ReceivedSpan[];
  /** What came, byte for byte: bodies as text and headers. */
  raw: { path: string; headers: IncomingHttpHeaders; body: string }[];
  close(): Promise<void>;
}

/** @param answer status of each answer, or undefined for one that never comes */
export async function startCollector(answer: () => number | undefined = () => 200): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const raw: Collector["raw"] = [];
  const server = createServer(async (request, response) => {
    const sent = await buffer(request);
    const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
    raw.push({ path: request.url ?? "", headers: request.headers, body: body.toString("latin1") });
    const status = answer();
    if (status === undefined) return;
    if (status === 200) {
      const isJson = request.headers["content-type"] === "application/json";
      spans.push(...(isJson ? spansOfJson(JSON.parse(body.toString())) : spansOfProtobuf(body)));
    }
    response.writeHead(status, { "content-type": request.headers["content-type"] }).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    raw,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

type Field = number | bigint | Buffer;

/** Fields of a protobuf message by their number, as the wire format has them. */
function fieldsOf(message: Buffer): Map<number, Field[]> {
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const bytes = (length: number) => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const type = tag & 7;
    const value: Field =
      type === 0
        ? varint()
        : type === 1
          ? bytes(8).readBigUInt64LE()
          : type === 5
            ? bytes(4).readUInt32LE()
            : bytes(Number(varint()));
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}

const messages = (fields: Map<number, Field[]>, number: number) =>
  (fields.get(number) ?? []).filter(field => Buffer.isBuffer(field)).map(fieldsOf);
const text = (fields: Map<number, Field[]> | undefined, number: number, encoding: "utf8" | "hex" = "utf8") => {
  const field = fields?.get(number)?.at(-1);
  return Buffer.isBuffer(field) ? field.toString(encoding) : "";
};

function attributesOf(fields: Map<number, Field[]> | undefined, number: number): ReceivedSpan["attributes"] {
  const attributes: ReceivedSpan["attributes"] = {};
  for (const pair of fields === undefined ? [] : messages(fields, number)) {
    const [value] = messages(pair, 2);
    const whole = value?.get(3)?.[0];
    const isTrue = value?.get(2)?.[0];
    attributes[text(pair, 1)] =
      whole !== undefined ? Number(whole) : isTrue !== undefined ? isTrue === 1n : text(value, 1);
  }
  return attributes;
}

/** opentelemetry-proto's ExportTraceServiceRequest. */
function spansOfProtobuf(body: Buffer): ReceivedSpan[] {
  return messages(fieldsOf(body), 1).flatMap(resourceSpans => {
    const service = String(attributesOf(messages(resourceSpans, 1)[0], 1)["service.name"]);
    return messages(resourceSpans, 2).flatMap(scopeSpans => {
      const scope = text(messages(scopeSpans, 1)[0], 1);
      return messages(scopeSpans, 2).map(span => ({
        ...{ service, scope },
        traceId: text(span, 1, "hex"),
        spanId: text(span, 2, "hex"),
        parentSpanId: text(span, 4, "hex"),
        name: text(span, 5),
        kind: Number(span.get(6)?.[0] ?? 0),
        attributes: attributesOf(span, 9),
        status: Number(messages(span, 15)[0]?.get(3)?.[0] ?? 0),
      }));
    });
  });
}

interface JsonAttribute {
  key: string;
  value: { stringValue?: string; intValue?: number; boolValue?: boolean };
}
interface JsonRequest {
  resourceSpans: {
    resource: { attributes: JsonAttribute[] };
    scopeSpans: {
      scope: { name: string };
      spans: (Omit<ReceivedSpan, "service" | "scope" | "attributes" | "status"> & {
        attributes: JsonAttribute[];
        status: { code?: number };
      })[];
    }[];
  }[];
}

function spansOfJson({ resourceSpans }: JsonRequest): ReceivedSpan[] {
  const read = (attributes: JsonAttribute[]) =>
    Object.fromEntries(
      attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.boolValue ?? ""]),
    );
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map(span => ({
        service: String(read(resource.attributes)["service.name"]),
        scope: scope.name,
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? "",
        name: span.name,
        kind: span.kind,
        attributes: read(span.attributes),
        status: span.status.code ?? 0,
      })),
    ),
  );
}
