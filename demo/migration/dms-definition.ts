import type { DmsScript } from "./scripts.ts";

/** A task's selection rules as DMS stores them: as written, or one explicit include for each table. */
export function tableMappings({ mappings, tables }: DmsScript): string {
  const rules = mappings ?? tables.map(({ schema, table }) => ({ action: "include" as const, schema, table }));
  return JSON.stringify({
    rules: rules.map(({ action, schema, table }, index) => ({
      "rule-type": "selection",
      "rule-id": String(index + 1),
      "rule-name": String(index + 1),
      "object-locator": { "schema-name": schema, "table-name": table },
      "rule-action": action,
      filters: [],
    })),
  });
}

/** A task's settings, as far as somebody who watches it may look at them. */
export function taskSettings(isValidated: boolean): string {
  return JSON.stringify({
    TargetMetadata: { SupportLobs: true, FullLobMode: false, LimitedSizeLobMode: true, LobMaxSize: 32 },
    FullLoadSettings: {
      TargetTablePrepMode: "DROP_AND_CREATE",
      CreatePkAfterFullLoad: false,
      StopTaskCachedChangesApplied: false,
      MaxFullLoadSubTasks: 8,
      TransactionConsistencyTimeout: 600,
      CommitRate: 10_000,
    },
    Logging: { EnableLogging: true },
    ValidationSettings: { EnableValidation: isValidated, ThreadCount: 5 },
    ErrorBehavior: { DataErrorPolicy: "LOG_ERROR", TableErrorPolicy: "SUSPEND_TABLE", RecoverableErrorCount: -1 },
  });
}
