import { Transform } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import pg, { type Pool } from "pg";
import { identityOf } from "../sign-in/identify.ts";
import { type Exported, isFormat, openExport } from "./open-export.ts";

/** Exports of one user that may run at a time; the pool holds as many for all users together as it has connections. */
const AT_A_TIME = 2;

export interface ExportsOptions {
  /** Logged in as a2o_authenticator, and nobody else's: an export holds its connection to the end. */
  pool: Pool;
  onEnd: (ended: { list: string; format: string; outcome: Outcome; bytes: number }) => void;
}

type Outcome = "done" | "aborted" | "failed" | "refused";

/** Bytes that make a spreadsheet read the file as UTF-8. */
const BYTE_ORDER_MARK = Buffer.from("\ufeff");

/**
 * `/exports/LIST.FORMAT?…`: a list as CSV or NDJSON, all of what the filters leave, streamed. The filters are those of the
 * list in GraphQL, by the same names; one that is given several times is a list.
 */
export function serveExports(app: FastifyInstance, { pool, onEnd }: ExportsOptions): void {
  const running = new Map<string, number>();
  // A HEAD would read everything for nothing.
  app.get<{ Params: { list: string; format: string } }>(
    "/exports/:list.:format",
    { exposeHeadRoute: false },
    async (request, reply) => {
      const { list, format } = request.params;
      const { user } = identityOf(request);
      const labels = { list, format };
      if (!isFormat(format)) return reply.code(404).send({ error: `there is no format ${format}: csv or ndjson` });
      if ((running.get(user) ?? 0) >= AT_A_TIME) {
        onEnd({ ...labels, outcome: "refused", bytes: 0 });
        return reply
          .code(429)
          .header("retry-after", "10")
          .send({ error: `${AT_A_TIME} exports of yours run already` });
      }
      running.set(user, (running.get(user) ?? 0) + 1);
      const controller = new AbortController();
      const abort = () => controller.abort();
      reply.raw.once("close", abort);
      let bytes = 0;
      const end = (outcome: Outcome) => {
        reply.raw.off("close", abort);
        const left = (running.get(user) ?? 1) - 1;
        if (left === 0) running.delete(user);
        else running.set(user, left);
        onEnd({ ...labels, outcome, bytes });
      };
      const { bom, filters } = argumentsOf(request);
      let exported: Exported;
      try {
        exported = await openExport(pool, identityOf(request), { list, format, filters }, controller.signal);
      } catch (error) {
        const mistake = mistakeOf(error);
        const isBusy = error instanceof Error && /timeout exceeded when trying to connect/.test(error.message);
        end(mistake === null && !isBusy ? "failed" : "refused");
        if (mistake !== null) return reply.code(mistake.status).send(mistake.body);
        if (!isBusy) throw error;
        return reply.code(503).header("retry-after", "10").send({ error: "Too many exports run. Try again later." });
      }
      const sent = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          if (bytes === 0 && bom && format === "csv") this.push(BYTE_ORDER_MARK);
          bytes += chunk.length;
          done(null, chunk);
        },
      });
      exported.rows.on("error", error => sent.destroy(error));
      exported.rows.pipe(sent);
      exported.ended.then(
        () => end("done"),
        (error: unknown) => {
          end(controller.signal.aborted ? "aborted" : "failed");
          if (!controller.signal.aborted) request.log.error({ err: error }, "an export failed on its way");
        },
      );
      return reply
        .header("content-disposition", `attachment; filename="${exported.fileName}"`)
        .header("cache-control", "no-store")
        .type(format === "csv" ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson")
        .send(sent);
    },
  );
}

/** `bom` is about the file; everything else filters what is in it. */
function argumentsOf(request: FastifyRequest): { bom: boolean; filters: Record<string, string[]> } {
  const query = new URLSearchParams(request.url.includes("?") ? request.url.slice(request.url.indexOf("?") + 1) : "");
  const filters: Record<string, string[]> = {};
  for (const name of new Set(query.keys())) if (name !== "bom") filters[name] = query.getAll(name);
  return { bom: ["", "1", "true"].includes(query.get("bom") ?? "no"), filters };
}

/** What the caller did wrong: our own errors, and values that are not what they should be (SQLSTATE class 22). */
function mistakeOf(error: unknown) {
  if (!(error instanceof pg.DatabaseError) || error.code === undefined) return null;
  const isOurs = error.code.startsWith("A2O");
  if (!isOurs && !error.code.startsWith("22")) return null;
  const isMissing = error.code === "A2O12" || (error.code === "A2O60" && /no (list|format)/.test(error.message));
  const { message, code, hint = null } = error;
  return { status: isMissing ? 404 : 400, body: isOurs ? { error: message, code, hint } : { error: message } };
}
