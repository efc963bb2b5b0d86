import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { chooseRegions, homeRegion } from "./regions.ts";

const names = (texts: string[], near?: string) => chooseRegions(texts, near).map(({ name }) => name);

describe("regions", () => {
  it("are those that the SDK knows", async () => {
    const client = fileURLToPath(import.meta.resolve("@aws-sdk/core/client"));
    const text = readFileSync(
      client.replace(/dist-\w+\/submodules.*$/, "dist-es/submodules/client/util-endpoints/lib/aws/partitions.js"),
      "utf8",
    );
    const { partitions } = JSON.parse(text.replace(/^export const partitionsInfo = |;\s*$/g, "").trim());
    for (const { id, regions } of partitions) {
      const known = Object.keys(regions).filter(region => !region.includes("global"));
      expect({ id, names: names(["all"], known[0]) }).toEqual({ id, names: known });
    }
  });

  it("are chosen by name, by pattern, or all, each once", () => {
    expect(names(["us-east-1,eu-west-1", " US-EAST-1 "])).toEqual(["us-east-1", "eu-west-1"]);
    expect(names(["eu-west-*"])).toEqual(["eu-west-1", "eu-west-2", "eu-west-3"]);
    expect(names(["all"], "cn-north-1")).toEqual(["cn-north-1", "cn-northwest-1"]);
    expect(chooseRegions(["eu-west-1,eu-*-1"]).find(({ name }) => name === "eu-west-1")?.isNamed).toBe(true);
    // New regions come before a new SDK does.
    expect(chooseRegions(["xx-new-7"])).toEqual([{ name: "xx-new-7", isNamed: true }]);
  });

  it("have to be regions", () => {
    expect(() => names(["Frankfurt"])).toThrow("Frankfurt is no AWS region.");
    expect(() => names(["mars-*"])).toThrow("No AWS region fits mars-*.");
    expect(() => names(["(eu|us)-*"])).toThrow("No AWS region fits");
  });

  it("have one in which every account is known", () => {
    expect(["eu-south-1", "cn-northwest-1", "us-gov-west-1"].map(homeRegion)).toEqual([
      ...["us-east-1", "cn-north-1", "us-gov-east-1"],
    ]);
  });
});
