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
  label: string;
  colour: FormatColour;
  noSize?: string;
}

const kinds: Record<string, Kind> = {
  ICEBERG: { label: "Iceberg", colour: "iceberg" },
  PARQUET: { label: "Parquet", colour: "parquet" },
  ORC: { label: "ORC", colour: "orc" },
  DELTA: { label: "Delta Lake", colour: "delta" },
  CSV: { label: "CSV", colour: "csv" },
  JSON: { label: "JSON", colour: "json" },
  AVRO: { label: "Avro", colour: "avro" },
  HUDI: { label: "Hudi", colour: "hudi" },
  VIEW: { label: "View", colour: "view", noSize: "not stored" },
  JDBC: { label: "JDBC, federated", colour: "jdbc", noSize: "not stored" },
  RESOURCE_LINK: { label: "Resource link", colour: "other", noSize: "not counted" },
  UNKNOWN: { label: "Not recognised", colour: "other" },
};

/** Formats without a colour of their own, spelled as their makers do. */
const otherNames: Record<string, string> = {
  TEXT: "Text",
  XML: "XML",
  ION: "Ion",
  REGEX: "Regular expression",
  GROK: "Grok",
  CLOUDTRAIL: "CloudTrail",
  RCFILE: "RCFile",
  SEQUENCEFILE: "SequenceFile",
  HBASE: "HBase",
  DYNAMODB: "DynamoDB",
};

/** A federated table is, like a JDBC one, a window onto a database elsewhere. */
const keyOf = (format: string): string => (format === "FEDERATED" ? "JDBC" : format);

const nameOf = (format: string): string =>
  otherNames[format] ?? format.charAt(0) + format.slice(1).toLowerCase().replaceAll("_", " ");

/** What a format is called: `Delta Lake`, `Not recognised`. */
export const formatName = (format: string): string =>
  format === "JDBC" ? "JDBC" : (kinds[format]?.label ?? nameOf(format));

/** Its colour, the same on every page. */
export const formatColour = (format: string): FormatColour => kinds[keyOf(format)]?.colour ?? "other";

/** What to say of a size that is not known: a view stores nothing, a link's bytes are counted elsewhere. */
export const noSizeReason = (format: string): string => kinds[keyOf(format)]?.noSize ?? "not reported";

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
      label: kind?.label ?? "Others",
      colour: kind?.colour ?? "other",
      tableCount: 0,
      sizedTables: 0,
      sizeBytes: undefined,
      noSize: kind?.noSize ?? "not reported",
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
