import { age } from "../ui/format/age.ts";
import { bytes } from "../ui/format/bytes.ts";
import { count } from "../ui/format/count.ts";
import { duration } from "../ui/format/duration.ts";
import { percent } from "../ui/format/share.ts";
import { clockTime } from "../ui/format/time.ts";
import { words } from "../words/migration.ts";
import { units } from "../words/ui/units.ts";
import type { ActiveJob } from "./documents/migration.ts";

/** Numbers beyond 32 bits come as text. */
export const numberOf = (value: string | number | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

/** `62.4%`, or why there is none. */
export function percentText(job: ActiveJob): string {
  const value = numberOf(job.percent);
  if (value !== null) return percent(value);
  if (job.status === "COMPLETED") return words.done;
  if (job.status === "PENDING") return words.waiting;
  return job.jobType === "GLUE_JOB" ? words.noPercent : words.noTotal;
}

/** What was moved so far, in the unit that AWS counts in. */
export function movedText(job: ActiveJob): string {
  const [done, total] = [numberOf(job.bytesCopied), numberOf(job.bytesTotal)];
  if (job.jobType === "DMS") {
    const loaded = job.tablesLoaded;
    if (loaded === null) return job.phase === "REPLICATING" ? words.moved.replicating : "";
    const all = loaded + (job.tablesLoading ?? 0) + (job.tablesQueued ?? 0) + (job.tablesErrored ?? 0);
    const parts = [words.moved.loaded(count(loaded), units.tables(all))];
    if (job.phase === "REPLICATING") return words.moved.loadDone;
    if (job.tablesLoading) parts.push(words.moved.loading(count(job.tablesLoading)));
    if (job.tablesQueued) parts.push(words.moved.queued(count(job.tablesQueued)));
    if (job.tablesErrored) parts.push(words.moved.errored(count(job.tablesErrored)));
    return parts.join(", ");
  }
  if (done !== null && total !== null && total > 0) {
    return job.phase === "VERIFYING"
      ? words.moved.writtenVerifying(bytes(done), bytes(total))
      : words.moved.written(bytes(done), bytes(total));
  }
  if (job.jobType === "GLUE_JOB") return done === null ? words.moved.onlyTime : words.moved.read(bytes(done));
  return job.status === "PENDING" ? words.moved.noTotalYet : words.notReported;
}

/** `48,200 rows/s` or `412 MB/s`; null when nothing is known of its pace. */
export function rateText(rowsPerSecond: number | null, bytesPerSecond: number | null): string | null {
  if (bytesPerSecond !== null) return units.perSecond(bytes(bytesPerSecond));
  return rowsPerSecond === null ? null : words.rowRate(count(Math.round(rowsPerSecond)));
}

/** How long it took, or has taken so far. */
export function elapsedText(
  job: { startedAt: string | null; completedAt: string | null; elapsedMs: string | null },
  now: Date,
): string {
  if (job.startedAt === null) {
    const told = numberOf(job.elapsedMs);
    return told === null ? "–" : duration(told / 1000);
  }
  const end = job.completedAt === null ? now.getTime() : Date.parse(job.completedAt);
  return duration((end - Date.parse(job.startedAt)) / 1000);
}

/** When it ends or ended: a time, and what there is to say about it. */
export function endText(job: ActiveJob, now: Date): { time: string; note: string } {
  if (job.completedAt !== null) {
    return { time: clockTime(new Date(job.completedAt)), note: age(new Date(job.completedAt), now) };
  }
  if (job.etaAt !== null) {
    const at = new Date(job.etaAt);
    const seconds = (at.getTime() - now.getTime()) / 1000;
    const left = seconds > 0 ? words.endsIn(duration(seconds)) : words.anyMoment;
    const note = job.etaConfidence === null ? left : words.estimate(left, words.confidence[job.etaConfidence]);
    return { time: clockTime(at), note };
  }
  if (job.phase === "REPLICATING") return { time: "–", note: words.endless };
  if (job.phase === "VERIFYING") return { time: "–", note: words.verifying };
  return { time: "–", note: job.status === "PENDING" ? "" : words.noEstimate };
}
