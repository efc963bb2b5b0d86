/** Names of arguments whose values are nobody's business: `--db_password`, `--api-key`, `--SecretId`, `--conn_string`. */
const SECRET_NAME =
  /passw|passphrase|pwd|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key|auth|conn(ection)?[-_]?(str|url|uri)/i;

/** Access key ids, and passwords in URLs (`postgresql://user:password@host`, `jdbc:…;password=…`). */
const PATTERNS: readonly [RegExp, string][] = [
  [/\b(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g, "…"],
  [/(\w:\/\/[^/\s:@]*:)[^@\s/]+@/g, "$1…@"],
  [/((?:password|passwd|pwd|secret|token)\s*[=:]\s*)[^\s;&,"']+/gi, "$1…"],
];

/** A text of AWS's without what might let anybody in. */
export function withoutSecrets(text: string): string;
export function withoutSecrets(text: string | undefined): string | undefined;
export function withoutSecrets(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return PATTERNS.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
}

/** The arguments of a Glue job. People put passwords there, though they should not. */
export function withoutSecretArguments(args: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, SECRET_NAME.test(name) ? "…" : withoutSecrets(value)]),
  );
}
