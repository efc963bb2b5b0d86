import type { IncomingMessage } from "node:http";

/** An HTTP request read to its end. Header names are lower-case. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An HTTP answer, ready to be sent. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** No call of the simulated services carries more than a few kilobytes. */
const maxRequestBytes = 1_048_576;

/** Reads a request to its end; throws RangeError when its body exceeds one megabyte. */
export async function readRequest(message: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxRequestBytes) throw new RangeError("request body too large");
    chunks.push(chunk);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  return {
    method: message.method ?? "GET",
    path: message.url ?? "/",
    headers,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}
