import { AwsError, validationError } from "../errors.ts";

/** The characters of Glue's "single-line string pattern": no control character but the tab. */
const singleLine = /^[\u0020-\uFFFD\t]*$/;

type Input = Readonly<Record<string, unknown>>;

function memberName(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}

/** A text member; throws SerializationException for another type. */
export function optionalText(input: Input, member: string): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") {
    throw new AwsError("SerializationException", `${typeof value} value can not be converted to a String`);
  }
  return value;
}

/**
 * A text member of 1 to `maxBytes` UTF-8 bytes on a single line; throws ValidationException.
 * Source: https://docs.aws.amazon.com/glue/latest/webapi/API_GetTables.html
 */
export function optionalName(input: Input, member: string, maxBytes = 255): string | undefined {
  const value = optionalText(input, member);
  if (value === undefined) return undefined;
  if (value.length < 1) {
    throw validationError(value, memberName(member), "Member must have length greater than or equal to 1");
  }
  if (Buffer.byteLength(value) > maxBytes) {
    throw validationError(value, memberName(member), `Member must have length less than or equal to ${maxBytes}`);
  }
  if (!singleLine.test(value)) {
    throw validationError(
      value,
      memberName(member),
      "Member must satisfy regular expression pattern: [\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\t]*",
    );
  }
  return value;
}

/** The same, required. */
export function requiredName(input: Input, member: string): string {
  const value = optionalName(input, member);
  if (value === undefined) throw validationError(undefined, memberName(member), "Member must not be null");
  return value;
}

/** A whole number within bounds; throws ValidationException. */
export function optionalInteger(input: Input, member: string, low: number, high: number): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new AwsError("SerializationException", `${typeof value} value can not be converted to an Integer`);
  }
  if (value < low) {
    throw validationError(value, memberName(member), `Member must have value greater than or equal to ${low}`);
  }
  if (value > high) {
    throw validationError(value, memberName(member), `Member must have value less than or equal to ${high}`);
  }
  return value;
}

/** One of some values; throws ValidationException. */
export function optionalEnum<T extends string>(input: Input, member: string, values: readonly T[]): T | undefined {
  const value = optionalText(input, member);
  if (value === undefined) return undefined;
  const known = values.find(candidate => candidate === value);
  if (known === undefined) {
    throw validationError(
      value,
      memberName(member),
      `Member must satisfy enum value set: [${values.toSorted().join(", ")}]`,
    );
  }
  return known;
}

/** A list of some values; throws ValidationException when it is empty or holds another value. */
export function optionalEnumList<T extends string>(
  input: Input,
  member: string,
  values: readonly T[],
): T[] | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new AwsError("SerializationException", "Expected list or null");
  if (value.length === 0) {
    throw validationError("[]", memberName(member), "Member must have length greater than or equal to 1");
  }
  return value.map((item: unknown, index) => {
    const known = optionalEnum(
      { [`${memberName(member)}.${index + 1}.member`]: item },
      `${memberName(member)}.${index + 1}.member`,
      values,
    );
    if (known === undefined) throw validationError(undefined, memberName(member), "Member must not be null");
    return known;
  });
}
