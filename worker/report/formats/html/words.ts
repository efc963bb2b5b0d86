import type { FindingFact, ReadinessFact } from "../facts.ts";

// Numbers and words as the dashboard shows them; a no-break space stands before a unit.

const wholeNumber = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const days = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

export const count = (value: number): string => wholeNumber.format(value);

/** `1 table`, `1,204 tables` */
export const tables = (value: number): string => `${count(value)} table${value === 1 ? "" : "s"}`;

/** `+1,204 since 27 Apr 2026`, with a true minus sign; `as on 27 Apr 2026`. */
export function since(change: number, moment: Date): string {
  if (change === 0) return `as on ${day(moment)}`;
  return `${change > 0 ? "+" : "−"}${count(Math.abs(change))} since ${day(moment)}`;
}

/** One decimal, and never a false 0 or 100. */
export function percent(value: number | null): string {
  if (value === null) return "–";
  if (value <= 0) return "0%";
  if (value >= 100) return "100%";
  if (value < 0.1) return "<0.1%";
  return value > 99.9 ? ">99.9%" : `${value.toFixed(1)}%`;
}

/** Three significant figures from GB of 2^30 bytes, `38.2 TB`. */
export function size(gigabytes: number | null): string {
  if (gigabytes === null) return "not known";
  const units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];
  let value = gigabytes * 2 ** 30;
  let step = 0;
  while (value >= (step === 0 ? 1023.5 : 999.5) && step < units.length - 1) {
    value /= 1024;
    step++;
  }
  return `${step === 0 ? Math.round(value) : value.toPrecision(3)}\u00a0${units[step]}`;
}

/** `1,240 h`, from 1 hour on without decimals. */
export function hours(value: number): string {
  return `${value < 10 ? value.toLocaleString("en-GB", { maximumFractionDigits: 1 }) : count(value)}\u00a0h`;
}

export const day = (moment: Date): string => days.format(moment);
export const minute = (moment: Date): string => `${day(moment)}, ${moment.toISOString().slice(11, 16)}\u00a0UTC`;

export const VERDICTS: Record<ReadinessFact["verdict"], { word: string; symbol: string; means: string }> = {
  READY: { word: "Ready", symbol: "ready", means: "Iceberg on S3" },
  NEEDS_CONVERSION: { word: "Needs conversion", symbol: "needs", means: "Recognised, but not Iceberg on S3" },
  UNKNOWN: { word: "Unknown", symbol: "unknown", means: "Too little to judge by" },
};

export const SEVERITIES: Record<FindingFact["severity"], string> = {
  HIGH: "High",
  MEDIUM: "Medium",
  LOW: "Low",
  INFO: "Info",
};

const FORMATS: Record<string, [label: string, colour: string]> = {
  ICEBERG: ["Iceberg", "iceberg"],
  PARQUET: ["Parquet", "parquet"],
  ORC: ["ORC", "orc"],
  DELTA: ["Delta Lake", "delta"],
  CSV: ["CSV", "csv"],
  JSON: ["JSON", "json"],
  AVRO: ["Avro", "avro"],
  HUDI: ["Hudi", "hudi"],
  VIEW: ["View", "view"],
  JDBC: ["JDBC", "jdbc"],
  FEDERATED: ["Federated", "jdbc"],
  UNKNOWN: ["Not recognised", "other"],
  RESOURCE_LINK: ["Resource link", "other"],
  TEXT: ["Text", "other"],
  XML: ["XML", "other"],
  REGEX: ["Regular expression", "other"],
  CLOUDTRAIL: ["CloudTrail", "other"],
  RCFILE: ["RCFile", "other"],
  SEQUENCEFILE: ["SequenceFile", "other"],
  HBASE: ["HBase", "other"],
  DYNAMODB: ["DynamoDB", "other"],
};

/** Name and colour of a format; a report may bring one that we do not know. */
export function format(name: string): { label: string; colour: string } {
  const [label, colour] = (Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined) ?? [name, "other"];
  return { label, colour };
}
