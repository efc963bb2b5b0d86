import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What a receiver does with one request. */
export type Answer =
  | number
  | { status: number; headers: Record<string, string> }
  | "hang"
  | "close"
  | "endless"
  | ((response: ServerResponse) => void);

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver extends AsyncDisposable {
  url: string;
  requests: Received[];
  /** Answers to the next requests; 204 when there are no more. */
  answers: Answer[];
}

/** A real HTTP server that takes webhooks, well or not. */
export async function startReceiver(): Promise<Receiver> {
  const requests: Received[] = [];
  const answers: Answer[] = [];
  const server = createServer(async (request, response) => {
    requests.push({ headers: request.headers, body: await text(request) });
    const answer = answers.shift() ?? 204;
    if (answer === "hang") return;
    if (answer === "close") response.socket?.destroy();
    else if (answer === "endless") response.writeHead(200).write("still talking");
    else if (typeof answer === "function") answer(response);
    else if (typeof answer === "number") response.writeHead(answer).end("whatever it says");
    else response.writeHead(answer.status, answer.headers).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    requests,
    answers,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
