import { createQuery } from "@urql/solid";
import { type Accessor, createEffect, createMemo, untrack } from "solid-js";
import { type Assessment, assessmentHistory } from "./documents/assessments.ts";
import { nodes } from "./graphql.ts";

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
 * The assessments of the account and region that `of` belongs to. Asks again when another one is the `newest` there: an
 * assessment never changes, but another can join the list.
 */
export function createHistory(of: Accessor<Assessment | undefined>, newest: Accessor<Assessment | undefined>): History {
  const account = createMemo(() => of()?.awsAccountId);
  const region = createMemo(() => of()?.region);
  const [state, ask] = createQuery({
    query: assessmentHistory,
    variables: () => ({ account: account() ?? "", region: region() ?? "", first: shownAtMost }),
    pause: () => account() === undefined || region() === undefined,
  });
  createEffect<Assessment | undefined>(before => {
    const now = newest();
    const isSameScope = before?.awsAccountId === now?.awsAccountId && before?.region === now?.region;
    if (isSameScope && before && now && before.id !== now.id) untrack(() => ask());
    return now && { ...now };
  });
  // While another account's list is on its way, the old one must not pass for it.
  const assessments = createMemo(() =>
    nodes(state.data?.assessments).filter(
      assessment => assessment.awsAccountId === account() && assessment.region === region(),
    ),
  );
  const total = () => (assessments().length > 0 ? (state.data?.assessments?.totalCount ?? 0) : 0);
  return {
    assessments,
    total,
    previousOf: ({ timestamp }) => assessments().find(each => Date.parse(each.timestamp) < Date.parse(timestamp)),
    isFirst: ({ id }) => assessments().length === total() && assessments().at(-1)?.id === id,
  };
}
