import { AwsSession, type SessionOptions } from "../aws/session.ts";

/** The AWS sessions of a worker's monitors, kept from poll to poll as long as the monitor's settings stay. */
export class Sessions {
  readonly #sessions = new Map<string, { settings: string; session: AwsSession }>();

  of(monitorId: string, options: SessionOptions): AwsSession {
    const settings = JSON.stringify(options);
    const kept = this.#sessions.get(monitorId);
    if (kept?.settings === settings) return kept.session;
    kept?.session.close();
    const session = new AwsSession(options);
    this.#sessions.set(monitorId, { settings, session });
    return session;
  }

  forget(monitorId: string): void {
    this.#sessions.get(monitorId)?.session.close();
    this.#sessions.delete(monitorId);
  }

  close(): void {
    for (const monitorId of [...this.#sessions.keys()]) this.forget(monitorId);
  }
}

/** Those of this process. */
export const sessions = new Sessions();
