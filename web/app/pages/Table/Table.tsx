import { A, useParams } from "@solidjs/router";
import { createQuery } from "@urql/solid";
import { createMemo, Match, Show, Switch } from "solid-js";
import { rules, tableDetails } from "../../data/documents/table.ts";
import { nodes } from "../../data/graphql.ts";
import { usePageLink } from "../../data/links.ts";
import { useSelection } from "../../data/selection.tsx";
import { Button } from "../../ui/Button.tsx";
import { time } from "../../ui/format/time.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { PanelFailure } from "../../ui/PanelFailure.tsx";
import { AssessmentPage } from "../../ui/page/AssessmentPage.tsx";
import { createCopier } from "../../ui/table/copy.ts";
import { VerdictTag } from "../../ui/Verdict.tsx";
import { words as databaseWords } from "../../words/databases.ts";
import { words } from "../../words/table.ts";
import { Format } from "../Tables/columns.tsx";
import { ColumnsPanel } from "./ColumnsPanel.tsx";
import { EvidencePanel } from "./EvidencePanel.tsx";
import { FactsPanel } from "./FactsPanel.tsx";
import { FindingsPanel } from "./FindingsPanel.tsx";
import { HistoryPanel } from "./HistoryPanel.tsx";
import { MigrationPanel } from "./MigrationPanel.tsx";
import "./table.css";

/** Names stand in the address with every sign in them escaped. */
const decoded = (text: string | undefined): string => {
  try {
    return decodeURIComponent(text ?? "");
  } catch {
    return text ?? "";
  }
};

/** One table: why it is judged so, what was found, its columns, and how it came to be what it is. */
export function Table() {
  const params = useParams<{ database: string; table: string }>();
  const database = () => decoded(params.database);
  const name = () => decoded(params.table);
  const selection = useSelection();
  const link = usePageLink();
  const copier = createCopier();
  const variables = () => ({ assessment: selection.id() ?? "", database: database(), table: name() });
  const [details, ask] = createQuery({
    query: tableDetails,
    variables,
    pause: () => selection.id() === undefined,
  });
  const [known] = createQuery({ query: rules });
  const table = createMemo(() => {
    const shown = details.data?.table;
    return shown?.databaseName === database() && shown.tableName === name() ? shown : undefined;
  });
  const isMissing = () => !details.fetching && !details.stale && details.data?.table === null;
  const coverage = () => details.data?.databaseOverview?.coverage;

  return (
    <AssessmentPage
      title={name()}
      crumb={words.crumb(
        <A href={link("/tables")}>{words.tables}</A>,
        <A href={link("/tables", { database: database() })}>{database()}</A>,
      )}
      heading={
        <span class="table-heading">
          <span class="table-name">{name()}</span>
          <Show when={table()}>
            {shown => (
              <>
                <VerdictTag of={shown().migrationReadiness} />
                <span class="table-format">
                  <Format of={shown().tableFormat} />
                </span>
              </>
            )}
          </Show>
        </span>
      }
      acts={
        <Show when={table()?.storageLocation}>
          {location => (
            <>
              <Button onClick={() => void copier.copy(location())}>
                <Icon name={copier.said() ? "check" : "copy"} />
                {copier.said() ? words.copied : words.copyLocation}
              </Button>
              <span class="vh" role="status">
                {copier.said()}
              </span>
            </>
          )}
        </Show>
      }
      datum={
        <>
          <Show when={coverage()}>
            {status => (
              <span>
                {words.coverage(
                  <b>{database()}</b>,
                  status() === "COMPLETE" ? words.readInFull : databaseWords.coverage[status()].toLowerCase(),
                )}
              </span>
            )}
          </Show>
          <Show when={table()?.lastUpdated}>
            {at => (
              <span>
                {words.changed} <b>{time(new Date(at()))}</b>
              </span>
            )}
          </Show>
        </>
      }
      skeleton={<div class="panel skeleton-block" />}
    >
      {() => (
        <Switch fallback={<div class="skeleton-block" />}>
          <Match when={details.error}>
            {error => (
              <div class="panel">
                <PanelFailure error={error()} onRetry={() => ask()} />
              </div>
            )}
          </Match>
          <Match when={isMissing()}>
            <Notice title={words.missingTitle} level={2}>
              <p>{words.missing}</p>
              <p>
                <A href={link("/tables", { name: name() })}>{words.back}</A>
              </p>
            </Notice>
          </Match>
          <Match when={table()}>
            {shown => (
              <div class="table-page">
                <div class="table-main">
                  <EvidencePanel
                    table={shown()}
                    formatRules={nodes(known.data?.formatRules)}
                    readinessRules={nodes(known.data?.readinessRules)}
                  />
                  <FindingsPanel findings={nodes(details.data?.findings)} />
                  <ColumnsPanel database={database()} table={name()} />
                </div>
                <div class="table-side">
                  <FactsPanel table={shown()} effortHours={details.data?.tableEffortHours ?? null} />
                  <MigrationPanel table={shown()} assessment={selection.id() ?? ""} />
                  <HistoryPanel sightings={nodes(details.data?.tableHistory)} table={shown()} />
                </div>
              </div>
            )}
          </Match>
        </Switch>
      )}
    </AssessmentPage>
  );
}
