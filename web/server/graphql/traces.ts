import { getOperationAST } from "postgraphile/graphql";
import { inSpan } from "../../../telemetry/span.ts";

/** A span for each query and mutation, with the name that its author gave it; its statements are inside. */
export const TracesPlugin: GraphileConfig.Plugin = {
  name: "TracesPlugin",
  version: "1.0.0",
  grafast: {
    middleware: {
      async execute(next, { args }) {
        const operation = getOperationAST(args.document, args.operationName);
        const type = operation?.operation ?? "query";
        const name = operation?.name?.value;
        const attributes = { "graphql.operation.type": type, ...(name && { "graphql.operation.name": name }) };
        return inSpan(
          `GraphQL ${type}`,
          { attributes, failed: result => "errors" in result && Boolean(result.errors?.length) },
          async () => next(),
        );
      },
    },
  },
};
