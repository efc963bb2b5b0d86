import { statfsSync } from "node:fs";
import { totalmem } from "node:os";

/** Server settings by name, each value as it would stand in postgresql.conf without its quotes. */
export type Settings = Record<string, string>;

const MB = 2 ** 20;

/** Settings for a database that shares a laptop with its user. Everything here can be overridden by ALTER SYSTEM. */
export function laptopSettings(): Settings {
  const memory = availableMemory();
  return {
    max_connections: "100",
    shared_buffers: megabytes(memory / 8, 32, 256),
    effective_cache_size: megabytes(memory / 2, 128, 16_384),
    work_mem: megabytes(memory / 256, 4, 32),
    maintenance_work_mem: megabytes(memory / 16, 32, 512),
    // Where hugepages are limited for a container, "try" ends in a bus error instead of a fallback.
    huge_pages: "off",
    dynamic_shared_memory_type: sharedMemoryType(),
    // Nobody replicates this server, and COPY into a table made in the same transaction then needs no WAL.
    wal_level: "minimal",
    max_wal_senders: "0",
    wal_compression: "on",
    max_wal_size: "4GB",
    checkpoint_timeout: "15min",
    random_page_cost: "1.1",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_line_prefix: "%m [%p] %q%u@%d ",
    log_checkpoints: "off",
    logging_collector: "off",
    log_destination: "stderr",
  };
}

/** Settings for a server whose data may be lost at any time: tests, and assessments that keep nothing. */
export function throwawaySettings(): Settings {
  return {
    ...laptopSettings(),
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    autovacuum: "off",
    max_connections: "200",
  };
}

/** The text of a configuration file with these settings. */
export function renderSettings(settings: Settings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  return `# Written by aws2openstack at every start. Change settings with ALTER SYSTEM instead.\n${lines.join("\n")}\n`;
}

/** Bytes of memory we may count on: the machine's, or the container's limit when that is lower. */
function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function megabytes(bytes: number, least: number, most: number): string {
  return `${Math.round(Math.min(Math.max(bytes / MB, least), most))}MB`;
}

/** Containers usually have 64 MB of /dev/shm, which parallel queries overrun; files in the data directory do not. */
function sharedMemoryType(): string {
  if (process.platform === "win32") return "windows";
  if (process.platform !== "linux") return "posix";
  try {
    const shm = statfsSync("/dev/shm");
    return shm.bsize * shm.blocks >= 256 * MB ? "posix" : "mmap";
  } catch {
    return "mmap";
  }
}
