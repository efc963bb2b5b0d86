import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultAccountId, demoCredentials, startSimulator } from "../demo/simulator.ts";
import { rolePool, withClient } from "../postgres/connect.ts";
import { freePort } from "../postgres/throwaway.ts";
import { startWebServer, type WebServer } from "../web/server/server.ts";
import { assessGlueCatalog } from "../worker/assess/glue-catalog.ts";
import { pollMonitor } from "../worker/poll/poll.ts";
import { Sessions } from "../worker/poll/sessions.ts";
import { launchBrowser } from "./browser.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { letAxeIn, newPage, sidewaysScroll, violations } from "./page.ts";

let database: TestDatabase;
let browser: Browser;
let page: Page;
let complaints: string[];
let simulator: Awaited<ReturnType<typeof startSimulator>>;
const servers: WebServer[] = [];
let operator: string;
let reader: string;
let stranger: string;
let monitor: string;

async function serve(role: "a2o_operator" | "a2o_reader", user: string): Promise<string> {
  const server = await startWebServer({
    databaseUrl: database.urlFor("a2o_authenticator"),
    port: await freePort(),
    identity: { role, user },
    log: () => undefined,
  });
  servers.push(server);
  return server.url;
}

async function poll(): Promise<void> {
  const worker = rolePool(database.url, "a2o_worker", 2);
  const sessions = new Sessions();
  try {
    await pollMonitor(monitor, { query: (sql, params) => worker.query(sql, params), sessions });
  } finally {
    sessions.close();
    await worker.end();
  }
}

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query(
    "select a2o.grant_account_access('local', '*'), a2o.grant_account_access('guest', '999999999999')",
  );
  // The demo company's migration as it is now.
  simulator = await startSimulator();
  const [row] = await database.query<{ id: string }>(
    "select id from a2o.add_stand_in_monitor($1, 'eu-central-1', $2)",
    [defaultAccountId, simulator.url],
  );
  monitor = row?.id ?? "";
  await withClient(database.url, { purpose: "test", role: "a2o_ingest" }, client =>
    assessGlueCatalog(client, {
      region: "eu-central-1",
      standIn: { endpoint: simulator.url, credentials: demoCredentials },
      keep: true,
    }),
  );
  await poll();
  // One whose arguments leave open which tables of a small database it reads.
  await database.query(
    `insert into a2o.migration_jobs (job_type, aws_job_id, aws_parent_id, job_name, aws_account_id, region, is_simulated, status, started_at, completed_at, details)
     values ('GLUE_JOB', 'jr_open', 'refresh-reference', 'refresh-reference', $1, 'eu-central-1', true, 'COMPLETED', now() - interval '41 days', now() - interval '40 days',
       '{"Arguments": {"--source_database": "reference_shared"}}')`,
    [defaultAccountId],
  );
  await database.query("select a2o_private.link_jobs($1, 'eu-central-1')", [defaultAccountId]);
  operator = await serve("a2o_operator", "local");
  reader = await serve("a2o_reader", "local");
  stranger = await serve("a2o_reader", "guest");
  browser = await launchBrowser();
  ({ page, complaints } = await newPage(browser));
});

afterAll(async () => {
  await browser?.close();
  for (const server of servers) await server.close();
  await simulator?.close();
  await database?.drop();
});

const number = (value: unknown) => Number(value).toLocaleString("en-GB");
const main = () => page.locator("main");
const open = async (url: string, path: string, heading: string) => {
  await page.goto(`${url}${path}`);
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
};
const card = (label: string) => main().locator(".strip > div", { hasText: label }).locator(".strip-value");

interface Job {
  job_id: string;
  job_name: string;
  job_type: string;
  state: string;
  percent: string | null;
}
const jobs = () =>
  database.query<Job & Record<string, unknown>>(
    `select job_id, job_name, job_type, percent, case when phase = 'GONE' then 'Gone' when is_stalled then 'Stalled' else initcap(status::text) end as state
     from a2o.active_jobs order by job_id`,
  );

describe("Active", () => {
  it("shows each job of SQL with its state, grouped by service, and a percentage only where AWS gives one", async () => {
    await open(operator, "/migration", "Active migrations");
    await main().locator(".job-row a").first().waitFor();
    const all = await jobs();
    expect(all.length).toBeGreaterThan(3);
    await expect.poll(() => main().locator(".job-row a").count()).toBe(all.length);
    for (const [type, title] of [
      ["DMS", "AWS DMS"],
      ["DATASYNC", "AWS DataSync"],
      ["GLUE_JOB", "AWS Glue"],
    ] as const) {
      const rows = page.getByRole("table", { name: title }).locator(".job-row:not(.job-head)");
      const shown = await rows.evaluateAll(found =>
        found.map(row => [
          row.querySelector("a")?.textContent ?? "",
          row.querySelector(".job-state")?.textContent ?? "",
          row.querySelector(".job-bar b")?.textContent ?? "",
        ]),
      );
      const expected = all
        .filter(job => job.job_type === type)
        .map(job => [
          job.job_name,
          job.state,
          job.percent !== null
            ? expect.stringMatching(/%$/)
            : job.state === "Completed"
              ? "done"
              : expect.stringMatching(/^(no %|no total|waiting)$/),
        ]);
      expect(shown).toHaveLength(expected.length);
      expect(shown).toEqual(expect.arrayContaining(expected));
    }
    for (const job of all.filter(each => each.job_type === "GLUE_JOB")) expect(job.percent).toBeNull();
    expect(await card("Running").textContent()).toBe(number(all.filter(job => job.state === "Running").length));
    expect(await card("Failed").textContent()).toBe(number(all.filter(job => job.state === "Failed").length));
    expect(await main().textContent()).toContain("Simulated");
  });

  it("changes in place when a poll brings news, without a reload", async () => {
    await open(operator, "/migration", "Active migrations");
    const [job] = (await jobs()).filter(each => each.state === "Running");
    const row = main().locator(".job-row", { has: page.locator(`a[href="/migration/jobs/${job?.job_id}"]`) });
    await row.getByText("Running").waitFor();
    await page.evaluate("window.isStillHere = true");
    await database.query(
      "update a2o.migration_jobs set status = 'FAILED', completed_at = now(), error_message = 'The target is full.' where id = $1",
      [job?.job_id],
    );
    await row.getByText("The target is full.").waitFor();
    expect(await row.locator(".job-state").textContent()).toBe("Failed");
    expect(await page.evaluate("window.isStillHere")).toBe(true);
  });

  it("tells whoever may read no account of it nothing, and how to watch one", async () => {
    await open(stranger, "/migration", "Active migrations");
    await main().getByText("No migration is watched yet").waitFor();
    expect(await main().textContent()).toContain("aws2openstack monitor add");
    expect(await main().locator(".job-row").count()).toBe(0);
  });
});

describe("one job", () => {
  it("shows what AWS told, its tables as DMS counts them, and its metrics as a table, too", async () => {
    const [job] = await database.query<Record<string, unknown> & { id: string; job_name: string }>(
      `select j.id, j.job_name, j.aws_job_id, j.rows_copied, (select count(*) from a2o.migration_job_tables t where t.job_id = j.id) as tables
       from a2o.migration_jobs j
       where j.job_type = 'DMS' and exists (select from a2o.migration_job_tables t where t.job_id = j.id)
         and exists (select from a2o.migration_metrics m where m.job_id = j.id) order by j.id limit 1`,
    );
    await page.goto(`${operator}/migration/jobs/${job?.id}`);
    await page.getByRole("heading", { level: 1 }).getByText(String(job?.job_name)).waitFor();
    const facts = await main().locator(".job-facts").textContent();
    expect(facts).toContain(String(job?.aws_job_id));
    expect(facts).toContain(number(job?.rows_copied));
    await expect.poll(() => main().locator(".job-scroll tbody tr").count()).toBe(Number(job?.tables));
    await main().getByRole("button", { name: "As a table" }).click();
    const metrics = await database.query<{ name: string }>(
      "select distinct metric_name as name from a2o.migration_metrics where job_id = $1",
      [job?.id],
    );
    const rows = await main()
      .locator(".panel", { hasText: "CloudWatch metrics" })
      .locator("tbody td:first-child")
      .allTextContents();
    expect(rows.sort()).toEqual(metrics.map(({ name }) => name).sort());
  });

  it("is the same to somebody who may not read it as one that does not exist", async () => {
    const [job] = await jobs();
    const said: string[] = [];
    for (const id of [job?.job_id, "00000000-0000-4000-8000-000000000000", "cut-off"]) {
      await open(stranger, `/migration/jobs/${id}`, "There is no such job");
      said.push((await main().textContent()) ?? "");
    }
    expect(new Set(said).size).toBe(1);
  });

  it("does not ask about a job that cannot be when something changes", async () => {
    await open(operator, "/migration/jobs/cut-off", "There is no such job");
    let heard = false;
    page.on("request", request => {
      heard ||= request.postData()?.includes("alertOverviews") ?? false;
    });
    const announce = (kind: string) =>
      database.query("select a2o_private.announce($1, $2, null)", [kind, defaultAccountId]);
    // Events come in order, so the page has heard of the monitor once it asks how many alerts there are.
    await expect
      .poll(async () => {
        heard = false;
        await announce("MONITOR");
        await announce("ALERT");
        await page.waitForTimeout(200);
        return heard;
      })
      .toBe(true);
    expect(complaints).toEqual([]);
  });
});

describe("a job's tables in the catalog", () => {
  interface Link {
    job_id: string;
    database_name: string;
    table_name: string;
  }
  const panel = () => main().locator(".panel", { hasText: "Tables in the catalog" });
  const shown = () =>
    panel()
      .locator("tbody tr")
      .evaluateAll(rows =>
        rows.map(row =>
          [...row.children]
            .slice(0, 2)
            .map(cell => cell.textContent?.trim())
            .join(" "),
        ),
      );
  /** As the page has them: what is to be decided first. */
  const linksOf = async (job: string) =>
    (
      await database.query<{ line: string }>(
        `select database_name || '.' || table_name || case state when 'LINKED' then ' Linked' when 'CANDIDATE' then ' Candidate' else ' Not linked' end as line
         from a2o.job_links where job_id = $1
         order by case state when 'CANDIDATE' then 1 when 'LINKED' then 2 else 3 end, database_name, table_name`,
        [job],
      )
    ).map(({ line }) => line);
  const one = async (state: string) => {
    const [link] = await database.query<Link & Record<string, unknown>>(
      `select l.job_id, l.database_name, l.table_name from a2o.job_links l
       where l.state = $1::a2o.link_state and (select count(*) from a2o.job_links x where x.job_id = l.job_id) between 2 and 90
       order by l.started_at desc nulls last, l.job_id, l.table_name limit 1`,
      [state],
    );
    if (!link) throw new Error(`no job of the demo company has few enough links of which one is ${state}`);
    return link;
  };

  it("are those of SQL, and lead to the assessed table, which leads back", async () => {
    const link = await one("LINKED");
    await page.goto(`${reader}/migration/jobs/${link.job_id}`);
    await panel().locator("tbody tr").first().waitFor();
    expect(await shown()).toEqual(await linksOf(link.job_id));
    expect(await panel().getByRole("button").count()).toBe(0);
    await panel()
      .getByRole("link", { name: `${link.database_name}.${link.table_name}`, exact: true })
      .click();
    await page.getByRole("heading", { level: 1 }).getByText(link.table_name, { exact: true }).waitFor();
    const migration = main().locator(".panel", { has: page.getByRole("heading", { name: "Migration", exact: true }) });
    const [stage] = await database.query<{ stage: string }>(
      `select initcap(replace(m.stage::text, '_', ' ')) as stage from a2o.newest_assessments n join a2o.table_migrations m on m.assessment_id = n.id
       where m.database_name = $1 and m.table_name = $2`,
      [link.database_name, link.table_name],
    );
    const said = await migration.locator(".migration-stage").textContent();
    expect(said?.toLowerCase()).toBe(stage?.stage.toLowerCase());
    await migration.locator(".migration-jobs a").first().click();
    await panel()
      .getByRole("link", { name: `${link.database_name}.${link.table_name}`, exact: true })
      .waitFor();
  });

  it("are confirmed, rejected and taken back by an operator", async () => {
    const link = await one("CANDIDATE");
    const name = `${link.database_name}.${link.table_name}`;
    const state = async () =>
      (
        await database.query<{ state: string }>(
          "select state || ' ' || source as state from a2o.job_links where job_id = $1 and database_name = $2 and table_name = $3",
          [link.job_id, link.database_name, link.table_name],
        )
      )[0]?.state;
    await page.goto(`${operator}/migration/jobs/${link.job_id}`);
    await panel()
      .getByRole("button", { name: `Confirm ${name}`, exact: true })
      .click();
    await panel()
      .getByRole("button", { name: `Unlink ${name}`, exact: true })
      .waitFor();
    expect(await state()).toBe("LINKED PERSON");
    expect(await panel().textContent()).toContain("local decided so");
    await panel()
      .getByRole("button", { name: `Unlink ${name}`, exact: true })
      .click();
    await panel()
      .getByRole("button", { name: `Link ${name}`, exact: true })
      .waitFor();
    expect(await state()).toBe("REJECTED PERSON");
    expect(await shown()).toEqual(await linksOf(link.job_id));
  });

  it("are refused to a reader by the server, too", async () => {
    const link = await one("LINKED");
    const response = await fetch(`${reader}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        query: `mutation { unlinkJob(input: { jobId: "${link.job_id}", databaseName: "${link.database_name}", tableName: "${link.table_name}" }) { result { id } } }`,
      }),
    });
    expect(await response.json()).toMatchObject({ errors: [expect.anything()] });
    expect(await linksOf(link.job_id)).toContain(`${link.database_name}.${link.table_name} Linked`);
  });

  it("are named in the history, where one job moved one table", async () => {
    await open(operator, "/migration/history", "Migration history");
    const [link] = await database.query<Link & Record<string, unknown>>(
      `select l.job_id, l.database_name, l.table_name from a2o.job_links l
       where l.state = 'LINKED' and l.job_status = 'COMPLETED' and (select count(*) from a2o.job_links x where x.job_id = l.job_id and x.state = 'LINKED') = 1
       order by l.completed_at desc limit 1`,
    );
    const row = main().locator("tbody tr", { has: page.locator(`a[href="/migration/jobs/${link?.job_id}"]`) });
    await row.getByRole("link", { name: `${link?.database_name}.${link?.table_name}` }).click();
    await page.getByRole("heading", { level: 1 }).getByText(String(link?.table_name), { exact: true }).waitFor();
  });
});

describe("History", () => {
  it("has the sums of SQL", async () => {
    await open(operator, "/migration/history", "Migration history");
    const [row] = await database.query<Record<string, string>>(
      "select sum(completed) as completed, sum(failed) as failed from a2o.migration_history",
    );
    const [completed, failed] = [Number(row?.completed), Number(row?.failed)];
    expect(completed).toBeGreaterThan(0);
    expect(await card("Success rate").textContent()).toBe(`${((completed / (completed + failed)) * 100).toFixed(1)}%`);
    expect(await card("Failed").textContent()).toBe(number(failed));
    const errors = await database.query<{ failures: number }>(
      "select failures from a2o.migration_errors order by failures desc limit 8",
    );
    expect(await main().locator(".error-list b").allTextContents()).toEqual(
      errors.map(({ failures }) => number(failures)),
    );
  });

  it("counts each day as SQL does, as a chart and as a table", async () => {
    const days = await database.query<{ completed: number; failed: number }>(
      `select sum(completed)::integer as completed, sum(failed)::integer as failed from a2o.migration_timeline
       where day > (now() at time zone 'UTC')::date - 7 group by day having sum(completed) + sum(failed) > 0 order by day`,
    );
    await open(operator, "/migration/history?days=7", "Migration history");
    const panel = main().locator(".panel", { hasText: "Ended each day" });
    await expect.poll(() => panel.locator("svg rect.days-completed").count()).toBe(7);
    await panel.getByRole("button", { name: "As a table" }).click();
    const rows = await panel
      .locator("tbody tr")
      .evaluateAll(found => found.map(row => [...row.children].map(cell => cell.textContent)));
    expect(rows.map(([, completed, failed]) => [completed, failed])).toEqual(
      days.map(({ completed, failed }) => [number(completed), number(failed)]),
    );
  });

  it("lists ended jobs page by page, and says why they failed", async () => {
    await open(operator, "/migration/history", "Migration history");
    const panel = main().locator(".panel", { hasText: "Ended jobs" });
    await expect.poll(() => panel.locator("tbody tr").count()).toBe(100);
    await panel.getByRole("button", { name: "Show more" }).click();
    await expect.poll(() => panel.locator("tbody tr").count()).toBeGreaterThan(100);
    await panel.getByRole("button", { name: "Failed" }).click();
    await panel.locator("thead").getByText("AWS's own words").waitFor();
    expect(page.url()).toContain("state=failed");
    const [failed] = await database.query<{ count: string }>(
      "select count(*) from a2o.migration_jobs where status = 'FAILED'",
    );
    await panel.getByText(`of ${number(failed?.count)}, newest first`).waitFor();
  });
});

describe("Monitors", () => {
  it("shows the health and the calls of SQL, and lets an operator pause and resume", async () => {
    await open(operator, "/migration/monitors", "Monitors");
    await main().getByText("Watching", { exact: true }).waitFor();
    const [row] = await database.query<Record<string, unknown>>(
      "select calls_this_month, metrics_this_month from a2o.monitor_overview",
    );
    const text = await main().textContent();
    expect(text).toContain(number(row?.calls_this_month));
    await main().getByRole("button", { name: "Pause" }).click();
    await main().getByText("Paused", { exact: true }).waitFor();
    expect(await database.query("select is_paused from a2o.monitors")).toEqual([{ is_paused: true }]);
    await main().getByRole("button", { name: "Resume" }).click();
    await main().getByText("Watching", { exact: true }).waitFor();
  });

  it("offers a reader no change, and the server refuses one", async () => {
    await open(reader, "/migration/monitors", "Monitors");
    await main().getByText("Watching", { exact: true }).waitFor();
    expect(await main().getByRole("button", { name: "Pause" }).count()).toBe(0);
    const response = await fetch(`${reader}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        query: `mutation { pauseMonitor(input: { monitorId: "${monitor}" }) { result { id } } }`,
      }),
    });
    expect(await response.json()).toMatchObject({ errors: [expect.anything()] });
    expect(await database.query("select is_paused from a2o.monitors")).toEqual([{ is_paused: false }]);
  });

  it("shows AWS's refusal in its own words, with the way out", async () => {
    simulator.faults.add({ kind: "deny", service: "dms" });
    await poll();
    simulator.faults.clear();
    await open(operator, "/migration/monitors", "Monitors");
    await main().getByText("Degraded", { exact: true }).waitFor();
    expect(await main().textContent()).toMatch(/AccessDenied/);
    expect(await main().textContent()).toContain("aws2openstack monitor test");
    await poll();
  });
});

describe("Alerts", () => {
  const stillOpen = () =>
    database.query<{ title: string; message: string }>(
      "select title, message from a2o.alert_overview where state = 'OPEN' order by opened_at desc",
    );

  it("are counted in the side bar, and lead to what SQL says, with what to do", async () => {
    const expected = await stillOpen();
    expect(expected.length).toBeGreaterThan(0);
    await open(operator, "/migration/alerts", "Alerts");
    await expect.poll(() => main().locator(".alert").count()).toBe(expected.length);
    const messages = await main().locator(".alert-message").allTextContents();
    expect(messages.sort()).toEqual(expected.map(({ message }) => message).sort());
    await page.locator(".alert-count").getByText(number(expected.length), { exact: false }).waitFor();
  });

  it("are acknowledged by an operator with a note, and taken back", async () => {
    const before = await stillOpen();
    await open(operator, "/migration/alerts", "Alerts");
    const first = main().locator(".alert").first();
    await first.getByLabel("Note (optional)").fill("Asked the storage team");
    await first.getByRole("button", { name: "Acknowledge" }).click();
    await expect.poll(async () => (await stillOpen()).length).toBe(before.length - 1);
    const [state] = await database.query<{ state: string }>(
      "select initcap(state::text) as state from a2o.alert_overview where acknowledged_note = 'Asked the storage team'",
    );
    await main()
      .getByRole("button", { name: String(state?.state), exact: true })
      .click();
    const taken = main().locator(".alert", { hasText: "Asked the storage team" });
    await taken.getByText("Acknowledged by local").waitFor();
    await taken.getByRole("button", { name: "Take back" }).click();
    await expect.poll(async () => (await stillOpen()).length).toBe(before.length);
  });

  it("are read only for a reader, and nobody's for a stranger", async () => {
    await open(reader, "/migration/alerts", "Alerts");
    await main().locator(".alert").first().waitFor();
    expect(await main().getByRole("button", { name: "Acknowledge", exact: true }).count()).toBe(0);
    await open(stranger, "/migration/alerts", "Alerts");
    await main().getByText("Nothing needs attention.").waitFor();
  });
});

describe("every migration page", () => {
  it("complained about nothing", () => expect(complaints).toEqual([]));

  for (const [path, ready] of [
    ["/migration", "AWS DMS"],
    ["/migration/history", "Common errors"],
    ["/migration/monitors", "Jobs listed"],
    ["job", "CloudWatch metrics"],
    ["candidates", "Tables in the catalog"],
    ["table", "Evidence"],
    ["/migration/alerts", "Acknowledge"],
  ] as const) {
    it(`has no accessibility violation and no sideways scroll: ${path}`, async () => {
      const { page: checked } = await newPage(browser);
      await letAxeIn(checked);
      const [job] = (await jobs()).filter(each => each.job_type === "DMS");
      const [candidate] = await database.query<{ path: string }>(
        "select '/migration/jobs/' || job_id as path from a2o.job_links where state = 'CANDIDATE' order by job_id limit 1",
      );
      const [table] = await database.query<{ path: string }>(
        "select '/tables/' || database_name || '/' || table_name as path from a2o.job_links where state = 'LINKED' order by table_id limit 1",
      );
      const paths: Record<string, string | undefined> = {
        job: `/migration/jobs/${job?.job_id}`,
        candidates: candidate?.path,
        table: table?.path,
      };
      await checked.goto(`${operator}${paths[path] ?? path}`);
      for (const [width, height] of [
        [1440, 900],
        [390, 844],
      ] as const) {
        await checked.setViewportSize({ width, height });
        await checked.locator("main").getByText(ready).first().waitFor();
        for (const colorScheme of ["light", "dark"] as const) {
          await checked.emulateMedia({ colorScheme });
          expect([path, width, colorScheme, await violations(checked)]).toEqual([path, width, colorScheme, []]);
        }
        expect([path, width, await sidewaysScroll(checked)]).toEqual([path, width, 0]);
      }
      await checked.context().close();
    });
  }
});
