import type { GlueClient, Table } from "@aws-sdk/client-glue";

/** Where a call's context has what is to be called when the answer is there. */
export const ANSWERED = "a2oAnswered";

const taken = new WeakMap<object, Table[]>();

/**
 * Takes the tables out of the answers of GetTables before the SDK sees them. It would walk through every field of every column
 * to give it its type, which costs more than all the rest of reading a catalog; what is stored is JSON anyway.
 */
export function keepTablesPlain(client: GlueClient): void {
  client.middlewareStack.add(
    (next, context) => async args => {
      const result = await next(args);
      const { response } = result;
      if (context.commandName !== "GetTablesCommand" || !isAnswer(response)) return result;
      const chunks: Uint8Array[] = [];
      for await (const chunk of response.body) chunks.push(chunk);
      const { [ANSWERED]: answered } = context;
      if (typeof answered === "function") {
        answered();
        // The next call is to be on its way before this answer is taken apart.
        await new Promise(resolve => setImmediate(resolve));
      }
      // A broken answer throws here, and is asked for again as the SDK's own parser would have it.
      const { TableList, ...rest } = JSON.parse(Buffer.concat(chunks).toString());
      taken.set(args.input, (TableList ?? []).map(withDates));
      Object.assign(response, { body: Buffer.from(JSON.stringify(rest)) });
      return result;
    },
    // Between the connection and the SDK's own parser.
    { step: "deserialize", priority: "low", name: "keepTablesPlain" },
  );
}

/** The tables of the answer to this input. */
export function tablesOf(input: object): Table[] {
  return taken.get(input) ?? [];
}

interface Answer {
  statusCode: 200;
  body: AsyncIterable<Uint8Array>;
}

function isAnswer(response: unknown): response is Answer {
  return typeof response === "object" && response !== null && "statusCode" in response && response.statusCode === 200;
}

const DATES = ["CreateTime", "UpdateTime", "LastAccessTime", "LastAnalyzedTime"] as const;

/** The protocol has seconds since 1970. */
function withDates(table: Record<string, unknown>): Table {
  for (const member of DATES) {
    const seconds = table[member];
    if (typeof seconds === "number") table[member] = new Date(seconds * 1000);
  }
  return table as unknown as Table;
}
