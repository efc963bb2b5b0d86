import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { setLoginPasswords } from "../postgres/logins.ts";
import { migrate } from "../postgres/migrate.ts";
import { startThrowaway } from "../postgres/throwaway.ts";

/** The throwaway server of this run, as tests get it with `inject("testServer")`. */
export interface TestServer {
  /** For the superuser, to the migrated template database. */
  templateUrl: string;
  /** The password of every login that tests use. */
  password: string;
  /** `18` */
  major: number;
}

declare module "vitest" {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/**
 * Starts one PostgreSQL for the whole run and migrates the database `template_a2o` on it. A2O_TEST_PG_BIN names a
 * directory with another PostgreSQL's programs.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { password, major, urlOf, stop } = await startThrowaway({ binaries: process.env.A2O_TEST_PG_BIN });
  try {
    const client = new Client({ connectionString: urlOf("postgres") });
    await client.connect();
    await client.query("create database template_a2o");
    await client.end();
    const templateUrl = urlOf("template_a2o");
    await migrate(templateUrl);
    await setLoginPasswords(templateUrl, { a2o_authenticator: password, a2o_mcp: password });
    project.provide("testServer", { templateUrl, password, major });
    return stop;
  } catch (error) {
    // graphile-migrate keeps its idle connections for 200 ms and ends the process, without a word, if one breaks.
    await sleep(300);
    await stop();
    throw error;
  }
}
