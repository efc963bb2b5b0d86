import { expect, it } from "vitest";
import { withLines } from "./frame.ts";

const page = (...lines: string[]) => `# Benchmarks

<!-- npm run bench -- --write -->

${lines.join("\n")}

<!-- end -->

After it.
`;
const HEAD = ["| bench | what | figure | against | ratio | limit |", "|---|---|---:|---|---:|---:|"];
const row = (bench: string, figure: string) => `| ${bench} | what | ${figure} |  |  |  |`;
const order = ["assess", "read", "read-report", "graphql"];

it("puts a bench's lines in the place of those it had, and keeps the others in their order", () => {
  const before = page("a machine", "", ...HEAD, row("read", "1 s"), row("read", "2 s"), row("graphql", "3 s"));
  const after = withLines(before, "a machine", [row("read", "9 s")], "read", order);
  expect(after).toBe(page("a machine", "", ...HEAD, row("read", "9 s"), row("graphql", "3 s")));
  expect(withLines(after, "a machine", [row("read-report", "4 s")], "read-report", order)).toBe(
    page("a machine", "", ...HEAD, row("read", "9 s"), row("read-report", "4 s"), row("graphql", "3 s")),
  );
});

it("keeps no line of another machine, and none of a bench that is no more", () => {
  const before = page("a machine", "", ...HEAD, row("read", "1 s"), row("gone", "3 s"));
  expect(withLines(before, "another", [row("graphql", "2 s")], "graphql", order)).toBe(
    page("another", "", ...HEAD, row("graphql", "2 s")),
  );
  expect(withLines(before, "a machine", [row("graphql", "2 s")], "graphql", order)).toBe(
    page("a machine", "", ...HEAD, row("read", "1 s"), row("graphql", "2 s")),
  );
});

it("refuses a page without a place for the table", () => {
  expect(() => withLines("# Benchmarks", "a machine", [], "read", order)).toThrow("no place");
});
