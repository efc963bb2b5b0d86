import type { CombinedError } from "@urql/core";
import { type Accessor, createMemo } from "solid-js";

/** Where the rows of a DataTable come from. */
export interface RowSource<Row> {
  /** Rows known to be there so far; those on their way included. */
  length: Accessor<number>;
  /** The loaded rows: a stretch without gaps, which begins at index `start`. */
  loaded: Accessor<{ start: number; rows: readonly Row[] }>;
  /** Asks for the rows that are about to be seen. */
  need: (first: number, last: number) => void;
  /** True until the first rows have come, and while those of another question are on their way. */
  isWaiting: Accessor<boolean>;
  /** True once it is known that there are no more rows than `length`. */
  isWhole: Accessor<boolean>;
  problem: Accessor<CombinedError | undefined>;
  retry: () => void;
}

/** Rows that are all here already. */
export function createListSource<Row>(
  rows: Accessor<readonly Row[]>,
  state: { isWaiting?: Accessor<boolean>; problem?: Accessor<CombinedError | undefined>; retry?: () => void } = {},
): RowSource<Row> {
  return {
    length: () => rows().length,
    loaded: createMemo(() => ({ start: 0, rows: rows() })),
    need: () => undefined,
    isWaiting: state.isWaiting ?? (() => false),
    isWhole: () => true,
    problem: state.problem ?? (() => undefined),
    retry: state.retry ?? (() => undefined),
  };
}
