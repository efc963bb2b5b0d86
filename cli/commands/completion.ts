import { defineCommand } from "citty";
import { commonArgs, say, UsageError } from "../common.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

export default defineCommand({
  meta: {
    name: "completion",
    countsArguments: true,
    description: "Print the completion of a shell: commands, options, their values, and what is stored",
    examples: [
      ["completion bash > ~/.local/share/bash-completion/completions/aws2openstack", "bash, from the next shell on"],
      ["completion zsh > ~/.zfunc/_aws2openstack", "zsh, with ~/.zfunc in $fpath before compinit"],
      ["completion fish > ~/.config/fish/completions/aws2openstack.fish", "fish"],
    ],
  },
  args: {
    shell: { type: "positional", required: false, valueHint: SHELLS.join("|"), description: "The shell" },
    values: {
      type: "enum",
      options: ["assessments", "regions", "accounts", "databases", "formats", "findings"],
      description: "Print what is stored, as the shell asks for it",
    },
    ...commonArgs,
  },
  async run({ args }) {
    const { nodesOf, VALUE_NAMES } = await import("../completion/model.ts");
    const name = VALUE_NAMES.find(value => value === args.values);
    if (name !== undefined) {
      const { knownValues } = await import("../completion/values.ts");
      for (const value of await knownValues(name).catch(() => [])) say(value);
      return;
    }
    const shell = SHELLS.find(shell => shell === args._[0]);
    if (shell === undefined || args._.length > 1) {
      throw new UsageError(
        args._.length === 0 ? "No shell is named." : `There is no completion for ${args._.join(" ")}.`,
        "e.g. aws2openstack completion bash; there are: bash, zsh, fish",
      );
    }
    const { tree } = await import("../tree.ts");
    const nodes = await nodesOf(tree);
    const { [shell]: script } = {
      bash: async () => (await import("../completion/bash.ts")).bashCompletion(nodes),
      zsh: async () => (await import("../completion/zsh.ts")).zshCompletion(nodes),
      fish: async () => (await import("../completion/fish.ts")).fishCompletion(nodes),
    };
    process.stdout.write(await script());
  },
});
