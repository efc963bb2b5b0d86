/** An AWS account's twelve digits in groups of four, as they can be read aloud; anything else stays as it is. */
export function account(id: string): string {
  return /^\d{12}$/.test(id) ? `${id.slice(0, 4)}\u00a0${id.slice(4, 8)}\u00a0${id.slice(8)}` : id;
}
