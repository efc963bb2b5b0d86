import { createSignal, Show } from "solid-js";
import { words } from "../words/ui/controls.ts";
import "./range-slider.css";

interface RangeSliderProps {
  label: string;
  /** What the places of the scale are called, from the lowest to the highest. */
  steps: readonly string[];
  value: readonly [from: number, to: number];
  onChange: (value: readonly [from: number, to: number]) => void;
}

/** Two ends of a range on a scale of named steps: two sliders of the browser, one over the other. Told when one is let go. */
export function RangeSlider(props: RangeSliderProps) {
  const [draft, setDraft] = createSignal<readonly [number, number]>();
  const last = () => props.steps.length - 1;
  const shown = () => draft() ?? props.value;
  const word = (end: 0 | 1) => props.steps[shown()[end]] ?? "";
  /** The ends never meet: the one that is moved stops before the other. */
  const moved = (end: 0 | 1, to: number): readonly [number, number] => {
    const [from, until] = shown();
    return end === 0 ? [Math.min(to, until - 1), until] : [from, Math.max(to, from + 1)];
  };
  const input = (end: 0 | 1, name: string) => (
    <input
      type="range"
      min="0"
      max={last()}
      step="1"
      aria-label={`${props.label}, ${name}`}
      aria-valuetext={word(end)}
      value={shown()[end]}
      onInput={event => {
        const next = moved(end, Number(event.currentTarget.value));
        event.currentTarget.value = String(next[end]);
        setDraft(next);
      }}
      onChange={() => {
        const next = draft();
        setDraft(undefined);
        if (next) props.onChange(next);
      }}
    />
  );
  return (
    <div class="range-slider">
      <div class="range-track">
        <svg width="100%" height="2" aria-hidden="true">
          <Show when={last() > 0}>
            <rect
              class="range-fill"
              x={`${(shown()[0] / last()) * 100}%`}
              width={`${((shown()[1] - shown()[0]) / last()) * 100}%`}
              height="2"
            />
          </Show>
        </svg>
        {input(0, words.from)}
        {input(1, words.to)}
      </div>
      <div class="range-words">
        <span>{word(0)}</span>
        <span>{word(1)}</span>
      </div>
    </div>
  );
}
