import { useLocation, useNavigate, useSearchParams } from "@solidjs/router";
import type { CombinedError } from "@urql/core";
import { createQuery } from "@urql/solid";
import {
  type Accessor,
  createContext,
  createEffect,
  createMemo,
  createSignal,
  type ParentProps,
  useContext,
} from "solid-js";
import { type Assessment, selectedAssessment } from "./documents/assessments.ts";
import { createHistory, type History } from "./history.ts";
import { isUuid } from "./is-uuid.ts";
import { usePageLink } from "./links.ts";
import { useLive } from "./live.tsx";
import { rememberScope } from "./remembered.ts";

export interface Selection {
  /** The assessment the page is about; undefined while none is known, or when the address names none. */
  id: Accessor<string | undefined>;
  /** That assessment itself; undefined until it has been read. */
  assessment: Accessor<Assessment | undefined>;
  /** An assessment of the account and region in question: the shown one, or the one before until it has been read. */
  scope: Accessor<Assessment | undefined>;
  /** The newest assessment of the same account and region. */
  newest: Accessor<Assessment | undefined>;
  /** The assessments of that account and region. */
  history: History;
  /** True when the address names what cannot be an assessment, or one that is not there. */
  isMissing: Accessor<boolean>;
  problem: Accessor<CombinedError | undefined>;
  /** Asks again after a problem. */
  retry: () => void;
  /** Shows another assessment, and says so in the address. */
  select: (assessment: Assessment) => void;
}

const SelectionContext = createContext<Selection>();

export const scopeOf = (assessment: Pick<Assessment, "awsAccountId" | "region">): string =>
  `${assessment.awsAccountId} ${assessment.region}`;

/** What is shown when the address names nothing: the newest of the account and region chosen last, or of all. */
export function preferredOf(newest: readonly Assessment[], lastScope: string | undefined): Assessment | undefined {
  return newest.find(each => scopeOf(each) === lastScope) ?? newest[0];
}

/**
 * Which assessment is shown: the one in the address (`?assessment=`), otherwise the newest there was when the page
 * opened, of the account and region chosen last. A newer one that arrives later is offered, not switched to: figures do
 * not change under a reader's eyes.
 */
export function SelectionProvider(props: ParentProps<{ lastScope: string | undefined }>) {
  const live = useLive();
  const link = usePageLink();
  const navigate = useNavigate();
  const location = useLocation();
  const [params, setParams] = useSearchParams<{ assessment?: string }>();
  const named = createMemo(() => (typeof params.assessment === "string" ? params.assessment : undefined));
  const preferred = () => preferredOf(live.newest, props.lastScope)?.id;
  const [held, setHeld] = createSignal(named() === undefined ? preferred() : undefined);

  createEffect(() => {
    if (named() !== undefined) {
      setHeld(undefined);
    } else if (held() === undefined) {
      setHeld(preferred());
    }
  });

  const isPossible = () => {
    const id = named();
    return id === undefined || isUuid(id);
  };
  const id = createMemo(() => (isPossible() ? (named() ?? held()) : undefined));
  const amongNewest = createMemo(() => live.newest.find(assessment => assessment.id === id()));
  const [older, ask] = createQuery({
    query: selectedAssessment,
    variables: () => ({ id: id() ?? "" }),
    pause: () => id() === undefined || amongNewest() !== undefined,
  });
  const fetched = () => (older.data?.assessment?.id === id() ? older.data?.assessment : undefined);
  const assessment = createMemo(() => (id() === undefined ? undefined : (amongNewest() ?? fetched() ?? undefined)));
  const scope = createMemo<Assessment | undefined>(before => assessment() ?? (id() === undefined ? undefined : before));

  const newest = createMemo(() => {
    const shown = scope();
    return shown && live.newest.find(each => scopeOf(each) === scopeOf(shown));
  });

  const selection: Selection = {
    id,
    assessment,
    scope,
    newest,
    history: createHistory(scope, newest),
    isMissing: () =>
      !isPossible() ||
      (id() !== undefined && !assessment() && !older.fetching && !older.stale && older.data?.assessment === null),
    problem: () => older.error ?? (live.toldAt() === undefined && !id() ? live.problem() : undefined),
    retry: () => {
      void live.ask();
      if (id() !== undefined && !amongNewest()) ask();
    },
    select: next => {
      const shown = scope();
      rememberScope(scopeOf(next));
      if (!shown || scopeOf(shown) === scopeOf(next)) {
        setParams({ assessment: next.id });
      } else {
        // Another catalog has other databases and tables: filters and the table shown mean nothing there.
        const page = `/${location.pathname.split("/")[1] ?? ""}`;
        navigate(link(page, { assessment: next.id }));
      }
    },
  };
  return <SelectionContext.Provider value={selection}>{props.children}</SelectionContext.Provider>;
}

export function useSelection(): Selection {
  const selection = useContext(SelectionContext);
  if (!selection) throw new Error("useSelection needs a SelectionProvider above it");
  return selection;
}
