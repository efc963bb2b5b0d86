import { createQuery, useClient } from "@urql/solid";
import { createMemo, createSignal, For, Match, Show, Switch } from "solid-js";
import {
  type MonitorOverview,
  type MonitorService,
  monitors,
  pauseMonitor,
  resumeMonitor,
} from "../../data/documents/migration.ts";
import { explainError } from "../../data/explain-error.ts";
import { nodes } from "../../data/graphql.ts";
import { useLive } from "../../data/live.tsx";
import { Age } from "../../ui/Age.tsx";
import { Button } from "../../ui/Button.tsx";
import { Command } from "../../ui/Command.tsx";
import { absent } from "../../ui/format/absent.ts";
import { count } from "../../ui/format/count.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { MigrationPage } from "../../ui/page/MigrationPage.tsx";
import { words as migration } from "../../words/migration.ts";
import { words } from "../../words/monitors.ts";
import "../../ui/data-table.css";
import "./monitors.css";

const icons: Record<MonitorOverview["state"], IconName> = {
  PAUSED: "minus",
  WAITING: "pending",
  WATCHING: "completed",
  DEGRADED: "stalled",
  BLIND: "failed",
  LATE: "stalled",
};

const dollars = new Intl.NumberFormat("en-GB", { style: "currency", currency: "USD" });

/** A little is not nothing. */
const money = (amount: number): string =>
  amount > 0 && amount < 0.01 ? `<${dollars.format(0.01)}` : dollars.format(amount);

/** Who watches, whether that works, and what it costs. */
export function Monitors() {
  const live = useLive();
  const [answer, ask] = createQuery({ query: monitors, variables: () => ({}) });
  const again = () => ask({ requestPolicy: "network-only" });
  live.onChange(["MONITOR"], again);
  const all = createMemo(() => nodes(answer.data?.monitorOverviews));
  const services = createMemo(() => nodes(answer.data?.monitorServices));
  return (
    <MigrationPage
      title={words.title}
      isThere={answer.data !== undefined}
      problem={answer.error}
      onRetry={() => ask()}
      isSimulated={all().some(each => each.isSimulated)}
      datum={<span>{words.costs}</span>}
    >
      <Switch>
        <Match when={all().length === 0}>
          <Notice title={migration.nothingWatched} level={2}>
            <p>{migration.watchHow}</p>
            <Command label={migration.watchLabel} text={migration.watchCommand} />
          </Notice>
        </Match>
        <Match when={true}>
          <div class="monitor-list">
            <For each={all()}>
              {monitor => (
                <Monitor
                  monitor={monitor}
                  services={services().filter(service => service.monitorId === monitor.id)}
                  onChanged={again}
                />
              )}
            </For>
          </div>
        </Match>
      </Switch>
    </MigrationPage>
  );
}

function Monitor(props: { monitor: MonitorOverview; services: readonly MonitorService[]; onChanged: () => void }) {
  const client = useClient();
  const live = useLive();
  const [refusal, setRefusal] = createSignal<string>();
  const [isBusy, setBusy] = createSignal(false);
  const mayChange = () => live.access()?.roleName === "a2o_operator";
  const toggle = async () => {
    setBusy(true);
    const document = props.monitor.isPaused ? resumeMonitor : pauseMonitor;
    const { error } = await client.mutation(document, { id: props.monitor.id }).toPromise();
    setBusy(false);
    const told = error && explainError(error);
    setRefusal(told && migration.refused(told.title, told.verbatim ?? told.reason));
    props.onChanged();
  };
  const state = () => props.monitor.state;
  const throttled = () => Number(props.monitor.throttledThisMonth);
  return (
    <Panel
      title={props.monitor.monitorName ?? ""}
      sub={words.place(props.monitor.awsAccountId, props.monitor.region, props.monitor.isSimulated === true)}
      act={
        <Show when={mayChange()}>
          <Button small disabled={isBusy()} onClick={() => void toggle()}>
            {props.monitor.isPaused ? words.resume : words.pause}
          </Button>
        </Show>
      }
    >
      <div class="panel-body monitor">
        <p class={`monitor-state monitor-${state().toLowerCase()}`}>
          <Icon name={icons[state()]} />
          <b>{words.states[state()]}</b>
          <span class="dim">{words.means[state()]}</span>
        </p>
        <Show when={refusal()}>{said => <p role="alert">{said()}</p>}</Show>
        <Show when={props.monitor.errorMessage}>
          {error => (
            <div class="monitor-error">
              <p class="mono">{words.error(props.monitor.errorCode ?? "", error())}</p>
              <p>{words.test}</p>
              <Command
                label={words.testLabel}
                text={words.testCommand(props.monitor.monitorName ?? props.monitor.id)}
              />
            </div>
          )}
        </Show>
        <dl class="monitor-facts">
          <div>
            <dt>{words.lastSuccess}</dt>
            <dd>{props.monitor.lastSucceededAt ? <Age at={props.monitor.lastSucceededAt} /> : absent}</dd>
          </div>
          <div>
            <dt>{words.running}</dt>
            <dd>{count(props.monitor.runningJobs ?? 0)}</dd>
          </div>
          <div>
            <dt>{words.every}</dt>
            <dd>{words.everySeconds(props.monitor.pollSeconds, props.monitor.idlePollSeconds)}</dd>
          </div>
          <div>
            <dt>{words.calls}</dt>
            <dd>
              {throttled() > 0
                ? words.throttled(count(Number(props.monitor.callsThisMonth)), count(throttled()))
                : count(Number(props.monitor.callsThisMonth))}
            </dd>
          </div>
          <div>
            <dt>{words.metrics}</dt>
            <dd>
              {words.metricsCost(
                count(Number(props.monitor.metricsThisMonth)),
                money(Number(props.monitor.metricsUsdThisMonth)),
              )}
            </dd>
          </div>
        </dl>
        <Show when={props.services.length > 0}>
          <table class="data-table">
            <thead>
              <tr>
                <th scope="col">{words.columns.service}</th>
                <th scope="col">{words.columns.state}</th>
                <th scope="col" class="num">
                  {words.columns.listed}
                </th>
                <th scope="col" class="num">
                  {words.lastSuccess}
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={props.services}>
                {service => (
                  <tr>
                    <td>{migration.serviceNames[service.service]}</td>
                    <td class="monitor-words">
                      <Show when={service.errorCode} fallback={words.answers}>
                        {words.refusal(
                          <span class="monitor-refused">{service.errorCode}</span>,
                          service.operation ?? "",
                          service.errorMessage ?? "",
                        )}
                      </Show>
                    </td>
                    <td class="num">{service.jobsListed === null ? absent : count(service.jobsListed)}</td>
                    <td class="num">{service.lastSucceededAt ? <Age at={service.lastSucceededAt} /> : words.never}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </Show>
      </div>
    </Panel>
  );
}
