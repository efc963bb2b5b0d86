import { describeFunction, type SqlFunction } from "./function.ts";
import type { FunctionRow, Types } from "./functions.ts";
import type { ObjectSchema } from "./json-schema.ts";
import { answerSchema, columnsSchema, compositeSchema, lookUp } from "./types.ts";

/** A function of schema a2o_mcp. */
export interface Tool extends SqlFunction {
  outputSchema: ObjectSchema;
  /**
   * What one call gives: `object` is one composite, `list` a set under `items`, `value` a scalar under `result`, `json` an
   * object of no known shape.
   */
  answer: "object" | "list" | "value" | "json";
}

/**
 * Encoding of answers: smallint to bigint are JSON integers and numeric and double precision are JSON numbers, with every
 * digit that PostgreSQL has, also beyond what a double holds. NaN and infinity, which JSON lacks, are null. As arguments,
 * bigint takes integers up to 2^53 - 1, because larger ones have lost digits by the time JSON is parsed; they are refused.
 * @throws Unusable
 */
export function describeTool(row: FunctionRow, types: Types, warn: (warning: string) => void): Tool {
  const { comment: _, ...described } = describeFunction(row, types, warn);
  return { ...described, ...describeAnswer(row, types) };
}

function describeAnswer(row: FunctionRow, types: Types): Pick<Tool, "answer" | "outputSchema"> {
  const type = lookUp(row.returns, types);
  const outputs = row.types.flatMap((output, index) => {
    const mode = row.modes?.[index] ?? "i";
    return mode === "o" || mode === "b" || mode === "t" ? [{ name: row.names?.[index] ?? "", type: output }] : [];
  });
  const composite =
    type.kind === "c"
      ? compositeSchema(type, types)
      : type.kind === "p" && type.name === "record" && outputs.length > 1
        ? columnsSchema(outputs, types)
        : undefined;
  if (row.returns_set) {
    return {
      answer: "list",
      outputSchema: {
        type: "object",
        properties: {
          items: { type: "array", items: composite ?? answerSchema(row.returns, types) },
          note: {
            type: "string",
            description: "Present when the list was cut: how many items are missing and what to do.",
          },
        },
        required: ["items"],
      },
    };
  }
  if (composite !== undefined) return { answer: "object", outputSchema: composite };
  const schema = answerSchema(row.returns, types);
  if (schema.anyOf === undefined) return { answer: "json", outputSchema: { type: "object", properties: {} } };
  return { answer: "value", outputSchema: { type: "object", properties: { result: schema }, required: ["result"] } };
}
