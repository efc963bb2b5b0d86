import { Route } from "@solidjs/router";
import { type Component, lazy } from "solid-js";
import { useSelection } from "./data/selection.tsx";
import { NotFound } from "./pages/NotFound.tsx";
import { Overview } from "./pages/Overview/Overview.tsx";
import { count } from "./ui/format/count.ts";
import { AlertCount } from "./ui/shell/AlertCount.tsx";
import type { NavigationEntry, NavigationGroup } from "./ui/shell/navigation.ts";
import { words } from "./words/ui/shell.ts";

/** A page with an address. Those without a label stand in no menu. */
interface Page {
  path: string;
  component: Component;
  entry?: Omit<NavigationEntry, "path">;
}

function DatabaseCount() {
  const selection = useSelection();
  return <>{selection.scope() && count(selection.scope()?.totalDatabases ?? 0)}</>;
}

function TableCount() {
  const selection = useSelection();
  return <>{selection.scope() && count(selection.scope()?.totalTables ?? 0)}</>;
}

/** The overview is what most people see first, so it comes with the first load; the other pages when they are opened. */
const assessmentPages: readonly Page[] = [
  { path: "/", component: Overview, entry: { label: words.pages.overview, icon: "overview", isExact: true } },
  {
    path: "/databases",
    component: lazy(async () => ({ default: (await import("./pages/Databases/Databases.tsx")).Databases })),
    entry: { label: words.pages.databases, icon: "database", badge: DatabaseCount },
  },
  {
    path: "/tables",
    component: lazy(async () => ({ default: (await import("./pages/Tables/Tables.tsx")).Tables })),
    entry: { label: words.pages.tables, icon: "table", badge: TableCount },
  },
  {
    path: "/tables/:database/:table",
    component: lazy(async () => ({ default: (await import("./pages/Table/Table.tsx")).Table })),
  },
  {
    path: "/findings",
    component: lazy(async () => ({ default: (await import("./pages/Findings/Findings.tsx")).Findings })),
    entry: { label: words.pages.findings, icon: "finding" },
  },
  {
    path: "/compare",
    component: lazy(async () => ({ default: (await import("./pages/Compare/Compare.tsx")).Compare })),
    entry: { label: words.pages.compare, icon: "compare" },
  },
];

const migrationPages: readonly Page[] = [
  {
    path: "/migration",
    component: lazy(async () => ({ default: (await import("./pages/Active/Active.tsx")).Active })),
    entry: { label: words.pages.active, icon: "active", isExact: true },
  },
  {
    path: "/migration/jobs/:id",
    component: lazy(async () => ({ default: (await import("./pages/Job/Job.tsx")).Job })),
  },
  {
    path: "/migration/alerts",
    component: lazy(async () => ({ default: (await import("./pages/Alerts/Alerts.tsx")).Alerts })),
    entry: { label: words.pages.alerts, icon: "alert", badge: AlertCount },
  },
  {
    path: "/migration/history",
    component: lazy(async () => ({
      default: (await import("./pages/MigrationHistory/MigrationHistory.tsx")).MigrationHistory,
    })),
    entry: { label: words.pages.history, icon: "history" },
  },
  {
    path: "/migration/monitors",
    component: lazy(async () => ({ default: (await import("./pages/Monitors/Monitors.tsx")).Monitors })),
    entry: { label: words.pages.monitors, icon: "monitor" },
  },
];

const entries = (pages: readonly Page[]): NavigationEntry[] =>
  pages.flatMap(({ path, entry }) => (entry ? [{ ...entry, path }] : []));

/** What the side bar and the command palette offer. */
export const navigation: readonly NavigationGroup[] = [
  { title: words.groups.assessment, entries: entries(assessmentPages) },
  { title: words.groups.migration, entries: entries(migrationPages) },
].filter(group => group.entries.length > 0);

export function Routes() {
  return (
    <>
      {[...assessmentPages, ...migrationPages].map(({ path, component }) => (
        <Route path={path} component={component} />
      ))}
      <Route path="*" component={NotFound} />
    </>
  );
}
