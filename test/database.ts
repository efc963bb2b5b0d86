import { randomBytes } from "node:crypto";
import { Client, escapeIdentifier, escapeLiteral, Pool, type QueryResultRow } from "pg";
import { inject } from "vitest";
// Brings the type of inject("testServer").
import type {} from "./global-setup.ts";

/** Runs one statement and returns its rows. */
export type Query = <Row extends QueryResultRow = Record<string, unknown>>(
  sql: string,
  params?: unknown[],
) => Promise<Row[]>;

/** What a role may do, tried inside a transaction that is rolled back. */
export interface Session {
  /** A statement that fails does not spoil the session: what came before it stays, and the next one can run. */
  query: Query;
  client: Client;
}

export interface AsOptions {
  /** The signed-in user, as the web server says it: the setting `a2o.user`. */
  user?: string;
}

export interface TestDatabase {
  /** For the superuser. */
  url: string;
  name: string;
  /** As the superuser, who passes every policy: for setting the scene. */
  query: Query;
  /**
   * Runs `work` as a role and rolls everything back. The connection is really logged in: as the role itself when it can
   * log in; as a2o_authenticator, then `set local role`, for the two roles that the web server becomes; and as a login
   * that is a member of nothing else for every other group role. Policies see the session that production sees.
   */
  as<T>(role: string, work: (session: Session) => Promise<T>, options?: AsOptions): Promise<T>;
  /** The URL of a login role: a2o_authenticator, a2o_mcp, or one from `createLogin`. */
  urlFor(login: string): string;
  /** Makes a login that is a member of these roles, such as a DBA of the reader role. It goes with the database. */
  createLogin(...memberOf: string[]): Promise<string>;
  /** Ends every connection and removes the database and its logins. */
  drop(): Promise<void>;
}

/** Roles that the web server's login becomes for a signed-in user. */
const WEB_ROLES = ["a2o_reader", "a2o_operator"];

/** A fresh migrated database of its own, cloned from the template in milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject("testServer");
  const name = `test_${process.pid}_${randomBytes(4).toString("hex")}`;
  const urlTo = (database: string, login?: string) => {
    const url = new URL(server.templateUrl);
    url.pathname = database;
    if (login !== undefined) url.username = encodeURIComponent(login);
    return url.href;
  };
  const maintain = async (...statements: string[]) => {
    await connected(urlTo("postgres"), async client => {
      for (const statement of statements) await client.query(statement);
    });
  };
  await maintain(
    `create database ${name} template template_a2o strategy file_copy`,
    // A clone gets neither the settings nor the grants that stand on the database itself.
    `insert into pg_db_role_setting
     select clone.oid, s.setrole, s.setconfig
     from pg_db_role_setting s
     join pg_database template on template.oid = s.setdatabase and template.datname = 'template_a2o'
     join pg_database clone on clone.datname = '${name}'`,
    `update pg_database set (datdba, datacl) =
       (select template.datdba, template.datacl from pg_database template where template.datname = 'template_a2o')
     where datname = '${name}'`,
  );
  const url = urlTo(name);
  const pool = new Pool({ connectionString: url, max: 4 });
  // drop() ends idle connections from the server's side.
  pool.on("error", () => undefined);
  const logins: string[] = [];
  const loginOf = new Map<string, Promise<string>>();

  const createLogin = async (...memberOf: string[]) => {
    const login = `${name}_login_${logins.length + 1}`;
    logins.push(login);
    const roles = memberOf.map(role => escapeIdentifier(role)).join(", ");
    await pool.query(
      `create role ${login} login password ${escapeLiteral(server.password)} ${roles === "" ? "" : `in role ${roles}`}`,
    );
    return login;
  };
  const loginFor = async (role: string) => {
    if (WEB_ROLES.includes(role)) return "a2o_authenticator";
    const found = await pool.query<{ rolcanlogin: boolean }>("select rolcanlogin from pg_roles where rolname = $1", [
      role,
    ]);
    const there = found.rows[0];
    if (there === undefined) throw new Error(`there is no role ${role}`);
    return there.rolcanlogin ? role : createLogin(role);
  };

  return {
    url,
    name,
    createLogin,
    urlFor: login => urlTo(name, login),
    async query<Row extends QueryResultRow>(sql: string, params?: unknown[]) {
      return (await pool.query<Row>(sql, params)).rows;
    },
    async as(role, work, options = {}) {
      const known = loginOf.get(role) ?? loginFor(role);
      loginOf.set(role, known);
      const login = await known;
      return connected(urlTo(name, login), async client => {
        await client.query("begin");
        if (login !== role) await client.query(`set local role ${escapeIdentifier(role)}`);
        if (options.user !== undefined) await client.query("select set_config('a2o.user', $1, true)", [options.user]);
        try {
          return await work({ client, query: saved(client) });
        } finally {
          await client.query("rollback");
        }
      });
    },
    async drop() {
      await pool.end();
      await maintain(
        `drop database if exists ${name} with (force)`,
        ...logins.map(login => `drop role if exists ${login}`),
      );
    },
  };
}

/** Each statement under its own savepoint, so that one refusal can be followed by another in the same session. */
function saved(client: Client): Query {
  return async <Row extends QueryResultRow>(sql: string, params?: unknown[]) => {
    await client.query("savepoint statement");
    try {
      const { rows } = await client.query<Row>(sql, params);
      await client.query("release savepoint statement");
      return rows;
    } catch (error) {
      await client.query("rollback to savepoint statement");
      throw error;
    }
  };
}

async function connected<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
