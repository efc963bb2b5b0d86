import { useSearchParams } from "@solidjs/router";
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
import { selectedAssessment } from "./documents.ts";
import { isUuid } from "./is-uuid.ts";
import { useLive } from "./live.tsx";
import type { Assessment } from "./types.ts";

export interface Selection {
  /** The assessment the page is about; undefined while none is known, or when the address names none. */
  id: Accessor<string | undefined>;
  /** An assessment of the account and region in question: the shown one, or the one before until it has been read. */
  scope: Accessor<Assessment | undefined>;
  /** False when the address names something that cannot be an assessment. */
  isPossible: Accessor<boolean>;
  /** Shows another assessment, and says so in the address. */
  select: (assessment: Pick<Assessment, "id">) => void;
}

const SelectionContext = createContext<Selection>();

/**
 * Which assessment is shown: the one in the address (`?assessment=`), otherwise the newest there was when the page
 * opened. A newer one that arrives later is offered, not switched to: figures do not change under a reader's eyes.
 */
export function SelectionProvider(props: ParentProps) {
  const live = useLive();
  const [params, setParams] = useSearchParams<{ assessment?: string }>();
  const named = createMemo(() => (typeof params.assessment === "string" ? params.assessment : undefined));
  const [held, setHeld] = createSignal<string>();

  createEffect(() => {
    if (named() !== undefined) setHeld(undefined);
    else if (held() === undefined) setHeld(live.newest[0]?.id);
  });

  const isPossible = () => {
    const id = named();
    return id === undefined || isUuid(id);
  };
  const id = createMemo(() => (isPossible() ? (named() ?? held()) : undefined));
  const amongNewest = createMemo(() => live.newest.find(assessment => assessment.id === id()));
  const [older] = createQuery({
    query: selectedAssessment,
    variables: () => ({ id: id() ?? "" }),
    pause: () => id() === undefined || amongNewest() !== undefined,
  });
  const scope = createMemo<Assessment | undefined>(
    before =>
      amongNewest() ??
      older.data?.assessments.nodes.find(assessment => assessment.id === id()) ??
      (id() === undefined ? undefined : before),
  );

  const selection: Selection = {
    id,
    scope,
    isPossible,
    select: assessment => setParams({ assessment: assessment.id }),
  };
  return <SelectionContext.Provider value={selection}>{props.children}</SelectionContext.Provider>;
}

export function useSelection(): Selection {
  const selection = useContext(SelectionContext);
  if (!selection) throw new Error("useSelection needs a SelectionProvider above it");
  return selection;
}
