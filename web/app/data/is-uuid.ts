const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Addresses are typed and cut off by people: what is no UUID is not worth a question to the database. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}
