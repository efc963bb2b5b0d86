import { A } from "@solidjs/router";
import { createQuery, useClient } from "@urql/solid";
import { createMemo, createSignal, For, Show } from "solid-js";
import { type JobLink, jobLinks, linkJob, unlinkJob } from "../../data/documents/migration.ts";
import { explainError } from "../../data/explain-error.ts";
import { nodes } from "../../data/graphql.ts";
import { tablePath } from "../../data/links.ts";
import { useLive } from "../../data/live.tsx";
import { Age } from "../../ui/Age.tsx";
import { Button } from "../../ui/Button.tsx";
import { count } from "../../ui/format/count.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { PanelFailure } from "../../ui/PanelFailure.tsx";
import { ScrollFrame } from "../../ui/ScrollFrame.tsx";
import { words as page } from "../../words/job.ts";
import { words } from "../../words/migration.ts";

const icons: Record<JobLink["state"], IconName> = { LINKED: "check", CANDIDATE: "unknown", REJECTED: "minus" };

/** The tables of the catalog that a job moves, with what tells so; an operator decides about those that are not certain. */
export function LinksPanel(props: { job: string }) {
  const client = useClient();
  const live = useLive();
  const [answer, ask] = createQuery({ query: jobLinks, variables: () => ({ job: props.job }) });
  const again = () => ask({ requestPolicy: "network-only" });
  live.onChange(["JOB", "ASSESSMENT"], again);
  const [isBusy, setBusy] = createSignal(false);
  const [refusal, setRefusal] = createSignal<string>();
  const mayChange = () => live.access()?.roleName === "a2o_operator";

  const candidates = () => nodes(answer.data?.candidates);
  const linked = () => nodes(answer.data?.linked);
  const all = createMemo(() => [...candidates(), ...linked(), ...nodes(answer.data?.rejected)]);
  const number = (rows: readonly unknown[], more: boolean | undefined) => `${count(rows.length)}${more ? "+" : ""}`;
  const isCut = () =>
    [answer.data?.candidates, answer.data?.linked, answer.data?.rejected].some(part => part?.pageInfo.hasNextPage);
  /** Databases with several candidates, which are decided at once. */
  const crowded = createMemo(() => {
    const names = candidates().map(({ databaseName }) => databaseName);
    return [...new Set(names)].filter(name => names.indexOf(name) !== names.lastIndexOf(name));
  });

  const decide = async (mutation: typeof linkJob | typeof unlinkJob, database: string, table: string | null) => {
    setBusy(true);
    const { error } = await client.mutation(mutation, { job: props.job, database, table }).toPromise();
    setBusy(false);
    const told = error && explainError(error);
    setRefusal(told && words.refused(told.title, told.verbatim ?? told.reason));
    again();
  };
  /** In the newest assessment of the catalog that the job belongs to. */
  const addressOf = (link: JobLink) => {
    const newest = live.newest.find(
      ({ awsAccountId, region }) => awsAccountId === link.awsAccountId && region === link.region,
    );
    return `${tablePath(link.databaseName, link.tableName)}${newest ? `?assessment=${newest.id}` : ""}`;
  };

  return (
    <Panel
      title={page.links}
      sub={
        all().length > 0
          ? page.linksSub(
              number(linked(), answer.data?.linked?.pageInfo.hasNextPage),
              number(candidates(), answer.data?.candidates?.pageInfo.hasNextPage),
            )
          : undefined
      }
      class="job-wide"
    >
      <Show when={answer.error}>{error => <PanelFailure error={error()} onRetry={again} />}</Show>
      <Show when={refusal()}>
        {said => (
          <p class="panel-body" role="alert">
            {said()}
          </p>
        )}
      </Show>
      <Show when={mayChange()}>
        <For each={crowded()}>
          {database => (
            <p class="job-links-all panel-body">
              <span>{page.candidatesIn(<span class="mono">{database}</span>)}</span>
              <Button
                small
                disabled={isBusy()}
                aria-label={page.actOn(page.confirmAll, database)}
                onClick={() => void decide(linkJob, database, null)}
              >
                {page.confirmAll}
              </Button>
              <Button
                small
                disabled={isBusy()}
                aria-label={page.actOn(page.rejectAll, database)}
                onClick={() => void decide(unlinkJob, database, null)}
              >
                {page.rejectAll}
              </Button>
            </p>
          )}
        </For>
      </Show>
      <Show
        when={all().length > 0}
        fallback={
          <Show when={answer.data}>
            <p class="panel-body dim">{page.noLinks}</p>
          </Show>
        }
      >
        <ScrollFrame label={page.links} class="job-links">
          <table class="data-table">
            <thead>
              <tr>
                <th scope="col">{page.linkColumns.table}</th>
                <th scope="col">{page.linkColumns.link}</th>
                <th scope="col">{page.linkColumns.why}</th>
                <Show when={mayChange()}>
                  <th scope="col">{page.linkColumns.act}</th>
                </Show>
              </tr>
            </thead>
            <tbody>
              <For each={all()}>
                {link => {
                  // Asked anew each time: an answer changes rows in place.
                  const name = () => `${link.databaseName}.${link.tableName}`;
                  const act = (text: string, mutation: typeof linkJob | typeof unlinkJob) => (
                    <Button
                      small
                      disabled={isBusy()}
                      aria-label={page.actOn(text, name())}
                      onClick={() => void decide(mutation, link.databaseName, link.tableName)}
                    >
                      {text}
                    </Button>
                  );
                  return (
                    <tr>
                      <td class="mono">
                        <A href={addressOf(link)}>{name()}</A>
                      </td>
                      <td>
                        <span class={`job-link job-link-${link.state.toLowerCase()}`}>
                          <Icon name={icons[link.state]} />
                          {page.linkStates[link.state]}
                        </span>
                      </td>
                      <td class="job-link-why">
                        {link.reason ?? page.decidedBy(link.decidedBy ?? "", <Age at={link.decidedAt ?? ""} />)}
                      </td>
                      <Show when={mayChange()}>
                        <td>
                          <span class="job-link-acts">
                            <Show when={link.state !== "LINKED"}>
                              {act(link.state === "CANDIDATE" ? page.confirm : page.link, linkJob)}
                            </Show>
                            <Show when={link.state !== "REJECTED"}>
                              {act(link.state === "CANDIDATE" ? page.reject : page.unlink, unlinkJob)}
                            </Show>
                          </span>
                        </td>
                      </Show>
                    </tr>
                  );
                }}
              </For>
            </tbody>
          </table>
        </ScrollFrame>
        <Show when={isCut()}>
          <p class="panel-body dim">{page.moreLinks}</p>
        </Show>
      </Show>
    </Panel>
  );
}
