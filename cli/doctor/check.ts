/** What one look at something found. */
export interface Found {
  name: string;
  status: "ok" | "warning" | "failed" | "skipped";
  message: string;
  /** How to mend it. */
  fix: string | null;
}

export interface Check extends Found {
  group: "This machine" | "Database" | "AWS";
}

export const ok = (name: string, message: string): Found => ({ name, status: "ok", message, fix: null });
export const skipped = (name: string, message: string): Found => ({ name, status: "skipped", message, fix: null });
export const warning = (name: string, message: string, fix: string): Found => ({
  name,
  status: "warning",
  message,
  fix,
});
export const failed = (name: string, message: string, fix: string): Found => ({ name, status: "failed", message, fix });
