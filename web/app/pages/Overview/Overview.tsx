import { createQuery } from "@urql/solid";
import { createEffect, createMemo, Match, Switch } from "solid-js";
import { assessmentOverview } from "../../data/documents.ts";
import { createHistory } from "../../data/history.ts";
import { useLive } from "../../data/live.tsx";
import { useSelection } from "../../data/selection.tsx";
import { Failure } from "../../ui/Failure.tsx";
import { Late } from "../../ui/Late.tsx";
import { AssessmentReport } from "./AssessmentReport.tsx";
import { NoAccess } from "./NoAccess.tsx";
import { NoAssessment } from "./NoAssessment.tsx";
import { NoSuchAssessment } from "./NoSuchAssessment.tsx";
import { OverviewSkeleton } from "./OverviewSkeleton.tsx";

/** Chooses between the report of one assessment and what there is to say when it cannot be shown. */
export function Overview() {
  const live = useLive();
  const selection = useSelection();
  const [overview, ask] = createQuery({
    query: assessmentOverview,
    variables: () => ({ id: selection.id() ?? "" }),
    pause: () => selection.id() === undefined,
  });
  const assessment = createMemo(() => overview.data?.assessments.nodes[0]);
  const newest = createMemo(() =>
    live.newest.find(each => each.awsAccountId === assessment()?.awsAccountId && each.region === assessment()?.region),
  );
  const history = createHistory(selection.scope, newest);

  createEffect(() => {
    document.title = `${live.toldAt() && live.newest.length === 0 ? "Nothing assessed yet" : "Overview"} · aws2openstack`;
  });

  const isEmpty = () => live.toldAt() !== undefined && live.newest.length === 0;
  const mayReadNothing = () => isEmpty() && live.access()?.accounts.length === 0;
  // The report of the previous choice stays until the next one has arrived whole.
  const isMissing = () => !selection.isPossible() || (!overview.fetching && overview.data && !assessment());
  const problem = () => overview.error ?? (live.toldAt() === undefined && !selection.id() ? live.problem() : undefined);
  const retry = () => {
    void live.ask();
    if (selection.id()) ask();
  };

  return (
    <Switch
      fallback={
        <Late>
          <OverviewSkeleton />
        </Late>
      }
    >
      <Match when={isMissing()}>
        <NoSuchAssessment />
      </Match>
      <Match when={problem()}>{error => <Failure error={error()} onRetry={retry} />}</Match>
      <Match when={assessment()}>
        {shown => (
          <AssessmentReport
            assessment={shown()}
            newest={newest()}
            history={history}
            formats={overview.data?.formatOverviews.nodes ?? []}
            readiness={overview.data?.readinessOverviews.nodes ?? []}
            coverage={overview.data?.databaseCoverages.nodes ?? []}
            isWaiting={overview.fetching}
          />
        )}
      </Match>
      <Match when={mayReadNothing()}>
        <NoAccess />
      </Match>
      <Match when={isEmpty()}>
        <NoAssessment />
      </Match>
    </Switch>
  );
}
