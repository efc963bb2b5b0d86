import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Catalog } from "./catalog/model.ts";
import { type CatalogOptions, createCatalog } from "./catalog.ts";
import { AwsError } from "./errors.ts";
import { FaultPlan, type FaultRule, rateExceeded } from "./faults.ts";
import { type HttpReply, readRequest } from "./http.ts";
import { type AccountOptions, type Authenticated, Identities } from "./identities.ts";
import { type RateLimit, RateLimiter } from "./rate-limit.ts";
import { type Counters, RequestLog, type RequestRecord } from "./request-log.ts";
import { encodeJsonError } from "./services/json-protocol.ts";
import { createServices } from "./services/registry.ts";
import type { RoleOptions, Service, World } from "./services/service.ts";

/** The account of calls whose access key is in no map; one of those AWS's documentation uses, so nobody's. */
export const defaultAccountId = "210987654321";

/** Credentials that AWS's documentation uses as its example; the simulator takes any when no accounts are given. */
export const demoCredentials = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
} as const;

export interface SimulatorOptions {
  /** TCP port on 127.0.0.1; any free one when left out or 0. */
  readonly port?: number;
  /** Everything that looks random follows from it; "aws2openstack" when left out. */
  readonly seed?: string;
  /** What the Glue catalogs hold: the demo catalog when left out. */
  readonly catalog?: CatalogOptions;
  /**
   * The accounts by access key, each with a catalog of its own; other keys are refused then. When left out, every
   * key is taken and belongs to {@link defaultAccountId}.
   */
  readonly accounts?: Readonly<Record<string, AccountOptions & { readonly catalog?: CatalogOptions }>>;
  /** The roles that AssumeRole knows, by ARN; when left out, any role of a known account may be assumed. */
  readonly roles?: Readonly<Record<string, RoleOptions>>;
  readonly faults?: readonly FaultRule[];
  readonly limit?: RateLimit;
  /** How many requests the log keeps (at least); 10,000 when left out. */
  readonly logCapacity?: number;
}

/** A running simulator. */
export interface Simulator extends AsyncDisposable {
  /** For the SDK's `endpoint` or AWS_ENDPOINT_URL. */
  readonly url: string;
  readonly port: number;
  /** Faults can be added and removed at any time. */
  readonly faults: FaultPlan;
  /** The newest requests, in the order they ended. */
  readonly requests: readonly RequestRecord[];
  readonly counters: Counters;
  /** Forgets the requests and counters so far. */
  clearRequests(): void;
  /** Replaces the rate limit; `{}` takes it away. */
  setLimit(limit: RateLimit): void;
  /** Lets time pass: every catalog moves to this generation; listings under way may skip or repeat tables, as in AWS. */
  setGeneration(generation: number): void;
  /** The catalog that an account's calls see. */
  catalogOf(accountId?: string): Catalog;
  /** The environment variables that point the AWS CLI, the SDKs and our CLI at this simulator. */
  environment(region?: string): Record<string, string>;
  /** Stops listening, drops every connection, hanging ones too. */
  close(): Promise<void>;
}

/** Starts a simulator; rejects when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const seed = options.seed ?? "aws2openstack";
  const catalogs = new Catalogs(options, seed);
  const world: World = {
    seed,
    roles: options.roles,
    identities: new Identities(options.accounts ?? {}, options.accounts ? undefined : defaultAccountId),
    catalogOf: accountId => catalogs.of(accountId),
  };
  const log = new RequestLog(options.logCapacity ?? 10_000);
  const faults = new FaultPlan(seed, options.faults);
  const limiter = new RateLimiter(options.limit);
  const desk = new Desk(world, createServices(world), faults, limiter, log);
  const server = createServer((message, response) => void desk.serve(message, response));
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    desk.stop();
    server.closeAllConnections();
    if (server.listening) await new Promise<void>(resolve => server.close(() => resolve()));
  };
  return {
    url,
    port,
    faults,
    get requests() {
      return log.records;
    },
    get counters() {
      return log.counters;
    },
    clearRequests: () => log.clear(),
    setLimit: limit => limiter.set(limit),
    setGeneration: generation => catalogs.setGeneration(generation),
    catalogOf: (accountId = catalogs.firstAccountId) => {
      const catalog = catalogs.of(accountId);
      if (!catalog) throw new RangeError(`the simulator has no account ${accountId}`);
      return catalog;
    },
    environment: (region = "eu-central-1") => ({
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: Object.keys(options.accounts ?? {})[0] ?? demoCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY:
        Object.values(options.accounts ?? {})[0]?.secretAccessKey ?? demoCredentials.secretAccessKey,
    }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** The catalogs of all accounts, made when first asked for. */
class Catalogs {
  readonly firstAccountId: string;
  readonly #options: Map<string, CatalogOptions>;
  readonly #seed: string;
  readonly #made = new Map<string, Catalog>();
  #generation: number | undefined;

  constructor(options: SimulatorOptions, seed: string) {
    this.#seed = seed;
    this.#options = new Map(
      options.accounts
        ? Object.values(options.accounts).map(account => [account.accountId, account.catalog ?? options.catalog ?? {}])
        : [[defaultAccountId, options.catalog ?? {}]],
    );
    this.firstAccountId = [...this.#options.keys()][0] ?? defaultAccountId;
  }

  of(accountId: string): Catalog | undefined {
    const options = this.#options.get(accountId);
    if (!options) return undefined;
    let catalog = this.#made.get(accountId);
    if (!catalog) {
      const generation = this.#generation ?? options.generation ?? 0;
      catalog = createCatalog({ seed: this.#seed, ...options, accountId, generation });
      this.#made.set(accountId, catalog);
    }
    return catalog;
  }

  setGeneration(generation: number): void {
    this.#generation = generation;
    this.#made.clear();
  }
}

type Fate = Pick<RequestRecord, "outcome" | "status" | "items">;

/** Takes requests in, lets the services answer and the faults spoil them. */
class Desk {
  readonly #world: World;
  readonly #services: readonly Service[];
  readonly #faults: FaultPlan;
  readonly #limiter: RateLimiter;
  readonly #log: RequestLog;
  readonly #stopping = new AbortController();

  constructor(world: World, services: readonly Service[], faults: FaultPlan, limiter: RateLimiter, log: RequestLog) {
    this.#world = world;
    this.#services = services;
    this.#faults = faults;
    this.#limiter = limiter;
    this.#log = log;
  }

  stop(): void {
    this.#stopping.abort();
  }

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const record = this.#log.begin();
    const requestId = randomUUID();
    const startedAt = performance.now();
    const about: Partial<RequestRecord> = {};
    const seen = { at: Date.now(), requestId, about: about as Mutable<Partial<RequestRecord>> };
    let fate: Fate = { outcome: "aborted", status: undefined, items: 0 };
    try {
      fate = await this.#handle(message, response, seen);
    } catch {
      // The client went away or the simulator is closing: nobody is left to be told.
      response.destroy();
    }
    record({
      at: seen.at,
      service: about.service ?? "unknown",
      operation: about.operation ?? "unknown",
      region: about.region,
      accountId: about.accountId,
      accessKeyId: about.accessKeyId,
      database: about.database,
      table: about.table,
      token: about.token,
      requestId,
      durationMs: performance.now() - startedAt,
      ...fate,
    });
  }

  async #handle(
    message: IncomingMessage,
    response: ServerResponse,
    { requestId, about }: { requestId: string; about: Mutable<Partial<RequestRecord>> },
  ): Promise<Fate> {
    const request = await readRequest(message);
    let service: Service | undefined;
    let leave: (() => void) | undefined;
    try {
      let incoming: ReturnType<Service["recognise"]>;
      for (service of this.#services) {
        incoming = service.recognise(request);
        if (incoming) break;
      }
      if (!service || !incoming) {
        service = undefined;
        throw new AwsError("UnknownOperationException", "The simulator does not know this service or protocol");
      }
      const { input, operation } = incoming;
      Object.assign(about, { service: service.signingName, operation }, service.subjectOf(incoming));
      const { caller, region }: Authenticated = this.#world.identities.authenticate(request, service.signingName);
      Object.assign(about, { region, accountId: caller.accountId, accessKeyId: caller.accessKeyId });
      leave = this.#limiter.enter([caller.accountId, region, service.signingName, operation].join("/"));
      if (!leave) throw rateExceeded();
      const verdict = this.#faults.judge({
        ...service.subjectOf(incoming),
        service: service.signingName,
        operation,
        region,
        accountId: caller.accountId,
        accessKeyId: caller.accessKeyId,
        callerArn: caller.arn,
        resourceArn: service.resourceOf(incoming, region, caller.accountId),
      });
      if (verdict.delayMs > 0) await sleep(verdict.delayMs, undefined, { signal: this.#stopping.signal, ref: false });
      if (verdict.hang) return await this.#neverAnswer(response);
      if (verdict.resetBefore) {
        message.socket.resetAndDestroy();
        return { outcome: "reset", status: undefined, items: 0 };
      }
      if (verdict.error) throw verdict.error;
      const answer = service.answer({ operation, input, region, caller, lies: verdict.lies });
      const reply = service.encode(operation, answer, requestId);
      const items = answer.items ?? 0;
      if (verdict.resetInBody) {
        await sendHalf(response, reply, reply.body.length);
        message.socket.resetAndDestroy();
        return { outcome: "reset in body", status: reply.status, items };
      }
      if (verdict.truncate) {
        const half = reply.body.slice(0, Math.floor(reply.body.length / 2));
        await send(response, { ...reply, body: half });
        return { outcome: "truncated", status: reply.status, items };
      }
      await send(response, reply);
      return { outcome: "ok", status: reply.status, items };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const reply = (service?.encodeError ?? encodeJsonError)(error, requestId);
      await send(response, reply);
      return { outcome: error.code, status: reply.status, items: 0 };
    } finally {
      leave?.();
    }
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

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function send(response: ServerResponse, reply: HttpReply): Promise<void> {
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, { ...reply.headers, "content-length": body.byteLength });
  return new Promise(resolve => {
    // "close" comes in either case: after the last byte, or when the client went away.
    response.once("close", resolve);
    response.end(body);
  });
}

/** Sends the head, with the whole body's length, and half of the body. */
function sendHalf(response: ServerResponse, reply: HttpReply, length: number): Promise<void> {
  response.writeHead(reply.status, { ...reply.headers, "content-length": length });
  return new Promise(resolve => response.write(reply.body.slice(0, Math.floor(length / 2)), () => resolve()));
}
