/** No array of ours holds nulls; PostgreSQL has no way to say so. */
export const NoNullsInListsPlugin: GraphileConfig.Plugin = {
  name: "NoNullsInListsPlugin",
  version: "1.0.0",
  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, build) {
        const { GraphQLList, GraphQLNonNull } = build.graphql;
        const { type } = field;
        const list = type instanceof GraphQLNonNull ? type.ofType : type;
        if (!(list instanceof GraphQLList) || list.ofType instanceof GraphQLNonNull) return field;
        const full = new GraphQLList(new GraphQLNonNull(list.ofType));
        return { ...field, type: type instanceof GraphQLNonNull ? new GraphQLNonNull(full) : full };
      },
    },
  },
};
