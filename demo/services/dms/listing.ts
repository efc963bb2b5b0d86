import { AwsError } from "../../errors.ts";
import type { DmsJob } from "../../migration/dms.ts";
import type { PageTokens } from "../page-token.ts";
import { pageByKey } from "../paging.ts";
import type { Answer, Call, World } from "../service.ts";

/** A condition of a describe call. */
export interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** Throws InvalidParameterValueException for a name that the operation does not filter by. */
export function filtersOf(call: Call, names: readonly string[]): Filter[] {
  const filters = call.input.Filters ?? [];
  if (!Array.isArray(filters)) throw new AwsError("SerializationException", "Expected list or null");
  return filters.map((filter: { Name?: unknown; Values?: unknown }) => {
    const { Name: name, Values: values } = filter;
    if (typeof name !== "string" || !names.includes(name)) {
      throw new AwsError(
        "InvalidParameterValueException",
        `Filter name ${String(name)} is not valid. Valid names: ${names.join(", ")}`,
      );
    }
    if (!Array.isArray(values) || values.length === 0) {
      throw new AwsError("InvalidParameterValueException", `Filter ${name} needs values`);
    }
    return { name, values: values.map(String) };
  });
}

export function passes(filters: readonly Filter[], wantedOf: (name: string) => readonly string[]): boolean {
  return filters.every(({ name, values }) => wantedOf(name).some(value => values.includes(value)));
}

/** DMS answers pages of 20 to `most` records, 100 when not asked for a number. */
function limitOf(call: Call, most = 100): number {
  const value = call.input.MaxRecords;
  if (value === undefined || value === null) return 100;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 20 || value > most) {
    throw new AwsError(
      "InvalidParameterValueException",
      `The parameter MaxRecords must have a value from 20 to ${most}, not ${String(value)}.`,
    );
  }
  return value;
}

export function answerPage<T>(
  tokens: PageTokens,
  call: Call,
  member: string,
  items: readonly T[],
  keyOf: (item: T) => string,
  shown: (item: T) => unknown,
  most?: number,
  more: Readonly<Record<string, unknown>> = {},
): Answer {
  const { Marker: marker, MaxRecords: _, ...asked } = call.input;
  const limit = limitOf(call, most);
  const listing = [call.operation, call.caller.accountId, call.region, JSON.stringify(asked)];
  const after = typeof marker === "string" && marker !== "" ? tokens.readKey(listing, marker) : undefined;
  const page = pageByKey(items, keyOf, limit, after);
  return {
    output: {
      ...more,
      [member]: page.items.map(shown),
      ...(page.last !== undefined && { Marker: tokens.issue(listing, page.last) }),
    },
    items: page.items.length,
  };
}

export function jobsOf(world: World, call: Call, kind: "dmsTasks" | "replications"): DmsJob[] {
  return world
    .migrationOf(call.caller.accountId)
    .in(call.region)
    [kind].filter(job => job.existsAt(call.time));
}

/** The error for what does not exist, or that no filter finds. */
export function notFound(text: string): AwsError {
  return new AwsError("ResourceNotFoundFault", text);
}
