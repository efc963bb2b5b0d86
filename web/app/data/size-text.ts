const units = ["B", "KB", "MB", "GB", "TB", "PB"];

/** Bytes of a size as people write it: `64GB`, `1.5 TB`; 1 GB = 2^30 bytes. Undefined when it is none. */
export function readSize(text: string): bigint | undefined {
  const [, digits, unit] = /^\s*(\d{1,6}(?:\.\d{1,3})?)\s*([KMGTP]?B)\s*$/i.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const power = units.indexOf(unit.toUpperCase());
  return (BigInt(Math.round(Number(digits) * 1000)) * 2n ** BigInt(10 * power)) / 1000n;
}
