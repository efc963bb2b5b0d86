import { CombinedError } from "@urql/core";
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import type { RowSource } from "./row-source.ts";

export interface KeysetPage<Row> {
  rows: readonly Row[];
  /** Cursor of the page after this one; null after the last. */
  next: string | null;
}

interface KeysetOptions<Question, Row> {
  /** What is asked. When it changes, the rows are asked for anew from the front. Compared by its JSON text. */
  question: Accessor<Question | undefined>;
  /** @throws CombinedError */
  read: (question: Question, cursor: string | null) => Promise<KeysetPage<Row>>;
}

/** Pages kept in memory around what is seen. The others are forgotten; their cursors are not, so they can come back. */
const keptPages = 16;
/** Pages read beyond what is seen. */
const ahead = 1;

/** One page as far as it is known: from which row on, by which cursor, and how many rows once it was read. */
interface PagePlace {
  start: number;
  cursor: string | null;
  size?: number;
}

interface Stretch<Row> {
  /** Number of the first page in `pages`. */
  first: number;
  pages: (readonly Row[])[];
}

/**
 * Rows of any number, read by keyset pages: each page tells the cursor of the next, so that the millionth row costs what
 * the first did, and memory holds a few thousand rows at most.
 */
export function createKeysetSource<Question, Row>(options: KeysetOptions<Question, Row>): RowSource<Row> {
  let places: PagePlace[] = [];
  let stretch: Stretch<Row> = { first: 0, pages: [] };
  let wanted = { first: 0, last: 0 };
  let generation = 0;
  let isReading = false;
  let isFresh = false;

  const [length, setLength] = createSignal(0);
  const [loaded, setLoaded] = createSignal<{ start: number; rows: readonly Row[] }>({ start: 0, rows: [] });
  const [isWaiting, setWaiting] = createSignal(true);
  const [isWhole, setWhole] = createSignal(false);
  const [problem, setProblem] = createSignal<CombinedError>();

  const pageOf = (row: number): number => {
    let low = 0;
    let high = places.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((places[middle]?.start ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  const publish = () => {
    const last = places.at(-1);
    const isEnd = last?.size !== undefined;
    // Below the last known page stands a place for the next one, so that there is something to scroll into.
    setLength(last ? last.start + (last.size ?? places.at(-2)?.size ?? 0) : 0);
    setWhole(isEnd);
    setLoaded({ start: places[stretch.first]?.start ?? 0, rows: stretch.pages.flat() });
  };

  /** The page to read next: the one seen first, then those beyond it. */
  const nextPage = (): number | undefined => {
    const from = pageOf(wanted.first);
    const to = Math.min(pageOf(wanted.last) + ahead, places.length - 1);
    const end = stretch.first + stretch.pages.length;
    for (let page = from; page <= to; page += 1) if (page < stretch.first || page >= end) return page;
    return undefined;
  };

  const keep = (page: number, rows: readonly Row[]) => {
    const end = stretch.first + stretch.pages.length;
    if (stretch.pages.length > 0 && page === end) stretch.pages.push(rows);
    else if (stretch.pages.length > 0 && page === stretch.first - 1) {
      stretch = { first: page, pages: [rows, ...stretch.pages] };
    } else stretch = { first: page, pages: [rows] };
    while (stretch.pages.length > keptPages) {
      const middle = (pageOf(wanted.first) + pageOf(wanted.last)) / 2;
      if (middle - stretch.first > stretch.first + stretch.pages.length - 1 - middle) {
        stretch.pages.shift();
        stretch.first += 1;
      } else stretch.pages.pop();
    }
  };

  const pump = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    const mine = generation;
    try {
      for (;;) {
        const question = options.question();
        const page = nextPage();
        const place = page === undefined ? undefined : places[page];
        if (question === undefined || page === undefined || !place) break;
        const answer = await options.read(question, place.cursor);
        if (mine !== generation) break;
        place.size = answer.rows.length;
        if (answer.next !== null && page === places.length - 1) {
          places.push({ start: place.start + answer.rows.length, cursor: answer.next });
        }
        if (isFresh) {
          isFresh = false;
          stretch = { first: 0, pages: [] };
          setWaiting(false);
        }
        keep(page, answer.rows);
        setProblem(undefined);
        publish();
      }
    } catch (error) {
      if (mine === generation) {
        setWaiting(false);
        setProblem(
          error instanceof CombinedError
            ? error
            : new CombinedError({ networkError: error instanceof Error ? error : new Error(String(error)) }),
        );
      }
    } finally {
      isReading = false;
      if (mine !== generation) void pump();
    }
  };

  const start = () => {
    generation += 1;
    places = [{ start: 0, cursor: null }];
    wanted = { first: 0, last: 0 };
    isFresh = true;
    // What is shown stays until the answer is there; its pages count as none.
    stretch = { first: 0, pages: [] };
    setWaiting(true);
    setProblem(undefined);
    void pump();
  };

  createEffect(
    on(
      () => JSON.stringify(options.question()),
      text => text !== undefined && start(),
    ),
  );
  onCleanup(() => {
    generation += 1;
  });

  return {
    length,
    loaded,
    isWaiting,
    isWhole,
    problem,
    retry: () => {
      if (places.length <= 1) start();
      else {
        setProblem(undefined);
        void pump();
      }
    },
    need: (first, last) => {
      if (isFresh) return;
      wanted = { first, last };
      if (nextPage() !== undefined && !problem()) void pump();
    },
  };
}
