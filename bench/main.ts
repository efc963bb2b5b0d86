/**
 * Measures what the guides state: `npm run bench` (a million tables, many minutes), `npm run bench -- --quick` (thirty
 * thousand, under five minutes), `npm run bench -- NAME …` (some of them). Ratios are within this run; seconds are this machine's.
 */
import "../worker/flat-memory.ts";
import { bench as assess } from "./assess.ts";
import { bench as dashboard } from "./dashboard.ts";
import { bench as disk } from "./disk.ts";
import { bench as exportLists } from "./export.ts";
import { run } from "./frame.ts";
import { bench as graphql } from "./graphql.ts";
import { bench as history } from "./history.ts";
import { bench as ingestGlue } from "./ingest-glue.ts";
import { bench as ingestReport } from "./ingest-report.ts";
import { bench as links } from "./links.ts";
import { bench as mcp } from "./mcp.ts";
import { bench as poll } from "./poll.ts";
import { bench as read } from "./read.ts";
import { bench as readReport } from "./read-report.ts";
import { bench as report } from "./report.ts";
import { bench as seed } from "./seed.ts";

await run([
  assess,
  readReport,
  ingestReport,
  ingestGlue,
  read,
  exportLists,
  seed,
  graphql,
  dashboard,
  mcp,
  report,
  poll,
  history,
  links,
  disk,
]);
