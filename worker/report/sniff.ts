import { quote } from "./locate.ts";

export interface Looks {
  /** To follow "found". */
  like: string;
  advice: string;
}

const takeJson = "Give the JSON report (glue-catalog-assessment.json) itself.";

const MAGIC: [bytes: string, at: number, like: string, advice: string][] = [
  ["\x1f\x8b", 0, "gzip-compressed data", "Decompress it first; one layer of gzip is read directly."],
  ["PK\x03\x04", 0, "a ZIP archive", "Unpack it first."],
  ["BZh", 0, "bzip2-compressed data", "Decompress it first, or use gzip."],
  ["\x28\xb5\x2f\xfd", 0, "Zstandard-compressed data", "Decompress it first, or use gzip."],
  ["\xfd7zXZ\x00", 0, "xz-compressed data", "Decompress it first, or use gzip."],
  ["ustar", 257, "a tar archive", "Unpack it first."],
  ["PAR1", 0, "a Parquet file", takeJson],
  ["Obj\x01", 0, "an Avro file", takeJson],
  ["ORC", 0, "an ORC file", takeJson],
  ["SQLite format 3", 0, "an SQLite database", takeJson],
  ["%PDF-", 0, "a PDF document", takeJson],
  ["version https://git-lfs", 0, "a Git LFS pointer", "Fetch the file itself with `git lfs pull`."],
];

/**
 * What the beginning of a file looks like when it is not the beginning of a JSON object, or null when it may be one.
 * About a thousand bytes are enough; `complete` says that there are no more.
 */
export function looksLike(head: Buffer, complete: boolean): Looks | null {
  const latin = head.toString("latin1");
  // The first characters of JSON are ASCII: without a mark, every other byte of theirs is zero.
  const bigEndian = latin.startsWith("\xfe\xff") || /^(?:\0[\t-~]){1,2}/.test(latin);
  const littleEndian = latin.startsWith("\xff\xfe") || /^(?:[\t-~]\0){1,2}/.test(latin);
  if (bigEndian || littleEndian) {
    return { like: "UTF-16 text", advice: "Save it as UTF-8: PowerShell writes UTF-16 unless told `-Encoding utf8`." };
  }
  for (const [bytes, at, like, advice] of MAGIC) if (latin.startsWith(bytes, at)) return { like, advice };

  const text = head
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .trimStart();
  if (text === "") {
    if (!complete) return null;
    return { like: head.length === 0 ? "an empty file" : "nothing but white space", advice: takeJson };
  }
  if (text.startsWith("{")) return null;
  if (/^<!doctype html|^<html/i.test(text)) {
    return { like: "an HTML page", advice: `It may be the error page of a server or proxy. ${takeJson}` };
  }
  if (text.startsWith("<")) return { like: "XML", advice: `It may be an error answer of S3. ${takeJson}` };
  if (/^#+ /.test(text)) {
    return {
      like: "a Markdown report",
      advice: "The JSON report (glue-catalog-assessment.json) is written beside it.",
    };
  }
  if (text.startsWith("[")) return { like: "a JSON list", advice: takeJson };
  if (/^(?:"|-?\d|true\b|false\b|null\b)/.test(text)) return { like: "another JSON value", advice: takeJson };
  const line = text.split(/[\r\n]/, 1)[0] ?? "";
  if (/\ufffd|(?!\s)\p{Cc}/u.test(line)) return { like: "binary data", advice: takeJson };
  return { like: `text that begins ${quote(line)}`, advice: takeJson };
}
