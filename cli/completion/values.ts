import { withClient } from "../../postgres/connect.ts";
import { acquireEmbedded } from "../../postgres/embedded/acquire.ts";
import { embeddedStatus } from "../../postgres/embedded/manage.ts";
import { databaseUrl } from "../common.ts";
import type { ValueName } from "./model.ts";

/** A shell waits for this after a key was pressed. */
const PATIENCE = "800ms";
const MOST = 200;

const QUERIES: Record<ValueName, string> = {
  assessments: `select value from (
    select 'latest' as value, 0 as place union all select 'previous', 1
    union all select id::text, 1 + row_number() over (order by timestamp desc, id) from a2o.assessments) as x order by place`,
  regions: "select distinct region as value from a2o.assessments order by 1",
  accounts: "select distinct aws_account_id as value from a2o.assessments order by 1",
  databases: `select distinct d.database_name collate "C" as value from a2o.newest_assessments a join a2o.databases d on d.assessment_id = a.id order by 1`,
  formats:
    "select distinct f.table_format as value from a2o.newest_assessments a join a2o.format_rollups f on f.assessment_id = a.id order by 1",
  findings: "select code as value from a2o.finding_rules order by 1",
};

/** What the database knows, for a shell to complete; nothing when it cannot be asked at once. A server is not started for it. */
export async function knownValues(name: ValueName): Promise<string[]> {
  const url = databaseUrl();
  if (url !== undefined) return ask(url, name);
  if ((await embeddedStatus()).state !== "running") return name === "assessments" ? ["latest", "previous"] : [];
  const embedded = await acquireEmbedded({ say: () => undefined });
  try {
    return await ask(embedded.url, name);
  } finally {
    await embedded.release();
  }
}

async function ask(url: string, name: ValueName): Promise<string[]> {
  return withClient(url, { role: ["a2o_ingest", "a2o_reader"], purpose: "completion" }, async client => {
    await client.query(`set statement_timeout = '${PATIENCE}'`);
    const { rows } = await client.query<{ value: string }>(`${QUERIES[name]} limit ${MOST}`);
    // A name with a line break or a blank would come out as two.
    return rows.map(({ value }) => value).filter(value => /^[\w.@%+=:,/~-]+$/.test(value));
  });
}
