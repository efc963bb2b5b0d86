import { once } from "node:events";
import { defineCommand } from "citty";
import { LOCAL_USER } from "../access.ts";
import { abortOnSignals, commonArgs, databaseUrl, say } from "../common.ts";
import { checkMigrated, DEFAULT_PORT, portOf, webLoginUrl, webSettings } from "../web.ts";

export default defineCommand({
  meta: {
    name: "serve",
    description: "Run the web server alone, for production: dashboard, GraphQL, exports (see docs/web-server.md)",
    examples: [
      ["serve", "for this machine alone"],
      ["serve --host 0.0.0.0", "for others, with OIDC_ISSUER or PROXY_USER_HEADER set"],
    ],
  },
  args: {
    host: {
      type: "string",
      valueHint: "ADDRESS",
      description: "Address to listen at; beyond this machine only with sign-in",
      default: "127.0.0.1",
    },
    port: { type: "string", description: "Port to listen at", default: String(DEFAULT_PORT) },
    ...commonArgs,
  },
  async run({ args }) {
    const port = portOf(args.port);
    const settings = await webSettings(undefined);
    const { signal, dispose } = abortOnSignals();
    try {
      const loginUrl = await webLoginUrl(databaseUrl());
      await checkMigrated(loginUrl);
      const { startWebServer } = await import("../../web/server/server.ts");
      const web = await startWebServer({
        ...settings,
        databaseUrl: loginUrl,
        host: args.host,
        port,
        identity: { role: "a2o_operator", user: LOCAL_USER },
        log: say,
      });
      if (!signal.aborted) await once(signal, "abort");
      await web.close();
    } finally {
      dispose();
    }
  },
});
