import { once } from "node:events";
import { appendFile, chown, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../server/run.ts";
import { UserError } from "../user-error.ts";
import {
  acquire,
  fixture,
  keepAnswer,
  keptAnswer,
  newDirectory,
  newHome,
  otherProcess,
  query,
  root,
  serverPid,
  until,
  usedHome,
} from "./embedded.helpers.ts";
import { embeddedStatus, resetEmbedded } from "./manage.ts";

describe("after a crash", () => {
  it("of a process that used it, the next one takes the server over and stops it in the end", async () => {
    const home = await usedHome();
    const crashed = await otherProcess(home);
    const { url } = await crashed.ready();
    await crashed.kill9();
    expect(await embeddedStatus(home)).toMatchObject({ state: "running" });
    const next = await acquire(home);
    expect(next).toMatchObject({ url, startedByUs: false });
    await next.release();
    expect((await embeddedStatus(home)).state).toBe("stopped");
  });

  it("of PostgreSQL and everything else, the next one starts it and has what was committed", async () => {
    const home = await usedHome();
    const crashed = await otherProcess(home);
    const { url = "" } = await crashed.ready();
    await keepAnswer(url);
    const pid = await serverPid(home);
    await crashed.kill9();
    process.kill(pid, "SIGKILL");
    const next = await acquire(home);
    expect(next.startedByUs).toBe(true);
    expect(await keptAnswer(next.url)).toBe(42);
  });

  it("of PostgreSQL alone, the process that uses it starts it again", async () => {
    const home = await usedHome();
    const us = await acquire(home);
    await keepAnswer(us.url);
    const pid = await serverPid(home);
    process.kill(pid, "SIGKILL");
    await until(async () => (await keptAnswer(us.url)) === 42);
    expect(await serverPid(home)).not.toBe(pid);
    expect(us.said.some(line => line.includes("starting it again"))).toBe(true);
    await until(async () => (await embeddedStatus(home)).users.length === 1);
    await us.release();
    expect((await embeddedStatus(home)).state).toBe("stopped");
  });

  it("the process id in its pid file may belong to another program by now", async () => {
    const home = await usedHome();
    const first = await acquire(home);
    const pidFile = join(first.dataDirectory, "postmaster.pid");
    const lines = (await readFile(pidFile, "utf8")).split("\n");
    await first.release();
    await writeFile(pidFile, [String(process.pid), ...lines.slice(1)].join("\n"));
    expect((await embeddedStatus(home)).state).toBe("stopped");
    const next = await acquire(home);
    expect(next.startedByUs).toBe(true);
  });

  it("in the middle of the first set-up, the next one starts from the beginning", async () => {
    const home = await newHome();
    const crashed = await otherProcess(home);
    const stages = async () => (await readdir(home)).filter(name => name.startsWith("a2o-initdb-"));
    await until(async () => (await stages()).length > 0);
    await crashed.kill9();
    expect(await stages()).not.toEqual([]);
    const next = await acquire(home);
    expect(await query(next.url, "select 1 as one")).toEqual([{ one: 1 }]);
    await next.release();
    await until(async () => {
      await (await acquire(home)).release();
      return (await stages()).length === 0;
    });
  });
});

describe("what stands in the way", () => {
  it("a taken port: another one is used and remembered", async () => {
    const home = await usedHome();
    const first = await acquire(home);
    await first.release();
    const squatter = createServer().listen(first.port, "127.0.0.1");
    await once(squatter, "listening");
    const second = await acquire(home);
    expect(second.port).toBeGreaterThan(first.port);
    expect(second.said.join()).toContain(`Port ${first.port} is taken`);
    await second.release();
    squatter.close();
    expect((await acquire(home)).port).toBe(second.port);
  });

  it("a data directory that holds no whole database: it is kept aside, and one is told where", async () => {
    const home = await newHome();
    await mkdir(join(home, "data"), { recursive: true });
    await writeFile(join(home, "data", "precious"), "do not delete");
    const embedded = await acquire(home);
    const [aside = ""] = (await readdir(home)).filter(name => name.startsWith("data.broken-"));
    expect(await readFile(join(home, aside, "precious"), "utf8")).toBe("do not delete");
    expect(embedded.said.join()).toContain(join(home, aside));
  });

  it("an empty data directory: it is used", async () => {
    const home = await newHome();
    await mkdir(join(home, "data"), { recursive: true });
    await acquire(home);
    expect((await readdir(home)).filter(name => name.includes("broken"))).toEqual([]);
  });

  it("data of another PostgreSQL: both versions are named, and nothing is changed", async () => {
    const home = await newHome();
    await mkdir(join(home, "data", "global"), { recursive: true });
    await writeFile(join(home, "data", "PG_VERSION"), "13\n");
    await writeFile(join(home, "data", "global", "pg_control"), "");
    await expect(acquire(home)).rejects.toThrow(/made by PostgreSQL 13, and this is PostgreSQL \d+\.\d+/);
    expect(await readFile(join(home, "data", "PG_VERSION"), "utf8")).toBe("13\n");
    expect(await embeddedStatus(home)).toMatchObject({ state: "stopped", version: "13" });
  });

  it("lost passwords: the database gets new ones and keeps its data", async () => {
    const home = await usedHome();
    const first = await acquire(home);
    await keepAnswer(first.url);
    await first.release();
    await rm(join(home, "passwords.json"));
    const second = await acquire(home);
    expect(second.passwords.postgres).not.toBe(first.passwords.postgres);
    expect(await keptAnswer(second.url)).toBe(42);
  });

  it("a passwords file cut short: it is kept aside", async () => {
    const home = await usedHome();
    await (await acquire(home)).release();
    await writeFile(join(home, "passwords.json"), '{ "postgres": "abc');
    const second = await acquire(home);
    expect(second.said.join()).toContain("passwords.json.broken-");
    expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("a server that does not start: PostgreSQL's own words are shown, and the next one is not in its way", async () => {
    const home = await usedHome();
    const refused = acquire(home, { settings: { shared_preload_libraries: "no_such_library" } });
    await expect(refused).rejects.toBeInstanceOf(UserError);
    await expect(refused).rejects.toThrow(/did not start[\s\S]*could not access file "no_such_library"/);
    await acquire(home);
  });

  it("a home that cannot be: the place, the reason and the way out are told", async () => {
    const parent = await newDirectory();
    await writeFile(join(parent, "file"), "");
    const home = join(parent, "file", "home");
    const refused = acquire(home);
    await expect(refused).rejects.toThrow(`cannot be kept in ${home}: a part of the path is a file`);
    await expect(refused).rejects.toMatchObject({ advice: expect.stringContaining("AWS2OPENSTACK_HOME") });
  });

  it("a log that grew too long: its older part is put aside while the server runs", async () => {
    const home = await usedHome();
    const first = await acquire(home);
    await appendFile(first.logFile, "long ago\n".repeat(1_300_000));
    await acquire(home);
    expect((await stat(first.logFile)).size).toBeLessThan(10_000);
    expect((await stat(`${first.logFile}.1`)).size).toBeGreaterThan(10_000_000);
    await query(first.url, "select 1/0").catch(() => undefined);
    await until(async () => (await readFile(first.logFile, "utf8")).includes("division by zero"));
    expect((await readFile(first.logFile))[0]).not.toBe(0);
  });
});

describe.runIf(root)("as root", () => {
  it("in a home closed to others, the data goes where PostgreSQL can reach it", async () => {
    const home = await newHome({ closed: true });
    const first = await acquire(home);
    expect(first.dataDirectory).toMatch(/^\/var\/lib\/aws2openstack\/[0-9a-f]{12}\/data$/);
    await keepAnswer(first.url);
    await first.release();
    expect(await embeddedStatus(home)).toMatchObject({ state: "stopped", dataDirectory: first.dataDirectory });
    const second = await acquire(home);
    expect(await keptAnswer(second.url)).toBe(42);
    await second.release();
    await resetEmbedded(home);
    await expect(stat(join(first.dataDirectory, ".."))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("PostgreSQL runs as an ordinary user", async () => {
    const home = await usedHome();
    await acquire(home);
    expect((await stat(`/proc/${await serverPid(home)}`)).uid).not.toBe(0);
  });

  it("with sudo in another user's home, everything stays that user's", async () => {
    const home = await newHome();
    const parent = join(home, "..");
    await chown(parent, 65_534, 65_534);
    const embedded = await acquire(home);
    expect((await stat(`/proc/${await serverPid(home)}`)).uid).toBe(65_534);
    expect(embedded.dataDirectory).toBe(join(home, "data"));
    await embedded.release();
    for (const name of [".", ...(await readdir(home))]) expect((await stat(join(home, name))).uid).toBe(65_534);
  });
});

/** Whether an ordinary user can read this checkout; not so below root's closed home. */
const ordinary = root && (await run("/usr/bin/test", ["-r", fixture], { user: nobody() })).code === 0;

function nobody() {
  return { name: "nobody", uid: 65_534, gid: 65_534 };
}

describe.runIf(ordinary)("as an ordinary user", () => {
  it("everything is in a home closed to others", async () => {
    const home = await newHome({ closed: true });
    await chown(join(home, ".."), 65_534, 65_534);
    const other = await otherProcess(home, { uid: 65_534 });
    const { url = "", dataDirectory } = await other.ready();
    expect(dataDirectory).toBe(join(home, "data"));
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    await other.release();
  });

  it("a home that belongs to someone else is refused, with the way out", async () => {
    const parent = await newDirectory();
    for (const home of [join(parent, "home"), parent]) {
      const told = await (await otherProcess(home, { uid: 65_534 })).ready();
      expect(told.refused).toContain(`cannot be kept in ${home}: permission denied`);
      expect(told.advice).toContain("AWS2OPENSTACK_HOME");
    }
  });

  it("a data directory that belongs to someone else is not taken for a broken one", async () => {
    const home = await newHome();
    await (await acquire(home)).release();
    await chown(home, 65_534, 65_534);
    const told = await (await otherProcess(home, { uid: 65_534 })).ready();
    expect(told.refused).toContain("permission denied");
    expect((await readdir(home)).filter(name => name.includes("broken"))).toEqual([]);
  });
});
