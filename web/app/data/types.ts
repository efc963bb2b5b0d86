/** What the GraphQL answers hold, written by hand. Numbers beyond 32 bits and numerics arrive as strings. */

export type Readiness = "READY" | "NEEDS_CONVERSION" | "UNKNOWN";
export type CoverageStatus = "COMPLETE" | "PARTIAL" | "DENIED" | "THROTTLED" | "FAILED";

export interface Assessment {
  id: string;
  timestamp: string;
  region: string;
  awsAccountId: string;
  toolVersion: string;
  /** REPORT: ingested from a file, with that file's own verdicts. */
  origin: "GLUE" | "REPORT";
  isSimulated: boolean;
  totalDatabases: number;
  totalTables: number;
  migrationReady: number;
  needsConversion: number;
  unknown: number;
  totalSizeBytes: string | null;
  sizedTables: number;
  /** Databases that were read in full. */
  databasesComplete: number;
  /** Share of those, 0 to 100; null when the list of databases itself is incomplete, so that nobody knows of how many. */
  completenessPercent: string | null;
}

export interface FormatOverview {
  tableFormat: string;
  tableCount: number;
  sizedTables: number;
  /** Null when no table of this format has a known size. */
  sizeBytes: string | null;
}

export interface ReadinessOverview {
  migrationReadiness: Readiness;
  tableCount: number;
  sizedTables: number;
  sizeBytes: string | null;
}

export interface DatabaseCoverage {
  /** Empty for the list of databases itself. */
  databaseName: string;
  status: CoverageStatus;
  /** The AWS call that went wrong, as IAM spells it: `glue:GetTables`. */
  operation: string | null;
  errorCode: string | null;
  errorMessage: string | null;
  tablesRead: number;
}

export interface Access {
  userName: string | null;
  roleName: string | null;
  /** `*` stands for every account. */
  accounts: string[];
}

export interface Connection<Node> {
  nodes: Node[];
  totalCount: number;
}
