import { createMemo } from "solid-js";
import type { History } from "../../data/history.ts";
import type { Assessment, DatabaseCoverage, FormatOverview, ReadinessOverview } from "../../data/types.ts";
import { ChangeBasis } from "./ChangeBasis.tsx";
import { CoveragePanel } from "./CoveragePanel.tsx";
import { DatumLine } from "./DatumLine.tsx";
import { FormatsPanel } from "./FormatsPanel.tsx";
import { LostBanner } from "./LostBanner.tsx";
import { ReadinessPanel } from "./ReadinessPanel.tsx";
import { Strip } from "./Strip.tsx";
import { TitleRow } from "./TitleRow.tsx";
import "./assessment-report.css";

interface AssessmentReportProps {
  assessment: Assessment;
  newest: Assessment | undefined;
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
    <>
      <TitleRow assessment={props.assessment} newest={props.newest} history={props.history} />
      <LostBanner />
      <div class="report" classList={{ waiting: props.isWaiting }} aria-busy={props.isWaiting}>
        <DatumLine assessment={props.assessment} />
        <Strip assessment={props.assessment} previous={previous()} isFirst={props.history.isFirst(props.assessment)} />
        <ChangeBasis assessment={props.assessment} previous={previous()} />
        <div class="report-grid">
          <ReadinessPanel assessment={props.assessment} readiness={props.readiness} />
          <FormatsPanel formats={props.formats} />
          <CoveragePanel assessment={props.assessment} coverage={props.coverage} />
        </div>
      </div>
    </>
  );
}
