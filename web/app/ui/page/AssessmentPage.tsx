import { createEffect, type JSX, Match, Show, Switch } from "solid-js";
import type { Assessment } from "../../data/documents/assessments.ts";
import { useLive } from "../../data/live.tsx";
import { useSelection } from "../../data/selection.tsx";
import { words } from "../../words/ui/page.ts";
import { Failure } from "../Failure.tsx";
import { Late } from "../Late.tsx";
import { AssessmentPicker } from "./AssessmentPicker.tsx";
import { Datum, DatumLine } from "./DatumLine.tsx";
import { LostBanner } from "./LostBanner.tsx";
import { NoAccess } from "./NoAccess.tsx";
import { NoAssessment } from "./NoAssessment.tsx";
import { NoSuchAssessment } from "./NoSuchAssessment.tsx";
import { SignedOut } from "./SignedOut.tsx";
import "../skeleton.css";
import "./title-row.css";

interface AssessmentPageProps {
  /** The heading, and the title of the window. */
  title: string;
  /** In place of the title's text in the heading: a name in mono, a verdict beside it. */
  heading?: JSX.Element;
  /** Above the heading: where the page is. */
  crumb?: JSX.Element;
  /** Buttons beside the heading. */
  acts?: JSX.Element;
  /** What else the numbers of this page rest on. */
  datum?: JSX.Element;
  /** In place of the usual datum line, on a page about two assessments. */
  datumOnly?: JSX.Element;
  /** True on a page that has pickers of its own. */
  hidesPicker?: boolean;
  /** The shape of what comes, shown when it takes more than 200 ms. */
  skeleton: JSX.Element;
  children: (assessment: () => Assessment) => JSX.Element;
}

/**
 * The frame of every page about one assessment: title, datum line, and what there is to say when there is nothing to
 * show. The child stays while another assessment of the same page is on its way.
 */
export function AssessmentPage(props: AssessmentPageProps) {
  const live = useLive();
  const selection = useSelection();
  const isEmpty = () => live.toldAt() !== undefined && live.newest.length === 0 && selection.id() === undefined;

  const isSignedOut = () => [live.problem(), selection.problem()].some(each => each?.response?.status === 401);

  createEffect(() => {
    document.title = words.windowTitle(isEmpty() ? words.nothingAssessed : props.title);
  });

  return (
    <Switch
      fallback={
        <Late>
          <div class="title-row">
            <h1>{props.heading ?? props.title}</h1>
          </div>
          <p class="vh" role="status">
            {words.reading}
          </p>
          <div class="skeleton" aria-hidden="true">
            <div class="datum-line skeleton-datum" />
            {props.skeleton}
          </div>
        </Late>
      }
    >
      <Match when={selection.isMissing()}>
        <NoSuchAssessment />
      </Match>
      <Match when={isSignedOut()}>
        <SignedOut />
      </Match>
      <Match when={selection.problem()}>{error => <Failure error={error()} onRetry={selection.retry} />}</Match>
      <Match when={selection.scope()}>
        {shown => (
          <>
            <Show when={props.crumb}>
              <p class="crumb">{props.crumb}</p>
            </Show>
            <div class="title-row">
              <h1>{props.heading ?? props.title}</h1>
              <div class="title-acts">
                {props.acts}
                <Show when={!props.hidesPicker}>
                  <AssessmentPicker assessment={shown()} />
                </Show>
              </div>
            </div>
            <LostBanner />
            <Show when={!props.hidesPicker} fallback={<Datum>{props.datumOnly}</Datum>}>
              <DatumLine assessment={shown()}>{props.datum}</DatumLine>
            </Show>
            {props.children(shown)}
          </>
        )}
      </Match>
      <Match when={isEmpty() && live.access()?.accounts.length === 0}>
        <NoAccess />
      </Match>
      <Match when={isEmpty()}>
        <NoAssessment />
      </Match>
    </Switch>
  );
}
