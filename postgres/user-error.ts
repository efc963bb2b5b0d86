/** Something the user can act on: shown as `message`, then `advice` (what to do next), without a stack trace. */
export class UserError extends Error {
  readonly advice: string | undefined;

  constructor(message: string, advice?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UserError";
    this.advice = advice;
  }
}

const REASONS: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of the path is a file, not a directory",
  EEXIST: "a file of that name is in the way",
  ENOENT: "it does not exist",
  EIO: "the disk reports an error",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the path is too long",
};

/** The system error code (`EACCES`, `ECONNREFUSED`) or SQLSTATE (`57P03`) that an error carries, if any. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Why a file operation failed, in words, or undefined when the error is not one of the file system's. */
export function fileErrorReason(error: unknown): string | undefined {
  const code = errorCode(error);
  return code === undefined ? undefined : REASONS[code];
}
