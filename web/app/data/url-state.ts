import { useSearchParams } from "@solidjs/router";
import type { Accessor } from "solid-js";
import { createMemo } from "solid-js";

/** What a page shows stands in its address, so that it can be shared, and Back undoes it. */
export interface UrlText {
  value: Accessor<string>;
  /** An empty text leaves the address. `isTyping` replaces the entry of the history, so that Back does not go letter by letter. */
  set: (value: string, isTyping?: boolean) => void;
}

/** One text in the address, such as the pattern of a search. */
export function createUrlText(name: string, fallback = ""): UrlText {
  const [params, setParams] = useSearchParams();
  return {
    value: createMemo(() => {
      const value = params[name];
      return typeof value === "string" ? value : fallback;
    }),
    set: (value, isTyping = false) =>
      setParams({ [name]: value === fallback ? undefined : value }, { replace: isTyping, scroll: false }),
  };
}

export interface UrlList<Item extends string> {
  value: Accessor<readonly Item[]>;
  set: (items: readonly Item[]) => void;
  toggle: (item: Item) => void;
}

/** A list in the address, `a,b`. What `isItem` does not know is left out: addresses are typed by people. */
export function createUrlList<Item extends string>(
  name: string,
  isItem: (text: string) => text is Item,
  fallback: readonly Item[] = [],
): UrlList<Item> {
  const [params, setParams] = useSearchParams();
  const value = createMemo<readonly Item[]>(
    () => {
      const text = params[name];
      if (typeof text !== "string") return fallback;
      return [...new Set(text.split(",").filter(isItem))];
    },
    fallback,
    { equals: (a, b) => a.length === b.length && a.every((item, index) => item === b[index]) },
  );
  const set = (items: readonly Item[]) => {
    const isFallback = items.length === fallback.length && items.every(item => fallback.includes(item));
    setParams({ [name]: isFallback ? undefined : items.join(",") }, { scroll: false });
  };
  return {
    value,
    set,
    toggle: item => set(value().includes(item) ? value().filter(each => each !== item) : [...value(), item]),
  };
}

/** Sets several texts of the address at once; one after the other, each would undo the one before. */
export function useUrlTexts(): (values: Record<string, string>) => void {
  const [, setParams] = useSearchParams();
  return values =>
    setParams(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value || undefined])), {
      scroll: false,
    });
}

export const isText = (text: string): text is string => text !== "";
