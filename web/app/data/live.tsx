import type { CombinedError, OperationResult, RequestPolicy } from "@urql/core";
import { useClient } from "@urql/solid";
import {
  type Accessor,
  batch,
  createContext,
  createSignal,
  onCleanup,
  onMount,
  type ParentProps,
  useContext,
} from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { filter, pipe, subscribe, take } from "wonka";
import type { ChangeEvent } from "./change-feed.ts";
import { createClock } from "./clock.ts";
import { type Access, type Assessment, newestAssessments, newestFirst } from "./documents/assessments.ts";
import type { ChangeKind } from "./documents/changes.ts";
import { pollSeconds } from "./freshness.ts";
import type { ResultOf } from "./graphql.ts";

export interface Live {
  now: Accessor<Date>;
  /** When the server last gave a sign of life; undefined before the first answer. */
  toldAt: Accessor<Date | undefined>;
  /** Why the last question failed; undefined once one succeeds again. */
  problem: Accessor<CombinedError | undefined>;
  /** The newest assessment of each account and region, newest first. Empty before the first answer, too. */
  newest: readonly Assessment[];
  access: Accessor<Access | null>;
  /** Asks now, without waiting for the next poll. */
  ask: () => Promise<void>;
  /**
   * Calls back when something of these kinds changed, when something may have been missed, and every 30 seconds while
   * the server cannot tell by itself. Ends with the owner that asked for it.
   */
  onChange: (kinds: readonly ChangeKind[], callback: () => void) => void;
}

const LiveContext = createContext<Live>();

/**
 * Knows what is newest: told by the server as it happens, asked every 30 seconds while that does not work. Values change
 * in place; nothing jumps. A page that nobody can see does not ask.
 */
export function LiveProvider(props: ParentProps) {
  const client = useClient();
  const now = createClock();
  const [toldAt, setToldAt] = createSignal<Date>();
  const [problem, setProblem] = createSignal<CombinedError>();
  const [access, setAccess] = createSignal<Access | null>(null);
  const [state, setState] = createStore<{ newest: Assessment[] }>({ newest: [] });
  const listeners = new Set<{ kinds: readonly ChangeKind[]; callback: () => void }>();
  let isConnected = false;
  let isMissed = false;

  const hear = (answer: OperationResult<ResultOf<typeof newestAssessments>>) =>
    batch(() => {
      setProblem(answer.error);
      if (!answer.data || answer.error) return;
      setState("newest", reconcile(newestFirst(answer.data), { key: "id" }));
      setAccess(answer.data.currentAccess);
      setToldAt(new Date());
    });
  // Not a promise's way: what came with the page is to be shown in the first rendering.
  const askBy = (requestPolicy: RequestPolicy) =>
    new Promise<void>(resolve => {
      pipe(
        client.query(newestAssessments, {}, { requestPolicy }),
        filter(({ stale }) => !stale),
        take(1),
        subscribe(answer => {
          hear(answer);
          resolve();
        }),
      );
    });
  const ask = () => askBy("network-only");
  const tell = (event: Pick<ChangeEvent, "kind">) => {
    for (const { kinds, callback } of listeners) {
      if (event.kind === "RESYNC" || kinds.includes(event.kind)) callback();
    }
  };
  const resync = () => {
    isMissed = false;
    tell({ kind: "RESYNC" });
  };
  const onChange: Live["onChange"] = (kinds, callback) => {
    const listener = { kinds, callback };
    listeners.add(listener);
    onCleanup(() => listeners.delete(listener));
  };
  onChange(["ASSESSMENT"], () => void ask());
  void askBy("cache-first");

  const isSeen = () => document.visibilityState === "visible";
  onMount(() => {
    const timer = setInterval(() => {
      if (isSeen() && !isConnected) resync();
    }, pollSeconds * 1000);
    const whenSeen = () => {
      if (isSeen() && (isMissed || !isConnected)) resync();
    };
    document.addEventListener("visibilitychange", whenSeen);

    let close: (() => void) | undefined;
    let isGone = false;
    // Not part of the first load: the first figures come without it.
    void import("./change-feed.ts").then(({ openChangeFeed }) => {
      if (isGone) return;
      let isFirst = true;
      close = openChangeFeed({
        onEvent: event => {
          // The first RESYNC says that from now on nothing is missed; what the page has was asked a moment before.
          const isGreeting = isFirst && event.kind === "RESYNC";
          isFirst = false;
          if (isGreeting && toldAt() !== undefined) return;
          if (isSeen()) tell(event);
          else isMissed = true;
        },
        onAlive: () => setToldAt(before => (before === undefined ? before : new Date())),
        onConnection: connected => {
          isConnected = connected;
        },
      });
    });
    onCleanup(() => {
      isGone = true;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", whenSeen);
      close?.();
    });
  });

  const live: Live = {
    now,
    toldAt,
    problem,
    get newest() {
      return state.newest;
    },
    access,
    ask,
    onChange,
  };
  return <LiveContext.Provider value={live}>{props.children}</LiveContext.Provider>;
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error("useLive needs a LiveProvider above it");
  return live;
}
