import { createQuery } from "@urql/solid";
import { createMemo, Match, Switch } from "solid-js";
import { assessmentOverview } from "../../data/documents/assessments.ts";
import { nodes } from "../../data/graphql.ts";
import { useSelection } from "../../data/selection.tsx";
import { PanelFailure } from "../../ui/PanelFailure.tsx";
import { AssessmentPage } from "../../ui/page/AssessmentPage.tsx";
import { words } from "../../words/overview.ts";
import { AssessmentReport } from "./AssessmentReport.tsx";
import { OverviewSkeleton } from "./OverviewSkeleton.tsx";

/** One assessment from the general to the specific. */
export function Overview() {
  const selection = useSelection();
  const [overview, ask] = createQuery({
    query: assessmentOverview,
    variables: () => ({ id: selection.id() ?? "" }),
    pause: () => selection.id() === undefined,
  });
  // The report of the previous choice stays until the next one has arrived whole.
  const assessment = createMemo(() => overview.data?.assessment ?? undefined);
  return (
    <AssessmentPage title={words.title} skeleton={<OverviewSkeleton />}>
      {() => (
        <Switch fallback={<OverviewSkeleton />}>
          <Match when={overview.error}>{error => <PanelFailure error={error()} onRetry={() => ask()} />}</Match>
          <Match when={assessment()}>
            {shown => (
              <AssessmentReport
                assessment={shown()}
                history={selection.history}
                formats={nodes(overview.data?.formatOverviews)}
                readiness={nodes(overview.data?.readinessOverviews)}
                coverage={nodes(overview.data?.databaseCoverages)}
                isWaiting={overview.fetching}
              />
            )}
          </Match>
        </Switch>
      )}
    </AssessmentPage>
  );
}
