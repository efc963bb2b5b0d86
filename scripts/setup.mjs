// Runs before `npm start` and `npm test`, on whatever Node.js the machine has: installs what package-lock.json names when it
// is not there yet, and builds the dashboard when its sources changed. With --browser also finds Chromium for the tests.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const state = join(root, "node_modules/.aws2openstack");

function fail(message, advice) {
  process.stderr.write(`Error: ${message}\n${advice}\n`);
  process.exit(1);
}

/** True when `name` was last done for exactly these contents. */
function isDone(name, fingerprint) {
  const file = join(state, name);
  return existsSync(file) && readFileSync(file, "utf8") === fingerprint;
}

function markDone(name, fingerprint) {
  mkdirSync(state, { recursive: true });
  writeFileSync(join(state, name), fingerprint);
}

function fingerprint(...paths) {
  const hash = createHash("sha256");
  const add = path => {
    if (statSync(path).isDirectory()) for (const entry of readdirSync(path).sort()) add(join(path, entry));
    else hash.update(path.slice(root.length)).update(readFileSync(path));
  };
  for (const path of paths) add(join(root, path));
  return hash.digest("hex");
}

function run(command, args, options = {}) {
  // Quiet while all goes well; everything it said when it does not.
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024, ...options });
  return {
    ok: result.status === 0,
    output: `${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}`,
  };
}

const major = Number(process.versions.node.split(".")[0]);
if (major < 20) fail(`Node.js ${process.versions.node} is too old.`, "Install Node.js 20 or later.");

const dependencies = fingerprint("package-lock.json");
if (!isDone("install", dependencies)) {
  process.stdout.write("Installing dependencies, about a minute the first time…\n");
  // The engine warnings are about the machine's Node.js; the package brings the one it runs on.
  const install = run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    env: { ...process.env, npm_config_engine_strict: "false" },
  });
  if (!install.ok) {
    const cause = /EROFS|EACCES/.test(install.output)
      ? `This directory cannot be written to: ${root}`
      : "npm could not install the dependencies.";
    fail(cause, install.output.trim().split("\n").slice(-25).join("\n"));
  }
  markDone("install", dependencies);
}

const page = fingerprint("web/app", "vite.config.ts", "package-lock.json");
if (!isDone("page", page) || !existsSync(join(root, "dist/web/app/index.html"))) {
  process.stdout.write("Building the dashboard…\n");
  const build = run(join(root, "node_modules/.bin/node"), [
    "node_modules/vite/bin/vite.js",
    "build",
    "--logLevel",
    "warn",
  ]);
  if (!build.ok) fail("The dashboard could not be built.", build.output.trim());
  markDone("page", page);
}

/** Installs a Debian package as root; elsewhere says what is missing. */
function debian(name) {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return { ok: false, output: "" };
  process.stdout.write(`Installing ${name} for the tests…\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], { env });
  return run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name], { env });
}

if (process.argv.includes("--browser") && !process.env.CHROMIUM_PATH && !existsSync("/usr/bin/chromium")) {
  const install = debian("chromium");
  if (!install.ok) {
    const words = install.output.trim().split("\n").slice(-10).join("\n");
    fail(
      "The browser tests need Chromium.",
      words || "Install it (Debian: apt install chromium), or set CHROMIUM_PATH to a Chromium or Chrome.",
    );
  }
}

// Two things that only servers need; without them their tests are skipped.
if (process.argv.includes("--browser")) {
  if (!existsSync("/usr/sbin/pgbouncer") && !debian("pgbouncer").ok) {
    process.stdout.write("Without PgBouncer (Debian: apt install pgbouncer) its tests are skipped.\n");
  }
  if (!existsSync("/usr/lib/postgresql/15/bin/pg_basebackup")) {
    process.stdout.write(
      "Without PostgreSQL 15's own programs (Debian: apt install postgresql-15) the tests of read replicas are skipped.\n",
    );
  }
}
