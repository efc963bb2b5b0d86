import type { JSX } from "solid-js";
import { Icon } from "./Icon.tsx";
import "./chip.css";

/** A filter that is set, and the button that removes it. */
export function Chip(props: { name: string; children: JSX.Element; removes: string; onRemove: () => void }) {
  return (
    <span class="chip">
      {props.name} <b>{props.children}</b>
      <button type="button" aria-label={props.removes} onClick={() => props.onRemove()}>
        <Icon name="close" />
      </button>
    </span>
  );
}
