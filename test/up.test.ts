import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { embeddedStatus, resetEmbedded } from "../postgres/embedded/manage.ts";
import { packageRoot } from "../postgres/package-root.ts";
import { freePort } from "../postgres/throwaway.ts";
import { runIn, startCommand } from "./processes.ts";

let home: string;
let port: number;
let environment: Record<string, string>;

beforeAll(async () => {
  // 0700, as many homes are: PostgreSQL's own user cannot enter it.
  home = await mkdtemp(join(tmpdir(), "a2o-up-"));
  environment = { AWS2OPENSTACK_HOME: join(home, "data") };
  port = await freePort();
});

afterAll(async () => {
  await resetEmbedded(join(home, "data"));
  await rm(home, { recursive: true, force: true });
});

const up = (...args: string[]) => startCommand(["up", "--port", String(port), ...args], environment);

async function query(text: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: text }),
  });
  return response.json();
}

it("brings up everything from nothing, and Ctrl-C stops it all with exit code 0", async () => {
  const first = up("--demo");
  await first.printed("Ctrl-C stops everything.");
  expect(first.output()).toContain("Assessed eu-central-1");
  expect(first.output()).toContain("not read: hr_restricted (AccessDeniedException)");
  const stored = `{
    assessments { totalCount nodes { isSimulated } }
    newestAssessments { nodes { region isSimulated } }
    assessmentTrends(condition: { region: "us-east-1" }, orderBy: [TIMESTAMP_ASC]) { nodes { tablesAdded } }
    currentAccess { roleName }
  }`;
  expect(await query(stored)).toEqual({
    data: {
      // Two regions as they are, and as they were in each of the three weeks before.
      assessments: { totalCount: 8, nodes: Array(8).fill({ isSimulated: true }) },
      newestAssessments: {
        nodes: expect.toSatisfy((nodes: { region: string; isSimulated: boolean }[]) =>
          ["eu-central-1", "us-east-1"].every(name => nodes.some(({ region }) => region === name)),
        ),
      },
      assessmentTrends: {
        nodes: [{ tablesAdded: null }, ...Array(3).fill({ tablesAdded: expect.toSatisfy((n: number) => n > 0) })],
      },
      currentAccess: { roleName: "a2o_operator" },
    },
  });
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain("<script");

  // The worker watches the simulator's migration from the start.
  const migration = "{ monitorOverviews { nodes { state isSimulated } } activeJobs { totalCount } }";
  await expect
    .poll(() => query(migration), { timeout: 45_000, interval: 500 })
    .toMatchObject({
      data: {
        monitorOverviews: { nodes: Array(2).fill({ state: "WATCHING", isSimulated: true }) },
        activeJobs: { totalCount: expect.toSatisfy((count: number) => count > 5) },
      },
    });

  const second = up();
  expect(await second.exited()).toBe(1);
  expect(second.output()).toContain(`aws2openstack is already running on http://127.0.0.1:${port}`);

  expect(await first.interrupt()).toBe(0);
  expect(first.output()).toContain("Stopped. Everything stored is kept.");
  expect((await embeddedStatus(environment.AWS2OPENSTACK_HOME)).state).toBe("stopped");
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

it("gives npm start exit code 0 after Ctrl-C, too", async () => {
  const start = runIn(packageRoot, "npm", ["start", "--", "--port", String(port)], environment);
  await start.printed("Ctrl-C stops everything.");
  expect(start.output()).toContain("npm run -s cli -- db psql");
  expect(await start.interrupt()).toBe(0);
});

it("keeps what was stored, and assesses the demo only once", async () => {
  const again = up("--demo");
  await again.printed("Ctrl-C stops everything.");
  expect(again.output()).not.toContain("Assessed");
  expect(again.output()).toMatch(/210987654321 \(simulated\) +eu-central-1/);
  expect(await again.interrupt()).toBe(0);
});

it("takes over what a killed run left behind", async () => {
  const killed = up();
  await killed.printed("Ctrl-C stops everything.");
  killed.child.kill("SIGKILL");
  await killed.exited();
  const next = up();
  await next.printed("Ctrl-C stops everything.");
  expect(await query("{ assessments { totalCount } }")).toEqual({ data: { assessments: { totalCount: 8 } } });
  expect(await next.interrupt()).toBe(0);
  expect((await embeddedStatus(environment.AWS2OPENSTACK_HOME)).state).toBe("stopped");
});

it("leaves nothing running when it is interrupted while starting", async () => {
  for (const milliseconds of [300, 900, 1500]) {
    const early = up("--demo");
    await new Promise(resolve => setTimeout(resolve, milliseconds));
    // Before the program has its handlers the signal itself ends it, and there is no exit code.
    expect([0, null]).toContain(await early.interrupt());
    expect((await embeddedStatus(environment.AWS2OPENSTACK_HOME)).state).toBe("stopped");
  }
});

it("names a port that another program has, before it starts anything", async () => {
  const other = createServer((_request, response) => response.end("not ours"));
  await new Promise<void>(resolve => other.listen(port, "127.0.0.1", resolve));
  try {
    const refused = up();
    expect(await refused.exited()).toBe(1);
    expect(refused.output()).toContain(`Port ${port} on 127.0.0.1 is taken by another program.`);
    expect(refused.output()).toContain("--port");
  } finally {
    other.close();
  }
});

it("says what to do about a home that cannot be written", async () => {
  // Root writes anywhere, so a file stands where the directory should be.
  const blocked = join(home, "blocked");
  await writeFile(blocked, "");
  const refused = startCommand(["up", "--port", String(port)], { AWS2OPENSTACK_HOME: join(blocked, "data") });
  expect(await refused.exited()).toBe(1);
  expect(refused.output()).toContain(blocked);
  expect(refused.output()).toContain("AWS2OPENSTACK_HOME");
});

it.skipIf(process.getuid?.() === 0)("says what to do about a read-only home", async () => {
  const readOnly = join(home, "read-only");
  await mkdir(readOnly);
  await chmod(readOnly, 0o500);
  const refused = startCommand(["up", "--port", String(port)], { AWS2OPENSTACK_HOME: join(readOnly, "data") });
  expect(await refused.exited()).toBe(1);
  expect(refused.output()).toContain("AWS2OPENSTACK_HOME");
});

it("refuses a port that is none, with exit code 2", async () => {
  const refused = startCommand(["up", "--port", "many"], environment);
  expect(await refused.exited()).toBe(2);
  expect(refused.output()).toContain("--port must be a number from 1 to 65535, not many.");
});
