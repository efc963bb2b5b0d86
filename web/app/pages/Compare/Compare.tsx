import { useSearchParams } from "@solidjs/router";
import { createQuery } from "@urql/solid";
import { createMemo, Match, Show, Switch } from "solid-js";
import type { Assessment } from "../../data/documents/assessments.ts";
import { comparison } from "../../data/documents/compare.ts";
import { nodes } from "../../data/graphql.ts";
import { isUuid } from "../../data/is-uuid.ts";
import { useLive } from "../../data/live.tsx";
import { scopeOf, useSelection } from "../../data/selection.tsx";
import { Button } from "../../ui/Button.tsx";
import { account } from "../../ui/format/account.ts";
import { percent } from "../../ui/format/share.ts";
import { dayAndTime } from "../../ui/format/time.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Listbox } from "../../ui/Listbox.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { PanelFailure } from "../../ui/PanelFailure.tsx";
import { AssessmentPage } from "../../ui/page/AssessmentPage.tsx";
import { createCopier } from "../../ui/table/copy.ts";
import { words } from "../../words/compare.ts";
import { units } from "../../words/ui/units.ts";
import { ChangesPanel } from "./ChangesPanel.tsx";
import { FormatChanges } from "./FormatChanges.tsx";
import { MovesPanel } from "./MovesPanel.tsx";
import { Sums } from "./Sums.tsx";
import "./compare.css";

/** Two assessments side by side. Without a choice, the one shown and the one before it. */
export function Compare() {
  const live = useLive();
  const selection = useSelection();
  const copier = createCopier();
  const [params, setParams] = useSearchParams<{ from?: string; to?: string }>();
  const valid = (text: string | undefined) => (text !== undefined && isUuid(text) ? text : undefined);
  const toId = createMemo(() => valid(params.to) ?? selection.id());
  /** The assessments of this catalog, and the newest of every other. */
  const choices = createMemo(() => {
    const own = selection.history.assessments();
    const scope = selection.scope();
    return [...own, ...live.newest.filter(each => !scope || scopeOf(each) !== scopeOf(scope))];
  });
  const previous = createMemo(() => {
    const shown = choices().find(each => each.id === toId());
    return shown && selection.history.previousOf(shown)?.id;
  });
  const fromId = createMemo(() => valid(params.from) ?? previous());
  const [answer, ask] = createQuery({
    query: comparison,
    variables: () => ({ from: fromId() ?? "", to: toId() ?? "" }),
    pause: () => fromId() === undefined || toId() === undefined,
  });
  const shown = () => answer.data?.compareAssessments;
  const choose = (side: "from" | "to", assessment: Assessment) =>
    setParams({ from: fromId(), to: toId(), [side]: assessment.id });
  const copyLink = () => {
    const url = new URL(location.href);
    if (fromId()) url.searchParams.set("from", fromId() ?? "");
    if (toId()) url.searchParams.set("to", toId() ?? "");
    void copier.copy(url.href);
  };
  const read = (side: { completenessPercent: string | null } | null | undefined) =>
    side?.completenessPercent ? percent(Number(side.completenessPercent)) : words.unknownShare;

  return (
    <AssessmentPage
      title={words.title}
      skeleton={<div class="panel skeleton-block" />}
      hidesPicker
      acts={
        <>
          <Button onClick={copyLink}>
            <Icon name={copier.said() ? "check" : "copy"} />
            {copier.said() ? words.copied : words.copyLink}
          </Button>
          <span class="vh" role="status">
            {copier.said() && words.copied}
          </span>
        </>
      }
      datumOnly={
        <Show when={shown()}>
          {compared => (
            <>
              <span>{words.read(<b>{read(answer.data?.before)}</b>, <b>{read(answer.data?.after)}</b>)}</span>
              <Show when={compared().unreadDatabaseCount > 0}>
                <span title={compared().unreadDatabases.join(", ")}>
                  {words.unread(units.databases(compared().unreadDatabaseCount))}
                </span>
              </Show>
              <Show when={answer.data?.before?.isSimulated || answer.data?.after?.isSimulated}>
                <span>
                  <b>{words.simulated}</b>
                </span>
              </Show>
            </>
          )}
        </Show>
      }
    >
      {() => (
        <Switch>
          <Match when={choices().length < 2 && selection.history.total() < 2}>
            <Notice title={words.needsTwo} level={2}>
              <p>{words.needsTwoWhy}</p>
            </Notice>
          </Match>
          <Match when={true}>
            <div class="compare-pick">
              <Side label={words.earlier} choices={choices()} id={fromId()} onSelect={each => choose("from", each)} />
              <Button
                kind="ghost"
                class="square"
                aria-label={words.swap}
                onClick={() => setParams({ from: toId(), to: fromId() })}
              >
                <Icon name="swap" />
              </Button>
              <Side label={words.later} choices={choices()} id={toId()} onSelect={each => choose("to", each)} />
            </div>
            <Switch fallback={<div class="skeleton-block" />}>
              <Match when={answer.error}>
                {error => (
                  <div class="panel">
                    <PanelFailure error={error()} onRetry={() => ask()} />
                  </div>
                )}
              </Match>
              <Match when={shown()}>
                {compared => (
                  <div class="report" classList={{ waiting: answer.fetching }} aria-busy={answer.fetching}>
                    <Show when={!compared().isSameCatalog}>
                      <p class="compare-other" role="note">
                        <Icon name="stalled" />
                        <span>
                          {words.otherCatalog(
                            text => (
                              <b>{text}</b>
                            ),
                            words.catalog(account(compared().fromAccountId), compared().fromRegion),
                            words.catalog(account(compared().toAccountId), compared().toRegion),
                          )}
                        </span>
                      </p>
                    </Show>
                    <Show when={fromId() === toId()}>
                      <p class="compare-other" role="note">
                        <Icon name="info" />
                        <span>{words.sameTwice}</span>
                      </p>
                    </Show>
                    <Sums comparison={compared()} />
                    <div class="compare-grid">
                      <MovesPanel from={fromId() ?? ""} to={toId() ?? ""} comparison={compared()} />
                      <FormatChanges
                        before={nodes(answer.data?.formatsBefore)}
                        after={nodes(answer.data?.formatsAfter)}
                      />
                    </div>
                    <ChangesPanel from={fromId() ?? ""} to={toId() ?? ""} comparison={compared()} />
                  </div>
                )}
              </Match>
            </Switch>
          </Match>
        </Switch>
      )}
    </AssessmentPage>
  );
}

interface SideProps {
  label: string;
  choices: readonly Assessment[];
  id: string | undefined;
  onSelect: (assessment: Assessment) => void;
}

const place = (assessment: Assessment): string =>
  words.assessmentPlace(units.tables(assessment.totalTables), account(assessment.awsAccountId), assessment.region);

function Side(props: SideProps) {
  const chosen = () => props.choices.find(each => each.id === props.id);
  return (
    <Listbox
      class="compare-side"
      label={props.label}
      items={props.choices}
      keyOf={each => each.id}
      selectedKey={props.id}
      onSelect={props.onSelect}
      option={each => (
        <span class="compare-option">
          {dayAndTime(new Date(each.timestamp))}
          <small>{place(each)}</small>
        </span>
      )}
    >
      <Show when={chosen()} fallback={<span class="dim">{props.id ? words.otherAssessment : words.chooseOne}</span>}>
        {each => (
          <span class="compare-option">
            {dayAndTime(new Date(each().timestamp))}
            <small>{place(each())}</small>
          </span>
        )}
      </Show>
    </Listbox>
  );
}
