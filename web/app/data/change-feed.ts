import { stringifyDocument } from "@urql/core";
import { createClient } from "graphql-ws";
import { type ChangeKind, changes } from "./documents/changes.ts";

export interface ChangeEvent {
  kind: ChangeKind;
  id: string | null;
}

export interface FeedHandlers {
  onEvent: (event: ChangeEvent) => void;
  /** The server gave a sign of life. */
  onAlive: () => void;
  onConnection: (isConnected: boolean) => void;
}

/** How often the server is asked for a sign of life, in ms. */
const heartbeat = 10_000;
/** After which it counts as gone when it gives none. */
const patience = 5_000;

/** Listens to what changes, over a websocket that is opened again for ever, later and later, while the page is there. */
export function openChangeFeed(handlers: FeedHandlers): () => void {
  const url = new URL("/graphql", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  let late: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: url.href,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: async retries => {
      const seconds = Math.min(30, 2 ** Math.min(retries, 5));
      await new Promise(resolve => setTimeout(resolve, seconds * 1000 * (0.5 + Math.random())));
    },
    keepAlive: heartbeat,
    on: {
      connected: () => handlers.onConnection(true),
      closed: () => {
        clearTimeout(late);
        handlers.onConnection(false);
      },
      ping: isReceived => {
        // A connection that is dead without having been closed (a laptop asleep) is closed here, and so opened again.
        if (!isReceived) {
          clearTimeout(late);
          late = setTimeout(() => client.terminate(), patience);
        }
      },
      pong: isReceived => {
        if (!isReceived) return;
        clearTimeout(late);
        handlers.onAlive();
      },
    },
  });
  const unsubscribe = client.subscribe<{ changes: ChangeEvent | null }>(
    { query: stringifyDocument(changes), variables: {} },
    {
      next: ({ data }) => {
        handlers.onAlive();
        if (data?.changes) handlers.onEvent(data.changes);
      },
      // It is tried again by itself; without it the page asks every 30 seconds.
      error: () => handlers.onConnection(false),
      complete: () => handlers.onConnection(false),
    },
  );
  return () => {
    unsubscribe();
    void client.dispose();
  };
}
