import { type Mark, sentence } from "../sentence.ts";

/** What every table of rows says around them. */
export const words = {
  columns: "Columns",
  columnsShown: (shown: number, all: number) => `${shown} of ${all}`,
  usualColumns: "Usual columns",
  reading: (label: string) => `Reading ${label.toLowerCase()}`,
  rows: (count: string) => `${count} rows`,
  moreBelow: "Scroll for more",
  seen: (from: string, to: string, all: string | undefined) =>
    all === undefined ? `Rows ${from}–${to}` : `Rows ${from}–${to} of ${all}`,
  keys: (key: Mark, opens: boolean) =>
    opens
      ? sentence`${key("J")} ${key("K")} move, ${key("Enter")} opens, ${key("C")} copies a cell`
      : sentence`${key("J")} ${key("K")} move, ${key("C")} copies a cell`,
  copy: (text: string) => `Copy ${text}`,
  copied: (text: string) => `Copied ${text}`,
  noClipboard: "This browser does not let the page copy",
} as const;
