import { A } from "@solidjs/router";
import { type JSX, Match, Show, Switch } from "solid-js";
import { Ledger } from "../../charts/Ledger.tsx";
import { isComplete, isListed } from "../../data/coverage.ts";
import type { Assessment } from "../../data/documents/assessments.ts";
import { usePageLink } from "../../data/links.ts";
import { words } from "../../words/ui/page.ts";
import { units } from "../../words/ui/units.ts";
import { Age } from "../Age.tsx";
import { account } from "../format/account.ts";
import { count } from "../format/count.ts";
import { share } from "../format/share.ts";
import { time } from "../format/time.ts";
import "./datum-line.css";

/** What the numbers of the page rest on: coverage, time and age, source, and what else limits them. */
export function DatumLine(props: { assessment: Assessment; children?: JSX.Element }) {
  const link = usePageLink();
  const unread = () => props.assessment.totalDatabases - props.assessment.databasesComplete;
  return (
    <Datum>
      <span class="datum-coverage">
        <Ledger
          complete={isListed(props.assessment) ? props.assessment.databasesComplete : null}
          total={props.assessment.totalDatabases}
        />
        <Switch fallback={words.noDatabases}>
          <Match when={!isListed(props.assessment)}>
            <span>{words.readOfUnlisted(<b>{units.databases(props.assessment.databasesComplete)}</b>)}</span>
          </Match>
          <Match when={props.assessment.totalDatabases > 0}>
            <span>
              {words.readOf(
                <b>{share(props.assessment.databasesComplete, props.assessment.totalDatabases)}</b>,
                <span class="hide-sm">
                  {words.readExactly(count(props.assessment.databasesComplete), count(props.assessment.totalDatabases))}
                </span>,
              )}
            </span>
          </Match>
        </Switch>
      </span>
      <span>
        {words.assessed(<b>{time(new Date(props.assessment.timestamp))}</b>, <Age at={props.assessment.timestamp} />)}
      </span>
      <span class="only-sm">{words.scope(account(props.assessment.awsAccountId), props.assessment.region)}</span>
      {props.children}
      <Show when={props.assessment.totalTables > 0}>
        <span>
          <Show when={props.assessment.sizedTables > 0} fallback={words.noSizes}>
            {words.sizesFor(<b>{share(props.assessment.sizedTables, props.assessment.totalTables)}</b>)}
          </Show>
        </span>
      </Show>
      <Show when={props.assessment.isSimulated}>
        <span>
          {words.simulated(text => (
            <b>{text}</b>
          ))}
        </span>
      </Show>
      <Show when={props.assessment.origin === "REPORT"}>
        <span>{words.ingested}</span>
      </Show>
      <Show when={!isComplete(props.assessment)}>
        <span>
          <A href={link("/databases", { coverage: "gaps" })}>
            {unread() > 0 ? words.unread(unread()) : words.whatUnread}
          </A>
        </span>
      </Show>
    </Datum>
  );
}

/** The line itself. */
export function Datum(props: { children: JSX.Element }) {
  return (
    <section class="datum-line" aria-label={words.datum}>
      {props.children}
    </section>
  );
}
