import type { FormatFact, ReadinessFact } from "../facts.ts";
import { html, type Markup } from "./markup.ts";
import { count, format, percent, size, VERDICTS } from "./words.ts";

/** Shapes and hatches that the page uses by name. Hatching always means: not known. */
export const symbols = html`<svg width="0" height="0" aria-hidden="true" class="symbols"><defs>
<pattern id="hatch-unknown" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" class="fill-surface"/><path d="M0 0v5" class="stroke-unknown" stroke-width="5.4"/></pattern>
<pattern id="hatch-gap" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" class="fill-surface"/><path d="M0 0v5" class="stroke-gap" stroke-width="3"/></pattern>
<symbol id="ready" viewBox="0 0 16 16"><rect x="1.5" y="1.5" width="13" height="13" rx="2.5" class="fill-ready"/><path d="m4.6 8.2 2.4 2.4 4.5-5" fill="none" class="stroke-surface" stroke-width="1.8"/></symbol>
<symbol id="needs" viewBox="0 0 16 16"><path d="M8 1.4 14.6 8 8 14.6 1.4 8z" fill="none" class="stroke-needs" stroke-width="1.5"/><path d="M8 1.4v13.2L1.4 8z" class="fill-needs"/></symbol>
<symbol id="unknown" viewBox="0 0 16 16"><rect x="1.75" y="1.75" width="12.5" height="12.5" rx="2" fill="none" class="stroke-unknown" stroke-width="1.5" stroke-dasharray="2.6 1.6"/><path d="M6 6.2c0-1.2.9-1.9 2-1.9s2 .7 2 1.8c0 1.4-2 1.6-2 3.1" fill="none" class="stroke-unknown" stroke-width="1.5"/><circle cx="8" cy="11.4" r=".95" class="fill-unknown"/></symbol>
</defs></svg>`;

export function verdictIcon(verdict: ReadinessFact["verdict"]): Markup {
  return html`<svg class="icon" width="16" height="16" aria-hidden="true"><use href="#${VERDICTS[verdict].symbol}"/></svg>`;
}

const RADIUS = 58;
/** Percent of the turn between two parts, and the least that a part above zero takes. */
const GAP = 0.7;
const LEAST = 1.6;

/** The three verdicts as parts of one whole; the list beside it has the figures. */
export function readinessDonut(readiness: readonly ReadinessFact[]): Markup {
  const total = readiness.reduce((sum, { tables }) => sum + tables, 0);
  const ready = readiness.find(({ verdict }) => verdict === "READY");
  const words = readiness.map(
    ({ verdict, tables, percent: share }) => `${VERDICTS[verdict].word} ${count(tables)} (${percent(share)})`,
  );
  const wanted = readiness.map(({ tables }) => (tables === 0 ? 0 : Math.max(LEAST, (100 * tables) / total)));
  const scale =
    100 /
    Math.max(
      1,
      wanted.reduce((sum, part) => sum + part, 0),
    );
  const isAlone = wanted.filter(part => part > 0).length === 1;
  let from = 0;
  const parts = readiness.map(({ verdict }, i) => {
    const part = (wanted[i] ?? 0) * scale;
    const length = isAlone ? part : part - GAP;
    const start = from + (isAlone ? 0 : GAP / 2);
    from += part;
    return part === 0
      ? null
      : html`<circle r="${RADIUS}" class="donut-part part-${VERDICTS[verdict].symbol}" pathLength="100" stroke-dasharray="${length.toFixed(3)} ${(100 - length).toFixed(3)}" stroke-dashoffset="${(-start).toFixed(3)}" transform="rotate(-90)"/>`;
  });
  return html`<svg class="donut" width="160" height="160" viewBox="-80 -80 160 160" role="img" aria-label="Readiness of ${count(total)} tables: ${words.join(", ")}">
<circle r="${RADIUS}" class="donut-track"/>${parts}
<text class="donut-value" y="-1" text-anchor="middle">${percent(ready?.percent ?? null)}</text><text class="donut-unit" y="16" text-anchor="middle">ready</text></svg>`;
}

/** A bar for a table cell, as long as its share of the longest one. */
export function bar(value: number, longest: number, colour: string): Markup {
  const length = longest <= 0 || value <= 0 ? 0 : Math.max(1, (100 * value) / longest);
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${length.toFixed(2)}" height="10" rx="1" class="f-${colour}"/></svg>`;
}

/** Formats, most tables first, with a bar each for tables and bytes. */
export function formatRows(formats: readonly FormatFact[]): Markup[] {
  const mostTables = Math.max(0, ...formats.map(({ tables }) => tables));
  const mostBytes = Math.max(0, ...formats.map(({ sizeGb }) => sizeGb ?? 0));
  return formats.map(({ format: name, tables, sizeGb }) => {
    const { label, colour } = format(name);
    return html`<tr><th scope="row"><svg class="swatch" width="8" height="8" aria-hidden="true"><rect width="8" height="8" rx="1" class="f-${colour}"/></svg> ${label}</th><td class="num">${count(tables)}</td><td class="bars">${bar(tables, mostTables, colour)}</td><td class="num">${size(sizeGb)}</td><td class="bars">${bar(sizeGb ?? 0, mostBytes, colour)}</td></tr>\n`;
  });
}

/** How many databases were read in full (solid) and how many were not (hatched); all hatched when nobody knows of how many. */
export function ledger(complete: number | null, total: number): Markup {
  const share = total === 0 || complete === null ? 0 : complete / total;
  const solid = share >= 1 ? 100 : share <= 0 ? 0 : Math.min(Math.max(100 * share, 3), 94);
  const label =
    complete === null
      ? "Coverage: the list of databases is incomplete"
      : `Coverage: ${count(complete)} of ${count(total)} databases read in full`;
  return html`<svg class="ledger" width="100" height="8" viewBox="0 0 100 8" role="img" aria-label="${label}"><rect width="${solid.toFixed(1)}" height="8" class="fill-text-2"/><rect x="${solid.toFixed(1)}" width="${(100 - solid).toFixed(1)}" height="8" fill="url(#hatch-gap)"/></svg>`;
}
