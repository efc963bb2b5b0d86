import { createUniqueId, type JSX, Show } from "solid-js";
import "./panel.css";

/** A titled region. `sub` says what is counted, in which unit. */
export function Panel(props: {
  title: string;
  sub?: JSX.Element;
  /** At the right of the title: where it leads. */
  act?: JSX.Element;
  id?: string;
  class?: string;
  children: JSX.Element;
}) {
  const heading = createUniqueId();
  return (
    <section class={`panel ${props.class ?? ""}`} id={props.id} aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{props.title}</h2>
        <Show when={props.sub}>
          <span class="panel-sub">{props.sub}</span>
        </Show>
        <Show when={props.act}>
          <span class="panel-act">{props.act}</span>
        </Show>
      </header>
      {props.children}
    </section>
  );
}
