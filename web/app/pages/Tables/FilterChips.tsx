import { Show } from "solid-js";
import { readSize } from "../../data/size-text.ts";
import { formatName } from "../../data/table-formats.ts";
import { Button } from "../../ui/Button.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { verdicts } from "../../ui/readiness.ts";
import { words } from "../../words/tables.ts";
import type { FilterState } from "./filter-state.ts";

/** The filters that are set, each with its way out. */
export function FilterChips(props: { state: FilterState; titles: ReadonlyMap<string, string> }) {
  const size = () => {
    const [min, max] = [props.state.min.value(), props.state.max.value()].map(text =>
      readSize(text) === undefined ? "" : text,
    );
    if (min && max) return words.sizeRange(min, max);
    return min ? words.atLeast(min) : max ? words.atMost(max) : "";
  };
  return (
    <Show when={props.state.count() > 0}>
      <div class="filter-chips">
        <Show when={props.state.name.value()}>
          {name => (
            <Chip
              name={words.chips.name}
              removes={words.remove(words.chips.name)}
              onRemove={() => props.state.name.set("")}
            >
              {name()}
            </Chip>
          )}
        </Show>
        <Show when={props.state.readiness.value().length > 0}>
          <Chip
            name={words.chips.readiness}
            removes={words.remove(words.chips.readiness)}
            onRemove={() => props.state.readiness.set([])}
          >
            {props.state.readiness
              .value()
              .map(each => verdicts[each].word)
              .join(", ")}
          </Chip>
        </Show>
        <Show when={props.state.formats.value().length > 0}>
          <Chip
            name={words.chips.format}
            removes={words.remove(words.chips.format)}
            onRemove={() => props.state.formats.set([])}
          >
            {props.state.formats.value().map(formatName).join(", ")}
          </Chip>
        </Show>
        <Show when={props.state.database.value()}>
          {database => (
            <Chip
              name={words.chips.database}
              removes={words.remove(words.chips.database)}
              onRemove={() => props.state.database.set("")}
            >
              {database()}
            </Chip>
          )}
        </Show>
        <Show when={props.state.findings.value().length > 0}>
          <Chip
            name={words.chips.finding}
            removes={words.remove(words.chips.finding)}
            onRemove={() => props.state.findings.set([])}
          >
            {props.state.findings
              .value()
              .map(code => props.titles.get(code) ?? code)
              .join(", ")}
          </Chip>
        </Show>
        <Show when={size()}>
          <Chip
            name={words.chips.size}
            removes={words.remove(words.chips.size)}
            onRemove={() => props.state.setSizes("", "")}
          >
            {size()}
          </Chip>
        </Show>
        <Button small kind="ghost" onClick={() => props.state.clear()}>
          {words.clear}
        </Button>
      </div>
    </Show>
  );
}
