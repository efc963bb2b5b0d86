/** The side bar: each page of docs/ once, by what people come for. */
export const pages: readonly { title: string; items: readonly (readonly [text: string, file: string])[] }[] = [
  {
    title: "Start",
    items: [
      ["Quick start", "quick-start.md"],
      ["For consultants", "consultants.md"],
      ["For data engineers", "data-engineers.md"],
      ["For operations", "operations.md"],
      ["For DBAs", "database.md"],
    ],
  },
  {
    title: "Guides",
    items: [
      ["Assessing", "assess.md"],
      ["Reports", "reports.md"],
      ["The dashboard", "dashboard.md"],
      ["Asking Claude", "mcp.md"],
      ["The worker", "worker.md"],
      ["Alerts", "alerts.md"],
    ],
  },
  {
    title: "Production",
    items: [
      ["In production", "production.md"],
      ["The web server", "web-server.md"],
      ["Security", "security.md"],
      ["Observability", "observability.md"],
    ],
  },
  {
    title: "Reference",
    items: [
      ["Command line", "cli.md"],
      ["GraphQL", "graphql.md"],
      ["Rules", "rules.md"],
      ["Findings", "findings.md"],
      ["Errors", "errors.md"],
      ["IAM policies", "iam/README.md"],
      ["The AWS simulator", "simulator.md"],
    ],
  },
  {
    title: "About",
    items: [
      ["Architecture", "architecture.md"],
      ["Benchmarks", "benchmarks.md"],
      ["Questions", "faq.md"],
    ],
  },
];
