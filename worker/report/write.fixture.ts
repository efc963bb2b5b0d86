// Writes one report as a program of its own and prints its highest resident memory in MiB: URL, assessment, format, file.
import "../flat-memory.ts";
import { withClient } from "../../postgres/connect.ts";
import { REPORT_FORMATS, writeReport } from "./write.ts";

const [url = "", id = "", name, path = ""] = process.argv.slice(2);
const format = REPORT_FORMATS.find(format => format === name) ?? "json";
await withClient(url, { purpose: "test", role: "a2o_ingest" }, async client => {
  await client.query("begin");
  await writeReport(client, id, { format }, path);
});
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
