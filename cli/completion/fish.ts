import type { Candidates, Node } from "./model.ts";
import { commandCases } from "./shell.ts";

/** Completion for fish: `aws2openstack completion fish | source`, or in ~/.config/fish/completions/aws2openstack.fish. */
export function fishCompletion(nodes: readonly Node[]): string {
  const lines = nodes.flatMap(node => {
    const here = `complete -c aws2openstack -n ${quoted(`__aws2openstack_at ${quoted(node.path)}`)}`;
    const commands = node.commands.map(
      ({ name, description }) => `${here} -f -a ${quoted(name)} -d ${quoted(description)}`,
    );
    const options = node.options.map(
      ({ name, description, value }) =>
        `${here} -l ${name} -d ${quoted(description)}${value === undefined ? "" : ` -r ${argument(value)}`}`,
    );
    const free = node.commands.length > 0 ? [] : [`${here} ${argument(node.positional)}`];
    return [...commands, ...free, ...options];
  });
  return `# fish completion for aws2openstack; made by: aws2openstack completion fish
function __aws2openstack_at
    set -l path ''
    for word in (commandline -opc)[2..-1]
        test "$word" = --; and return 1
        switch "$path $word"
${commandCases(nodes)
  .map(({ at, next }) => `            case ${quoted(at)}\n                set path ${quoted(next)}`)
  .join("\n")}
        end
    end
    test "$path" = "$argv[1]"
end
function __aws2openstack_values
    aws2openstack completion --values $argv[1] 2>/dev/null
end
complete -c aws2openstack -e
complete -c aws2openstack -f
${lines.join("\n")}
`;
}

function argument(candidates: Candidates): string {
  switch (candidates.kind) {
    case "words":
      return `-f -a ${quoted(candidates.words.join(" "))}`;
    case "values":
      return `-f -a ${quoted(`(__aws2openstack_values ${candidates.name})`)}`;
    case "files":
      return "-F";
    case "directories":
      return `-f -a ${quoted("(__fish_complete_directories)")}`;
    case "nothing":
      return "-f";
  }
}

/** As fish takes it for one word. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
