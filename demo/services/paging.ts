/** A part of a listing that is continued by the key of its last item, so that nothing is lost when items come or go. */
export interface KeyPage<T> {
  readonly items: readonly T[];
  /** The key of the last item; undefined when nothing is left. */
  readonly last: string | undefined;
}

/**
 * @param items in the listing's order
 * @param after the key that the page before ended with
 * @param compare orders keys as the listing does; by code unit when left out
 */
export function pageByKey<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  limit: number,
  after: string | undefined,
  compare: (left: string, right: string) => number = (left, right) => (left < right ? -1 : left > right ? 1 : 0),
): KeyPage<T> {
  const found = after === undefined ? 0 : items.findIndex(item => compare(keyOf(item), after) > 0);
  const start = found < 0 ? items.length : found;
  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  return { items: page, last: last !== undefined && start + limit < items.length ? keyOf(last) : undefined };
}
