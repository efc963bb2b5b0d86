import { AwsError } from "../errors.ts";
import { encodeJson, encodeJsonError, recogniseJson } from "./json-protocol.ts";
import { PageTokens } from "./page-token.ts";
import type { Handler, Incoming, Service, Subject, World } from "./service.ts";

/** What makes one AWS JSON service differ from another. */
export interface JsonServiceParts {
  readonly signingName: string;
  readonly iamName?: string;
  /** What X-Amz-Target begins with. */
  readonly targetPrefix: string;
  readonly operations: Readonly<Record<string, Handler>>;
  /** The error for a pagination token that does not belong to the listing. */
  readonly tokenRefusal: string;
  /** 1.1 when left out. */
  readonly jsonVersion?: "1.0" | "1.1";
  /** Where the service came from the query protocol: the codes that its errors had there, by their names now. */
  readonly queryCodes?: Readonly<Record<string, string>>;
  subjectOf(incoming: Incoming): Subject;
  /** The ARN that a denial names. */
  resourceOf(subject: Subject, region: string, accountId: string): string;
}

/** A service that speaks AWS JSON 1.0 or 1.1, whichever the request does. */
export function jsonService(world: World, parts: JsonServiceParts): Service {
  const tokens = new PageTokens(world.seed, parts.tokenRefusal);
  return {
    signingName: parts.signingName,
    ...(parts.iamName !== undefined && { iamName: parts.iamName }),
    recognise: request => recogniseJson(request, parts.targetPrefix),
    subjectOf: parts.subjectOf,
    resourceOf: (incoming, region, accountId) => parts.resourceOf(parts.subjectOf(incoming), region, accountId),
    answer(call) {
      const handler = parts.operations[call.operation];
      if (!handler) throw new AwsError("UnknownOperationException", `Unknown operation: ${call.operation}`);
      return handler(world, tokens, call);
    },
    encode: (_operation, answer, requestId) => encodeJson(answer, requestId, parts.jsonVersion),
    encodeError(error, requestId) {
      const reply = encodeJsonError(error, requestId, parts.jsonVersion);
      if (!parts.queryCodes) return reply;
      const code = parts.queryCodes[error.code] ?? error.code;
      const query = `${code};${error.status < 500 ? "Sender" : "Receiver"}`;
      return { ...reply, headers: { ...reply.headers, "x-amzn-query-error": query } };
    },
  };
}
