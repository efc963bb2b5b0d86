import type { CombinedError } from "@urql/core";
import { createEffect, type JSX, Match, Show, Switch } from "solid-js";
import { useLive } from "../../data/live.tsx";
import { words } from "../../words/ui/page.ts";
import { Failure } from "../Failure.tsx";
import { elapsed } from "../format/age.ts";
import { Late } from "../Late.tsx";
import { Datum } from "./DatumLine.tsx";
import { LostBanner } from "./LostBanner.tsx";
import { SignedOut } from "./SignedOut.tsx";
import "../skeleton.css";
import "./title-row.css";

interface MigrationPageProps {
  title: string;
  heading?: JSX.Element;
  crumb?: JSX.Element;
  acts?: JSX.Element;
  /** What the figures rest on, beside when the server was last heard. */
  datum?: JSX.Element;
  isSimulated?: boolean;
  /** False until there is an answer. */
  isThere: boolean;
  problem: CombinedError | undefined;
  onRetry: () => void;
  children: JSX.Element;
}

/** The frame of every page about migrations. What it shows stays while the next answer is on its way, or when that fails. */
export function MigrationPage(props: MigrationPageProps) {
  const live = useLive();
  createEffect(() => {
    document.title = words.windowTitle(props.title);
  });
  return (
    <Switch
      fallback={
        <Late>
          <div class="title-row">
            <h1>{props.heading ?? props.title}</h1>
          </div>
          <p class="vh" role="status">
            {words.asking}
          </p>
          <div class="skeleton" aria-hidden="true">
            <div class="datum-line skeleton-datum" />
            <div class="panel skeleton-block" />
          </div>
        </Late>
      }
    >
      <Match when={[live.problem(), props.problem].some(each => each?.response?.status === 401)}>
        <SignedOut />
      </Match>
      <Match when={!props.isThere && props.problem}>
        {error => <Failure error={error()} onRetry={() => props.onRetry()} />}
      </Match>
      <Match when={props.isThere}>
        <Show when={props.crumb}>
          <p class="crumb">{props.crumb}</p>
        </Show>
        <div class="title-row">
          <h1>{props.heading ?? props.title}</h1>
          <div class="title-acts">{props.acts}</div>
        </div>
        <LostBanner />
        <Datum>
          <Show when={live.toldAt()}>
            {told => <span>{words.lastTold(<b>{words.ago(elapsed(told(), live.now()))}</b>)}</span>}
          </Show>
          {props.datum}
          <Show when={props.isSimulated}>
            <span>
              {words.simulated(text => (
                <b>{text}</b>
              ))}
            </span>
          </Show>
        </Datum>
        {props.children}
      </Match>
    </Switch>
  );
}
