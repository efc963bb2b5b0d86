import { A } from "@solidjs/router";
import { createMemo, For } from "solid-js";
import { Donut } from "../../charts/Donut.tsx";
import type { Assessment, Readiness, ReadinessOverview } from "../../data/documents/assessments.ts";
import { usePageLink } from "../../data/links.ts";
import { bytes } from "../../ui/format/bytes.ts";
import { count } from "../../ui/format/count.ts";
import { share } from "../../ui/format/share.ts";
import { Panel } from "../../ui/Panel.tsx";
import { readinessOrder, verdicts } from "../../ui/readiness.ts";
import { Verdict } from "../../ui/Verdict.tsx";
import { words as page } from "../../words/overview.ts";
import { units } from "../../words/ui/units.ts";
import "./readiness-panel.css";

const words = page.readiness;

/** The share of each verdict, as a ring and as the list that carries the same figures in words. */
export function ReadinessPanel(props: { assessment: Assessment; readiness: readonly ReadinessOverview[] }) {
  const link = usePageLink();
  const of = (readiness: Readiness) => props.readiness.find(each => each.migrationReadiness === readiness);
  const tables = (readiness: Readiness) => of(readiness)?.tableCount ?? 0;
  const total = createMemo(() => readinessOrder.reduce((sum, readiness) => sum + tables(readiness), 0));
  const shareOf = (readiness: Readiness) => share(tables(readiness), total());
  const sentence = () =>
    total() === 0
      ? words.none
      : words.parts(count(total()), readinessOrder.map(each => `${verdicts[each].word} ${shareOf(each)}`).join(", "));
  return (
    <Panel class="readiness-panel" title={words.title} sub={words.sub}>
      <div class="panel-body readiness-body">
        <Donut
          label={sentence()}
          value={shareOf("READY")}
          unit={total() === 0 ? words.noTables : words.ready}
          parts={readinessOrder.map(each => ({
            value: tables(each),
            fill: verdicts[each].icon,
            href: link("/tables", { readiness: each }),
            label: words.part(verdicts[each].word, units.tables(tables(each)), shareOf(each)),
          }))}
        />
        <ul class="readiness-list">
          <For each={readinessOrder}>
            {each => (
              <li>
                <A class="verdict-link" href={link("/tables", { readiness: each })}>
                  <Verdict of={each} />
                </A>
                <b title={units.tables(tables(each))}>{shareOf(each)}</b>
                <span class="readiness-basis">
                  <span>{verdicts[each].means}</span>
                  <span class="nw">{size(of(each))}</span>
                </span>
              </li>
            )}
          </For>
        </ul>
      </div>
    </Panel>
  );
}

/** A sum of sizes that leaves out most tables says so; otherwise it would pass for the size of all. */
function size(overview: ReadinessOverview | undefined): string {
  if (!overview || overview.tableCount === 0) return words.noTables;
  if (overview.sizeBytes === null || overview.sizedTables === 0) return words.noSizes;
  const known = bytes(Number(overview.sizeBytes));
  return overview.sizedTables * 2 < overview.tableCount
    ? words.sized(known, share(overview.sizedTables, overview.tableCount))
    : known;
}
