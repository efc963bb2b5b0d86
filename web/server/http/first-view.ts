import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { packageRoot } from "../../../postgres/package-root.ts";

const PLACE = '<div id="app"></div>';
const BUNDLE = join(packageRoot, "dist/web/first-view/first-view.js");

/** What the dashboard's build exports; see web/app/first-view/first-view.tsx. */
type RenderFirstView = (address: string, cookies: string, ask: typeof fetch) => Promise<string | undefined>;

/** Milliseconds after which the page is sent without: it then asks for itself, and says that it waits. */
const PATIENCE = 1_000;

/** What a page's request and a question have apart: the rest says who asks, from where. */
const NOT_FORWARDED = /^(?:accept.*|connection|content-.*|if-.*|sec-.*|transfer-encoding|upgrade.*)$/;

/**
 * Sends the overview with its first figures in it, so that they are seen before any script has run: the dashboard's own
 * components rendered here, from what GraphQL answers to who asks for the page. When that takes long, is refused or fails, the page
 * comes as it is built.
 *
 * @param page the built index.html
 * @param log told once of what fails
 */
export async function serveFirstView(app: FastifyInstance, page: string, log: (line: string) => void): Promise<void> {
  const [template, render] = await Promise.all([readFile(page, "utf8"), loadRenderer()]);
  const [head = "", tail = ""] = template.split(PLACE);
  let hasFailed = false;
  app.get("/", async (request, reply) => {
    const view = Promise.race([
      render(request.url, request.headers.cookie ?? "", asker(app, request)),
      sleep(PATIENCE, undefined, { ref: false }),
    ]).catch((error: unknown) => {
      if (!hasFailed) log(`The overview is sent without its first figures: ${error}`);
      hasFailed = true;
    });
    // The head goes ahead: styles, fonts and scripts are on their way while the database is asked.
    async function* parts() {
      yield head;
      yield (await view) ?? PLACE;
      yield tail;
    }
    return reply.type("text/html; charset=utf-8").header("cache-control", "no-store").send(Readable.from(parts()));
  });
}

async function loadRenderer(): Promise<RenderFirstView> {
  if (!existsSync(BUNDLE)) return async () => undefined;
  const bundle: { renderFirstView: RenderFirstView } = await import(pathToFileURL(BUNDLE).href);
  return bundle.renderFirstView;
}

/** Asks our own GraphQL on the way that every request takes: who asks for the page is identified, limited and counted there. */
function asker(app: FastifyInstance, page: FastifyRequest): typeof fetch {
  const identifying = Object.entries(page.headers).filter(([name]) => !NOT_FORWARDED.test(name));
  return async (_input, init) => {
    const answer = await app.inject({
      method: "POST",
      url: "/graphql",
      remoteAddress: page.socket.remoteAddress ?? "",
      headers: {
        ...Object.fromEntries(identifying),
        "content-type": "application/json",
        accept: "application/graphql-response+json",
        "sec-fetch-site": "same-origin",
      },
      payload: String(init?.body),
    });
    return new Response(answer.payload, {
      status: answer.statusCode,
      headers: { "content-type": String(answer.headers["content-type"] ?? "") },
    });
  };
}
