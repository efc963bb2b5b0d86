import { type ComplexityEstimator, getComplexity } from "graphql-query-complexity";
import {
  type ExecutionArgs,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationRule,
} from "postgraphile/graphql";
import { MAX_PAGE } from "./pages.ts";

/** Most fields inside one another. */
export const MAX_DEPTH = 12;
/** Most points, see `points`. */
export const MAX_COST = 20_000;
/** What asking the database costs, besides a point for each row that it may answer. */
const QUERY_COST = 100;

/**
 * Refuses operations before they are planned: too deep by their text, or too costly with their variables. Both for requests and
 * for subscriptions.
 */
export const LimitsPlugin: GraphileConfig.Plugin = {
  name: "LimitsPlugin",
  version: "1.0.0",
  grafserv: {
    middleware: {
      setPreset(next, event) {
        event.validationRules.push(depthRule);
        return next();
      },
    },
  },
  grafast: {
    middleware: {
      execute: (next, { args }) => refusal(args) ?? next(),
      subscribe: (next, { args }) => refusal(args) ?? next(),
    },
  },
};

function refusal({ schema, document, variableValues, operationName }: ExecutionArgs) {
  try {
    const cost = getComplexity({
      schema,
      query: document,
      variables: variableValues ?? {},
      ...(operationName != null && { operationName }),
      estimators: [points],
    });
    if (cost <= MAX_COST) return undefined;
    const message = `This would cost ${cost} points where ${MAX_COST} are allowed: ${QUERY_COST} for each list or function asked for, and one for each row it may answer. Ask for fewer rows with first, or in several requests.`;
    return { errors: [new GraphQLError(message, { extensions: { code: "TOO_COSTLY", cost, limit: MAX_COST } })] };
  } catch (error) {
    // Wrong variables, or fragments that multiply; in words for the caller.
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}

/** A field that asks the database costs QUERY_COST; what is inside it costs once for each row. */
const points: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  if (type.name.startsWith("__") || field.name.startsWith("__")) return 0;
  const isQuery = field.args.length > 0 || isRoot(type.name);
  if (!isQuery) return childComplexity;
  return (
    QUERY_COST +
    rows(
      field.args.some(({ name }) => name === "first"),
      args,
    ) *
      (1 + childComplexity)
  );
};

const isRoot = (name: string) => ["Query", "Mutation", "Subscription"].includes(name);

function rows(isConnection: boolean, args: Record<string, unknown>): number {
  const wanted = args.first ?? args.last ?? args.pageSize ?? args.top;
  if (typeof wanted === "number") return Math.max(0, Math.min(wanted, MAX_PAGE));
  return isConnection ? MAX_PAGE : 1;
}

/** Introspection is as deep as it is. */
const depthRule: ValidationRule = context => ({
  OperationDefinition(operation) {
    const seen = new Set<string>();
    const depthOf = (selections: SelectionSetNode | undefined): number => {
      let deepest = 0;
      for (const selection of selections?.selections ?? []) {
        if (selection.kind === Kind.FIELD) {
          if (!selection.name.value.startsWith("__")) deepest = Math.max(deepest, 1 + depthOf(selection.selectionSet));
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          deepest = Math.max(deepest, depthOf(selection.selectionSet));
        } else if (!seen.has(selection.name.value)) {
          // A fragment within itself is refused by another rule.
          seen.add(selection.name.value);
          deepest = Math.max(deepest, depthOf(context.getFragment(selection.name.value)?.selectionSet));
          seen.delete(selection.name.value);
        }
      }
      return deepest;
    };
    const depth = depthOf(operation.selectionSet);
    if (depth <= MAX_DEPTH) return;
    context.reportError(
      new GraphQLError(`The operation is ${depth} fields deep where ${MAX_DEPTH} are allowed.`, {
        nodes: operation,
        extensions: { code: "TOO_DEEP", depth, limit: MAX_DEPTH },
      }),
    );
  },
});
