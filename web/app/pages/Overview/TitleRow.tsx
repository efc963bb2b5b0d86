import { createMemo, Show } from "solid-js";
import { isComplete, isListed } from "../../data/coverage.ts";
import type { History } from "../../data/history.ts";
import { useSelection } from "../../data/selection.tsx";
import type { Assessment } from "../../data/types.ts";
import { Button } from "../../ui/Button.tsx";
import { count, counted } from "../../ui/format/count.ts";
import { share } from "../../ui/format/share.ts";
import { dayAndTime } from "../../ui/format/time.ts";
import { Listbox } from "../../ui/Listbox.tsx";
import "./title-row.css";

interface TitleRowProps {
  assessment: Assessment;
  /** The newest assessment of the same account and region. */
  newest: Assessment | undefined;
  history: History;
}

const taken = (assessment: Assessment): string => dayAndTime(new Date(assessment.timestamp));

/** In the list: how large an assessment is, or that it has gaps. */
function summary(assessment: Assessment): string {
  if (isComplete(assessment)) return counted(assessment.totalTables, "table");
  if (!isListed(assessment)) return "incomplete list";
  return `${share(assessment.databasesComplete, assessment.totalDatabases)} of databases`;
}

/** The page's title and the assessment it is about. A newer assessment is offered here, and opened only on request. */
export function TitleRow(props: TitleRowProps) {
  const selection = useSelection();
  const newer = createMemo(() => {
    const newest = props.newest;
    return newest && Date.parse(newest.timestamp) > Date.parse(props.assessment.timestamp) ? newest : undefined;
  });
  // The button goes away with what it offered, so the focus has to go elsewhere.
  const open = (newest: Assessment) => {
    selection.select(newest);
    document.getElementById("main")?.focus();
  };
  const place = () => {
    const total = props.history.total();
    const index = props.history.assessments().findIndex(each => each.id === props.assessment.id);
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
    <div class="title-row">
      <h1>Overview</h1>
      <div class="title-acts">
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
        <Show when={props.history.total() > 1} fallback={<p class="only-assessment">{chosen()}</p>}>
          <Listbox
            label="Assessment"
            align="end"
            items={props.history.assessments()}
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
      </div>
    </div>
  );
}
