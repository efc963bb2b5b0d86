import { join } from "node:path";
import type pg from "pg";
import { describeUrl, isDatabaseError, withClient } from "../../postgres/connect.ts";
import { UserError } from "../../postgres/user-error.ts";
import { type AssessmentResult, assessGlueCatalog } from "../../worker/assess/glue-catalog.ts";
import { assessTargets, type Outcome, type Report, type Target } from "../../worker/assess/many.ts";
import { type AssessmentFormat, jsonReportName } from "../../worker/assess/reports.ts";
import type { Scope } from "../../worker/assess/scope.ts";
import { databaseUrl, openEmbedded, type Storage, tell } from "../common.ts";
import type { ProgressLine } from "../progress.ts";
import { count, minute } from "../text.ts";

export interface RunOptions {
  directoryOf: (target: Target) => string;
  format: AssessmentFormat | undefined;
  /** False writes reports only. */
  keep: boolean;
  scope: Scope;
  resume: boolean;
  signal: AbortSignal;
  line: ProgressLine;
  onOutcome: (outcome: KeptOutcome) => void;
  /** Called when a target was interrupted that --resume can go on with. */
  onKept: (target: Target, tables: number) => void;
}

export type KeptResult = AssessmentResult & {
  /** Where it was stored; undefined when only reports were written. */
  storedIn: string | undefined;
};
export type KeptOutcome =
  | Exclude<Outcome, { kind: "done" }>
  | (Extract<Outcome, { kind: "done" }> & { result: KeptResult });

/** Assesses each target, with reports in a directory of its own where there are several. */
export async function assessAll(targets: readonly Target[], options: RunOptions): Promise<KeptOutcome[]> {
  const engine = new Engine(options.keep, options.line, options.format);
  const storedIn = new Map<Target, string>();
  const kept = (outcome: Outcome): KeptOutcome =>
    outcome.kind === "done"
      ? { ...outcome, result: { ...outcome.result, storedIn: storedIn.get(outcome.target) } }
      : outcome;
  try {
    const outcomes = await assessTargets(
      targets,
      (target, report) =>
        engine.run(target, options.directoryOf(target), async (client, keep, place) => {
          const result = await assessOne(client, target, keep, report, options);
          if (keep) storedIn.set(target, place);
          return result;
        }),
      {
        signal: options.signal,
        onProgress: progress => options.line.update(progress),
        onOutcome: outcome => options.onOutcome(kept(outcome)),
      },
    );
    return outcomes.map(kept);
  } finally {
    await engine.release();
  }
}

function assessOne(
  client: pg.Client,
  target: Target,
  keep: boolean,
  report: Report,
  { directoryOf, format, scope, resume, signal, line, onKept }: RunOptions,
): Promise<AssessmentResult> {
  const { account, region } = target;
  return assessGlueCatalog(client, {
    ...account.identity,
    region: region.name,
    ...{ account, keep, scope, resume, signal, format },
    outputDirectory: directoryOf(target),
    isResumable: true,
    skipEmpty: !region.isNamed,
    onProgress: report,
    onRead: progress => report({ ...progress, state: "judging" }),
    onKept: tables => onKept(target, tables),
    onBegin({ resumedTables, interruptedAt }) {
      const place = `${account.caller.awsAccountId} in ${region.name}`;
      if (resumedTables !== undefined)
        line.tell(`Going on in ${place}, where ${count(resumedTables)} tables were read before.`);
      else if (interruptedAt !== undefined) {
        line.tell(`A run of ${place} was interrupted at ${minute(interruptedAt)} UTC; --resume would go on with it.`);
      }
    },
  });
}

/** Where each target's reports go: single ones where the user said, several of them into `account/region` below. */
export function directoryNamer(targets: readonly Target[], directory: string): (target: Target) => string {
  const accounts = new Set(targets.map(({ account }) => account.caller.awsAccountId)).size;
  const regions = new Set(targets.map(({ region }) => region.name)).size;
  const byRegion = regions > 1 || targets.some(({ region }) => !region.isNamed);
  return ({ account, region }) =>
    join(directory, ...(accounts > 1 ? [account.caller.awsAccountId, region.name] : byRegion ? [region.name] : []));
}

/**
 * The database that judges. It does in every case: one that cannot be reached costs a warning, never the reports, because the
 * embedded one judges then.
 */
class Engine {
  readonly #keep: boolean;
  readonly #line: ProgressLine;
  readonly #format: AssessmentFormat | undefined;
  #embedded: Promise<Storage> | undefined;
  #isWarned = false;

  constructor(keep: boolean, line: ProgressLine, format: AssessmentFormat | undefined) {
    this.#format = format;
    this.#keep = keep;
    this.#line = line;
  }

  async run<T>(
    target: Target,
    directory: string,
    work: (client: pg.Client, keep: boolean, place: string) => Promise<T>,
  ): Promise<T> {
    const url = databaseUrl();
    const connected = (to: string, keep: boolean, place: string) =>
      withClient(to, { role: "a2o_ingest", purpose: "assess" }, client => work(client, keep, place));
    let keep = this.#keep;
    if (keep && url !== undefined) {
      try {
        return await connected(url, true, describeUrl(url));
      } catch (error) {
        if (!isDatabaseError(error)) throw error;
        this.#warn(error, url, target, directory);
        keep = false;
      }
    }
    // It may have something to say.
    this.#line.clear();
    this.#embedded ??= openEmbedded();
    const storage = await this.#embedded;
    return connected(storage.url, keep, storage.description);
  }

  async release(): Promise<void> {
    await this.#embedded?.then(storage => storage.release()).catch(() => undefined);
  }

  #warn(error: unknown, url: string, { region }: Target, directory: string): void {
    this.#line.clear();
    const report = quoted(join(directory, jsonReportName(this.#format)));
    if (!this.#isWarned) {
      tell(
        error instanceof UserError
          ? `Warning: nothing is saved. ${error.message}`
          : `Warning: nothing is saved to ${describeUrl(url)}: ${error instanceof Error ? error.message : String(error)}.`,
      );
      if (error instanceof UserError && error.advice !== undefined) tell(error.advice);
      tell(`The reports are written all the same. To store them later: aws2openstack ingest ${report}`);
    } else tell(`To store ${region.name} later: aws2openstack ingest ${report}`);
    this.#isWarned = true;
  }
}

/** As a shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
