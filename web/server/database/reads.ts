import type { Pool, PoolClient } from "pg";
import { acquire } from "./acquire.ts";
import type { Database } from "./database.ts";
import { isReplicasTrouble, REPLAYED } from "./replica.ts";
import { abandon, begin, type Settings } from "./transaction.ts";

/**
 * Everything one request reads: one connection, one transaction, one moment, from the replica where that may answer. Its
 * parts run one after the other; one that fails does not spoil those after it.
 */
export class Reads {
  readonly #database: Database;
  readonly #settings: Settings;
  readonly #onSource: (source: string) => void;
  #turn: Promise<unknown> = Promise.resolve();
  #client: PoolClient | undefined;
  #isReplica: boolean;

  /** @param onSource told where the answer comes from: `primary`, or `replica; lag=0.2` */
  constructor(database: Database, settings: Settings, onSource: (source: string) => void = () => undefined) {
    this.#database = database;
    this.#settings = settings;
    this.#onSource = onSource;
    this.#isReplica = database.replica?.isUsable ?? false;
  }

  run<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => this.#run(work));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Call when the request has its answer; the answer need not wait for it. */
  async end(): Promise<void> {
    await this.#turn;
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    await client.query("commit").then(
      () => client.release(),
      (error: Error) => client.release(error),
    );
  }

  async #run<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const { replica } = this.#database;
    if (this.#isReplica && replica !== null) {
      try {
        const client = await this.#on(replica.pool);
        if (client !== undefined) return await this.#try(client, work);
      } catch (error) {
        if (!isReplicasTrouble(error)) throw error;
        replica.failed(error);
      }
      this.#isReplica = false;
    }
    const client = await this.#on(this.#database.pool);
    if (client === undefined) throw new Error("the primary is always good enough");
    return this.#try(client, work);
  }

  async #try<T>(client: PoolClient, work: (client: PoolClient) => Promise<T>): Promise<T> {
    try {
      return await work(client);
    } catch (error) {
      this.#client = undefined;
      await abandon(client);
      throw error;
    }
  }

  /** The request's connection; undefined when the replica has not come far enough. */
  async #on(pool: Pool): Promise<PoolClient | undefined> {
    if (this.#client !== undefined) return this.#client;
    const { replica } = this.#database;
    const client = await acquire(pool);
    try {
      const replayed = await begin(client, this.#settings, "read", this.#isReplica ? `${REPLAYED}::text` : undefined);
      if (this.#isReplica && replica !== null && !replica.accepts(replayed)) {
        await abandon(client);
        return undefined;
      }
    } catch (error) {
      client.release(error instanceof Error ? error : true);
      throw error;
    }
    this.#onSource(this.#isReplica ? `replica; lag=${replica?.status.lagSeconds}` : "primary");
    this.#client = client;
    return client;
  }
}
