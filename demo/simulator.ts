import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Catalog } from "./catalog/model.ts";
import { type CatalogOptions, createCatalog } from "./catalog.ts";
import { Desk } from "./desk.ts";
import { FaultPlan, type FaultRule } from "./faults.ts";
import { type AccountOptions, Identities } from "./identities.ts";
import { type ClockOptions, SimulatedClock } from "./migration/clock.ts";
import type { Migration } from "./migration/migration.ts";
import { createMigration, type MigrationOptions } from "./migration.ts";
import { type RateLimit, RateLimiter } from "./rate-limit.ts";
import { type Counters, RequestLog, type RequestRecord } from "./request-log.ts";
import { createServices } from "./services/registry.ts";
import type { RoleOptions, World } from "./services/service.ts";

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
  /** Federated catalogs of every account, by their path: `s3tablescatalog/lake`, `warehouse/sales`; none when left out. */
  readonly federatedCatalogs?: Readonly<Record<string, CatalogOptions>>;
  /**
   * The accounts by access key, each with a catalog of its own; other keys are refused then. When left out, every
   * key is taken and belongs to {@link defaultAccountId}.
   */
  readonly accounts?: Readonly<Record<string, AccountOptions & { readonly catalog?: CatalogOptions }>>;
  /** The roles that AssumeRole knows, by ARN; when left out, any role of a known account may be assumed. */
  readonly roles?: Readonly<Record<string, RoleOptions>>;
  /** The simulated time: real time when left out. */
  readonly clock?: ClockOptions;
  /** What the accounts migrate: the demo company's jobs in the demo catalog, nothing in a sized one, when left out. */
  readonly migration?: MigrationOptions;
  readonly faults?: readonly FaultRule[];
  readonly limit?: RateLimit;
  /** How many requests the log keeps (at least); 10,000 when left out. */
  readonly logCapacity?: number;
  /** Whether the log keeps what was asked and answered, for tests that compare; it does not when left out. */
  readonly keepAnswers?: boolean;
}

/** A running simulator. */
export interface Simulator extends AsyncDisposable {
  /** For the SDK's `endpoint` or AWS_ENDPOINT_URL. */
  readonly url: string;
  readonly port: number;
  /** Faults can be added and removed at any time. */
  readonly faults: FaultPlan;
  /** Everything that jobs do follows from it: advance() and set() move it by hand. */
  readonly clock: SimulatedClock;
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
  /** What an account's jobs are and do. */
  migrationOf(accountId?: string): Migration;
  /** The environment variables that point the AWS CLI, the SDKs and our CLI at this simulator. */
  environment(region?: string): Record<string, string>;
  /** Stops listening, drops every connection, hanging ones too. */
  close(): Promise<void>;
}

/** Starts a simulator; rejects when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const seed = options.seed ?? "aws2openstack";
  const catalogs = new Catalogs(options, seed);
  const clock = new SimulatedClock(options.clock);
  const migrations = new Map<string, Migration>();
  const migrationOf = (accountId: string): Migration => {
    let migration = migrations.get(accountId);
    if (!migration) {
      const catalog = catalogs.of(accountId);
      migration = createMigration(options.migration, { seed, accountId, origin: clock.startedAt }, catalog);
      migrations.set(accountId, migration);
    }
    return migration;
  };
  const world: World = {
    seed,
    migrationOf,
    roles: options.roles,
    identities: new Identities(options.accounts ?? {}, options.accounts ? undefined : defaultAccountId),
    catalogOf: accountId => catalogs.of(accountId),
    federatedOf: accountId => catalogs.federatedOf(accountId),
  };
  const log = new RequestLog(options.logCapacity ?? 10_000);
  const faults = new FaultPlan(seed, options.faults);
  const limiter = new RateLimiter(options.limit);
  const desk = new Desk({
    world,
    services: createServices(world),
    faults,
    limiter,
    log,
    clock,
    keepAnswers: options.keepAnswers ?? false,
  });
  const server = createServer((message, response) => void desk.serve(message, response));
  // Longer than clients keep idle connections: a socket closed just as it is used again looks like a fault.
  server.keepAliveTimeout = 120_000;
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const close = async (): Promise<void> => {
    desk.stop();
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return {
    url,
    port,
    faults,
    clock,
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
    migrationOf: (accountId = catalogs.firstAccountId) => migrationOf(accountId),
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
  readonly #federated: Readonly<Record<string, CatalogOptions>>;
  readonly #made = new Map<string, Catalog>();
  readonly #federatedMade = new Map<string, ReadonlyMap<string, Catalog>>();
  #generation: number | undefined;

  constructor(options: SimulatorOptions, seed: string) {
    this.#seed = seed;
    this.#federated = options.federatedCatalogs ?? {};
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

  federatedOf(accountId: string): ReadonlyMap<string, Catalog> {
    let catalogs = this.#federatedMade.get(accountId);
    if (!catalogs) {
      const generation = this.#generation ?? 0;
      catalogs = new Map(
        Object.entries(this.#federated).map(([path, options]) => [
          path,
          createCatalog({ seed: `${this.#seed}/${path}`, ...options, accountId, generation }),
        ]),
      );
      this.#federatedMade.set(accountId, catalogs);
    }
    return catalogs;
  }

  setGeneration(generation: number): void {
    this.#generation = generation;
    this.#made.clear();
    this.#federatedMade.clear();
  }
}
