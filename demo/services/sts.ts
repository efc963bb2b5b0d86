import { AwsError } from "../errors.ts";
import type { HttpReply, HttpRequest } from "../http.ts";
import type { Answer, Call, Incoming, Service, World } from "./service.ts";

const xmlNamespace = "https://sts.amazonaws.com/doc/2011-06-15/";

/**
 * The names and statuses that the query protocol has for errors common to all services.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
const queryErrors: Readonly<Record<string, { code: string; status: number }>> = {
  MissingAuthenticationTokenException: { code: "MissingAuthenticationToken", status: 403 },
  IncompleteSignatureException: { code: "IncompleteSignature", status: 400 },
  UnrecognizedClientException: { code: "InvalidClientTokenId", status: 403 },
  InvalidSignatureException: { code: "SignatureDoesNotMatch", status: 403 },
  ExpiredTokenException: { code: "ExpiredToken", status: 403 },
  AccessDeniedException: { code: "AccessDenied", status: 403 },
  ThrottlingException: { code: "Throttling", status: 400 },
  ValidationException: { code: "ValidationError", status: 400 },
};

/** STS over the AWS query protocol: GetCallerIdentity and AssumeRole. */
export function stsService(world: World): Service {
  return {
    signingName: "sts",
    recognise,
    subjectOf: () => ({}),
    resourceOf: incoming => String(incoming.input.RoleArn ?? "*"),
    answer(call) {
      if (call.operation === "GetCallerIdentity") {
        const { arn, userId, accountId } = call.caller;
        return { output: { Arn: arn, UserId: userId, Account: accountId } };
      }
      if (call.operation === "AssumeRole") return assumeRole(world, call);
      throw new AwsError("InvalidAction", `Could not find operation ${call.operation} for version 2011-06-15`);
    },
    encode: (operation, answer, requestId) =>
      xmlReply(
        200,
        requestId,
        `<${operation}Response xmlns="${xmlNamespace}"><${operation}Result>${elements(answer.output)}</${operation}Result>` +
          `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
      ),
    encodeError(error, requestId) {
      const { code, status } = queryErrors[error.code] ?? error;
      const type = status < 500 ? "Sender" : "Receiver";
      return xmlReply(
        status,
        requestId,
        `<ErrorResponse xmlns="${xmlNamespace}"><Error>${elements({ Type: type, Code: code, Message: error.message })}` +
          `</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
    },
  };
}

function recognise(request: HttpRequest): Incoming | undefined {
  if (!request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return undefined;
  const { Action: operation, Version: version, ...input } = Object.fromEntries(new URLSearchParams(request.body));
  return operation !== undefined && version === "2011-06-15" ? { operation, input } : undefined;
}

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
function assumeRole(world: World, call: Call): Answer {
  const roleArn = String(call.input.RoleArn ?? "");
  const sessionName = String(call.input.RoleSessionName ?? "");
  const seconds = Number(call.input.DurationSeconds ?? 3600);
  const [, accountId, path] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? [];
  if (!accountId || !path) throw new AwsError("ValidationError", `${roleArn} is invalid`);
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    throw new AwsError(
      "ValidationError",
      `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: ` +
        "Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    );
  }
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    throw new AwsError(
      "ValidationError",
      `1 validation error detected: Value '${String(call.input.DurationSeconds)}' at 'durationSeconds' failed to ` +
        "satisfy constraint: Member must have value between 900 and 43200",
    );
  }
  const roleName = path.split("/").at(-1) ?? path;
  const role = world.roles?.[roleArn];
  const refused =
    world.catalogOf(accountId) === undefined ||
    (world.roles !== undefined && role === undefined) ||
    (role?.externalId !== undefined && role.externalId !== call.input.ExternalId);
  if (refused) {
    throw new AwsError(
      "AccessDenied",
      `User: ${call.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      403,
    );
  }
  const session = world.identities.assumeRole(accountId, roleName, sessionName, seconds);
  return {
    output: {
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        Expiration: session.expiresAt.toISOString(),
      },
      AssumedRoleUser: { AssumedRoleId: session.caller.userId, Arn: session.caller.arn },
    },
  };
}

function elements(members: Readonly<Record<string, unknown>>): string {
  return Object.entries(members)
    .map(([name, value]) => {
      const content =
        typeof value === "object" && value !== null
          ? elements(Object.fromEntries(Object.entries(value)))
          : escapeXml(String(value));
      return `<${name}>${content}</${name}>`;
    })
    .join("");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function xmlReply(status: number, requestId: string, body: string): HttpReply {
  return { status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body };
}
