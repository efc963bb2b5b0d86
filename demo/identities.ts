import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { AwsError } from "./errors.ts";
import type { HttpRequest } from "./http.ts";
import { hashText } from "./random.ts";

/** Who a simulated access key belongs to. */
export interface AccountOptions {
  /** Twelve digits. */
  readonly accountId: string;
  /** Name of the IAM user; "assessor" when left out. */
  readonly userName?: string;
  /** With a secret, signatures are verified (AWS Signature Version 4); without one, any signature is taken. */
  readonly secretAccessKey?: string;
}

/** The principal of a call. */
export interface Caller {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly arn: string;
  readonly userId: string;
}

/** What the Authorization header of a call says, once verified. */
export interface Authenticated {
  readonly caller: Caller;
  readonly region: string;
}

/** Temporary credentials as STS hands them out. */
export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: Date;
  readonly caller: Caller;
}

interface KnownKey {
  readonly caller: Caller;
  readonly secretAccessKey: string | undefined;
  readonly sessionToken?: string;
  readonly expiresAt?: Date;
}

const credentialPattern =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** The identifier AWS would show for a principal: a prefix and 17 letters and digits that follow from the name. */
function uniqueId(prefix: string, name: string): string {
  const digits = [0, 1, 2, 3].map(part => hashText(`${name}/${part}`).toString(36).toUpperCase().padStart(7, "0"));
  return prefix + digits.join("").slice(0, 17);
}

/** Knows the access keys, verifies calls and hands out temporary credentials. */
export class Identities {
  readonly #keys = new Map<string, KnownKey>();
  readonly #anyKeyAccount: string | undefined;
  readonly #now: () => Date;

  /**
   * @param accounts the accounts by access key
   * @param anyKeyAccount the account that every other long-term access key belongs to; without one, unknown keys
   *   are refused with UnrecognizedClientException
   */
  constructor(
    accounts: Readonly<Record<string, AccountOptions>>,
    anyKeyAccount: string | undefined,
    now: () => Date = () => new Date(),
  ) {
    this.#anyKeyAccount = anyKeyAccount;
    this.#now = now;
    for (const [accessKeyId, account] of Object.entries(accounts)) {
      this.#keys.set(accessKeyId, {
        caller: userCaller(accessKeyId, account.accountId, account.userName ?? "assessor"),
        secretAccessKey: account.secretAccessKey,
      });
    }
  }

  /**
   * Reads and verifies the Authorization header.
   * Throws AwsError, with the names that AWS's JSON services use: MissingAuthenticationTokenException,
   * IncompleteSignatureException, UnrecognizedClientException, InvalidSignatureException, ExpiredTokenException.
   * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
   */
  authenticate(request: HttpRequest, signingName: string): Authenticated {
    const header = request.headers.authorization;
    if (header === undefined) throw new AwsError("MissingAuthenticationTokenException", "Missing Authentication Token");
    const [, accessKeyId, day, region, service, signedHeaders, signature] = credentialPattern.exec(header) ?? [];
    if (!accessKeyId || !day || !region || !service || !signedHeaders || !signature) {
      throw new AwsError(
        "IncompleteSignatureException",
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
          `Authorization header requires 'SignedHeaders' parameter. Authorization=${header.slice(0, 60)}`,
      );
    }
    if (service !== signingName) {
      throw new AwsError(
        "InvalidSignatureException",
        `Credential should be scoped to correct service: '${signingName}'. `,
      );
    }
    const key = this.#find(accessKeyId);
    if (key.sessionToken !== undefined && request.headers["x-amz-security-token"] !== key.sessionToken) {
      throw unrecognized();
    }
    if (key.expiresAt !== undefined && key.expiresAt <= this.#now()) {
      throw new AwsError("ExpiredTokenException", "The security token included in the request is expired");
    }
    if (key.secretAccessKey !== undefined) {
      const expected = signatureOf(request, key.secretAccessKey, day, region, service, signedHeaders);
      if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) {
        throw new AwsError(
          "InvalidSignatureException",
          "The request signature we calculated does not match the signature you provided. " +
            "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
        );
      }
    }
    return { caller: key.caller, region };
  }

  /** Credentials of a role's session, valid for so many seconds. */
  assumeRole(accountId: string, roleName: string, sessionName: string, seconds: number): TemporaryCredentials {
    const accessKeyId = `ASIA${randomBytes(8).toString("hex").toUpperCase()}`;
    const credentials: TemporaryCredentials = {
      accessKeyId,
      secretAccessKey: randomBytes(30).toString("base64"),
      sessionToken: randomBytes(180).toString("base64"),
      expiresAt: new Date(this.#now().getTime() + seconds * 1000),
      caller: {
        accountId,
        accessKeyId,
        arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
        userId: `${uniqueId("AROA", `${accountId}/${roleName}`)}:${sessionName}`,
      },
    };
    this.#keys.set(accessKeyId, credentials);
    return credentials;
  }

  #find(accessKeyId: string): KnownKey {
    const known = this.#keys.get(accessKeyId);
    if (known) return known;
    // Temporary keys are only ever known because this simulator handed them out.
    if (this.#anyKeyAccount === undefined || accessKeyId.startsWith("ASIA")) throw unrecognized();
    return { caller: userCaller(accessKeyId, this.#anyKeyAccount, "assessor"), secretAccessKey: undefined };
  }
}

function userCaller(accessKeyId: string, accountId: string, userName: string): Caller {
  const arn = `arn:aws:iam::${accountId}:user/${userName}`;
  return { accountId, accessKeyId, arn, userId: uniqueId("AIDA", arn) };
}

function unrecognized(): AwsError {
  return new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.");
}

/** Signature Version 4. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf(
  request: HttpRequest,
  secret: string,
  day: string,
  region: string,
  service: string,
  signedHeaders: string,
): string {
  const [path = "/", query = ""] = request.path.split("?");
  const canonical = [
    request.method,
    path,
    query.split("&").sort().join("&"),
    ...signedHeaders.split(";").map(name => `${name}:${(request.headers[name] ?? "").trim().replaceAll(/ +/g, " ")}`),
    "",
    signedHeaders,
    createHash("sha256").update(request.body).digest("hex"),
  ].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = [
    "AWS4-HMAC-SHA256",
    request.headers["x-amz-date"] ?? "",
    scope,
    createHash("sha256").update(canonical).digest("hex"),
  ].join("\n");
  let key: Buffer = createHmac("sha256", `AWS4${secret}`).update(day).digest();
  for (const part of [region, service, "aws4_request"]) key = createHmac("sha256", key).update(part).digest();
  return createHmac("sha256", key).update(toSign).digest("hex");
}
