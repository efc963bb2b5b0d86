import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Target } from "../../worker/assess/many.ts";
import type { Scope } from "../../worker/assess/scope.ts";

const FILE = ".assess-glue-catalog.json";

/**
 * Which accounts and regions of a command are done, kept in the output directory until the command ends by itself. When it is
 * killed, --resume does only the others.
 */
export class FinishedTargets {
  readonly #path: string;
  readonly #scope: string;
  readonly #done = new Set<string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(directory: string, scope: Scope) {
    this.#path = join(directory, FILE);
    this.#scope = JSON.stringify(scope);
  }

  /** Reads what an interrupted command with the same scope had finished. */
  async recall(): Promise<void> {
    try {
      const { scope, done } = JSON.parse(await readFile(this.#path, "utf8"));
      if (scope === this.#scope && Array.isArray(done)) for (const key of done) this.#done.add(String(key));
    } catch {
      // No such file, or none of ours: nothing is done.
    }
  }

  has(target: Target): boolean {
    return this.#done.has(keyOf(target));
  }

  add(target: Target): void {
    this.#done.add(keyOf(target));
    const text = `${JSON.stringify({ scope: this.#scope, done: [...this.#done] })}\n`;
    // Without it, --resume reads more than it had to; that is no reason to fail.
    this.#writing = this.#writing.then(() => writeFile(this.#path, text)).catch(() => undefined);
  }

  async flush(): Promise<void> {
    await this.#writing;
  }

  async forget(): Promise<void> {
    await this.#writing;
    await rm(this.#path, { force: true }).catch(() => undefined);
  }
}

function keyOf({ account, region }: Target): string {
  return `${account.caller.awsAccountId} ${region.name}`;
}
