import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { embeddedStatus } from "../../postgres/embedded/manage.ts";
import { errorCode } from "../../postgres/user-error.ts";
import { size } from "../text.ts";
import { type Found, failed, ok, warning } from "./check.ts";

const LEAST_NODE = [22, 18] as const;
/** GB of 2^30 bytes: below, an assessment of a million tables may not fit. */
const LITTLE = 5;
const TOO_LITTLE = 0.5;

export async function* checkMachine(port: number, host = "127.0.0.1"): AsyncGenerator<Found> {
  yield checkNode(process.versions.node);
  yield await checkDisk((await embeddedStatus()).home);
  yield await checkPort(port, host);
}

export function checkNode(version: string): Found {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isEnough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return isEnough
    ? ok("node", `Node.js ${version}`)
    : failed("node", `Node.js ${version} is too old`, `Install Node.js ${LEAST_NODE.join(".")} or later.`);
}

async function checkDisk(directory: string): Promise<Found> {
  // The nearest directory that is there.
  for (let place = directory; ; place = dirname(place)) {
    const space = await statfs(place).catch(error => {
      if (errorCode(error) === "ENOENT" && dirname(place) !== place) return undefined;
      throw error;
    });
    if (space === undefined) continue;
    const gigabytes = (space.bavail * space.bsize) / 2 ** 30;
    const message = `${size(gigabytes)} of disk free for ${directory}`;
    if (gigabytes >= LITTLE) return ok("disk", message);
    const fix = "Make room, or set AWS2OPENSTACK_HOME to a directory on another disk.";
    return gigabytes < TOO_LITTLE ? failed("disk", message, fix) : warning("disk", message, fix);
  }
}

/** Whether the dashboard could listen there; one of ours that does already is fine. */
async function checkPort(port: number, host: string): Promise<Found> {
  const code = await new Promise<string | undefined>(resolve => {
    const server = createServer();
    server.once("error", error => resolve(errorCode(error) ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
  if (code === undefined) return ok("port", `Port ${port} is free for the dashboard`);
  if (code === "EACCES") {
    return failed(
      "port",
      `Port ${port} may not be used by this user`,
      "Choose one above 1023: aws2openstack up --port 8501",
    );
  }
  const isOurs = await fetch(`http://${host}:${port}/healthz`, { signal: AbortSignal.timeout(2000) })
    .then(async response => response.ok && (await response.text()).includes("aws2openstack"))
    .catch(() => false);
  return isOurs
    ? ok("port", `aws2openstack serves http://${host}:${port} already`)
    : warning(
        "port",
        `Port ${port} is taken by another program`,
        `Choose another: aws2openstack up --port ${port + 1}`,
      );
}
