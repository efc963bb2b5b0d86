import { createMemo, Show } from "solid-js";
import { isComplete, isListed } from "../../data/coverage.ts";
import type { Assessment } from "../../data/documents/assessments.ts";
import { useSelection } from "../../data/selection.tsx";
import { words } from "../../words/ui/page.ts";
import { units } from "../../words/ui/units.ts";
import { Button } from "../Button.tsx";
import { count } from "../format/count.ts";
import { share } from "../format/share.ts";
import { dayAndTime } from "../format/time.ts";
import { Listbox } from "../Listbox.tsx";

const taken = (assessment: Assessment): string => dayAndTime(new Date(assessment.timestamp));

/** In the list: how large an assessment is, or that it has gaps. */
function summary(assessment: Assessment): string {
  if (isComplete(assessment)) return units.tables(assessment.totalTables);
  if (!isListed(assessment)) return words.incompleteList;
  return words.ofDatabases(share(assessment.databasesComplete, assessment.totalDatabases));
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
    if (total === 1) return words.onlyOne;
    return index === 0 ? words.newestOf(count(total)) : words.placeOf(count(index + 1), count(total));
  };
  const chosen = () => (
    <>
      {taken(props.assessment)} <span class="dim">{place()}</span>
    </>
  );
  return (
    <>
      <p class="vh" role="status">
        {newer() ? words.newerThere : ""}
      </p>
      <Show when={newer()}>
        {newest => (
          <Button class="newer" onClick={() => open(newest())}>
            {words.newest(
              text => (
                <span class="dim">{text}</span>
              ),
              taken(newest()),
            )}
          </Button>
        )}
      </Show>
      <Show when={history.total() > 1} fallback={<p class="only-assessment">{chosen()}</p>}>
        <Listbox
          label={words.assessment}
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
