import { createMemo, For, Show } from "solid-js";
import { Swatch } from "../../charts/Bar.tsx";
import { formatColour, formatName } from "../../data/table-formats.ts";
import { change } from "../../ui/format/change.ts";
import { Panel } from "../../ui/Panel.tsx";
import { words } from "../../words/compare.ts";
import "../../charts/bar.css";
import "../../charts/trend.css";
import "../../charts/chart.css";

interface FormatCount {
  tableFormat: string;
  tableCount: number;
}

/** How many tables each format has more or fewer, around a common zero. */
export function FormatChanges(props: { before: readonly FormatCount[]; after: readonly FormatCount[] }) {
  const rows = createMemo(() => {
    const counts = new Map<string, { before: number; after: number }>();
    const at = (format: string) => {
      const found = counts.get(format) ?? { before: 0, after: 0 };
      counts.set(format, found);
      return found;
    };
    for (const each of props.before) at(each.tableFormat).before = each.tableCount;
    for (const each of props.after) at(each.tableFormat).after = each.tableCount;
    return [...counts]
      .map(([format, { before, after }]) => ({ format, before, after, by: after - before }))
      .filter(row => row.by !== 0)
      .sort((a, b) => b.by - a.by);
  });
  const up = () => Math.max(0, ...rows().map(row => row.by));
  const down = () => Math.max(0, ...rows().map(row => -row.by));
  const zero = () => (down() / Math.max(1, up() + down())) * 96 + 2;
  const length = (by: number) => Math.max(0.8, (Math.abs(by) / Math.max(1, up() + down())) * 96);
  return (
    <Panel title={words.formats} sub={words.formatsSub}>
      <Show when={rows().length > 0} fallback={<p class="panel-body dim">{words.noFormatChange}</p>}>
        <table class="data-table format-changes">
          <thead class="vh">
            <tr>
              <th scope="col">{words.format}</th>
              <th scope="col">{words.change}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            <For each={rows()}>
              {row => (
                <tr>
                  <th scope="row">
                    <Swatch colour={formatColour(row.format)} />
                    {formatName(row.format)}
                  </th>
                  <td class="num">{change(row.after, row.before)}</td>
                  <td class="format-change">
                    <svg class="bar" width="100%" height="12" aria-hidden="true">
                      <rect
                        class={`fill-${formatColour(row.format)}`}
                        x={`${row.by > 0 ? zero() : zero() - length(row.by)}%`}
                        y="1"
                        width={`${length(row.by)}%`}
                        height="10"
                        rx="1"
                      />
                      <line class="chart-zero" x1={`${zero()}%`} x2={`${zero()}%`} y1="0" y2="12" />
                    </svg>
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
    </Panel>
  );
}
