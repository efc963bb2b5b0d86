import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freePort } from "../throwaway.ts";
import { UserError } from "../user-error.ts";
import { acquire, keepAnswer, keptAnswer, newHome, otherProcess, query, until, usedHome } from "./embedded.helpers.ts";
import { defaultHome } from "./home.ts";
import { embeddedStatus, resetEmbedded, stopEmbedded } from "./manage.ts";

describe("the embedded database", () => {
  it("is made on first use, keeps its data and its port, and stops when its last user leaves", async () => {
    const home = await newHome();
    expect(await embeddedStatus(home)).toMatchObject({ state: "absent", pid: undefined, users: [] });
    const first = await acquire(home);
    expect(first.startedByUs).toBe(true);
    expect(await embeddedStatus(home)).toMatchObject({
      state: "running",
      port: first.port,
      version: first.version,
      users: [`test (process ${process.pid})`],
    });
    expect(await query(first.url, "select current_database() as name")).toEqual([{ name: "aws2openstack" }]);
    await keepAnswer(first.url);
    await first.release();
    expect(await embeddedStatus(home)).toMatchObject({ state: "stopped", pid: undefined, users: [] });
    const second = await acquire(home);
    expect(second).toMatchObject({ port: first.port, passwords: first.passwords, said: [] });
    expect(await keptAnswer(second.url)).toBe(42);
  });

  it("listens on this machine only, asks for a password, and keeps it from other users", async () => {
    const home = await usedHome();
    const embedded = await acquire(home);
    const [settings] = await query(
      embedded.url,
      `select current_setting('listen_addresses') as listen, current_setting('unix_socket_directories') as sockets,
         current_setting('timezone') as timezone, current_setting('jit') as jit,
         pg_encoding_to_char(encoding) as encoding, datcollate
       from pg_database where datname = current_database()`,
    );
    expect(settings).toEqual({
      ...{ listen: "127.0.0.1", sockets: "", timezone: "UTC", jit: "off", encoding: "UTF8", datcollate: "C" },
    });
    const wrong = new URL(embedded.url);
    wrong.password = "guessed";
    await expect(query(wrong.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
    for (const file of ["passwords.json", "postgresql.log"]) {
      expect((await stat(join(home, file))).mode & 0o077).toBe(0);
    }
    expect(new Set(Object.values(embedded.passwords)).size).toBe(3);
  });

  it("knows letters of every language", async () => {
    const embedded = await acquire(await usedHome());
    expect(await query(embedded.url, "select 'Größe' ilike 'GRÖSSE' as eszett, 'Ünïté' ilike 'üNÏTÉ' as same")).toEqual(
      [{ eszett: false, same: true }],
    );
  });

  it("gives the URL of a role that logs in with its own password", async () => {
    const embedded = await acquire(await usedHome());
    await query(embedded.url, `create role a2o_mcp login password '${embedded.passwords.a2o_mcp}'`);
    expect(await query(embedded.urlFor("a2o_mcp"), "select current_user::text as me")).toEqual([{ me: "a2o_mcp" }]);
  });
});

describe("several processes", () => {
  it("share one server, which stops when the last one leaves", async () => {
    const home = await usedHome();
    const up = await otherProcess(home, { name: "aws2openstack up" });
    const first = await up.ready();
    expect(first.startedByUs).toBe(true);
    const us = await acquire(home);
    expect(us).toMatchObject({ startedByUs: false, url: first.url });
    expect((await embeddedStatus(home)).users).toEqual([
      `aws2openstack up (process ${up.pid})`,
      `test (process ${process.pid})`,
    ]);
    await up.release();
    expect(await query(us.url, "select 1 as one")).toEqual([{ one: 1 }]);
    await us.release();
    expect((await embeddedStatus(home)).state).toBe("stopped");
  });

  it("may all come at once when there is nothing yet", async () => {
    const home = await newHome();
    const port = await freePort();
    const processes = await Promise.all([1, 2, 3].map(() => otherProcess(home, { port })));
    const told = await Promise.all(processes.map(process => process.ready()));
    expect(told.filter(one => one.startedByUs)).toHaveLength(1);
    expect(new Set(told.map(one => one.url)).size).toBe(1);
    await Promise.all(processes.map(process => process.release()));
    expect((await embeddedStatus(home)).state).toBe("stopped");
  });

  it("may leave and come at the same moment", async () => {
    const home = await usedHome();
    for (let i = 0; i < 5; i++) {
      const leaving = await acquire(home);
      const [coming] = await Promise.all([acquire(home), leaving.release()]);
      expect(await query(coming.url, "select 1 as one")).toEqual([{ one: 1 }]);
      await coming.release();
    }
    expect((await embeddedStatus(home)).state).toBe("stopped");
  });

  it("do not lose the server to a Ctrl-C in one terminal", async () => {
    const home = await usedHome();
    const up = await otherProcess(home);
    const { url = "" } = await up.ready();
    process.kill(-up.pid, "SIGINT");
    await up.told("interrupted");
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
    await up.release();
    expect((await embeddedStatus(home)).state).toBe("stopped");
  });

  it("keep it from being stopped or deleted, and are named", async () => {
    const home = await usedHome();
    const up = await otherProcess(home, { name: "aws2openstack up" });
    const { url = "" } = await up.ready();
    const named = `in use by aws2openstack up (process ${up.pid})`;
    await expect(stopEmbedded(home)).rejects.toThrow(named);
    await expect(resetEmbedded(home)).rejects.toThrow(named);
    await expect(resetEmbedded(home)).rejects.toBeInstanceOf(UserError);
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("are told when someone stops the server on purpose, and do not start it again", async () => {
    const home = await usedHome();
    const us = await acquire(home);
    expect(await stopEmbedded(home, { force: true })).toBe(true);
    await until(async () => us.said.some(line => line.includes("Someone stopped")));
    await us.release();
    expect((await embeddedStatus(home)).state).toBe("stopped");
  });
});

describe("deleting it", () => {
  it("removes the data, the passwords and the log, and the next use starts empty", async () => {
    const home = await newHome();
    const first = await acquire(home);
    await query(first.url, "create table gone ()");
    await first.release();
    expect(await resetEmbedded(home)).toBe(first.dataDirectory);
    expect(await readdir(home)).toEqual([]);
    expect((await embeddedStatus(home)).state).toBe("absent");
    const second = await acquire(home);
    expect(await query(second.url, "select to_regclass('gone') as found")).toEqual([{ found: null }]);
  });

  it("is also possible when a crashed process left the server running", async () => {
    const home = await usedHome();
    const crashed = await otherProcess(home);
    const { dataDirectory } = await crashed.ready();
    await crashed.kill9();
    await until(async () => (await embeddedStatus(home)).users.length === 0);
    expect(await resetEmbedded(home)).toBe(dataDirectory);
  });

  it("does nothing where there is nothing", async () => {
    const home = await newHome();
    expect(await resetEmbedded(home)).toBeUndefined();
    expect(await stopEmbedded(home)).toBe(false);
  });
});

describe("the default home", () => {
  it("is AWS2OPENSTACK_HOME, else in XDG_DATA_HOME, else in ~/.local/share", () => {
    expect(defaultHome({ AWS2OPENSTACK_HOME: "/one", XDG_DATA_HOME: "/two" })).toBe("/one");
    expect(defaultHome({ XDG_DATA_HOME: "/two" })).toBe("/two/aws2openstack");
    expect(defaultHome({ XDG_DATA_HOME: "not/absolute" })).toMatch(/\/\.local\/share\/aws2openstack$/);
    expect(defaultHome({})).toMatch(/\/\.local\/share\/aws2openstack$/);
  });
});
