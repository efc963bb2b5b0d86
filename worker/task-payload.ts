/** The id that a task's payload has under a name. @throws Error when it has none */
export function idIn(payload: unknown, name: string): string {
  const id: unknown = typeof payload === "object" && payload !== null ? Reflect.get(payload, name) : undefined;
  if (typeof id === "string") return id;
  throw new Error(`the payload must be { "${name}": … }`);
}
