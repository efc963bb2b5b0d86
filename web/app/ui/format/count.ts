const grouped = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/** A whole, grouped number: `128,406`. Never abbreviated; only axes are. */
export function count(value: number): string {
  return grouped.format(value);
}

/** A count with its noun: `1 database`, `2 databases`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
