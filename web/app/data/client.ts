import { Client, type Exchange, fetchExchange, type SSRData, ssrExchange } from "@urql/core";
import { filter } from "wonka";
import { rememberExchange } from "./remember.ts";

/** A server that accepts a request and never answers must end in an error with a Retry, not in an endless skeleton. */
const patience = 20_000;

const fetchWithinPatience: typeof fetch = (input, init) => {
  const limit = AbortSignal.timeout(patience);
  return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit });
};

const options = { url: "/graphql", preferGetMethod: false, requestPolicy: "cache-and-network" } as const;

/** The page's one door to the data. What came with the page is not asked for once more. */
export function createClient(given: SSRData): Client {
  const firstView = ssrExchange({ isClient: true, initialState: given });
  return new Client({
    ...options,
    exchanges: [firstView, rememberExchange, fetchExchange],
    fetch: fetchWithinPatience,
  });
}

/** Asks for what a first view is made of. */
export function createAsker(ask: typeof fetch): { client: Client; answers: () => SSRData } {
  const asked = ssrExchange({ isClient: false });
  const client = new Client({ ...options, exchanges: [asked, fetchExchange], fetch: ask });
  return { client, answers: () => asked.extractData() };
}

/** Knows these answers alone; other questions stay open, as they are in a browser that has only begun to ask. */
export function createGivenClient(given: SSRData): Client {
  const unanswered: Exchange = () => filter(() => false) as never;
  return new Client({ ...options, exchanges: [ssrExchange({ isClient: false, initialState: given }), unanswered] });
}
