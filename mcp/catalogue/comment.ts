/** What the SQL comment of a function says to MCP. */
export interface Comment {
  description: string;
  /** Words for each argument, from `@param name text`. */
  params: Map<string, string>;
  /** `@title`, `@uri` and `@mime`. */
  tags: Map<string, string>;
}

const TAG = /^[ \t]*@(param|title|uri|mime)[ \t]+/m;

export function parseComment(comment: string): Comment {
  const [description = "", ...rest] = comment.split(TAG);
  const params = new Map<string, string>();
  const tags = new Map<string, string>();
  for (let i = 0; i + 1 < rest.length; i += 2) {
    const [tag = "", text = ""] = rest.slice(i, i + 2);
    if (tag === "param") {
      const [, name = "", words = ""] = /^(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
      params.set(name, oneLine(words));
    } else {
      tags.set(tag, oneLine(text));
    }
  }
  return { description: description.trim(), params, tags };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** `list_of_things` as `List of things`. */
export function titleOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
