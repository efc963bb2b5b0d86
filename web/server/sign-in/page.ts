import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyReply } from "fastify";
import { toolVersion } from "../../../worker/version.ts";
import { appDirectory } from "../http/dashboard.ts";

/** What the page says above the button; `fail` looks like an error. */
export interface Message {
  title?: string;
  text: string;
  tone: "fail" | "plain";
}

export interface SignInPage {
  /** `returnTo` is the address to come back to, as `returnPath` lets it through. */
  send(reply: FastifyReply, status: number, returnTo: string, message?: Message): FastifyReply;
}

/** The page as Vite built it, with its blanks filled. */
export async function readSignInPage(providerName: string, publicUrl: URL): Promise<SignInPage> {
  const template = await readFile(join(appDirectory, "sign-in.html"), "utf8");
  return {
    send(reply, status, returnTo, message) {
      const blanks: Record<string, string> = {
        title: message?.title ?? "Sign in",
        message: message?.text ?? "",
        tone: message?.tone ?? "plain",
        start: `/sign-in/start?${new URLSearchParams({ return: returnTo })}`,
        provider: providerName,
        server: publicUrl.host,
        version: toolVersion,
      };
      const html = template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => escapeHtml(blanks[name] ?? ""));
      return reply.code(status).header("cache-control", "no-store").type("text/html; charset=utf-8").send(html);
    },
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}

/** The address on this server that a page asks to come back to; anything that leads elsewhere becomes the start page. */
export function returnPath(asked: unknown, publicUrl: URL): string {
  if (typeof asked !== "string" || !asked.startsWith("/") || !URL.canParse(asked, publicUrl.origin)) return "/";
  const url = new URL(asked, publicUrl.origin);
  if (url.origin !== publicUrl.origin || url.pathname.startsWith("/sign-")) return "/";
  // A path such as /.//evil.example becomes //evil.example, which a browser takes for a host.
  return url.pathname.startsWith("//") ? "/" : url.pathname + url.search + url.hash;
}
