import type { Exchange, OperationResult } from "@urql/core";
import { filter, map, merge, pipe, share, tap } from "wonka";

/** Answers kept at most. A page asks a handful of questions, so that this covers the last dozen of pages. */
const kept = 64;

/**
 * Shows the last answer to a question at once, marked as stale, while it is asked again (`cache-and-network`). In place
 * of urql's own caches, because those never forget: an hour of live updates and a million rows would pile up. Each
 * answer is handed out as a copy, since `createQuery` reconciles later answers into the object that it got.
 */
export const rememberExchange: Exchange = ({ forward }) => {
  const answers = new Map<number, OperationResult>();
  const remember = (answer: OperationResult) => {
    const { key, kind, context } = answer.operation;
    if (kind !== "query" || context.requestPolicy !== "cache-and-network" || answer.error || answer.data == null)
      return;
    answers.delete(key);
    answers.set(key, { ...answer, data: structuredClone(answer.data) });
    for (const oldest of answers.keys()) {
      if (answers.size <= kept) break;
      answers.delete(oldest);
    }
  };
  return operations => {
    const shared = share(operations);
    const remembered = pipe(
      shared,
      filter(
        ({ kind, key, context }) =>
          kind === "query" && context.requestPolicy === "cache-and-network" && answers.has(key),
      ),
      map((operation): OperationResult => {
        const answer = answers.get(operation.key);
        return { operation, data: structuredClone(answer?.data), stale: true, hasNext: false };
      }),
    );
    return merge([remembered, pipe(forward(shared), tap(remember))]);
  };
};
