import { A } from "@solidjs/router";
import { type JSX, Match, Show, Switch } from "solid-js";
import { Ledger } from "../../charts/Ledger.tsx";
import { isComplete, isListed } from "../../data/coverage.ts";
import type { Assessment } from "../../data/documents/assessments.ts";
import { usePageLink } from "../../data/links.ts";
import { Age } from "../Age.tsx";
import { account } from "../format/account.ts";
import { count, counted } from "../format/count.ts";
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
        <Switch fallback="No databases">
          <Match when={!isListed(props.assessment)}>
            <span>
              <b>{counted(props.assessment.databasesComplete, "database")}</b> read in full, of an incomplete list
            </span>
          </Match>
          <Match when={props.assessment.totalDatabases > 0}>
            <span>
              <b>{share(props.assessment.databasesComplete, props.assessment.totalDatabases)}</b> of databases read in
              full
              <span class="hide-sm">
                {" "}
                ({count(props.assessment.databasesComplete)} of {count(props.assessment.totalDatabases)})
              </span>
            </span>
          </Match>
        </Switch>
      </span>
      <span>
        Assessed <b>{time(new Date(props.assessment.timestamp))}</b> · <Age at={props.assessment.timestamp} />
      </span>
      <span class="only-sm">
        {account(props.assessment.awsAccountId)} · {props.assessment.region}
      </span>
      {props.children}
      <Show when={props.assessment.totalTables > 0}>
        <span>
          <Show when={props.assessment.sizedTables > 0} fallback="No size known">
            Sizes known for <b>{share(props.assessment.sizedTables, props.assessment.totalTables)}</b> of tables
          </Show>
        </span>
      </Show>
      <Show when={props.assessment.isSimulated}>
        <span>
          <b>Simulated</b> AWS
        </span>
      </Show>
      <Show when={props.assessment.origin === "REPORT"}>
        <span>Ingested from a report, with its own verdicts</span>
      </Show>
      <Show when={!isComplete(props.assessment)}>
        <span>
          <A href={link("/databases", { coverage: "gaps" })}>
            {unread() > 0 ? `${counted(unread(), "database")} not read in full` : "What could not be read"}
          </A>
        </span>
      </Show>
    </Datum>
  );
}

/** The line itself. */
export function Datum(props: { children: JSX.Element }) {
  return (
    <section class="datum-line" aria-label="Where these numbers come from">
      {props.children}
    </section>
  );
}
