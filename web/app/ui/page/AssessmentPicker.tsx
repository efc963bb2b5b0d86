import { createMemo, Show } from "solid-js";
import { isComplete, isListed } from "../../data/coverage.ts";
import type { Assessment } from "../../data/documents/assessments.ts";
import { useSelection } from "../../data/selection.tsx";
import { Button } from "../Button.tsx";
import { count, counted } from "../format/count.ts";
import { share } from "../format/share.ts";
import { dayAndTime } from "../format/time.ts";
import { Listbox } from "../Listbox.tsx";

const taken = (assessment: Assessment): string => dayAndTime(new Date(assessment.timestamp));

/** In the list: how large an assessment is, or that it has gaps. */
function summary(assessment: Assessment): string {
  if (isComplete(assessment)) return counted(assessment.totalTables, "table");
  if (!isListed(assessment)) return "incomplete list";
  return `${share(assessment.databasesComplete, assessment.totalDatabases)} of databases`;
}

/** The assessment a page is about. A newer one is offered here, and opened only on request. */
export function AssessmentPicker(props: { assessment: Assessment }) {
  const selection = useSelection();
  const history = selection.history;
  const newer = createMemo(() => {
    const newest = selection.newest();
    return newest && Date.parse(newest.timestamp) > Date.parse(props.assessment.timestamp) ? newest : undefined;
  });
  // The button goes away with what it offered, so the focus has to go elsewhere.
  const open = (newest: Assessment) => {
    selection.select(newest);
    document.getElementById("main")?.focus();
  };
  const place = () => {
    const total = history.total();
    const index = history.assessments().findIndex(each => each.id === props.assessment.id);
    if (total === 0 || index < 0) return "";
    if (total === 1) return "the only one";
    return index === 0 ? `newest of ${count(total)}` : `${count(index + 1)} of ${count(total)}`;
  };
  const chosen = () => (
    <>
      {taken(props.assessment)} <span class="dim">{place()}</span>
    </>
  );
  return (
    <>
      <p class="vh" role="status">
        {newer() ? "There is a newer assessment." : ""}
      </p>
      <Show when={newer()}>
        {newest => (
          <Button class="newer" onClick={() => open(newest())}>
            <span class="dim">Newest:</span> {taken(newest())}
          </Button>
        )}
      </Show>
      <Show when={history.total() > 1} fallback={<p class="only-assessment">{chosen()}</p>}>
        <Listbox
          label="Assessment"
          align="end"
          items={history.assessments()}
          keyOf={each => each.id}
          selectedKey={props.assessment.id}
          onSelect={selection.select}
          option={each => (
            <span class="assessment-option">
              <span>{taken(each)}</span>
              <span class="dim">{summary(each)}</span>
            </span>
          )}
        >
          {chosen()}
        </Listbox>
      </Show>
    </>
  );
}
