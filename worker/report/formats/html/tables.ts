import type { FindingFact, ReadinessFact, UnreadFact } from "../facts.ts";
import { verdictIcon } from "./charts.ts";
import { html, type Markup } from "./markup.ts";
import { count, format, hours, SEVERITIES, size, VERDICTS } from "./words.ts";

export interface DatabaseRow {
  name: string;
  description: string | null;
  tables: number;
  iceberg: number;
  ready: number;
  needs: number;
  unknown: number;
  sizeGb: number | null;
  hours: number;
  coverage: string | null;
}

export interface TableRow {
  database: string;
  name: string;
  format: string;
  readiness: ReadinessFact["verdict"];
  sizeGb: number | null;
  columns: number;
  partitionKeys: string | null;
  findings: string | null;
}

const STATUSES: Record<string, string> = {
  DENIED: "Access denied",
  THROTTLED: "Throttled out",
  PARTIAL: "Partly read",
  FAILED: "Failed",
};

export function databaseRow(row: DatabaseRow): Markup {
  const isUnread = row.coverage !== null && row.coverage !== "COMPLETE";
  const figure = (value: number) => html`<td class="num">${count(value)}</td>`;
  return html`<tr><th scope="row" class="name"><span class="mono">${row.name}</span>${row.description !== null && row.description !== "" && html`<br><span class="absent">${shortened(row.description)}</span>`}</th>${
    isUnread && row.tables === 0
      ? html`<td colspan="7" class="absent">not read: ${STATUSES[row.coverage ?? ""]?.toLowerCase() ?? row.coverage}</td>`
      : html`<td class="num">${count(row.tables)}${isUnread && html` <span class="absent">and more</span>`}</td>${figure(row.iceberg)}${figure(row.ready)}${figure(row.needs)}${figure(row.unknown)}${sized(row.sizeGb)}<td class="num">${hours(row.hours)}</td>`
  }</tr>\n`;
}

export function tableRow(row: TableRow): Markup {
  const text = (value: string | null, more = "") =>
    value === null || value === ""
      ? html`<td class="absent${more}">–</td>`
      : html`<td class="mono${more}">${shortened(value)}</td>`;
  return html`<tr><td class="mono place">${row.database}</td><th scope="row" class="name mono">${row.name}</th><td>${format(row.format).label}</td><td class="verdict">${verdictIcon(row.readiness)} ${VERDICTS[row.readiness].word}</td>${sized(row.sizeGb)}<td class="num spare">${count(row.columns)}</td>${text(row.partitionKeys, " spare")}${text(row.findings)}</tr>\n`;
}

export function findingRow(row: FindingFact): Markup {
  return html`<tr><td class="severity severity-${row.severity}">${SEVERITIES[row.severity]}</td><th scope="row" class="name">${row.title}<br><span class="mono absent">${row.code}</span></th><td class="num">${count(row.tables)}</td><td class="num spare">${count(row.databases)}</td><td class="num spare">${row.hours === 0 ? "–" : hours(row.hours)}</td><td class="long">${row.remedy}<br><span class="absent">${row.explanation}</span></td></tr>\n`;
}

export function unreadRow(row: UnreadFact): Markup {
  return html`<tr><th scope="row" class="name">${row.database === "" ? "The list of databases" : html`<span class="mono">${row.database}</span>`}</th><td>${STATUSES[row.status] ?? row.status}${row.operation !== null && html`<br><span class="mono absent whole">${row.operation}</span>`}</td><td class="num">${row.tablesRead === 0 ? "none" : count(row.tablesRead)}</td><td class="long mono">${row.error === null ? "–" : shortened(row.error)}</td></tr>\n`;
}

function sized(gigabytes: number | null): Markup {
  return gigabytes === null
    ? html`<td class="num absent">not known</td>`
    : html`<td class="num">${size(gigabytes)}</td>`;
}

/** Words that are there to be read, not to fill the page. */
function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300).toWellFormed()}…` : text;
}
