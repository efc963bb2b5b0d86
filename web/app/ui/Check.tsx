import { type JSX, Show } from "solid-js";
import "./check.css";

/** A check box with its word and, at the right, how many it stands for. */
export function Check(props: {
  checked: boolean;
  onChange: () => void;
  count?: string | undefined;
  children: JSX.Element;
}) {
  return (
    <label class="check">
      <input type="checkbox" checked={props.checked} onChange={() => props.onChange()} />
      <span class="check-word">{props.children}</span>
      <Show when={props.count !== undefined}>
        <span class="check-count">{props.count}</span>
      </Show>
    </label>
  );
}
