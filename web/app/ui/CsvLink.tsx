import { words } from "../words/ui/controls.ts";
import { Icon } from "./Icon.tsx";

type Values = Record<string, string | readonly string[] | null | undefined>;

/** Address of a list as a file. The filters have the names that they have in GraphQL; a list is given item by item. */
export function exportAddress(list: string, filters: Values): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (typeof value === "string") search.append(name, value);
    else for (const item of value ?? []) search.append(name, item);
  }
  return `/exports/${list}.csv?${search}`;
}

/** Downloads exactly what is shown, all rows of it. */
export function CsvLink(props: { list: string; filters: Values; rows?: string | undefined }) {
  return (
    <a class="button csv-link" href={exportAddress(props.list, props.filters)} rel="external" download="">
      <Icon name="download" />
      {words.csv} <span class="dim">{props.rows}</span>
    </a>
  );
}
