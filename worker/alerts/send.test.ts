import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Receiver, startReceiver } from "./receiver.testing.ts";
import { send } from "./send.ts";
import { webhookSettings } from "./settings.ts";
import { slackMessage } from "./slack.ts";

const SECRET = `whsec_${Buffer.from("a secret of thirty-two characters").toString("base64")}`;

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver[Symbol.asyncDispose]());
beforeEach(() => {
  receiver.requests.length = 0;
  receiver.answers.length = 0;
});

const settings = (format: "GENERIC" | "SLACK" = "GENERIC") =>
  webhookSettings("ops", format, { ALERT_WEBHOOK_OPS_URL: receiver.url, ALERT_WEBHOOK_OPS_SECRET: SECRET });
const message = {
  type: "alert.opened",
  timestamp: "2026-11-25T10:00:00Z",
  data: {
    severity: "CRITICAL",
    title: "Job failed",
    message: "DMS task <orders> & @channel: no space",
    remedy: "Look.",
    aws_account_id: "111111111111",
    region: "eu-west-1",
    job: { console_url: "https://console.aws.amazon.com/dms?a=1|<b>" },
  },
};
const delivery = { id: "7b0c5a9e-0000-4000-8000-000000000001", body: JSON.stringify(message) };
const attempt = (timeout?: number) => send(delivery, "GENERIC", settings(), timeout);

describe("a message", () => {
  it("is signed as the specification of Standard Webhooks says, so that its library takes it and nothing else", async () => {
    expect(await attempt()).toEqual({ has_arrived: true, http_status: 204 });
    const [{ headers, body } = { headers: {}, body: "" }] = receiver.requests;
    expect(body).toBe(delivery.body);
    expect(headers["webhook-id"]).toBe(delivery.id);
    expect(headers["content-type"]).toBe("application/json");
    const said = headers as Record<string, string>;
    expect(new Webhook(SECRET).verify(body, said)).toEqual(message);
    expect(() => new Webhook(SECRET).verify(body.replace("no space", "space"), said)).toThrow();
    expect(() => new Webhook(`${SECRET.slice(0, -4)}AAAA`).verify(body, said)).toThrow();
  });

  it("that fails says how, whether the receiver is down, and how long it asks to wait", async () => {
    const wait = new Date(Date.now() + 3_600_000).toUTCString();
    receiver.answers.push(500, 404, 400, { status: 429, headers: { "retry-after": "90" } });
    receiver.answers.push({ status: 503, headers: { "retry-after": wait } }, "close", "hang");
    expect(await attempt()).toMatchObject({ has_arrived: false, is_down: true, error_code: "HTTP_500" });
    expect(await attempt()).toMatchObject({ has_arrived: false, is_down: true, error_code: "HTTP_404" });
    expect(await attempt()).toMatchObject({ has_arrived: false, is_down: false, error_code: "HTTP_400" });
    expect(await attempt()).toMatchObject({ is_down: true, http_status: 429, retry_seconds: 90 });
    const dated = await attempt();
    expect(dated.retry_seconds).toBeGreaterThan(3_000);
    expect(dated.retry_seconds).toBeLessThanOrEqual(3_600);
    expect(await attempt()).toMatchObject({
      is_down: true,
      error_message: expect.stringContaining("closed the connection"),
    });
    expect(await attempt(200)).toMatchObject({ is_down: true, error_code: "TIMEOUT" });
    expect(receiver.requests).toHaveLength(7);
  });

  it("has arrived when the receiver says so, whatever it goes on to say", async () => {
    receiver.answers.push("endless");
    expect(await attempt()).toEqual({ has_arrived: true, http_status: 200 });
  });

  it("follows no redirect", async () => {
    await using other = await startReceiver();
    receiver.answers.push({ status: 307, headers: { location: other.url } });
    expect(await attempt()).toMatchObject({ has_arrived: false, error_code: "HTTP_307" });
    expect(other.requests).toEqual([]);
  });

  it("reaches nobody where nobody listens", async () => {
    const gone = webhookSettings("ops", "SLACK", { ALERT_WEBHOOK_OPS_URL: "http://127.0.0.1:1/" });
    // Port 1 is one that fetch refuses by itself.
    expect(await send(delivery, "SLACK", gone)).toMatchObject({ has_arrived: false, is_down: true });
    const { url } = await startReceiver().then(async closed => {
      await closed[Symbol.asyncDispose]();
      return closed;
    });
    const closed = webhookSettings("ops", "SLACK", { ALERT_WEBHOOK_OPS_URL: url });
    expect(await send(delivery, "SLACK", closed)).toMatchObject({ error_code: "ECONNREFUSED" });
  });

  it("is a text without markup or mentions of others for Slack", async () => {
    await send(delivery, "SLACK", settings("SLACK"));
    const { text } = JSON.parse(receiver.requests[0]?.body ?? "{}");
    expect(text.split("\n")).toEqual([
      "*CRITICAL: Job failed* (111111111111, eu-west-1)",
      "DMS task &lt;orders&gt; &amp; @\u200bchannel: no space",
      "Look.",
      "<https://console.aws.amazon.com/dms?a=1%7C%3Cb%3E|AWS console>",
    ]);
    const long = { ...message, data: { ...message.data, message: "😀".repeat(5_000) } };
    expect(JSON.parse(slackMessage(long)).text.length).toBeLessThan(5_000);
    const over = { ...message, type: "alert.resolved", data: { ...message.data, resolution: "CLEARED" } };
    expect(JSON.parse(slackMessage(over)).text).toContain("*RESOLVED: Job failed*");
  });
});

describe("the settings", () => {
  const read = (
    url: string | undefined,
    secret: string | undefined = SECRET,
    format: "GENERIC" | "SLACK" = "GENERIC",
  ) => webhookSettings("ops", format, { ALERT_WEBHOOK_OPS_URL: url, ALERT_WEBHOOK_OPS_SECRET: secret });

  it("take https, and http on this machine alone", () => {
    for (const url of ["https://hooks.example.com/x", "http://127.0.0.1:9/x", "http://localhost/x", "http://[::1]/"]) {
      expect(read(url).url.href).toBe(new URL(url).href);
    }
    for (const url of [
      "http://hooks.example.com/CANARY",
      "ftp://127.0.0.1/CANARY",
      "CANARY",
      "http://127.0.0.1.CANARY.com/",
    ]) {
      expect(() => read(url)).toThrow(/^ALERT_WEBHOOK_OPS_URL (?!.*CANARY)/);
    }
    expect(() => read("https://CANARY:x@hooks.example.com/")).toThrow(/user name(?!.*CANARY)/);
  });

  it("name what is missing or does not fit, and never its value", () => {
    expect(() => read(undefined)).toThrow("ALERT_WEBHOOK_OPS_URL is not set");
    expect(() => read("https://hooks.example.com/", "")).toThrow("ALERT_WEBHOOK_OPS_SECRET is not set");
    expect(read("https://hooks.example.com/", "", "SLACK").signer).toBeUndefined();
    expect(() => read("https://hooks.example.com/", "CANARY!")).toThrow(
      /^ALERT_WEBHOOK_OPS_SECRET is no secret(?!.*CANARY)/,
    );
  });
});
