import type { PgCodec, PgCodecWithAttributes } from "postgraphile/@dataplan/pg";

/**
 * The smart tag `@within assessment_id`: rows are listed only within one assessment (or job, …), so that nobody reads a million
 * by mistake. Where the rows are reached from their parent, that says it already, and no condition is offered.
 */
export const WithinPlugin: GraphileConfig.Plugin = {
  name: "WithinPlugin",
  version: "1.0.0",
  after: ["PgConditionArgumentPlugin", "PgAttributesPlugin"],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args(args, build, { scope }) {
        const codec = scope.pgFieldResource?.codec;
        if (!scope.isPgFieldConnection || args.condition === undefined || within(codec).length === 0) return args;
        const { condition, ...others } = args;
        if (scope.fieldBehaviorScope !== "query:resource:connection") return others;
        const { GraphQLNonNull, isNullableType } = build.graphql;
        if (!isNullableType(condition.type)) return args;
        return { ...others, condition: { ...condition, type: new GraphQLNonNull(condition.type) } };
      },
      GraphQLInputObjectType_fields(fields, build, { scope }) {
        const { pgCodec, isPgCondition } = scope;
        if (!isPgCondition || pgCodec?.attributes === undefined) return fields;
        const { GraphQLNonNull, isNullableType } = build.graphql;
        const required = within(pgCodec).flatMap(attributeName => {
          const name = build.inflection.attribute({ attributeName, codec: pgCodec as PgCodecWithAttributes });
          const field = fields[name];
          if (field === undefined)
            throw new Error(`${pgCodec.name} is tagged @within ${attributeName}, which has no filter`);
          return isNullableType(field.type) ? [[name, { ...field, type: new GraphQLNonNull(field.type) }]] : [];
        });
        return { ...fields, ...Object.fromEntries(required) };
      },
    },
  },
};

function within(codec: PgCodec | undefined): string[] {
  const tag = codec?.extensions?.tags?.within;
  return typeof tag === "string" ? tag.split(",") : [];
}
