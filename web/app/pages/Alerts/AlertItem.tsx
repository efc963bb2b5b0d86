import { A } from "@solidjs/router";
import { useClient } from "@urql/solid";
import { createSignal, createUniqueId, Show } from "solid-js";
import { type Alert, acknowledgeAlert, unacknowledgeAlert } from "../../data/documents/migration.ts";
import { explainError } from "../../data/explain-error.ts";
import { useLive } from "../../data/live.tsx";
import { Age } from "../../ui/Age.tsx";
import { Button } from "../../ui/Button.tsx";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { words } from "../../words/migration.ts";
import "./alerts.css";

const icons: Record<Alert["severity"], IconName> = { CRITICAL: "failed", WARNING: "stalled", INFO: "info" };

/** One alert: what happened, since when, what to do, and who has taken it on. */
export function AlertItem(props: { alert: Alert; onChanged: () => void; isBanner?: boolean }) {
  const client = useClient();
  const live = useLive();
  const note = createUniqueId();
  const [text, setText] = createSignal("");
  const [refusal, setRefusal] = createSignal<string>();
  const [isBusy, setBusy] = createSignal(false);
  const mayChange = () => live.access()?.roleName === "a2o_operator";
  /** Acknowledging ends an alert about something that is over anyway, such as a failed job; both can be taken back. */
  const isTaken = () => props.alert.state === "ACKNOWLEDGED" || props.alert.resolution === "ACKNOWLEDGED";
  const send = async () => {
    setBusy(true);
    const { id, state } = props.alert;
    const { error } =
      state === "OPEN"
        ? await client.mutation(acknowledgeAlert, { id, note: text().trim() || null }).toPromise()
        : await client.mutation(unacknowledgeAlert, { id }).toPromise();
    setBusy(false);
    const told = error && explainError(error);
    setRefusal(told && words.refused(told.title, told.verbatim ?? told.reason));
    props.onChanged();
  };
  return (
    <article
      class={`alert alert-${props.alert.severity.toLowerCase()}`}
      classList={{ banner: props.isBanner === true }}
    >
      <Icon name={icons[props.alert.severity]} />
      <div class="alert-text">
        <p>
          <span class="vh">{words.severity(words.severities[props.alert.severity])}</span>
          <b>{props.alert.title}</b>{" "}
          <span class="dim">
            {words.alertPlace(<Age at={props.alert.openedAt} />, props.alert.region, props.alert.isSimulated)}
          </span>
        </p>
        <p class="alert-message">{props.alert.message}</p>
        <Show when={!props.isBanner}>
          <p class="dim">{props.alert.remedy}</p>
        </Show>
        <Show when={props.alert.acknowledgedAt}>
          {at => (
            <p class="dim">
              {words.acknowledged(props.alert.acknowledgedBy ?? "", <Age at={at()} />, props.alert.acknowledgedNote)}
            </p>
          )}
        </Show>
        <Show when={props.alert.resolvedAt}>
          {at => (
            <p class="dim">
              {words.resolved(<Age at={at()} />, props.alert.resolution && words.resolutions[props.alert.resolution])}
            </p>
          )}
        </Show>
        <Show when={refusal()}>{said => <p role="alert">{said()}</p>}</Show>
      </div>
      <div class="alert-acts">
        <Show when={mayChange() && (props.alert.state === "OPEN" || isTaken())}>
          <Show when={props.alert.state === "OPEN" && !props.isBanner}>
            <label class="vh" for={note}>
              {words.noteLabel}
            </label>
            <input
              id={note}
              class="alert-note"
              type="text"
              maxLength={500}
              placeholder={words.noteLabel}
              value={text()}
              onInput={event => setText(event.currentTarget.value)}
            />
          </Show>
          <Button small disabled={isBusy()} onClick={() => void send()}>
            {props.alert.state === "OPEN" ? words.acknowledge : words.takeBack}
          </Button>
        </Show>
        <Show when={props.alert.jobId}>
          {job => (
            <A class="button small" href={`/migration/jobs/${job()}`}>
              {words.openJob}
            </A>
          )}
        </Show>
        <Show when={props.alert.jobId === null && props.alert.monitorId !== null}>
          <A class="button small" href="/migration/monitors">
            {words.monitors}
          </A>
        </Show>
      </div>
    </article>
  );
}
