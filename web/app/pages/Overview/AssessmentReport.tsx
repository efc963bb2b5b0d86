import { createMemo } from "solid-js";
import type {
  Assessment,
  DatabaseCoverage,
  FormatOverview,
  ReadinessOverview,
} from "../../data/documents/assessments.ts";
import type { History } from "../../data/history.ts";
import { ChangeBasis } from "./ChangeBasis.tsx";
import { CoveragePanel } from "./CoveragePanel.tsx";
import { FormatsPanel } from "./FormatsPanel.tsx";
import { ReadinessPanel } from "./ReadinessPanel.tsx";
import { Strip } from "./Strip.tsx";
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
  return (
    <div class="report" classList={{ waiting: props.isWaiting }} aria-busy={props.isWaiting}>
      <Strip assessment={props.assessment} previous={previous()} isFirst={props.history.isFirst(props.assessment)} />
      <ChangeBasis assessment={props.assessment} previous={previous()} />
      <div class="report-grid">
        <ReadinessPanel assessment={props.assessment} readiness={props.readiness} />
        <FormatsPanel formats={props.formats} />
        <CoveragePanel assessment={props.assessment} coverage={props.coverage} />
      </div>
    </div>
  );
}
