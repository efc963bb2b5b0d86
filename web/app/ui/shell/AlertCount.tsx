import { createQuery } from "@urql/solid";
import { createMemo, Show } from "solid-js";
import { alertCount } from "../../data/documents/alert-count.ts";
import { useLive } from "../../data/live.tsx";
import { words } from "../../words/ui/shell.ts";
import { count } from "../format/count.ts";
import { Icon } from "../Icon.tsx";

/** Alerts that nobody has acknowledged; nothing while there are none. */
export function AlertCount() {
  const live = useLive();
  // What the page is about comes first. Whether there was an answer counts here, not when the last one was.
  const isTold = createMemo(() => live.toldAt() !== undefined);
  const [answer, ask] = createQuery({
    query: alertCount,
    variables: () => ({}),
    pause: () => !isTold(),
  });
  live.onChange(["ALERT"], () => ask({ requestPolicy: "network-only" }));
  return (
    <Show when={answer.data?.alertOverviews?.totalCount}>
      {open => (
        <span class="alert-count">
          <Icon name="failed" />
          {words.openAlerts(count(open()), text => (
            <span class="vh">{text}</span>
          ))}
        </span>
      )}
    </Show>
  );
}
