import { useSearchParams } from "@solidjs/router";

export type LinkParams = Record<string, string | readonly string[] | undefined>;

/** What every link keeps: which assessment is shown, and the scale of a presentation. */
const kept = ["assessment", "scale"] as const;

/** Makes addresses of pages. Filters of a page are given as `params`; a list becomes `a,b`. */
export function usePageLink(): (path: string, params?: LinkParams) => string {
  const [current] = useSearchParams();
  return (path, params = {}) => {
    const search = new URLSearchParams();
    for (const name of kept) {
      const value = current[name];
      if (typeof value === "string") search.set(name, value);
    }
    for (const [name, value] of Object.entries(params)) {
      const text = typeof value === "string" ? value : value?.join(",");
      if (text) search.set(name, text);
    }
    const query = search.toString().replaceAll("%2C", ",");
    return query === "" ? path : `${path}?${query}`;
  };
}

/** Names of databases and tables can hold anything, a slash included. */
export function tablePath(databaseName: string, tableName: string): string {
  return `/tables/${encodeURIComponent(databaseName)}/${encodeURIComponent(tableName)}`;
}
