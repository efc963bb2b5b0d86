import type { WireColumn } from "../wire.ts";

const primitives: Readonly<Record<string, string>> = {
  int: "integer",
  bigint: "long",
  smallint: "short",
  tinyint: "byte",
};

type SparkType = string | Record<string, unknown>;

/** A Hive type in Spark's JSON. Spark has no union: it reads them as structs. */
function sparkType(hive: string): SparkType {
  const inner = hive.slice(hive.indexOf("<") + 1, -1);
  if (hive.startsWith("array<")) return { type: "array", elementType: sparkType(inner), containsNull: true };
  if (hive.startsWith("map<")) {
    const [key = "string", value = "string"] = splitTypes(inner);
    return { type: "map", keyType: sparkType(key), valueType: sparkType(value), valueContainsNull: true };
  }
  if (hive.startsWith("struct<")) {
    return structOf(
      splitTypes(inner).map(field => {
        const colon = field.indexOf(":");
        return { Name: field.slice(0, colon), Type: field.slice(colon + 1) };
      }),
    );
  }
  if (hive.startsWith("uniontype<")) {
    return structOf(splitTypes(inner).map((type, index) => ({ Name: `tag_${index}`, Type: type })));
  }
  if (/^(var)?char\(/.test(hive)) return "string";
  return primitives[hive] ?? hive;
}

function splitTypes(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index];
    if (letter === "<" || letter === "(") depth++;
    else if (letter === ">" || letter === ")") depth--;
    else if (letter === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function structOf(columns: readonly WireColumn[]): Record<string, unknown> {
  return {
    type: "struct",
    fields: columns.map(({ Name: name, Type: type = "string", Comment: comment }) => ({
      name,
      type: sparkType(type),
      nullable: true,
      metadata: {
        ...(comment !== undefined && { comment }),
        ...(/^(var)?char\(/.test(type) && { __CHAR_VARCHAR_TYPE_STRING: type }),
      },
    })),
  };
}

/** Spark cuts the schema into parts of this length (spark.sql.sources.schemaStringLengthThreshold). */
const partLength = 4000;

/** The table parameters in which Spark keeps a data source table's schema and partition columns. */
export function sparkSchemaParameters(
  columns: readonly WireColumn[],
  partitionKeys: readonly WireColumn[] = [],
): Record<string, string> {
  const json = JSON.stringify(structOf([...columns, ...partitionKeys]));
  const parts = json.match(new RegExp(`.{1,${partLength}}`, "gsu")) ?? [];
  return {
    "spark.sql.sources.schema.numParts": String(parts.length),
    ...Object.fromEntries(parts.map((part, index) => [`spark.sql.sources.schema.part.${index}`, part])),
    ...(partitionKeys.length > 0 && { "spark.sql.sources.schema.numPartCols": String(partitionKeys.length) }),
    ...Object.fromEntries(
      partitionKeys.map((key, index) => [`spark.sql.sources.schema.partCol.${index}`, key.Name ?? ""]),
    ),
  };
}

/** The same in one parameter, as Spark 3.1 and earlier Delta versions wrote short schemas. */
export function sparkSchemaParameter(columns: readonly WireColumn[]): Record<string, string> {
  return { "spark.sql.sources.schema": JSON.stringify(structOf(columns)) };
}
