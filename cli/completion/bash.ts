import type { Candidates, Node } from "./model.ts";
import { commandCases, quoted } from "./shell.ts";

/** Completion for bash: `source <(aws2openstack completion bash)`. */
export function bashCompletion(nodes: readonly Node[]): string {
  const values = nodes.flatMap(node =>
    node.options.flatMap(option =>
      option.value === undefined || option.value.kind === "nothing"
        ? []
        : [`    ${quoted(`${node.path}:--${option.name}`)}) ${reply(option.value)}; return ;;`],
    ),
  );
  const taking = nodes.flatMap(node =>
    node.options.filter(option => option.value !== undefined).map(option => quoted(`${node.path}:--${option.name}`)),
  );
  const words = nodes.map(node => {
    const options = node.options.map(option => `--${option.name}`).join(" ");
    const commands = node.commands.map(({ name }) => name).join(" ");
    const free = node.commands.length > 0 ? words_(commands) : reply(node.positional);
    return `    ${quoted(node.path)})
      if [[ $current == -* ]]; then ${words_(options)}; else ${free}; fi ;;`;
  });
  return `# bash completion for aws2openstack; made by: aws2openstack completion bash
_aws2openstack_values() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(aws2openstack completion --values "$1" 2>/dev/null)" -- "$current"))
}
_aws2openstack() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous= path= word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ $word == -- ]] && return
    case "$path $word" in
${commandCases(nodes)
  .map(({ at, next }) => `      ${quoted(at)}) path=${quoted(next)} ;;`)
  .join("\n")}
    esac
  done
  # bash takes --option=value for three words.
  if [[ $current == = ]]; then previous=\${COMP_WORDS[COMP_CWORD - 1]} current=
  elif ((COMP_CWORD > 1)) && [[ \${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then previous=\${COMP_WORDS[COMP_CWORD - 2]}
  else previous=\${COMP_WORDS[COMP_CWORD - 1]}; fi
  case "$path:$previous" in
${values.join("\n")}
    ${taking.length === 0 ? "''" : taking.join("|")}) return ;;
  esac
  case "$path" in
${words.join("\n")}
  esac
}
complete -F _aws2openstack aws2openstack
`;
}

function words_(words: string): string {
  return `COMPREPLY=($(compgen -W ${quoted(words)} -- "$current"))`;
}

function reply(candidates: Candidates): string {
  switch (candidates.kind) {
    case "words":
      return words_(candidates.words.join(" "));
    case "values":
      return `_aws2openstack_values ${candidates.name}`;
    case "files":
      return 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current"))';
    case "directories":
      return 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$current"))';
    case "nothing":
      return ":";
  }
}
