/**
 * What of the database is offered, beyond what grants and smart tags say:
 * single rows by a primary key of one column (others are lines of a list, unless tagged `@behavior +single`);
 * filters on partitioned tables by indexed columns only, as PostGraphile does for plain ones, and their order by key only.
 */
export const SurfacePlugin: GraphileConfig.Plugin = {
  name: "SurfacePlugin",
  version: "1.0.0",
  after: ["smart-tags", "PgIndexBehaviorsPlugin"],
  gather: {
    hooks: {
      pgCodecs_attribute(_info, { attribute, pgAttribute }) {
        const relation = pgAttribute.getClass();
        if (relation?.relkind !== "p") return;
        const isIndexed = relation
          .getIndexes()
          .some(index => index.indpred === null && index.getKeys().some(key => key?.attname === pgAttribute.attname));
        attribute.extensions ??= Object.create(null);
        Object.assign(attribute.extensions ?? {}, { isIndexed, isOfPartitionedTable: true });
      },
    },
  },
  schema: {
    entityBehavior: {
      pgCodecAttribute: {
        inferred: {
          after: ["inferred"],
          provides: ["postInferred"],
          callback: (behavior, [codec, name]) =>
            codec.attributes[name]?.extensions?.isOfPartitionedTable ? [behavior, "-orderBy"] : behavior,
        },
      },
      pgResourceUnique: {
        inferred: {
          after: ["inferred"],
          provides: ["postInferred"],
          callback: (behavior, [_resource, unique]) =>
            unique.isPrimary && unique.attributes.length === 1 ? behavior : [behavior, "-single"],
        },
      },
    },
  },
};

declare global {
  namespace DataplanPg {
    interface PgCodecAttributeExtensions {
      isOfPartitionedTable?: boolean;
    }
  }
}
