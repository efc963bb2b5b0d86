import { Slider } from "@kobalte/core/slider";
import "./range-slider.css";

interface RangeSliderProps {
  label: string;
  /** What the places of the scale are called, from the lowest to the highest. */
  steps: readonly string[];
  value: readonly [from: number, to: number];
  onChange: (value: [from: number, to: number]) => void;
  lower: string;
  upper: string;
}

/** Two ends of a range on a scale of named steps. Told only when a thumb is let go. */
export function RangeSlider(props: RangeSliderProps) {
  const word = (step: number | undefined) => props.steps[step ?? 0] ?? "";
  return (
    <Slider
      class="range-slider"
      minValue={0}
      maxValue={props.steps.length - 1}
      step={1}
      minStepsBetweenThumbs={1}
      value={[...props.value]}
      onChangeEnd={([from, to]) => from !== undefined && to !== undefined && props.onChange([from, to])}
      getValueLabel={({ values }) => values.map(word).join(" to ")}
    >
      <Slider.Track class="range-track">
        <Slider.Fill class="range-fill" />
        <Slider.Thumb class="range-thumb" aria-label={`${props.label}, from`} aria-valuetext={word(props.value[0])}>
          <Slider.Input />
        </Slider.Thumb>
        <Slider.Thumb class="range-thumb" aria-label={`${props.label}, to`} aria-valuetext={word(props.value[1])}>
          <Slider.Input />
        </Slider.Thumb>
      </Slider.Track>
      <div class="range-words">
        <span>{props.lower}</span>
        <span>{props.upper}</span>
      </div>
    </Slider>
  );
}
