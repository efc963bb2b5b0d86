import type { DmsTableScript } from "./scripts.ts";

/** How many tables a DMS task loads at the same time (MaxFullLoadSubTasks). */
const parallel = 8;

export type LoadState = "queued" | "loading" | "loaded" | "error";

/** The full load of one table within its task; shares are of the whole task's work. */
export interface TableLoad {
  readonly startsAt: number;
  readonly endsAt: number;
  /** Its share of all rows of the task. */
  readonly weight: number;
  /** How many rows could not be loaded, once it is in error. */
  readonly errorRows: number;
  stateAt(share: number): LoadState;
  rowsAt(share: number): number;
}

export interface Loads {
  readonly tables: readonly TableLoad[];
  loadedAt(share: number): { rows: number; bytes: number };
  /** Whole percent of the rows that will be loaded; 100 only when all are. */
  percentAt(share: number): number;
}

/** Lays the tables out over the task's work, largest first onto whichever of the loaders is free. */
export function planLoads(tables: readonly DmsTableScript[]): Loads {
  const bytesOf = (table: DmsTableScript): number => Math.max(1, table.rows * (table.bytesPerRow ?? 200));
  const total = tables.reduce((sum, table) => sum + table.rows, 0);
  const loaders = new Array<number>(Math.min(parallel, Math.max(1, tables.length))).fill(0);
  const spans = new Map<DmsTableScript, { from: number; to: number }>();
  for (const table of tables.toSorted((left, right) => bytesOf(right) - bytesOf(left))) {
    const loader = loaders.indexOf(Math.min(...loaders));
    const from = loaders[loader] ?? 0;
    const to = from + bytesOf(table) * (table.failsAfter ?? 1);
    loaders[loader] = to;
    spans.set(table, { from, to });
  }
  const whole = Math.max(...loaders, 1);
  const loads = tables.map(table => {
    const { from, to } = spans.get(table) ?? { from: 0, to: whole };
    return loadOf(table, from / whole, to / whole, total === 0 ? 0 : table.rows / total);
  });
  const loadedAt = (share: number) =>
    loads.reduce(
      (sum, load, index) => {
        const rows = load.rowsAt(share);
        return { rows: sum.rows + rows, bytes: sum.bytes + rows * (tables[index]?.bytesPerRow ?? 200) };
      },
      { rows: 0, bytes: 0 },
    );
  const loadable = loadedAt(1).rows;
  return {
    tables: loads,
    loadedAt,
    percentAt: share =>
      share >= 1 ? 100 : Math.min(99, Math.floor((100 * loadedAt(share).rows) / Math.max(1, loadable))),
  };
}

function loadOf(table: DmsTableScript, startsAt: number, endsAt: number, weight: number): TableLoad {
  const last = Math.floor(table.rows * (table.failsAfter ?? 1));
  return {
    startsAt,
    endsAt,
    weight,
    errorRows: table.failsAfter === undefined ? 0 : Math.max(1, Math.floor((table.rows - last) / 100)),
    stateAt(share) {
      if (share >= endsAt) return table.failsAfter === undefined ? "loaded" : "error";
      return share > startsAt ? "loading" : "queued";
    },
    rowsAt(share) {
      if (share <= startsAt) return 0;
      return share >= endsAt ? last : Math.floor((last * (share - startsAt)) / (endsAt - startsAt));
    },
  };
}
