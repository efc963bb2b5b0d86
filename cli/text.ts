import { styleText } from "node:util";
import stringWidth from "string-width";

const wholeNumber = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** `128,406` */
export function count(value: number): string {
  return wholeNumber.format(value);
}

/** `1 table`, `1,204 tables` */
export function plural(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? "" : "s"}`;
}

/** `38.2 TB` from GB of 2^30 bytes; `unknown` from null. */
export function size(gigabytes: number | string | null): string {
  if (gigabytes === null) return "unknown";
  let value = Number(gigabytes);
  let unit = "GB";
  for (const larger of ["TB", "PB", "EB"]) {
    if (value < 1024) break;
    value /= 1024;
    unit = larger;
  }
  return `${value.toLocaleString("en-GB", { maximumSignificantDigits: 3 })} ${unit}`;
}

/** `32.5%` of a whole; a dash when there is no whole. */
export function share(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)}%`;
}

/** `+1,204`, `−3` with a true minus sign, `0`. */
export function change(value: number): string {
  return value === 0 ? "0" : `${value > 0 ? "+" : "−"}${count(Math.abs(value))}`;
}

/** `2026-05-11 06:12` in UTC. */
export function minute(moment: Date): string {
  return moment.toISOString().slice(0, 16).replace("T", " ");
}

export type Style = "bold" | "dim" | "red" | "yellow" | "green";

/** Coloured or bold where the stream is a terminal that wants it: NO_COLOR and FORCE_COLOR are obeyed. */
export function colour(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** Columns that a terminal needs for it: two for East Asian letters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}

/** Text broken between words into lines of at most `width` letters, where the words allow it; at least one line. */
export function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (displayWidth(line) + 1 + displayWidth(word) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export interface Column<Row> {
  title: string;
  value: (row: Row) => string;
  /** How the value looks; not part of the value, which is measured, and cut where it must be. */
  style?: (row: Row) => Style | undefined;
  align?: "left" | "right";
  /** Of no use when cut, as an id is; rows go below each other rather. */
  whole?: boolean;
  /** Left out when the others would be cut too short for it, the highest number first. */
  spare?: number;
}

const GAP = 2;
/** What a column that gives way keeps. */
const LEAST = 8;
/** What words should have before spare columns stay. */
const COMFORT = 24;

/**
 * An aligned table with a header line. When it does not fit the width, spare columns are left out and the widest columns of
 * words give way, so that figures stay readable; when that is not enough, each row becomes a paragraph.
 */
export function table<Row>(
  rows: readonly Row[],
  allColumns: readonly Column<Row>[],
  width = process.stdout.columns ?? 0,
): string {
  const columns = width > 0 ? withoutSpare(rows, allColumns, width) : allColumns;
  const cells = rows.map(row => columns.map(column => oneLine(column.value(row))));
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...cells.map(row => displayWidth(row[index] ?? ""))),
  );
  const styled = (text: string, row: Row, index: number) => {
    const style = columns[index]?.style?.(row);
    return style === undefined ? text : colour(style, text);
  };
  if (width > 0 && !shrink(widths, columns, width)) return paragraphs(rows, cells, columns, width, styled);
  const line = (values: readonly string[], row?: Row) =>
    values
      .map((value, index) => {
        const shown = cut(value, widths[index] ?? 0);
        const padding = " ".repeat(Math.max(0, (widths[index] ?? 0) - displayWidth(shown)));
        const looks = row === undefined ? shown : styled(shown, row, index);
        if (columns[index]?.align === "right") return padding + looks;
        return index === values.length - 1 ? looks : looks + padding;
      })
      .join(" ".repeat(GAP))
      .trimEnd();
  return [
    colour("bold", line(columns.map(column => column.title))),
    ...rows.map((row, index) => line(cells[index] ?? [], row)),
  ].join("\n");
}

function withoutSpare<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number): Column<Row>[] {
  const left = columns.map(column => {
    const natural = Math.max(displayWidth(column.title), ...rows.map(row => displayWidth(oneLine(column.value(row)))));
    const isFlexible = column.align !== "right" && !column.whole;
    return { column, width: isFlexible ? Math.min(natural, COMFORT) : natural };
  });
  const needed = () => left.reduce((sum, { width }) => sum + width + GAP, -GAP);
  while (needed() > width) {
    const spare = Math.max(...left.map(({ column }) => column.spare ?? 0));
    if (spare === 0) break;
    left.splice(
      left.findIndex(({ column }) => column.spare === spare),
      1,
    );
  }
  return left.map(({ column }) => column);
}

/** Narrows the widest columns of words until all fit; false when they cannot. */
function shrink<Row>(widths: number[], columns: readonly Column<Row>[], width: number): boolean {
  let excess = widths.reduce((sum, columnWidth) => sum + columnWidth, GAP * (columns.length - 1)) - width;
  const flexible = columns.flatMap((column, index) => (column.align === "right" || column.whole ? [] : [index]));
  for (; excess > 0; excess--) {
    const widest = flexible.reduce<number | undefined>(
      (best, index) => (best === undefined || (widths[index] ?? 0) > (widths[best] ?? 0) ? index : best),
      undefined,
    );
    if (widest === undefined || (widths[widest] ?? 0) <= LEAST) return false;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return true;
}

function paragraphs<Row>(
  rows: readonly Row[],
  cells: readonly string[][],
  columns: readonly Column<Row>[],
  width: number,
  styled: (text: string, row: Row, index: number) => string,
): string {
  const titles = Math.max(...columns.slice(1).map(column => displayWidth(column.title)));
  return rows
    .map((row, at) =>
      (cells[at] ?? [])
        .map((value, index) => {
          if (index === 0) return styled(columns[0]?.whole ? value : cut(value, width), row, 0);
          const title = (columns[index]?.title ?? "").padEnd(titles);
          const shown = cut(value, Math.max(LEAST, width - titles - 4));
          return shown === "" ? `  ${title.trimEnd()}` : `  ${title}  ${styled(shown, row, index)}`;
        })
        .join("\n"),
    )
    .join("\n");
}

/** On one line, without anything that would move the cursor or turn the direction of the text. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a name must not move the cursor
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
  return plain.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
}

/** The text, or as much of its beginning as fits with an ellipsis. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let shown = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const wide = displayWidth(segment);
    if (used + wide > width - 1) break;
    shown += segment;
    used += wide;
  }
  return `${shown}…`;
}
