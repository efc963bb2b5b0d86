import { describe, expect, it } from "vitest";
import { explainError } from "./explain-error.ts";

describe("explainError", () => {
  it("calls a refusal a refusal, whether HTTP or PostgreSQL says so", () => {
    expect(explainError({ response: { status: 403 } }).title).toBe("Access denied");
    const denied = explainError({
      response: { status: 200 },
      graphQLErrors: [{ message: "permission denied for view newest_assessments", extensions: { errcode: "42501" } }],
    });
    expect(denied.title).toBe("Access denied");
    expect(denied.verbatim).toBe("42501: permission denied for view newest_assessments");
  });

  it("keeps the server's own words", () =>
    expect(
      explainError({ graphQLErrors: [{ message: "canceling statement due to statement timeout" }] }).verbatim,
    ).toBe("canceling statement due to statement timeout"));

  it("tells no connection, no answer in time and a broken back end apart", () => {
    const titles = [
      explainError({ networkError: new TypeError("Failed to fetch") }).title,
      explainError({ networkError: new DOMException("signal timed out", "TimeoutError") }).title,
      explainError({ networkError: new Error("Bad Gateway"), response: { status: 502 } }).title,
    ];
    expect(new Set(titles).size).toBe(3);
  });

  it("passes on the hint that an error brings", () => {
    const told = explainError({
      graphQLErrors: [{ message: "no", extensions: { code: "A2O05", hint: "Twelve digits." } }],
    });
    expect(told).toMatchObject({ remedy: "Twelve digits.", verbatim: "A2O05: no" });
  });

  it("knows the database's own limit of time", () =>
    expect(explainError({ graphQLErrors: [{ message: "stopped", extensions: { code: "TIMEOUT" } }] }).title).toBe(
      "The server took too long",
    ));

  it("always says what to do", () => expect(explainError({}).remedy).not.toBe(""));
});
