import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../postgres/throwaway.ts";
import { createTestDatabase, type TestDatabase } from "../../test/database.ts";
import { storeExample } from "../../test/example-assessment.ts";
import { startWebServer, type WebServer, type WebServerOptions } from "./server.ts";

let database: TestDatabase;
let assessmentId: string;
const logged: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  assessmentId = await storeExample(database, { awsAccountId: "111111111111", region: "eu-central-1" });
  await storeExample(database, { awsAccountId: "222222222222", region: "us-east-1" });
  await database.query(
    "select a2o.grant_account_access('first', '111111111111'), a2o.grant_account_access('all', '*')",
  );
});

afterAll(async () => {
  await database.drop();
});

async function serve<T>(
  identity: NonNullable<WebServerOptions["identity"]>,
  work: (server: WebServer) => Promise<T>,
): Promise<T> {
  const server = await startWebServer({
    databaseUrl: database.urlFor("a2o_authenticator"),
    port: await freePort(),
    identity,
    log: line => logged.push(line),
  });
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

async function ask(
  server: WebServer,
  query: string,
): Promise<{ data?: Record<string, unknown>; errors?: { message: string }[] }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  return JSON.parse(await response.text());
}

describe("what a reader is told", () => {
  it("is the accounts that were granted, and nothing of the others", async () => {
    const of = `condition: { assessmentId: "${assessmentId}" }`;
    const everything = `{
      assessments { totalCount } newestAssessments { totalCount } databases(${of}) { totalCount } tables(${of}) { nodes { id } }
      databaseCoverages(${of}) { totalCount } formatOverviews(${of}) { nodes { tableCount } } readinessOverviews(${of}) { totalCount }
      accounts { nodes { awsAccountId } } currentAccess { userName roleName accounts } }`;
    const first = await serve({ role: "a2o_reader", user: "first" }, server => ask(server, everything));
    expect(first.data).toMatchObject({
      assessments: { totalCount: 1 },
      newestAssessments: { totalCount: 1 },
      databases: { totalCount: 2 },
      tables: { nodes: [{}, {}, {}] },
      readinessOverviews: { totalCount: 3 },
      accounts: { nodes: [{ awsAccountId: "111111111111" }] },
      currentAccess: { userName: "first", roleName: "a2o_reader", accounts: ["111111111111"] },
    });
    const stranger = await serve({ role: "a2o_reader", user: "stranger" }, server => ask(server, everything));
    expect(stranger.data).toMatchObject({
      assessments: { totalCount: 0 },
      databases: { totalCount: 0 },
      tables: { nodes: [] },
      databaseCoverages: { totalCount: 0 },
      formatOverviews: { nodes: [] },
      readinessOverviews: { totalCount: 0 },
      accounts: { nodes: [] },
      currentAccess: { accounts: [] },
    });
  });

  it("names things as people do, and offers no staging, no grants and nothing that records", async () => {
    const { data } = await serve({ role: "a2o_reader", user: "all" }, server =>
      ask(server, `{ __schema { mutationType { fields { name } } queryType { fields { name } } types { name } } }`),
    );
    const schema = JSON.stringify(data);
    for (const name of ["databases", "tables", "assessments", "newestAssessments", "formatOverviews"]) {
      expect(schema).toContain(`"${name}"`);
    }
    expect(schema).not.toMatch(
      /databas[ei]s[A-Z]|accountAccess|beginAssessment|finishAssessment|rescore|columnSchema|rowId|nodeId/,
    );
  });

  it("carries the numbers of SQL", async () => {
    const { data } = await serve({ role: "a2o_reader", user: "all" }, server =>
      ask(
        server,
        `{ assessment(id: "${assessmentId}") { totalTables migrationReady totalSizeBytes sizedTables completenessPercent } }`,
      ),
    );
    const [row] = await database.query(
      `select total_tables as "totalTables", migration_ready as "migrationReady", total_size_bytes as "totalSizeBytes",
         sized_tables as "sizedTables", completeness_percent as "completenessPercent" from a2o.assessments where id = $1`,
      [assessmentId],
    );
    expect(data?.assessment).toEqual(row);
  });
});

describe("errors", () => {
  it("in the query are told as they are", async () => {
    const { errors } = await serve({ role: "a2o_reader", user: "all" }, server => ask(server, "{ nothingLikeThis }"));
    expect(errors?.[0]?.message).toContain('Cannot query field "nothingLikeThis"');
  });

  it("of the database are told only by a reference under which the log has them", async () => {
    await database.query(
      "create view a2o.broken with (security_invoker = true) as select 1 / (length('') + 0) as secret_column",
    );
    await database.query("grant select on a2o.broken to a2o_reader");
    try {
      const { errors } = await serve({ role: "a2o_reader", user: "all" }, server =>
        ask(server, "{ brokens { nodes { secretColumn } } }"),
      );
      const message = errors?.[0]?.message ?? "";
      expect(message).toMatch(/^Something went wrong on the server \(reference [0-9a-f-]{36}\)\.$/);
      expect(message).not.toContain("zero");
      const reference = /reference ([0-9a-f-]+)/.exec(message)?.[1] ?? "none";
      expect(logged.join("\n")).toContain(reference);
      expect(logged.find(line => line.includes(reference))).toContain("division by zero");
    } finally {
      await database.query("drop view a2o.broken");
    }
  });

  it("of a login that does not work come at the start", async () => {
    const url = new URL(database.urlFor("a2o_authenticator"));
    url.password = "wrong";
    const options = {
      port: await freePort(),
      identity: { role: "a2o_reader", user: "all" } as const,
      log: () => undefined,
    };
    await expect(startWebServer({ ...options, databaseUrl: url.href })).rejects.toThrow("PostgreSQL refused the login");
  });

  it("of a taken port name the port and another one", async () => {
    await serve({ role: "a2o_reader", user: "all" }, async server => {
      const port = Number(new URL(server.url).port);
      const options = {
        databaseUrl: database.urlFor("a2o_authenticator"),
        identity: { role: "a2o_reader", user: "all" } as const,
        log: () => undefined,
      };
      await expect(startWebServer({ ...options, port })).rejects.toMatchObject({
        message: `Port ${port} on 127.0.0.1 is taken by another program.`,
        advice: expect.stringContaining(`--port ${port + 1}`),
      });
    });
  });
});

describe("the page", () => {
  it("comes with a strict content security policy and no way around it", async () => {
    await serve({ role: "a2o_reader", user: "all" }, async server => {
      const page = await fetch(`${server.url}/`, { headers: { accept: "text/html" } });
      expect(page.status).toBe(200);
      const policy = page.headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(page.headers.get("x-content-type-options")).toBe("nosniff");
      // JSON is data: no browser runs it.
      expect(await page.text()).not.toMatch(
        /<script(?![^>]*\b(?:src=|type="application\/json"))|\sstyle=|\son[a-z]+=/i,
      );
    });
  });

  it("has hashed assets that are kept, itself is asked for again, and with figures in it kept nowhere", async () => {
    await serve({ role: "a2o_reader", user: "all" }, async server => {
      const other = await fetch(`${server.url}/tables`, { headers: { accept: "text/html" } });
      expect(other.headers.get("cache-control")).toBe("no-cache");
      const page = await fetch(`${server.url}/`);
      expect(page.headers.get("cache-control")).toBe("no-store");
      const asset = /(?:src|href)="(\/assets\/[^"]+)"/.exec(await page.text())?.[1];
      const response = await fetch(`${server.url}${asset}`);
      expect(response.status).toBe(200);
      expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    });
  });

  it("answers an address of its own with the page, and an unknown file with 404", async () => {
    await serve({ role: "a2o_reader", user: "all" }, async server => {
      const address = await fetch(`${server.url}/databases/sales`, { headers: { accept: "text/html" } });
      expect(address.status).toBe(200);
      expect(await address.text()).toContain("<script");
      expect((await fetch(`${server.url}/assets/nothing.js`, { headers: { accept: "*/*" } })).status).toBe(404);
      expect((await fetch(`${server.url}/..%2f..%2fpackage.json`)).status).not.toBe(200);
    });
  });

  it("is refused to a name that points here from elsewhere", async () => {
    await serve({ role: "a2o_reader", user: "all" }, async server => {
      const { port } = new URL(server.url);
      const status = await new Promise<number | undefined>((resolve, reject) => {
        request({ host: "127.0.0.1", port, path: "/graphql", headers: { host: `evil.example:${port}` } }, response => {
          response.resume();
          resolve(response.statusCode);
        })
          .on("error", reject)
          .end();
      });
      expect(status).toBe(421);
    });
  });

  it("takes no query larger than 100 kB", async () => {
    await serve({ role: "a2o_reader", user: "all" }, async server => {
      const response = await fetch(`${server.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query: `{ assessments { totalCount } } #${"x".repeat(200_000)}` }),
      });
      expect(response.status).toBe(413);
    });
  });
});

it("gives up a superuser's rights before the first query", async () => {
  const server = await startWebServer({
    databaseUrl: database.url,
    port: await freePort(),
    identity: { role: "a2o_reader", user: "stranger" },
    log: () => undefined,
  });
  try {
    expect((await ask(server, "{ assessments { totalCount } currentAccess { userName } }")).data).toEqual({
      assessments: { totalCount: 0 },
      currentAccess: { userName: "stranger" },
    });
  } finally {
    await server.close();
  }
});
