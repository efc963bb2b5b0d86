import { Client, fetchExchange } from "@urql/core";

/** A server that accepts a request and never answers must end in an error with a Retry, not in an endless skeleton. */
const patience = 20_000;

const fetchWithinPatience: typeof fetch = (input, init) => {
  const limit = AbortSignal.timeout(patience);
  return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit });
};

/**
 * The page's one door to the data. No document cache: `createQuery` reconciles each answer into the object of the one
 * before, which would rewrite the cached answer, too.
 */
export const client = new Client({
  url: "/graphql",
  exchanges: [fetchExchange],
  fetch: fetchWithinPatience,
  preferGetMethod: false,
});
