// Serves the database in A2O_TEST_URL over stdio, as `aws2openstack mcp` does.
import { runStdio } from "./stdio.ts";

await runStdio({ url: process.env.A2O_TEST_URL ?? "", version: "0.0.0" });
