import type { Pool } from "pg";
import { authenticatorPool } from "../../../postgres/connect.ts";
import { Replica, type ReplicaStatus } from "./replica.ts";

export interface DatabaseOptions {
  /** Login URL of a2o_authenticator, or of a superuser who gives itself up for it; through PgBouncer, if you like. */
  databaseUrl: string;
  /** A streaming replica for questions; the same login. */
  readDatabaseUrl?: string | null;
  /** For the one connection that listens: past PgBouncer, which cannot pass notifications on. */
  listenDatabaseUrl?: string | null;
  /** A replica further behind than this answers nothing. */
  maxLagSeconds?: number;
  log: (line: string) => void;
  /** Milliseconds between looks at the replica. */
  lookEvery?: number;
}

/** The web server's connections. */
export interface Database {
  /** To the primary. */
  readonly pool: Pool;
  readonly listenPool: Pool;
  readonly replica: Replica | null;
  /** All of them by name, for metrics. */
  readonly pools: Readonly<Record<string, Pool>>;
  /** For /readyz. */
  status(): { replica: ReplicaStatus | null };
  /** Call after something was written that later questions must see; does nothing without a replica. */
  written(): Promise<void>;
  close(): Promise<void>;
}

/** Connections to one server; a request holds one only while its queries run. */
const POOL_SIZE = 10;

/** Opens nothing yet: connections come with the first queries. */
export function openDatabase(options: DatabaseOptions): Database {
  const { databaseUrl, readDatabaseUrl, listenDatabaseUrl, maxLagSeconds = 5, log, lookEvery } = options;
  const pool = authenticatorPool(databaseUrl, POOL_SIZE);
  const listenPool = authenticatorPool(listenDatabaseUrl ?? databaseUrl, 1, "live");
  const readPool = readDatabaseUrl == null ? null : authenticatorPool(readDatabaseUrl, POOL_SIZE, "web replica");
  const replica =
    readPool === null
      ? null
      : new Replica({
          primary: pool,
          replica: readPool,
          maxLagSeconds,
          log,
          ...(lookEvery !== undefined && { lookEvery }),
        });
  return {
    pool,
    listenPool,
    replica,
    pools: { web: pool, live: listenPool, ...(readPool !== null && { replica: readPool }) },
    status: () => ({ replica: replica?.status ?? null }),
    written: async () => replica?.require(),
    async close() {
      await replica?.close();
      await Promise.all([pool.end(), listenPool.end(), readPool?.end()]);
    },
  };
}
