import { createMemo, createSignal, createUniqueId, For, Match, Show, Switch } from "solid-js";
import { coverageSentence, gaps } from "../../data/coverage.ts";
import type { Assessment, DatabaseCoverage } from "../../data/documents/assessments.ts";
import { absent } from "../../ui/format/absent.ts";
import { count } from "../../ui/format/count.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { words as page } from "../../words/overview.ts";
import { units } from "../../words/ui/units.ts";
import "../../ui/data-table.css";
import "./coverage-panel.css";

const words = page.coverage;

/** Enough to see what kind of gaps there are; the rest is one click away. */
const shownAtFirst = 4;

/** The databases that were not read in full, each with AWS's own code and words. */
export function CoveragePanel(props: { assessment: Assessment; coverage: readonly DatabaseCoverage[] }) {
  const [showsAll, setShowsAll] = createSignal(false);
  const unread = createMemo(() => gaps(props.coverage));
  const visible = () => (showsAll() ? unread() : unread().slice(0, shownAtFirst));
  return (
    <Panel
      class={`coverage-panel ${showsAll() ? "all" : ""}`}
      id="coverage"
      title={words.title}
      sub={coverageSentence(props.coverage, count)}
    >
      <Switch>
        <Match when={unread().length > 0}>
          <table class="data-table coverage-table">
            <thead>
              <tr>
                <th scope="col" class="coverage-name-column">
                  {words.database}
                </th>
                <th scope="col">{words.why}</th>
                <th scope="col" class="num coverage-read">
                  <span class="hide-sm">{words.tablesRead}</span>
                  <span class="only-sm">{words.read}</span>
                </th>
              </tr>
            </thead>
            <For each={visible()}>{gap => <Gap gap={gap} />}</For>
          </table>
          <div class="panel-foot">
            <span>{words.neverRemoved}</span>
            <Show when={unread().length > shownAtFirst}>
              <button class="link-button nw" type="button" onClick={() => setShowsAll(!showsAll())}>
                {showsAll() ? words.first(shownAtFirst) : words.all(count(unread().length))}
              </button>
            </Show>
          </div>
        </Match>
        <Match when={props.assessment.totalDatabases === 0}>
          <p class="panel-body dim">{words.noDatabases}</p>
        </Match>
        <Match when={true}>
          <p class="panel-body">
            {props.assessment.totalDatabases === 1
              ? words.oneWhole
              : words.allWhole(units.databases(props.assessment.totalDatabases))}
          </p>
        </Match>
      </Switch>
    </Panel>
  );
}

/** One gap: what happened, AWS's code below it, and on request AWS's message, which names the missing right. */
function Gap(props: { gap: DatabaseCoverage }) {
  const [isOpen, setOpen] = createSignal(false);
  const messageId = createUniqueId();
  const code = () => [props.gap.operation, props.gap.errorCode].filter(Boolean).join(" · ");
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" class="mono">
          {props.gap.databaseName || words.list}
        </th>
        <td>{words.statuses[props.gap.status]}</td>
        <td class="num">{tablesRead(props.gap)}</td>
      </tr>
      <Show when={code() || props.gap.errorMessage}>
        <tr>
          <td colspan="3" class="mono dim">
            <Show when={props.gap.errorMessage} fallback={code()}>
              {message => (
                <>
                  <button
                    class="coverage-code"
                    type="button"
                    aria-expanded={isOpen()}
                    aria-controls={messageId}
                    onClick={() => setOpen(!isOpen())}
                  >
                    {code() || words.said}
                    <Icon name="down" />
                  </button>
                  <p id={messageId} hidden={!isOpen()}>
                    {message()}
                  </p>
                </>
              )}
            </Show>
          </td>
        </tr>
      </Show>
    </tbody>
  );
}

function tablesRead(gap: DatabaseCoverage): string {
  if (gap.databaseName === "") return absent;
  return gap.tablesRead === 0 ? words.none : count(gap.tablesRead);
}
