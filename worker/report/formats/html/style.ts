import { Markup } from "./markup.ts";

// The dashboard's tokens (web/app/styles/tokens.css), for a page that stands alone: no network, no script. Paper is light.
const LIGHT = `color-scheme:light;--canvas:#f7f7f4;--surface:#fff;--sunken:#efefeb;--border:#e2e2dc;--strong:#85857d;--text:#1a1b19;
--text-2:#4e4f4a;--text-3:#64655f;--accent:#2456c7;--ready:#0c7a69;--needs:#c07c00;--unknown:#8e7cc6;--fail:#b3261e;--gap:#8d8d85;
--f-iceberg:#4c9cbf;--f-parquet:#5467dc;--f-orc:#8e0512;--f-delta:#dd5f8d;--f-csv:#504d00;--f-json:#9c7500;--f-avro:#812085;
--f-hudi:#1f6442;--f-view:#424b58;--f-jdbc:#a88a7c;--f-other:#85857d`;
const DARK = `color-scheme:dark;--canvas:#0f1011;--surface:#161819;--sunken:#0a0b0c;--border:#2a2d2f;--strong:#6f7579;--text:#ecedeb;
--text-2:#b3b6b5;--text-3:#8f9493;--accent:#8aadff;--ready:#35b59d;--needs:#de9a2e;--unknown:#8674cc;--fail:#ff8d83;--gap:#666c70;
--f-iceberg:#7bebff;--f-parquet:#7aa7f6;--f-orc:#bb542f;--f-delta:#ff8bb1;--f-csv:#d5e278;--f-json:#9e8b10;--f-avro:#ab46b3;
--f-hudi:#2aa369;--f-view:#6f7886;--f-jdbc:#f6ceba;--f-other:#8f9493`;
const COLOURS = ["iceberg", "parquet", "orc", "delta", "csv", "json", "avro", "hudi", "view", "jdbc", "other"];

export const style = new Markup(`:root{${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--canvas);color:var(--text);font:400 .8125rem/1.25rem "IBM Plex Sans",system-ui,"Segoe UI","Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums lining-nums}
.page{max-width:80rem;margin:0 auto;padding:1.5rem 2rem 3rem}
h1{font-size:1.25rem;line-height:1.75rem;font-weight:600;margin:0;letter-spacing:-.01em}
h2{font-size:.875rem;line-height:1.25rem;font-weight:600;margin:0;display:inline}
a{color:var(--accent)}
a:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
.mono{font-family:"IBM Plex Mono",ui-monospace,"SF Mono",Consolas,monospace;font-size:.75rem}
.brand{display:flex;align-items:center;gap:.5rem;color:var(--text-2);margin-bottom:1rem}
.brand b{font-weight:600}
.brand .solid{fill:#4c78e0}
.who{color:var(--text-2);margin:.125rem 0 .75rem}
.datum{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1.5rem;padding:.625rem 0;border:solid var(--border);border-width:1px 0;font-size:.75rem;color:var(--text-2)}
.datum b{color:var(--text);font-weight:600}
.datum span{display:inline-flex;align-items:center;gap:.5rem}
nav{font-size:.75rem;margin:.75rem 0 1rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0;padding:0}
nav a{display:inline-block;padding:.25rem 0}
.panel{background:var(--surface);border:1px solid var(--border);border-radius:5px;margin:0 0 1rem}
.panel>header{padding:1rem 1rem .5rem}
.panel>header p,.note{margin:0;color:var(--text-2);font-size:.75rem}
.panel>header p{display:inline;margin-left:.5rem}
.note{padding:.75rem 1rem}
.strip{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:1px;overflow:hidden}
.strip div{padding:1rem;outline:1px solid var(--border)}
.strip dt{display:flex;align-items:center;gap:.375rem;color:var(--text-2);font-weight:500}
.strip dd{margin:0}
.strip .figure{font-size:1.625rem;line-height:2rem;font-weight:500;letter-spacing:-.02em}
.strip .figure small{font-size:.875rem;font-weight:400;letter-spacing:0;color:var(--text-2)}
.strip .under{font-size:.75rem;line-height:1rem;color:var(--text-2)}
.two{display:grid;grid-template-columns:minmax(18rem,5fr) minmax(20rem,7fr);gap:1rem;align-items:start}
.readiness{display:flex;flex-wrap:wrap;align-items:center;gap:1rem 2rem;padding:.5rem 1rem 1.25rem}
.readiness dl{flex:1 1 14rem;margin:0}
.readiness dl div{display:grid;grid-template-columns:1fr auto;padding:.5rem 0;border-top:1px solid var(--border)}
.readiness dl div:first-child{border-top:0}
.readiness dt{display:flex;align-items:center;gap:.5rem;font-weight:600}
.readiness dd{margin:0;text-align:right;font-weight:600}
.readiness .fine{font-size:.75rem;font-weight:400;color:var(--text-2)}
.readiness .means{text-align:left;padding:0 1rem 0 1.5rem}
.donut{flex:none;margin:0 auto}
.donut circle{fill:none;stroke-width:22}
.donut-track{stroke:var(--sunken)}
.part-ready{stroke:var(--ready)}.part-needs{stroke:var(--needs)}.part-unknown{stroke:url(#hatch-unknown)}
.donut-value{font-size:20px;font-weight:600;fill:var(--text)}.donut-unit{font-size:12px;fill:var(--text-2)}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse}
th,td{padding:.25rem .75rem;text-align:left;vertical-align:top;border-top:1px solid var(--border);font-weight:400;overflow-wrap:anywhere}
th:first-child,td:first-child{padding-left:1rem}th:last-child,td:last-child{padding-right:1rem}
thead th{font-size:.75rem;font-weight:500;color:var(--text-3);white-space:nowrap;vertical-align:bottom}
thead th,thead td{border-top:0}
.num{text-align:right;white-space:nowrap}
.name{min-width:9rem}.long{min-width:14rem}
.whole{white-space:nowrap}
.absent{color:var(--text-3)}
.bars{width:24%;vertical-align:middle}
.bar{display:block;width:100%;height:10px}
.verdict{white-space:nowrap;min-width:10rem}
.verdict .icon,.swatch{vertical-align:-.1875rem;margin-right:.25rem}.swatch{vertical-align:0}
.icon{flex:none}.symbols{position:absolute}
.severity{white-space:nowrap;font-weight:500}
.severity-HIGH::before,.severity-MEDIUM::before,.severity-LOW::before,.severity-INFO::before{display:inline-block;width:1.25rem}
.severity-HIGH::before{content:"▲";color:var(--fail)}.severity-MEDIUM::before{content:"◆";color:var(--needs)}.severity-LOW::before{content:"●";color:var(--accent)}.severity-INFO::before{content:"○";color:var(--text-3)}
.failed{border-left:3px solid var(--fail)}
.simulated{color:var(--text);font-weight:600}
footer{color:var(--text-2);font-size:.75rem;border-top:1px solid var(--border);padding-top:.75rem}
footer p{margin:0 0 .25rem}
.fill-surface{fill:var(--surface)}.stroke-surface{stroke:var(--surface)}.fill-text-2{fill:var(--text-2)}.stroke-gap{stroke:var(--gap)}
${["ready", "needs", "unknown"].map(name => `.fill-${name}{fill:var(--${name})}.stroke-${name}{stroke:var(--${name})}`).join("")}
${COLOURS.map(name => `.f-${name}{fill:var(--f-${name})}`).join("")}
@media (max-width:70rem){.two{grid-template-columns:minmax(0,1fr)}}
@media (max-width:50rem){.page{padding:1rem 1rem 2rem}.bars,.spare{display:none}.long{min-width:11rem}th,td{padding-left:.5rem;padding-right:.5rem}}
@media print{
@page{size:A4;margin:14mm 12mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:8pt}}
:root{--canvas:#fff}
html{font-size:12.5px;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.page{max-width:none;padding:0}
nav{display:none}
.two{grid-template-columns:minmax(0,1fr)}
.panel{border-radius:0}
.scroll{overflow:visible}
.strip{grid-template-columns:repeat(4,1fr)}
.keep,tr{break-inside:avoid}
.panel>header{break-after:avoid}
thead{display:table-header-group}
th,td{padding:.1875rem .375rem}
.name{min-width:8rem}.place{min-width:6.5rem}.long,.verdict{min-width:0}
.verdict{white-space:normal}.verdict .icon{margin:0}
a{color:inherit;text-decoration:none}
}`);
