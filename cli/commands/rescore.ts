import { defineCommand } from "citty";
import {
  ASSESSMENT_HINT,
  assessmentId,
  catalogArgs,
  commonArgs,
  jsonArg,
  say,
  sayJson,
  withStorage,
} from "../common.ts";
import { plural } from "../text.ts";

export default defineCommand({
  meta: {
    name: "rescore",
    description: "Judge a stored assessment again by today's rules, from what Glue said then",
    examples: [["rescore latest", "after a rule or a limit was changed"]],
  },
  args: {
    assessment: {
      type: "positional",
      required: false,
      valueHint: "[ASSESSMENT]",
      description: `${ASSESSMENT_HINT} (default: latest)`,
    },
    ...catalogArgs,
    ...jsonArg,
    ...commonArgs,
  },
  async run({ args }) {
    const result = await withStorage("a2o_ingest", "rescore", async client => {
      const id = await assessmentId(client, args._[0] ?? "latest", args);
      const { rows } = await client.query<{ changed: number }>("select a2o.rescore($1) as changed", [id]);
      return { assessmentId: id, verdictsChanged: rows[0]?.changed ?? 0 };
    });
    if (args.json) sayJson(result);
    else say(`${result.assessmentId}: ${plural(result.verdictsChanged, "verdict")} changed`);
  },
});
