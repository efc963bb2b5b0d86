import cookie from "@fastify/cookie";
import fastify from "fastify";
import { expect, it } from "vitest";
import { sealedCookies } from "./sealed-cookies.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const COOKIE = { name: "a2o-session", purpose: "session", path: "/" };

async function make(keys: string[], publicUrl: string) {
  const app = fastify();
  await app.register(cookie);
  const cookies = sealedCookies(keys, new URL(publicUrl));
  app.get("/set", async (_request, reply) => {
    await cookies.set(reply, COOKIE, { user: "ann" }, new Date(Date.now() + 60_000));
    return "";
  });
  app.get("/read", async request => ({ content: await cookies.read(request, COOKIE) }));
  const set = async () => String((await app.inject("/set")).headers["set-cookie"]);
  const read = async (line: string) =>
    (await app.inject({ url: "/read", headers: { cookie: line.split(";")[0] } })).json().content;
  return { set, read };
}

it("binds cookies to TLS and to this host when the server has TLS", async () => {
  const line = await (await make([KEY], "https://migrate.example.com")).set();
  expect(line).toMatch(/^__Host-a2o-session=/);
  expect(line).toContain("; Secure");
  expect(line).toContain("; HttpOnly");
  expect(line).not.toContain("Domain");
});

it("reads its own cookies, and none of another key or another server", async () => {
  const ours = await make([KEY], "https://migrate.example.com");
  const line = await ours.set();
  expect(await ours.read(line)).toMatchObject({ user: "ann" });
  expect(await (await make([`new-${KEY}`, KEY], "https://migrate.example.com")).read(line)).toMatchObject({
    user: "ann",
  });
  expect(await (await make([`new-${KEY}`], "https://migrate.example.com")).read(line)).toBeNull();
  expect(await (await make([KEY], "https://other.example.com")).read(line)).toBeNull();
  expect(await ours.read("__Host-a2o-session=x")).toBeNull();
  expect(await ours.read(line.replace("__Host-", ""))).toBeNull();
});
