import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { AwsError } from "./errors.ts";
import { type FaultPlan, rateExceeded, type Verdict } from "./faults.ts";
import { type HttpReply, type HttpRequest, readRequest } from "./http.ts";
import type { SimulatedClock } from "./migration/clock.ts";
import type { RateLimiter } from "./rate-limit.ts";
import type { RequestLog, RequestRecord } from "./request-log.ts";
import { encodeJsonError } from "./services/json-protocol.ts";
import type { Incoming, Service, World } from "./services/service.ts";

/** On every answer, so that whoever records one can say that it was no AWS that gave it. */
export const simulatedHeader = "x-aws2openstack-simulated";

/** What the desk works with. */
export interface DeskParts {
  readonly world: World;
  readonly services: readonly Service[];
  readonly faults: FaultPlan;
  readonly limiter: RateLimiter;
  readonly log: RequestLog;
  readonly clock: SimulatedClock;
  /** Whether the log keeps what was asked and answered. */
  readonly keepAnswers: boolean;
}

type Fate = Pick<RequestRecord, "outcome" | "status" | "items">;

/** An answer on its way out. */
interface Told {
  readonly reply: HttpReply;
  readonly items: number;
  readonly date: string;
}

/** What is known of a request, filled in step by step so that even a refused one is logged as far as it came. */
interface Dossier {
  readonly requestId: string;
  service?: Service;
  incoming?: Incoming;
  about: Partial<RequestRecord>;
}

/** Takes requests in, lets the services answer and the faults spoil the answers. */
export class Desk {
  readonly #parts: DeskParts;
  readonly #stopping = new AbortController();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Ends whatever still waits. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Answers a request and logs it; never rejects. */
  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const record = this.#parts.log.begin();
    const at = Date.now();
    const startedAt = performance.now();
    const dossier: Dossier = { requestId: randomUUID(), about: {} };
    let fate: Fate = { outcome: "aborted", status: undefined, items: 0 };
    try {
      fate = await this.#answer(await readRequest(message), response, dossier);
    } catch {
      // The client went away or the simulator is closing: nobody is left to be told.
      response.destroy();
    }
    const { about, requestId } = dossier;
    record({
      at,
      service: about.service ?? "unknown",
      operation: about.operation ?? "unknown",
      region: about.region,
      accountId: about.accountId,
      accessKeyId: about.accessKeyId,
      database: about.database,
      table: about.table,
      resource: about.resource,
      token: about.token,
      metrics: about.metrics ?? 0,
      toldOf: about.toldOf,
      ...(about.output && { input: about.input, output: about.output }),
      requestId,
      durationMs: performance.now() - startedAt,
      ...fate,
    });
  }

  async #answer(request: HttpRequest, response: ServerResponse, dossier: Dossier): Promise<Fate> {
    let leave: (() => void) | undefined;
    try {
      const { service, incoming } = this.#recognise(request, dossier);
      const { caller, region } = this.#parts.world.identities.authenticate(request, service.signingName);
      const { accountId, accessKeyId } = caller;
      Object.assign(dossier.about, { region, accountId, accessKeyId });
      leave = this.#parts.limiter.enter([accountId, region, service.signingName], incoming.operation);
      if (!leave) throw rateExceeded();
      const verdict = this.#parts.faults.judge({
        ...service.subjectOf(incoming),
        service: service.signingName,
        operation: incoming.operation,
        region,
        accountId,
        accessKeyId,
        callerArn: caller.arn,
        action: `${service.iamName ?? service.signingName}:${incoming.operation}`,
        resourceArn: service.resourceOf(incoming, region, accountId),
      });
      if (verdict.delayMs > 0) await sleep(verdict.delayMs, undefined, { signal: this.#stopping.signal });
      if (verdict.hang) return await this.#neverAnswer(response);
      if (verdict.resetBefore) return reset(response, { outcome: "reset", status: undefined, items: 0 });
      if (verdict.error) throw verdict.error;
      const now = this.#parts.clock.time;
      const time = now - verdict.oldMs;
      const answer = service.answer({ ...incoming, region, caller, lies: verdict.lies, time });
      const reply = service.encode(incoming.operation, answer, dossier.requestId);
      Object.assign(dossier.about, { metrics: answer.metrics, toldOf: time });
      if (this.#parts.keepAnswers) {
        const output = answer.json === undefined ? answer.output : JSON.parse(answer.json);
        Object.assign(dossier.about, { input: incoming.input, output });
      }
      const date = new Date(now + verdict.skewMs).toUTCString();
      return await deliver(response, { reply, items: answer.items ?? 0, date }, verdict);
    } catch (error) {
      if (this.#stopping.signal.aborted) throw error;
      const awsError = error instanceof AwsError ? error : simulatorFailure(error);
      const reply = (dossier.service?.encodeError ?? encodeJsonError)(awsError, dossier.requestId);
      await send(response, reply, this.#parts.clock.now().toUTCString());
      return { outcome: awsError.code, status: reply.status, items: 0 };
    } finally {
      leave?.();
    }
  }

  #recognise(request: HttpRequest, dossier: Dossier): { service: Service; incoming: Incoming } {
    for (const service of this.#parts.services) {
      const incoming = service.recognise(request);
      if (!incoming) continue;
      dossier.service = service;
      dossier.about = {
        service: service.signingName,
        operation: incoming.operation,
        ...service.subjectOf(incoming),
      };
      return { service, incoming };
    }
    throw new AwsError("UnknownOperationException", "The simulator does not know this service or protocol");
  }

  /** Ends when the client gives up or the simulator closes. */
  #neverAnswer(response: ServerResponse): Promise<Fate> {
    return new Promise(resolve => {
      const end = (): void => resolve({ outcome: "no answer", status: undefined, items: 0 });
      response.once("close", end);
      this.#stopping.signal.addEventListener("abort", end, { once: true });
    });
  }
}

/** A mistake of the simulator itself must not pass for one of AWS. */
function simulatorFailure(error: unknown): AwsError {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AwsError("SimulatorFailure", text, 500);
}

async function deliver(response: ServerResponse, { reply, items, date }: Told, verdict: Verdict): Promise<Fate> {
  if (verdict.resetInBody) {
    await sendHalf(response, reply, date);
    return reset(response, { outcome: "reset in body", status: reply.status, items });
  }
  if (verdict.truncate) {
    await send(response, { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) }, date);
    return { outcome: "truncated", status: reply.status, items };
  }
  await send(response, reply, date);
  return { outcome: "ok", status: reply.status, items };
}

function reset(response: ServerResponse, fate: Fate): Fate {
  response.socket?.resetAndDestroy();
  return fate;
}

function headersOf(reply: HttpReply, body: Buffer, date: string): Record<string, string | number> {
  return { ...reply.headers, date, [simulatedHeader]: "true", "content-length": body.byteLength };
}

function send(response: ServerResponse, reply: HttpReply, date: string): Promise<void> {
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, headersOf(reply, body, date));
  return new Promise(resolve => {
    // "close" comes in either case: after the last byte, or when the client went away.
    response.once("close", resolve);
    response.end(body);
  });
}

/** Sends the head, which promises the whole body, and half of the body. */
function sendHalf(response: ServerResponse, reply: HttpReply, date: string): Promise<void> {
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, headersOf(reply, body, date));
  return new Promise(resolve => {
    response.once("close", resolve);
    response.write(body.subarray(0, body.byteLength >> 1), () => resolve());
  });
}
