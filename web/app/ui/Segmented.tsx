import { For, type JSX } from "solid-js";
import "./segmented.css";

interface SegmentedProps<Key extends string> {
  label: string;
  options: readonly { key: Key; text: JSX.Element }[];
  value: Key;
  onChange: (key: Key) => void;
}

/** A few choices side by side, one of them pressed. */
export function Segmented<Key extends string>(props: SegmentedProps<Key>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a frame and a legend of its own.
    <div class="segmented" role="group" aria-label={props.label}>
      <For each={props.options}>
        {option => (
          <button type="button" aria-pressed={option.key === props.value} onClick={() => props.onChange(option.key)}>
            {option.text}
          </button>
        )}
      </For>
    </div>
  );
}
