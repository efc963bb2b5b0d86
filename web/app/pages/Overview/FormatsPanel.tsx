import { A } from "@solidjs/router";
import { createMemo, For, Show } from "solid-js";
import { Bar, Swatch } from "../../charts/Bar.tsx";
import type { FormatOverview } from "../../data/documents/assessments.ts";
import { usePageLink } from "../../data/links.ts";
import { formatRows } from "../../data/table-formats.ts";
import { bytes } from "../../ui/format/bytes.ts";
import { count } from "../../ui/format/count.ts";
import { Panel } from "../../ui/Panel.tsx";
import { words } from "../../words/overview.ts";
import { units } from "../../words/ui/units.ts";
import "../../ui/data-table.css";
import "./formats-panel.css";

/** Tables and known size of each format: one row, two measures, each on its own scale. */
export function FormatsPanel(props: { formats: readonly FormatOverview[] }) {
  const link = usePageLink();
  const rows = createMemo(() => formatRows(props.formats));
  const mostTables = () => Math.max(0, ...rows().map(row => row.tableCount));
  const mostBytes = () => Math.max(0, ...rows().map(row => row.sizeBytes ?? 0));
  const others = () => rows().find(row => row.parts.length > 0);
  return (
    <Panel class="formats-panel" title={words.formats.title} sub={words.formats.sub}>
      <Show when={rows().length > 0} fallback={<p class="panel-body dim">{words.formats.none}</p>}>
        <table class="data-table formats-table">
          <thead>
            <tr>
              <th scope="col">{words.formats.format}</th>
              <th scope="col" class="num">
                {words.tables}
              </th>
              <td class="hide-sm formats-bar" />
              <th scope="col" class="num">
                {words.size}
              </th>
              <td class="hide-sm formats-bar" />
            </tr>
          </thead>
          <tbody>
            <For each={rows()}>
              {row => (
                <tr>
                  <th scope="row">
                    <A class="format-link" href={link("/tables", { format: row.formats })}>
                      <Swatch colour={row.colour} />
                      {row.label}
                    </A>
                  </th>
                  <td class="num">{count(row.tableCount)}</td>
                  <td class="hide-sm formats-bar">
                    <Bar value={row.tableCount} max={mostTables()} colour={row.colour} />
                  </td>
                  <Show
                    when={row.sizeBytes !== undefined}
                    fallback={
                      <>
                        <td class="num dim">{row.noSize}</td>
                        <td class="hide-sm formats-bar" />
                      </>
                    }
                  >
                    <td class="num" title={units.bytesOf(count(row.sizeBytes ?? 0), units.tables(row.sizedTables))}>
                      {bytes(row.sizeBytes ?? 0)}
                    </td>
                    <td class="hide-sm formats-bar">
                      <Bar value={row.sizeBytes ?? 0} max={mostBytes()} colour={row.colour} />
                    </td>
                  </Show>
                </tr>
              )}
            </For>
          </tbody>
        </table>
        <p class="formats-note">
          <Show when={others()}>
            {folded => (
              <>
                {words.formats.others(
                  folded()
                    .parts.map(part => `${part.label}\u00a0${count(part.tableCount)}`)
                    .join(", "),
                )}{" "}
              </>
            )}
          </Show>
          {units.gigabyte(text => (
            <sup>{text}</sup>
          ))}
        </p>
      </Show>
    </Panel>
  );
}
