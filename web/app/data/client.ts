import { Client, fetchExchange } from "@urql/core";
import { rememberExchange } from "./remember.ts";

/** A server that accepts a request and never answers must end in an error with a Retry, not in an endless skeleton. */
const patience = 20_000;

const fetchWithinPatience: typeof fetch = (input, init) => {
  const limit = AbortSignal.timeout(patience);
  return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit });
};

/** The page's one door to the data. */
export const client = new Client({
  url: "/graphql",
  exchanges: [rememberExchange, fetchExchange],
  fetch: fetchWithinPatience,
  preferGetMethod: false,
  requestPolicy: "cache-and-network",
});
