import { counted } from "../../ui/format/count.ts";
import { type Mark, sentence } from "../sentence.ts";

/** What is counted, with its number. */
export const units = {
  tables: (count: number) => counted(count, "table"),
  databases: (count: number) => counted(count, "database"),
  rows: (count: number) => counted(count, "row"),
  accounts: (count: number) => counted(count, "account"),
  findings: (count: number) => counted(count, "finding"),
  perSecond: (amount: string) => `${amount}/s`,
  seconds: (amount: string) => `${amount}\u00a0s`,
  bytes: (count: string) => `${count} bytes`,
  /** A sum of sizes, and of how many tables it is the sum. */
  bytesOf: (count: string, tables: string) => `${count} bytes, of ${tables}`,
  gigabyte: (power: Mark) => sentence`1 GB = 2${power("30")} bytes.`,
} as const;
