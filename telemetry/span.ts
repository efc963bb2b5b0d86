/** What a part of the product does, told to whoever traces it; see start.ts. Without tracing nothing is loaded or kept. */
export interface SpanOptions<T> {
  /** `server` answers somebody, `consumer` took it from the queue. */
  kind?: "internal" | "server" | "consumer";
  /** Only those that told.ts lists leave the process. */
  attributes?: Record<string, string | number | boolean>;
  /** Whether what came back is a failure, where nothing is thrown. */
  failed?: (result: T) => boolean;
}

export interface Tracing {
  inSpan<T>(name: string, options: SpanOptions<T>, work: () => Promise<T>): Promise<T>;
  atRoute(method: string, route: string): void;
  traceId(): string | undefined;
}

let tracing: Tracing | undefined;

export function traceBy(started: Tracing | undefined): void {
  tracing = started;
}

/** Whether anybody traces; for what is only worth doing then. */
export const isTraced = () => tracing !== undefined;

/** Does `work` within a span, when this process is traced. */
export function inSpan<T>(name: string, options: SpanOptions<T>, work: () => Promise<T>): Promise<T> {
  return tracing === undefined ? work() : tracing.inSpan(name, options, work);
}

/** Names the request under way by its route, `/exports/:list.:format`, whose number is small where that of paths is not. */
export function atRoute(method: string, route: string): void {
  tracing?.atRoute(method, route);
}

/** What finds the trace of the work under way; undefined when it has none. */
export const traceId = () => tracing?.traceId();
