import type pg from "pg";
import { type Facts, readFacts } from "../facts.ts";
import { batches, few } from "../rows.ts";
import { formatRows, ledger, readinessDonut, symbols, verdictIcon } from "./charts.ts";
import { html, type Markup } from "./markup.ts";
import { style } from "./style.ts";
import { type DatabaseRow, databaseRow, findingRow, type TableRow, tableRow, unreadRow } from "./tables.ts";
import { count, hours, minute, percent, since, size, tables as tablesOf, VERDICTS } from "./words.ts";

/** Rows of the lists that grow with the catalog; what is left out is said, and where it is. */
export const MAX_DATABASES = 500;
export const MAX_UNREAD = 200;
export const MAX_TABLES = 1000;
const LARGEST = 25;

/** The assessment before it of the same account and region. */
interface Previous {
  timestamp: Date;
  databases: number;
  tables: number;
  ready: number;
  needs: number;
  unknown: number;
}

/**
 * An assessment as one HTML file that stands alone: no network, no script, light and dark, made to be printed. Everything that
 * comes from the catalog is escaped; a content security policy stands behind that.
 */
export async function* htmlReport(client: pg.Client, id: string, maxTables = MAX_TABLES): AsyncGenerator<string> {
  const facts = await readFacts(client, id);
  const [previous] = await few<Previous>(
    client,
    `select p.timestamp, p.total_databases as databases, p.total_tables as tables, p.migration_ready as ready, p.needs_conversion as needs, p.unknown
     from a2o.assessment_trend t join a2o.assessments p on p.id = t.previous_id where t.assessment_id = $1`,
    [id],
  );
  const title = `AWS Glue Catalog Assessment, ${facts.accountName ?? facts.accountId}, ${facts.region}`;
  yield html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="aws2openstack">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
${symbols}
<div class="page">
${head(facts)}
<main>
${strip(facts, previous)}
<div class="two">
${readiness(facts)}
${formats(facts)}
</div>
${coverage(facts)}
${findings(facts)}
`.text;
  yield* databases(client, facts);
  yield* largest(client, facts);
  yield* inventory(client, facts, maxTables);
  yield html`</main>
<footer>
<p>Read from the metadata of the AWS Glue Data Catalog; no data was looked at. 1 GB is 2^30 bytes. Sizes are as the catalog tells them; crawlers estimate. Hours are the weights in the table effort_weights, to be adapted to the team.</p>
<p>Assessment <span class="mono">${facts.id}</span>, made by aws2openstack ${facts.toolVersion}.</p>
</footer>
</div>
</body>
</html>
`.text;
}

function head(facts: Facts): Markup {
  const isListKnown = facts.completenessPercent !== null;
  return html`<header>
<div class="brand"><svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true"><rect x=".75" y=".75" width="11" height="11" rx="1.5" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.4 1.8"/><rect class="solid" x="6" y="6" width="11.5" height="11.5" rx="2"/></svg> <b>aws2openstack</b></div>
<h1>AWS Glue Catalog Assessment</h1>
<p class="who">${facts.accountName !== null && html`<b>${facts.accountName}</b> · `}Account ${facts.accountId} · ${facts.region}${facts.isSimulated && html` · <span class="simulated">simulated: this catalog was made up by the AWS simulator</span>`}</p>
<div class="datum"><span>${ledger(isListKnown ? facts.databasesComplete : null, facts.databases)} <span><b>${isListKnown ? percent(facts.completenessPercent) : "Not all"}</b> of databases read in full (${count(facts.databasesComplete)} of ${count(facts.databases)})</span></span>
<span>Assessed <b>${minute(facts.timestamp)}</b></span>
<span>Sizes known for <b>${percent(facts.sizedPercent)}</b> of tables</span>
<span>${facts.origin === "GLUE" ? "Verdicts by rule, each with its evidence" : "Verdicts as the report brought them"}</span></div>
<nav aria-label="Contents"><ul><li><a href="#readiness">Readiness</a></li><li><a href="#formats">Formats</a></li>${facts.unread.length > 0 && html`<li><a href="#coverage">Not read in full</a></li>`}<li><a href="#findings">Findings</a></li><li><a href="#databases">Databases</a></li><li><a href="#largest">Largest tables</a></li><li><a href="#inventory">Inventory</a></li></ul></nav>
</header>`;
}

function strip(facts: Facts, previous: Previous | undefined): Markup {
  const card = (label: Markup | string, figure: Markup | string, under: string) =>
    html`<div><dt>${label}</dt><dd class="figure">${figure}</dd><dd class="under">${under}</dd></div>\n`;
  const changed = (now: number, before: number | undefined, otherwise: string) =>
    previous === undefined || before === undefined ? otherwise : since(now - before, previous.timestamp);
  const [value = "", unit = ""] = size(facts.sizeGb).split("\u00a0");
  const verdicts = facts.readiness.map(({ verdict, tables, percent: share }) => {
    const before = { READY: previous?.ready, NEEDS_CONVERSION: previous?.needs, UNKNOWN: previous?.unknown }[verdict];
    const { word } = VERDICTS[verdict];
    return card(
      html`${verdictIcon(verdict)} ${word}`,
      count(tables),
      previous === undefined ? `${percent(share)} of tables` : `${percent(share)} · ${changed(tables, before, "")}`,
    );
  });
  return html`<dl class="panel strip keep">
${card("Databases", count(facts.databases), changed(facts.databases, previous?.databases, `${count(facts.databasesComplete)} read in full`))}${card("Tables", count(facts.tables), changed(facts.tables, previous?.tables, `${count(facts.icebergTables)} in Iceberg`))}${card("Known size", html`${value} <small>${unit}</small>`, `${tablesOf(facts.sizedTables)} with a size`)}${verdicts}${card("Estimated effort", hours(facts.effortHours), "by the weights of verdicts and findings")}</dl>`;
}

function readiness(facts: Facts): Markup {
  const rows = facts.readiness.map(
    ({ verdict, tables, percent: share, sizeGb }) =>
      html`<div><dt>${verdictIcon(verdict)} ${VERDICTS[verdict].word}</dt><dd>${percent(share)}</dd><dd class="fine means">${VERDICTS[verdict].means}</dd><dd class="fine">${tablesOf(tables)}, ${size(sizeGb)}</dd></div>\n`,
  );
  return html`<section class="panel keep"><header><h2 id="readiness">Migration readiness</h2> <p>share of tables</p></header>
<div class="readiness">${readinessDonut(facts.readiness)}<dl>${rows}</dl></div></section>`;
}

function formats(facts: Facts): Markup {
  return html`<section class="panel"><header><h2 id="formats">Formats</h2> <p>tables and known size, each bar on its own scale</p></header>
${
  facts.formats.length === 0
    ? html`<p class="note">No table was read.</p>`
    : html`<table aria-labelledby="formats"><thead><tr><th scope="col">Format</th><th scope="col" class="num">Tables</th><td class="bars"></td><th scope="col" class="num">Known size</th><td class="bars"></td></tr></thead><tbody>
${formatRows(facts.formats)}</tbody></table>`
}</section>`;
}

function coverage(facts: Facts): Markup | null {
  if (facts.unread.length === 0) return null;
  const more = facts.unread.length - MAX_UNREAD;
  return html`<section class="panel failed"><header><h2 id="coverage">Not read in full</h2> <p>${count(facts.unread.length)} of ${count(facts.databases)} databases; their missing tables are not counted anywhere, and never as removed</p></header>
${scroll(
  "coverage",
  html`<table aria-labelledby="coverage"><thead><tr><th scope="col">Database</th><th scope="col">Why</th><th scope="col" class="num">Tables read</th><th scope="col">AWS says</th></tr></thead><tbody>
${facts.unread.slice(0, MAX_UNREAD).map(unreadRow)}</tbody></table>`,
)}${more > 0 && html`<p class="note">and ${count(more)} more, which the JSON report names.</p>`}</section>`;
}

function findings(facts: Facts): Markup {
  return html`<section class="panel"><header><h2 id="findings">Findings</h2> <p>what to decide and to do, what matters most first</p></header>
${
  facts.findings.length === 0
    ? html`<p class="note">Nothing was found.</p>`
    : scroll(
        "findings",
        html`<table aria-labelledby="findings"><thead><tr><th scope="col">Severity</th><th scope="col">Finding</th><th scope="col" class="num">Tables</th><th scope="col" class="num spare">Databases</th><th scope="col" class="num spare">Effort</th><th scope="col">What to do</th></tr></thead><tbody>
${facts.findings.map(findingRow)}</tbody></table>`,
      )
}</section>`;
}

async function* databases(client: pg.Client, facts: Facts): AsyncGenerator<string> {
  const isCut = facts.databases > MAX_DATABASES;
  yield html`<section class="panel"><header><h2 id="databases">Databases</h2> <p>${isCut ? `the ${count(MAX_DATABASES)} of ${count(facts.databases)} with most tables` : `all ${count(facts.databases)}, most tables first`}</p></header>
${scrollStart("databases")}<table aria-labelledby="databases"><thead><tr><th scope="col">Database</th><th scope="col" class="num">Tables</th><th scope="col" class="num">Iceberg</th><th scope="col" class="num">Ready</th><th scope="col" class="num">Needs conversion</th><th scope="col" class="num">Unknown</th><th scope="col" class="num">Known size</th><th scope="col" class="num">Effort</th></tr></thead><tbody>
`.text;
  yield* rows<DatabaseRow>(
    client,
    `select database_name as name, description, table_count as tables, iceberg_tables as iceberg, migration_ready as ready, needs_conversion as needs,
       unknown, estimated_size_gb::float8 as "sizeGb", effort_hours::float8 as hours, coverage
     from a2o.export_databases($1) order by table_count desc, database_name limit $2`,
    [facts.id, MAX_DATABASES],
    databaseRow,
  );
  yield html`</tbody></table></div>${isCut && html`<p class="note">All of them are in the CSV and XLSX reports.</p>`}</section>\n`
    .text;
}

const TABLE_HEAD = html`<thead><tr><th scope="col">Database</th><th scope="col">Table</th><th scope="col">Format</th><th scope="col">Readiness</th><th scope="col" class="num">Size</th><th scope="col" class="num spare">Columns</th><th scope="col" class="spare">Partition keys</th><th scope="col">Findings</th></tr></thead>`;

const TABLE_COLUMNS = `t.database_name as database, t.table_name as name, t.table_format as format, t.migration_readiness as readiness,
  t.estimated_size_gb::float8 as "sizeGb", t.column_count as columns`;

async function* largest(client: pg.Client, facts: Facts): AsyncGenerator<string> {
  if (facts.sizedTables === 0) return;
  yield html`<section class="panel"><header><h2 id="largest">Largest tables</h2> <p>of ${count(facts.sizedTables)} whose size is known</p></header>
${scrollStart("largest")}<table aria-labelledby="largest">${TABLE_HEAD}<tbody>
`.text;
  yield* rows<TableRow>(
    client,
    `select ${TABLE_COLUMNS}, array_to_string(t.partition_keys, ', ') as "partitionKeys",
       (select array_to_string(x.findings, ', ') from a2o.tables x
        where x.assessment_id = $1 and x.database_name = t.database_name and x.table_name = t.table_name) as findings
     from a2o.largest_tables($1, $2) as t`,
    [facts.id, LARGEST],
    tableRow,
  );
  yield "</tbody></table></div></section>\n";
}

async function* inventory(client: pg.Client, facts: Facts, maxTables: number): AsyncGenerator<string> {
  const isCut = facts.tables > maxTables;
  yield html`<section class="panel"><header><h2 id="inventory">Inventory</h2> <p>${isCut ? `the first ${count(maxTables)} of ${tablesOf(facts.tables)}` : `all ${tablesOf(facts.tables)}`}, by database and name</p></header>
${isCut && html`<p class="note">${tablesOf(facts.tables - maxTables)} ${facts.tables - maxTables === 1 ? "is" : "are"} left out here, so that this page opens everywhere. All of them are in the CSV, XLSX and JSON reports.</p>`}${scrollStart("inventory")}<table aria-labelledby="inventory">${TABLE_HEAD}<tbody>
`.text;
  yield* rows<TableRow>(
    client,
    `select ${TABLE_COLUMNS}, t.partition_keys as "partitionKeys", t.findings from a2o.export_tables($1) as t limit $2`,
    [facts.id, maxTables],
    tableRow,
  );
  yield "</tbody></table></div></section>\n";
}

async function* rows<Row extends pg.QueryResultRow>(
  client: pg.Client,
  sql: string,
  values: unknown[],
  row: (row: Row) => Markup,
): AsyncGenerator<string> {
  for await (const batch of batches<Row>(client, sql, values)) yield batch.map(item => row(item).text).join("");
}

/** Wide tables scroll by themselves, by keyboard too. */
function scrollStart(label: string): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="${label}">`;
}

function scroll(label: string, content: Markup): Markup {
  return html`${scrollStart(label)}${content}</div>`;
}
