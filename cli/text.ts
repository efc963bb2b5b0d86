const wholeNumber = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/** `128,406` */
export function count(value: number): string {
  return wholeNumber.format(value);
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

/** Text broken between words into lines of at most `width` letters, where the words allow it; at least one line. */
export function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export interface Column<Row> {
  title: string;
  value: (row: Row) => string;
  align?: "left" | "right";
}

/**
 * An aligned table with a header line. When it does not fit the width, the widest left-aligned column gives way, so that
 * the figures stay readable.
 */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width = process.stdout.columns ?? 0,
): string {
  const cells = rows.map(row => columns.map(column => oneLine(column.value(row))));
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map(row => [...(row[index] ?? "")].length)),
  );
  const gap = 2;
  const total = widths.reduce((sum, columnWidth) => sum + columnWidth, gap * (columns.length - 1));
  if (width > 0 && total > width) {
    const candidates = widths.map((columnWidth, index) => (columns[index]?.align === "right" ? 0 : columnWidth));
    const widest = candidates.indexOf(Math.max(...candidates));
    widths[widest] = Math.max(8, (widths[widest] ?? 0) - (total - width));
  }
  const line = (values: readonly string[]) =>
    values
      .map((value, index) => padded(value, widths[index] ?? 0, columns[index]?.align ?? "left"))
      .join(" ".repeat(gap))
      .trimEnd();
  return [line(columns.map(column => column.title)), ...cells.map(line)].join("\n");
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a name must not move the cursor
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}

function padded(text: string, width: number, align: "left" | "right"): string {
  const letters = [...text];
  const shown = letters.length > width ? `${letters.slice(0, width - 1).join("")}…` : text;
  const padding = " ".repeat(Math.max(0, width - [...shown].length));
  return align === "right" ? padding + shown : shown + padding;
}
