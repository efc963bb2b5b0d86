import { lambda, SafeError } from "postgraphile/grafast";

/** Rows in one page of a connection, asked for or not. */
export const MAX_PAGE = 1000;

declare global {
  namespace GraphileBuild {
    interface Build {
      /** Connections by type and field, with the arguments that say how many rows; arguments come after their field. */
      pagedFields: Map<string, string[]>;
    }
  }
}

/**
 * Every connection is read in pages of at most MAX_PAGE rows, also when nobody says how many, and by cursor alone: an offset
 * would read everything before it.
 */
export const PagesPlugin: GraphileConfig.Plugin = {
  name: "PagesPlugin",
  version: "1.0.0",
  after: ["PgFirstLastBeforeAfterArgsPlugin", "PgConnectionArgOrderByPlugin"],
  schema: {
    hooks: {
      build: build => build.extend(build, { pagedFields: new Map<string, string[]>() }, "PagesPlugin"),
      // In no order at all, a cursor could only count rows.
      GraphQLEnumType_values(values, _build, { scope }) {
        if (!scope.isPgRowSortEnum) return values;
        const { NATURAL: _, ...others } = values;
        return others;
      },
      GraphQLObjectType_fields_field_args(args, build, { scope, Self }) {
        if (!scope.isPgFieldConnection || args.first === undefined) return args;
        const { offset: _, ...others } = args;
        const description = (end: string) =>
          build.wrapDescription(`Only read the ${end} \`n\` rows, at most ${MAX_PAGE}.`, "arg");
        const { applyPlan: _plan, ...first } = args.first;
        build.pagedFields.set(
          `${Self.name}.${scope.fieldName}`,
          args.last === undefined ? ["first"] : ["first", "last"],
        );
        return {
          ...others,
          // The field's own plan applies it, see below: it depends on `last`.
          first: { ...first, description: description("first") },
          ...(args.last && { last: { ...args.last, description: description("last") } }),
        };
      },
      GraphQLObjectType_fields_field(field, build, { scope, Self }) {
        const { plan } = field;
        if (!scope.isPgFieldConnection || plan === undefined) return field;
        return {
          ...field,
          plan($parent, args, info) {
            const $connection = plan($parent, args, info);
            const names = build.pagedFields.get(`${Self.name}.${scope.fieldName}`);
            if (names !== undefined)
              $connection.setFirst(
                lambda(
                  names.map(name => args.getRaw(name)),
                  pageSize,
                ),
              );
            return $connection;
          },
        };
      },
    },
  },
};

function pageSize([first, last]: readonly (number | null | undefined)[]): number | null {
  for (const [name, rows] of Object.entries({ first, last })) {
    if (rows != null && (rows < 0 || rows > MAX_PAGE)) {
      throw new SafeError(`${name} is ${rows}; a page has 0 to ${MAX_PAGE} rows.`, { code: "PAGE_SIZE" });
    }
  }
  return first ?? (last == null ? MAX_PAGE : null);
}
