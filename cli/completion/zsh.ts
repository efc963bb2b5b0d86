import type { Candidates, Node } from "./model.ts";
import { commandCases, quoted } from "./shell.ts";

/** Completion for zsh: `source <(aws2openstack completion zsh)`, or as _aws2openstack in a directory of $fpath. */
export function zshCompletion(nodes: readonly Node[]): string {
  const values = nodes.flatMap(node =>
    node.options.flatMap(option =>
      option.value === undefined
        ? []
        : [`    ${quoted(`${node.path}:--${option.name}`)}) ${reply(option.value)}; return ;;`],
    ),
  );
  const words = nodes.map(node => {
    const options = described(node.options.map(({ name, description }) => [`--${name}`, description]));
    const free =
      node.commands.length > 0
        ? `${set(described(node.commands.map(({ name, description }) => [name, description])))}; _describe command described`
        : reply(node.positional);
    return `    ${quoted(node.path)})
      if [[ $PREFIX == -* ]]; then ${set(options)}; _describe -o option described
      else ${free}; fi ;;`;
  });
  return `#compdef aws2openstack
# zsh completion for aws2openstack; made by: aws2openstack completion zsh
_aws2openstack_values() {
  local -a found
  found=("\${(@f)$(aws2openstack completion --values "$1" 2>/dev/null)}")
  (( $#found )) && compadd -a found
}
_aws2openstack() {
  local path_= previous word
  local -a described
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == -- ]] && return
    case "$path_ $word" in
${commandCases(nodes)
  .map(({ at, next }) => `      ${quoted(at)}) path_=${quoted(next)} ;;`)
  .join("\n")}
    esac
  done
  previous=$words[CURRENT-1]
  if [[ $PREFIX == --*=* ]]; then previous=\${PREFIX%%=*}; compset -P '*='; fi
  case "$path_:$previous" in
${values.join("\n")}
  esac
  case "$path_" in
${words.join("\n")}
  esac
}
if [[ $funcstack[1] == _aws2openstack ]]; then _aws2openstack "$@"; else (( $+functions[compdef] )) && compdef _aws2openstack aws2openstack; fi
`;
}

/** `name:description`, as _describe wants it. */
function described(entries: readonly [string, string][]): string[] {
  return entries.map(([name, description]) => `${name.replaceAll(":", "\\:")}:${description.replaceAll(":", "\\:")}`);
}

function set(items: readonly string[]): string {
  return `described=(${items.map(quoted).join(" ")})`;
}

function reply(candidates: Candidates): string {
  switch (candidates.kind) {
    case "words":
      return `compadd -- ${candidates.words.map(quoted).join(" ")}`;
    case "values":
      return `_aws2openstack_values ${candidates.name}`;
    case "files":
      return "_files";
    case "directories":
      return "_files -/";
    case "nothing":
      return ":";
  }
}
