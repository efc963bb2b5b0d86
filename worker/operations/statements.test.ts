import { expect, it } from "vitest";
import { withClient } from "../../postgres/connect.ts";
import { setLoginPasswords } from "../../postgres/logins.ts";
import { migrate } from "../../postgres/migrate.ts";
import { startThrowaway } from "../../postgres/throwaway.ts";

it("shows what costs time where pg_stat_statements is, and values of nobody", { timeout: 120_000 }, async () => {
  const server = await startThrowaway({
    binaries: process.env.A2O_TEST_PG_BIN,
    settings: { shared_preload_libraries: "pg_stat_statements" },
  });
  try {
    const url = server.urlOf("postgres");
    await migrate(url);
    await setLoginPasswords(url, { a2o_metrics: "password-of-metrics" });
    await withClient(url, { purpose: "test" }, async client => {
      await client.query("create extension pg_stat_statements schema public");
      await client.query("select length('canary of a value')");
    });
    const metrics = Object.assign(new URL(url), { username: "a2o_metrics", password: "password-of-metrics" }).href;
    const statements = () =>
      withClient(metrics, { purpose: "test" }, async client => {
        const { rows } = await client.query<{ statement: string; calls: string }>("table a2o_metrics.statements");
        return rows;
      });
    expect((await statements()).map(({ statement }) => statement)).not.toContain("select length($1)");
    await withClient(url, { purpose: "test" }, client => client.query("grant pg_read_all_stats to a2o_metrics"));
    const rows = await statements();
    expect(rows.find(({ statement }) => statement === "select length($1)")).toMatchObject({ calls: "1" });
    expect(JSON.stringify(rows)).not.toContain("canary");
  } finally {
    await server.stop();
  }
});
