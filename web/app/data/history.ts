import { createQuery } from "@urql/solid";
import { type Accessor, createEffect, createMemo, on } from "solid-js";
import { assessmentHistory } from "./documents.ts";
import type { Assessment } from "./types.ts";

export interface History {
  /** Newest first. Only the newest hundred; `total` counts all. */
  assessments: Accessor<readonly Assessment[]>;
  total: Accessor<number>;
  /** The one before, in time. */
  previousOf: (assessment: Assessment) => Assessment | undefined;
  /** True once it is known that there is none before. */
  isFirst: (assessment: Assessment) => boolean;
}

const shownAtMost = 100;

/**
 * The assessments of the account and region that `of` belongs to. Asks again when `newestId` changes: an assessment
 * never changes, but another can join the list.
 */
export function createHistory(of: Accessor<Assessment | undefined>, newestId: Accessor<string | undefined>): History {
  const [state, ask] = createQuery({
    query: assessmentHistory,
    variables: () => ({ account: of()?.awsAccountId ?? "", region: of()?.region ?? "", first: shownAtMost }),
    pause: () => of() === undefined,
  });
  createEffect(
    on(
      newestId,
      (id, before) => {
        if (id !== undefined && before !== undefined && id !== before) ask();
      },
      { defer: true },
    ),
  );
  // While another account's list is on its way, the old one must not pass for it.
  const assessments = createMemo(() =>
    (state.data?.assessments.nodes ?? []).filter(
      assessment => assessment.awsAccountId === of()?.awsAccountId && assessment.region === of()?.region,
    ),
  );
  const total = () => (assessments().length > 0 ? (state.data?.assessments.totalCount ?? 0) : 0);
  return {
    assessments,
    total,
    previousOf: ({ timestamp }) => assessments().find(each => Date.parse(each.timestamp) < Date.parse(timestamp)),
    isFirst: ({ id }) => assessments().length === total() && assessments().at(-1)?.id === id,
  };
}
