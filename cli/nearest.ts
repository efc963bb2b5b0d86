/** The word a mistyped one was probably meant to be: at most two letters wrong, and fewer than half of it. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  let best: { word: string; distance: number } | undefined;
  for (const word of words) {
    const distance = editDistance(typed, word);
    if (distance <= 2 && distance < word.length / 2 && (best === undefined || distance < best.distance))
      best = { word, distance };
  }
  return best?.word;
}

/** Levenshtein distance, a swap of neighbours counting once. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let distance = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, (beforeLast[j - 2] ?? 0) + 1);
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** What other tools call our commands. */
const SYNONYMS: Record<string, string> = {
  ls: "list",
  assessments: "list",
  history: "list",
  diff: "compare",
  export: "report",
  import: "ingest",
  load: "ingest",
  start: "up",
  run: "up",
  server: "serve",
  web: "serve",
  dashboard: "serve",
  rm: "prune",
  delete: "prune",
  check: "doctor",
  status: "doctor",
  scan: "assess",
  completions: "completion",
  search: "tables",
  psql: "db psql",
};

/** The command of ours that another tool calls by this name, if there is one among `names`. */
export function synonym(typed: string, names: readonly string[]): string | undefined {
  const command = Object.hasOwn(SYNONYMS, typed) ? SYNONYMS[typed] : undefined;
  return command !== undefined && names.includes(command.split(" ")[0] ?? "") ? command : undefined;
}
