import { type ComplexityEstimator, getComplexity } from "graphql-query-complexity";
import { SafeError } from "postgraphile/grafast";
import {
  type ExecutionArgs,
  GraphQLError,
  Kind,
  Lexer,
  type SelectionNode,
  type SelectionSetNode,
  Source,
  TokenKind,
  type ValidationRule,
} from "postgraphile/graphql";
import { MAX_PAGE } from "./schema/pages.ts";

/** Most fields inside one another. */
export const MAX_DEPTH = 12;
/** Most points, see `points`. */
export const MAX_COST = 20_000;
/** Most words and signs of one request. */
export const MAX_TOKENS = 4_000;
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
      processGraphQLRequestBody(next, { body }) {
        if (typeof body.query === "string" && isTooLong(body.query)) {
          throw new SafeError(`The query has more than ${MAX_TOKENS} words.`, { statusCode: 400, code: "TOO_LONG" });
        }
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

/** Introspection is as deep as it is. Each fragment is measured once, however often it is spread. */
const depthRule: ValidationRule = context => {
  const fragments = new Map<string, number>();
  const depthOf = (set: SelectionSetNode | undefined): number =>
    Math.max(0, ...(set?.selections ?? []).map(selection => depthOfSelection(selection)));
  const depthOfSelection = (selection: SelectionNode): number => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return depthOf(selection.selectionSet);
    if (selection.kind === Kind.FIELD)
      return selection.name.value.startsWith("__") ? 0 : 1 + depthOf(selection.selectionSet);
    const name = selection.name.value;
    // A fragment within itself is refused by another rule.
    if (!fragments.has(name)) fragments.set(name, 0).set(name, depthOf(context.getFragment(name)?.selectionSet));
    return fragments.get(name) ?? 0;
  };
  return {
    OperationDefinition(operation) {
      const depth = depthOf(operation.selectionSet);
      if (depth <= MAX_DEPTH) return;
      context.reportError(
        new GraphQLError(`The operation is ${depth} fields deep where ${MAX_DEPTH} are allowed.`, {
          nodes: operation,
          extensions: { code: "TOO_DEEP", depth, limit: MAX_DEPTH },
        }),
      );
    },
  };
};

/** Some rules of GraphQL compare every field with every other, so what is long is not even parsed. */
function isTooLong(query: string): boolean {
  const lexer = new Lexer(new Source(query));
  try {
    for (let tokens = 0; tokens <= MAX_TOKENS; tokens++) if (lexer.advance().kind === TokenKind.EOF) return false;
    return true;
  } catch {
    // Not GraphQL; the parser says what is wrong.
    return false;
  }
}
