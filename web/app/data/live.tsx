import type { CombinedError } from "@urql/core";
import { useClient } from "@urql/solid";
import { type Accessor, batch, createContext, createSignal, onCleanup, type ParentProps, useContext } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { createClock } from "./clock.ts";
import { type Access, type Assessment, newestAssessments } from "./documents/assessments.ts";
import { pollSeconds } from "./freshness.ts";
import { nodes } from "./graphql.ts";

export interface Live {
  now: Accessor<Date>;
  /** When the server last answered; undefined before the first answer. */
  toldAt: Accessor<Date | undefined>;
  /** Why the last question failed; undefined once one succeeds again. */
  problem: Accessor<CombinedError | undefined>;
  /** The newest assessment of each account and region, newest first. Empty before the first answer, too. */
  newest: readonly Assessment[];
  access: Accessor<Access | null>;
  /** Asks now, without waiting for the next poll. */
  ask: () => Promise<void>;
}

const LiveContext = createContext<Live>();

/** Keeps asking for the newest assessments while the page can be seen. Values change in place; nothing jumps. */
export function LiveProvider(props: ParentProps) {
  const client = useClient();
  const now = createClock();
  const [toldAt, setToldAt] = createSignal<Date>();
  const [problem, setProblem] = createSignal<CombinedError>();
  const [access, setAccess] = createSignal<Access | null>(null);
  const [state, setState] = createStore<{ newest: Assessment[] }>({ newest: [] });

  const ask = async (): Promise<void> => {
    const answer = await client.query(newestAssessments, {});
    batch(() => {
      setProblem(answer.error);
      if (!answer.data || answer.error) return;
      const newest = nodes(answer.data.newestAssessments).sort(
        (a, b) => Date.parse(b.timestamp) - Date.parse(a.timestamp),
      );
      setState("newest", reconcile(newest, { key: "id" }));
      setAccess(answer.data.currentAccess);
      setToldAt(new Date());
    });
  };

  const askIfSeen = () => {
    if (document.visibilityState === "visible") void ask();
  };
  void ask();
  const timer = setInterval(askIfSeen, pollSeconds * 1000);
  document.addEventListener("visibilitychange", askIfSeen);
  onCleanup(() => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", askIfSeen);
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
  };
  return <LiveContext.Provider value={live}>{props.children}</LiveContext.Provider>;
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error("useLive needs a LiveProvider above it");
  return live;
}
