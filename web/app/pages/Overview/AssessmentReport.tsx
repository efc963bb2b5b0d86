import { createQuery } from "@urql/solid";
import { createMemo } from "solid-js";
import type {
  Assessment,
  DatabaseCoverage,
  FormatOverview,
  ReadinessOverview,
} from "../../data/documents/assessments.ts";
import { overviewDetails } from "../../data/documents/overview.ts";
import { nodes } from "../../data/graphql.ts";
import type { History } from "../../data/history.ts";
import { words } from "../../words/overview.ts";
import { ChangeBasis } from "./ChangeBasis.tsx";
import { ChangesPanel } from "./ChangesPanel.tsx";
import { CoveragePanel } from "./CoveragePanel.tsx";
import { Detail } from "./Detail.tsx";
import { FindingsPanel } from "./FindingsPanel.tsx";
import { FormatsPanel } from "./FormatsPanel.tsx";
import { LargestPanel } from "./LargestPanel.tsx";
import { ReadinessPanel } from "./ReadinessPanel.tsx";
import { Strip } from "./Strip.tsx";
import { TrendPanel } from "./TrendPanel.tsx";
import "./assessment-report.css";

interface AssessmentReportProps {
  assessment: Assessment;
  history: History;
  formats: readonly FormatOverview[];
  readiness: readonly ReadinessOverview[];
  coverage: readonly DatabaseCoverage[];
  isWaiting: boolean;
}

/** The overview of one assessment, from the general to the specific. */
export function AssessmentReport(props: AssessmentReportProps) {
  const previous = createMemo(() => props.history.previousOf(props.assessment));
  const [details, ask] = createQuery({
    query: overviewDetails,
    variables: () => ({
      assessment: props.assessment.id,
      account: props.assessment.awsAccountId,
      region: props.assessment.region,
    }),
  });
  const trend = createMemo(() => nodes(details.data?.assessmentTrends));
  const detail = {
    get data() {
      return details.data;
    },
    get error() {
      return details.error;
    },
    onRetry: () => ask(),
  };
  return (
    <div class="report" classList={{ waiting: props.isWaiting }} aria-busy={props.isWaiting}>
      <Strip assessment={props.assessment} previous={previous()} isFirst={props.history.isFirst(props.assessment)} />
      <ChangeBasis assessment={props.assessment} previous={previous()} />
      <div class="report-grid">
        <ReadinessPanel assessment={props.assessment} readiness={props.readiness} />
        <Detail title={words.trend} class="trend-panel" {...detail}>
          {() => <TrendPanel trend={trend()} />}
        </Detail>
        <FormatsPanel formats={props.formats} />
        <div class="report-column">
          <Detail title={words.changes} class="changes-panel" {...detail}>
            {() => <ChangesPanel assessment={props.assessment} trend={trend()} />}
          </Detail>
          <CoveragePanel assessment={props.assessment} coverage={props.coverage} />
        </div>
        <Detail title={words.largest} class="largest-panel" {...detail}>
          {data => <LargestPanel databases={nodes(data().databaseOverviews)} />}
        </Detail>
        <Detail title={words.findings} class="findings-panel" {...detail}>
          {data => (
            <FindingsPanel
              findings={nodes(data().findingOverviews)}
              effortHours={data().assessmentEffort?.effortHours}
            />
          )}
        </Detail>
      </div>
    </div>
  );
}
