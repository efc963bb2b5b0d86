import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import type { tableFacets } from "../../data/documents/facets.ts";
import { nodes, type ResultOf } from "../../data/graphql.ts";
import { readSize } from "../../data/size-text.ts";
import { Check } from "../../ui/Check.tsx";
import { count } from "../../ui/format/count.ts";
import { Combobox } from "../../ui/overlay/Combobox.tsx";
import { RangeSlider } from "../../ui/RangeSlider.tsx";
import { readinessOrder } from "../../ui/readiness.ts";
import { Verdict } from "../../ui/Verdict.tsx";
import { words } from "../../words/tables.ts";
import { Format } from "./columns.tsx";
import type { FilterState } from "./filter-state.ts";

type Facets = ResultOf<typeof tableFacets> | undefined;

/** Places of the size filter; the ends mean that there is no limit. */
const sizes = ["", "1MB", "10MB", "100MB", "1GB", "10GB", "100GB", "1TB", "10TB", "100TB", "1PB", ""] as const;

const shownFormats = 6;
const shownFindings = 5;

/** What tables can be filtered by. Numbers tell how many tables of the whole assessment each choice has. */
export function Filters(props: { state: FilterState; facets: Facets }) {
  const [showsAll, setShowsAll] = createSignal(false);
  const [showsAllFindings, setShowsAllFindings] = createSignal(false);
  const readiness = createMemo(
    () => new Map(nodes(props.facets?.readinessOverviews).map(each => [each.migrationReadiness, each.tableCount])),
  );
  const formats = createMemo(() =>
    nodes(props.facets?.formatOverviews).sort(
      (a, b) => b.tableCount - a.tableCount || (a.tableFormat < b.tableFormat ? -1 : 1),
    ),
  );
  const visibleFormats = () =>
    formats().filter(
      ({ tableFormat }, index) =>
        showsAll() || index < shownFormats || props.state.formats.value().includes(tableFormat),
    );
  const findings = createMemo(() =>
    nodes(props.facets?.findingOverviews).sort((a, b) => b.tableCount - a.tableCount || (a.code < b.code ? -1 : 1)),
  );
  const visibleFindings = () =>
    findings().filter(
      ({ code }, index) => showsAllFindings() || index < shownFindings || props.state.findings.value().includes(code),
    );
  const databases = createMemo(() => nodes(props.facets?.databases).map(each => each.databaseName));
  return (
    <form class="filters" aria-label={words.filters} onSubmit={event => event.preventDefault()}>
      <Group title={words.filterBy.readiness}>
        <For each={readinessOrder}>
          {each => (
            <Check
              checked={props.state.readiness.value().includes(each)}
              onChange={() => props.state.readiness.toggle(each)}
              count={tables(readiness().get(each))}
            >
              <Verdict of={each} />
            </Check>
          )}
        </For>
      </Group>
      <Group title={words.filterBy.database}>
        <Combobox
          label={words.filterBy.database}
          placeholder={words.anyDatabase}
          options={databases()}
          value={props.state.database.value()}
          onChange={database => props.state.database.set(database)}
        />
      </Group>
      <Group title={words.filterBy.format}>
        <For each={visibleFormats()}>
          {each => (
            <Check
              checked={props.state.formats.value().includes(each.tableFormat)}
              onChange={() => props.state.formats.toggle(each.tableFormat)}
              count={tables(each.tableCount)}
            >
              <Format of={each.tableFormat} />
            </Check>
          )}
        </For>
        <Show when={formats().length > shownFormats}>
          <button class="link-button" type="button" onClick={() => setShowsAll(!showsAll())}>
            {showsAll() ? words.fewer : words.more(count(formats().length - visibleFormats().length))}
          </button>
        </Show>
      </Group>
      <Group title={words.filterBy.size}>
        <SizeFilter state={props.state} />
      </Group>
      <Show when={findings().length > 0}>
        <Group title={words.filterBy.finding}>
          <For each={visibleFindings()}>
            {each => (
              <Check
                checked={props.state.findings.value().includes(each.code)}
                onChange={() => props.state.findings.toggle(each.code)}
                count={tables(each.tableCount)}
              >
                {each.title}
              </Check>
            )}
          </For>
          <Show when={findings().length > shownFindings}>
            <button class="link-button" type="button" onClick={() => setShowsAllFindings(!showsAllFindings())}>
              {showsAllFindings()
                ? words.fewerFindings
                : words.moreFindings(count(findings().length - visibleFindings().length))}
            </button>
          </Show>
        </Group>
      </Show>
    </form>
  );
}

const tables = (value: number | undefined): string | undefined => (value === undefined ? undefined : count(value));

function Group(props: { title: string; children: JSX.Element }) {
  return (
    <fieldset>
      <legend>{props.title}</legend>
      {props.children}
    </fieldset>
  );
}

function SizeFilter(props: { state: FilterState }) {
  const last = sizes.length - 1;
  /** The step at or below a size: an address may hold any. */
  const stepOf = (text: string, none: number) => {
    const bytes = readSize(text);
    if (bytes === undefined) return none;
    const step = sizes.findLastIndex(each => {
      const size = readSize(each);
      return size !== undefined && size <= bytes;
    });
    return step < 0 ? 1 : step;
  };
  return (
    <>
      <RangeSlider
        label={words.filterBy.size}
        steps={sizes.map((size, index) => size || (index === 0 ? words.noLower : words.noUpper))}
        value={[stepOf(props.state.min.value(), 0), stepOf(props.state.max.value(), last)]}
        onChange={([from, to]) => props.state.setSizes(sizes[from] ?? "", sizes[to] ?? "")}
      />
      <Show when={props.state.min.value() || props.state.max.value()}>
        <p class="filters-note">{words.unknownSizes}</p>
      </Show>
    </>
  );
}
