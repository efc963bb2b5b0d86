import { AwsError } from "../errors.ts";
import type { HttpReply, HttpRequest } from "../http.ts";
import type { Answer, Incoming } from "./service.ts";

/**
 * AWS JSON 1.0 and 1.1: the operation is in X-Amz-Target, input and output are JSON bodies.
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function recogniseJson(request: HttpRequest, targetPrefix: string): Incoming | undefined {
  const target = request.headers["x-amz-target"];
  if (target === undefined || !target.startsWith(`${targetPrefix}.`)) return undefined;
  return { operation: target.slice(targetPrefix.length + 1), input: parseJsonObject(request.body) };
}

function parseJsonObject(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = body === "" ? {} : JSON.parse(body);
  } catch {
    throw new AwsError("SerializationException", "The request body could not be parsed as JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AwsError("SerializationException", "Start of structure or map found where not expected.");
  }
  return { ...value };
}

/** A successful AWS JSON reply. */
export function encodeJson(answer: Answer, requestId: string, version = "1.1"): HttpReply {
  return { status: 200, headers: jsonHeaders(requestId, version), body: answer.json ?? JSON.stringify(answer.output) };
}

/** An AWS JSON error: the name in the body's __type and in a header, the text in Message. */
export function encodeJsonError(error: AwsError, requestId: string, version = "1.1"): HttpReply {
  return {
    status: error.status,
    headers: { ...jsonHeaders(requestId, version), "x-amzn-errortype": error.code },
    body: JSON.stringify({ __type: error.code, Message: error.message }),
  };
}

function jsonHeaders(requestId: string, version: string): Record<string, string> {
  return { "content-type": `application/x-amz-json-${version}`, "x-amzn-requestid": requestId };
}
