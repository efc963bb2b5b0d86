/** Markup that is written as it is; everything else is escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Markup | string | number | null | undefined | false | readonly Part[];

/** HTML whose values are escaped, unless they are markup already. Null, undefined and false leave nothing. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Markup {
  let text = strings[0] ?? "";
  for (let i = 0; i < values.length; i++) text += escaped(values[i]) + (strings[i + 1] ?? "");
  return new Markup(text);
}

function escaped(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (part === null || part === undefined || part === false) return "";
  if (typeof part === "object") return part.map(escaped).join("");
  return escapeHtml(String(part));
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/**
 * Text for elements and quoted attributes. Control characters, which HTML forbids, and characters that turn the direction of
 * what follows are shown as U+FFFD: a name must not change how its neighbours read.
 */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"'`]/g, character => ENTITIES[character] ?? "")
    .replace(FORBIDDEN, "\ufffd");
}

const FORBIDDEN = /(?![\t\n\r])\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Noncharacter_Code_Point}/gu;
