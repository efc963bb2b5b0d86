import { readFileSync } from "node:fs";
import { UserError } from "./user-error.ts";

/**
 * A secret of the environment: the variable, or the content of the file that NAME_FILE names. Undefined when neither is set.
 * @throws UserError when both are set, or the file cannot be read
 */
export function secretOf(
  name: string,
  environment: Record<string, string | undefined> = process.env,
): string | undefined {
  const value = environment[name]?.trim() || undefined;
  const file = environment[`${name}_FILE`]?.trim() || undefined;
  if (file === undefined) return value;
  if (value !== undefined) throw new UserError(`Both ${name} and ${name}_FILE are set.`, "Set one of them.");
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${name}_FILE cannot be read: ${reason}`, "Check the path and who may read it.", {
      cause: error,
    });
  }
}
