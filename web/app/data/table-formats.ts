import { formatNames, jdbcName, noSize, otherFormats } from "../words/ui/formats.ts";
import type { FormatOverview } from "./documents/assessments.ts";

/** The formats that have a colour of their own; it is the same on every page. */
export type FormatColour =
  | "iceberg"
  | "parquet"
  | "orc"
  | "delta"
  | "csv"
  | "json"
  | "avro"
  | "hudi"
  | "view"
  | "jdbc"
  | "other";

export interface FormatRow {
  label: string;
  colour: FormatColour;
  tableCount: number;
  sizedTables: number;
  /** Undefined when no size is known; `noSize` says why. */
  sizeBytes: number | undefined;
  noSize: string;
  /** The formats that it stands for, as the database calls them. */
  formats: string[];
  /** What a folded row holds, largest first. */
  parts: { label: string; tableCount: number }[];
}

interface Kind {
  colour: FormatColour;
  noSize?: string;
}

/** The formats that stand in a row of their own. */
const kinds: Record<string, Kind> = {
  ICEBERG: { colour: "iceberg" },
  PARQUET: { colour: "parquet" },
  ORC: { colour: "orc" },
  DELTA: { colour: "delta" },
  CSV: { colour: "csv" },
  JSON: { colour: "json" },
  AVRO: { colour: "avro" },
  HUDI: { colour: "hudi" },
  VIEW: { colour: "view", noSize: noSize.notStored },
  JDBC: { colour: "jdbc", noSize: noSize.notStored },
  RESOURCE_LINK: { colour: "other", noSize: noSize.notCounted },
  UNKNOWN: { colour: "other" },
};

/** A federated table is, like a JDBC one, a window onto a database elsewhere. */
const keyOf = (format: string): string => (format === "FEDERATED" ? "JDBC" : format);

const nameOf = (format: string): string =>
  formatNames[format] ?? format.charAt(0) + format.slice(1).toLowerCase().replaceAll("_", " ");

/** What a format is called: `Delta Lake`, `Not recognised`. */
export const formatName = (format: string): string => (format === "JDBC" ? jdbcName : nameOf(format));

/** Its colour, the same on every page. */
export const formatColour = (format: string): FormatColour => kinds[keyOf(format)]?.colour ?? "other";

/** What to say of a size that is not known: a view stores nothing, a link's bytes are counted elsewhere. */
export const noSizeReason = (format: string): string => kinds[keyOf(format)]?.noSize ?? noSize.notReported;

/**
 * One row per format, most tables first, folded ones last. Formats without a colour of their own are folded into one row that names
 * them, so that no eleventh hue is needed.
 */
export function formatRows(overviews: readonly FormatOverview[]): FormatRow[] {
  const rows = new Map<string, FormatRow>();
  for (const overview of overviews) {
    const key = keyOf(overview.tableFormat);
    const kind = kinds[key];
    const row = rows.get(kind ? key : "OTHER") ?? {
      label: kind ? nameOf(key) : otherFormats,
      colour: kind?.colour ?? "other",
      tableCount: 0,
      sizedTables: 0,
      sizeBytes: undefined,
      noSize: kind?.noSize ?? noSize.notReported,
      formats: [],
      parts: [],
    };
    row.formats.push(overview.tableFormat);
    row.tableCount += overview.tableCount;
    row.sizedTables += overview.sizedTables;
    if (overview.sizeBytes !== null) row.sizeBytes = (row.sizeBytes ?? 0) + Number(overview.sizeBytes);
    if (!kind) row.parts.push({ label: nameOf(overview.tableFormat), tableCount: overview.tableCount });
    rows.set(kind ? key : "OTHER", row);
  }
  for (const row of rows.values()) {
    row.parts.sort((a, b) => b.tableCount - a.tableCount || a.label.localeCompare(b.label));
    const [only] = row.parts;
    if (only && row.parts.length === 1) Object.assign(row, { label: only.label, parts: [] });
  }
  const isFolded = (row: FormatRow) => Number(row.parts.length > 0);
  return [...rows.values()].sort(
    (a, b) => isFolded(a) - isFolded(b) || b.tableCount - a.tableCount || a.label.localeCompare(b.label),
  );
}
