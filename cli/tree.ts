import { type ArgsDef, defineCommand } from "citty";

/** Every command there is; each is loaded when it runs, or when its help is asked for. */
export const tree = defineCommand<ArgsDef>({
  meta: {
    name: "aws2openstack",
    description: "Inventory an AWS Glue Data Catalog and judge what is ready to move to an OpenStack lakehouse.",
    examples: [
      ["up --demo", "everything on this machine, with a made-up catalog"],
      ["assess glue-catalog --region eu-central-1 --output-dir reports", "assess a real one"],
      ["report --output report.html", "a page of the latest to send and print"],
      ["doctor", "what is missing, and how to fix it"],
    ],
  },
  args: { version: { type: "boolean", description: "Print the version" } },
  subCommands: {
    up: () => import("./commands/up.ts").then(module => module.default),
    serve: () => import("./commands/serve.ts").then(module => module.default),
    worker: () => import("./commands/worker.ts").then(module => module.default),
    monitor: () => import("./commands/monitor.ts").then(module => module.default),
    jobs: () => import("./commands/jobs.ts").then(module => module.default),
    alerts: () => import("./commands/alerts.ts").then(module => module.default),
    assess: () => import("./commands/assess.ts").then(module => module.default),
    ingest: () => import("./commands/ingest.ts").then(module => module.default),
    report: () => import("./commands/report.ts").then(module => module.default),
    list: () => import("./commands/list.ts").then(module => module.default),
    compare: () => import("./commands/compare.ts").then(module => module.default),
    databases: () => import("./commands/databases.ts").then(module => module.default),
    tables: () => import("./commands/tables.ts").then(module => module.default),
    findings: () => import("./commands/findings.ts").then(module => module.default),
    rescore: () => import("./commands/rescore.ts").then(module => module.default),
    prune: () => import("./commands/prune.ts").then(module => module.default),
    access: () => import("./commands/access.ts").then(module => module.default),
    mcp: () => import("./commands/mcp.ts").then(module => module.default),
    db: () => import("./commands/db.ts").then(module => module.default),
    doctor: () => import("./commands/doctor.ts").then(module => module.default),
    completion: () => import("./commands/completion.ts").then(module => module.default),
  },
});
