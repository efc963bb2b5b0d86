import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { embeddedStatus, resetEmbedded } from "../postgres/embedded/manage.ts";
import { packageRoot } from "../postgres/package-root.ts";
import { freePort } from "../postgres/throwaway.ts";
import { startCollector } from "../telemetry/testing.ts";
import { runIn } from "./processes.ts";

const run = promisify(execFile);

it("packs into a tarball that installs into an empty directory and runs there", { timeout: 300_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), "a2o-package-"));
  const home = join(directory, "home");
  try {
    // A copy is packed, because packing builds anew what other tests are using.
    const source = join(directory, "source");
    const { stdout: files } = await run("git", ["ls-files", "-co", "--exclude-standard"], { cwd: packageRoot });
    for (const file of files.trim().split("\n")) {
      await mkdir(dirname(join(source, file)), { recursive: true });
      await cp(join(packageRoot, file), join(source, file), { verbatimSymlinks: true }).catch(() => undefined);
    }
    await symlink(join(packageRoot, "node_modules"), join(source, "node_modules"));
    const { stdout: packed } = await run("npm", ["pack", "--silent", "--pack-destination", directory], { cwd: source });
    const installed = join(directory, "installed");
    await mkdir(installed);
    await writeFile(join(installed, "package.json"), "{}");
    await run(
      "npm",
      ["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline", join(directory, packed.trim())],
      {
        cwd: installed,
      },
    );

    const port = await freePort();
    // What is traced is changed as it is loaded, which must go well in compiled files, too.
    const collector = await startCollector();
    const up = runIn(installed, "npx", ["aws2openstack", "up", "--demo", "--port", String(port)], {
      AWS2OPENSTACK_HOME: home,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    });
    await up.printed("Ctrl-C stops everything.");
    expect(up.output()).toContain("npx aws2openstack assess glue-catalog");
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: "{ assessments { totalCount } }" }),
    });
    expect(await response.json()).toEqual({ data: { assessments: { totalCount: 8 } } });
    const page = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    expect(page).toContain("<script");
    expect(page).toContain("Migration readiness");
    for (const name of ["Glue.GetTables", "GraphQL query", "pg.query:SELECT"]) {
      await expect.poll(() => collector.spans.map(span => span.name), { timeout: 20_000 }).toContain(name);
    }
    await collector.close();
    // The exit code is that of the shell npx starts, which dies of the signal; ours is tested with `up`.
    await up.interrupt();
    expect(up.output()).toContain("Stopped. Everything stored is kept.");
    expect((await embeddedStatus(home)).state).toBe("stopped");
  } finally {
    await resetEmbedded(home);
    await rm(directory, { recursive: true, force: true });
  }
});
