/** Longest statement that a span keeps. */
const LONGEST = 2_000;

const VALUES = new RegExp(
  [
    // Comments, which may say anything.
    String.raw`--[^\n]*|/\*[\s\S]*?\*/`,
    // Names in double quotes stay.
    `(?<name>"(?:[^"]|"")*")`,
    String.raw`(?<![\w$])[eE]'(?:[^'\\]|\\[\s\S]|'')*'`,
    `'(?:[^']|'')*'`,
    String.raw`(?<![\w$])\$(?<tag>(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$[\s\S]*?\$\k<tag>\$`,
    String.raw`(?<![\w$.])\d[\w.]*`,
    // What is not closed is cut off.
    String.raw`['"$](?!\d)[\s\S]*|/\*[\s\S]*`,
  ].join("|"),
  "g",
);

/** The statement with `?` in the place of each literal; parameters are no values. `select 'x', $1` becomes `select ?, $1`. */
export function withoutValues(statement: string): string {
  const bare = statement.replace(VALUES, (...match) => {
    const { name } = match.at(-1) as { name?: string };
    if (name !== undefined) return name;
    return /^(--|\/\*)/.test(match[0]) ? " " : "?";
  });
  return bare.replace(/\s+/g, " ").trim().slice(0, LONGEST);
}
