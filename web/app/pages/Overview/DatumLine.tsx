import { Show } from "solid-js";
import { Ledger } from "../../charts/Ledger.tsx";
import { isComplete } from "../../data/coverage.ts";
import type { Assessment } from "../../data/types.ts";
import { Age } from "../../ui/Age.tsx";
import { account } from "../../ui/format/account.ts";
import { count, counted } from "../../ui/format/count.ts";
import { share } from "../../ui/format/share.ts";
import { time } from "../../ui/format/time.ts";
import "./datum-line.css";

/** What the numbers of the page rest on: coverage, time and age, source, and what else limits them. */
export function DatumLine(props: { assessment: Assessment }) {
  const unread = () => props.assessment.totalDatabases - (props.assessment.databasesComplete ?? 0);
  return (
    <section class="datum-line" aria-label="Where these numbers come from">
      <span class="datum-coverage">
        <Ledger complete={props.assessment.databasesComplete} total={props.assessment.totalDatabases} />
        <Show
          when={props.assessment.databasesComplete}
          keyed={false}
          fallback={
            <span>
              {props.assessment.databasesComplete === 0 ? "No database read in full" : "Coverage not reported"}
            </span>
          }
        >
          {complete => (
            <span>
              <b>{share(complete(), props.assessment.totalDatabases)}</b> of databases read in full
              <span class="hide-sm">
                {" "}
                ({count(complete())} of {count(props.assessment.totalDatabases)})
              </span>
            </span>
          )}
        </Show>
      </span>
      <span>
        Assessed <b>{time(new Date(props.assessment.timestamp))}</b> · <Age at={props.assessment.timestamp} />
      </span>
      <span class="only-sm">
        {account(props.assessment.awsAccountId)} · {props.assessment.region}
      </span>
      <Show when={props.assessment.totalTables > 0}>
        <span>
          Sizes known for <b>{share(props.assessment.sizedTables, props.assessment.totalTables)}</b> of tables
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
          <a href="#coverage" rel="external">
            {counted(unread(), "database")} not read in full
          </a>
        </span>
      </Show>
    </section>
  );
}
