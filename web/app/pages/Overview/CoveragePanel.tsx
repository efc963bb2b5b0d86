import { createMemo, createSignal, createUniqueId, For, Match, Show, Switch } from "solid-js";
import { coverageSentence, gaps } from "../../data/coverage.ts";
import type { Assessment, CoverageStatus, DatabaseCoverage } from "../../data/types.ts";
import { count, counted } from "../../ui/format/count.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Panel } from "../../ui/Panel.tsx";
import "../../ui/data-table.css";
import "./coverage-panel.css";

const why: Record<CoverageStatus, string> = {
  COMPLETE: "Complete",
  PARTIAL: "Partial",
  DENIED: "Access denied",
  THROTTLED: "Throttled out",
  FAILED: "Failed",
};

/** Enough to see what kind of gaps there are; the rest is one click away. */
const shownAtFirst = 4;

/** The databases that were not read in full, each with AWS's own code and words. */
export function CoveragePanel(props: { assessment: Assessment; coverage: readonly DatabaseCoverage[] }) {
  const [showsAll, setShowsAll] = createSignal(false);
  const unread = createMemo(() => gaps(props.coverage));
  const visible = () => (showsAll() ? unread() : unread().slice(0, shownAtFirst));
  return (
    <Panel class="coverage-panel" id="coverage" title="Coverage" sub={coverageSentence(props.coverage, count)}>
      <Switch>
        <Match when={unread().length > 0}>
          <table class="data-table coverage-table">
            <thead>
              <tr>
                <th scope="col" class="coverage-name-column">
                  Database
                </th>
                <th scope="col">Why</th>
                <th scope="col" class="num coverage-read">
                  <span class="hide-sm">Tables read</span>
                  <span class="only-sm">Read</span>
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={visible()}>{gap => <GapRow gap={gap} />}</For>
            </tbody>
          </table>
          <div class="panel-foot">
            <span>A table that could not be read is never counted as removed.</span>
            <Show when={unread().length > shownAtFirst}>
              <button class="link-button nw" type="button" onClick={() => setShowsAll(!showsAll())}>
                {showsAll() ? `First ${shownAtFirst}` : `All ${count(unread().length)}`}
              </button>
            </Show>
          </div>
        </Match>
        <Match when={props.assessment.databasesComplete === null}>
          <p class="panel-body dim">The report does not say which databases could be read.</p>
        </Match>
        <Match when={props.assessment.totalDatabases === 0}>
          <p class="panel-body dim">The catalog has no databases in this region.</p>
        </Match>
        <Match when={true}>
          <p class="panel-body">
            {props.assessment.totalDatabases === 1
              ? "The one database was read in full."
              : `All ${counted(props.assessment.totalDatabases, "database")} were read in full.`}
          </p>
        </Match>
      </Switch>
    </Panel>
  );
}

/** Two lines of one gap, and AWS's message below them on request: it names the missing right, and is long. */
function GapRow(props: { gap: DatabaseCoverage }) {
  const [isOpen, setOpen] = createSignal(false);
  const messageId = createUniqueId();
  return (
    <>
      <tr>
        <th scope="row">
          <span class="mono coverage-name">{props.gap.databaseName}</span>
          <span class="mono dim">{props.gap.operation}</span>
        </th>
        <td>
          {why[props.gap.status]}
          <Show when={props.gap.errorMessage} fallback={<span class="mono dim">{props.gap.errorCode}</span>}>
            <button
              class="mono coverage-code"
              type="button"
              aria-expanded={isOpen()}
              aria-controls={messageId}
              onClick={() => setOpen(!isOpen())}
            >
              {props.gap.errorCode ?? "AWS said"}
              <Icon name="down" />
            </button>
          </Show>
        </td>
        <td class="num">{tablesRead(props.gap.tablesRead)}</td>
      </tr>
      <Show when={isOpen()}>
        <tr class="coverage-message">
          <td colspan="3" class="mono" id={messageId}>
            {props.gap.errorMessage}
          </td>
        </tr>
      </Show>
    </>
  );
}

function tablesRead(tables: number | null): string {
  if (tables === null) return "unknown";
  return tables === 0 ? "none" : count(tables);
}
