import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { UserError } from "../user-error.ts";
import { withLock } from "./lock-file.ts";

let directory: string;
let lock: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "a2o-lock-"));
  lock = join(directory, "lock");
});
afterEach(() => rm(directory, { recursive: true }));

const fixture = join(import.meta.dirname, "lock-file.fixture.ts");

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  if (child.pid === undefined) throw new Error("node did not start");
  return child.pid;
}

it("lets one process in at a time, also when all of them find a dead process's lock", async () => {
  const file = join(directory, "count");
  await writeFile(file, "0");
  await writeFile(lock, JSON.stringify({ pid: await deadPid(), host: hostname(), started: null, token: "dead" }));
  const children = [1, 2, 3, 4].map(() => spawn(process.execPath, [fixture, lock, file, "25"], { stdio: "inherit" }));
  const codes = await Promise.all(children.map(async child => (await once(child, "exit"))[0]));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(await readFile(file, "utf8")).toBe("100");
  expect(await readdir(directory)).toEqual(["count"]);
});

it("takes over the lock of a process whose id was given to another one", async () => {
  await writeFile(lock, JSON.stringify({ pid: process.pid, host: hostname(), started: "1", token: "earlier" }));
  // Where the system does not tell when a process started, only silence gives the dead one away.
  if (process.platform === "linux") expect(await withLock(lock, async () => "in")).toBe("in");
});

it("frees the lock when the work fails", async () => {
  await expect(withLock(lock, () => Promise.reject(new Error("work failed")))).rejects.toThrow("work failed");
  expect(await withLock(lock, async () => "in")).toBe("in");
});

it("tells who holds it, and gives up when its patience ends", async () => {
  const waitedFor: number[] = [];
  await withLock(lock, async () => {
    const second = withLock(lock, async () => "in", { patience: 100, waiting: pid => waitedFor.push(pid) });
    await expect(second).rejects.toThrow(UserError);
    await expect(second).rejects.toThrow(`Process ${process.pid} holds ${lock}`);
  });
  expect(waitedFor).toEqual([process.pid]);
});
