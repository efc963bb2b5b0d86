const units = ["B", "KB", "MB", "GB", "TB", "PB", "EB", "ZB"] as const;

/** No-break, so that a number and its unit stay on one line. */
const space = "\u00a0";

export interface ByteParts {
  value: string;
  unit: (typeof units)[number];
}

/**
 * Three significant figures, 1 KB = 2^10 bytes (1 GB = 2^30, as everywhere in the product). A value moves to the next
 * unit before it would need four figures: 1,000 GB is `0.977 TB`.
 */
export function byteParts(bytes: number): ByteParts {
  let value = Math.abs(bytes);
  let step = 0;
  while (value >= (step === 0 ? 1023.5 : 999.5) && step < units.length - 1) {
    value /= 1024;
    step += 1;
  }
  return { value: step === 0 ? String(Math.round(value)) : value.toPrecision(3), unit: units[step] ?? "B" };
}

/** `38.2 TB`, with a no-break space. */
export function bytes(value: number): string {
  const parts = byteParts(value);
  return `${parts.value}${space}${parts.unit}`;
}
