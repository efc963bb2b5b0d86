import { Match, Switch } from "solid-js";
import { freshness } from "../../data/freshness.ts";
import { useLive } from "../../data/live.tsx";
import { elapsed } from "../format/age.ts";
import { Icon } from "../Icon.tsx";
import "./live-line.css";

/** Whether the page still hears from the database, and since when. Says so in place, without a spinner. */
export function LiveLine() {
  const live = useLive();
  const ago = (told: Date) => `${elapsed(told, live.now())} ago`;
  const freshAt = () => {
    const told = live.toldAt();
    return told && freshness(told, live.now()) === "fresh" ? told : undefined;
  };
  return (
    <p class="live-line">
      <Switch
        fallback={
          <>
            <span class="live-dot off" />
            {live.problem() ? "Not connected" : "Connecting"}
          </>
        }
      >
        <Match when={freshAt()}>
          {told => (
            <>
              <span class="live-dot" />
              Live
              <span class="dim">updated {ago(told())}</span>
            </>
          )}
        </Match>
        <Match when={live.toldAt()}>
          {told => (
            <>
              <Icon name="stalled" class="live-stale" />
              Stale
              <span class="dim">last told {ago(told())}</span>
            </>
          )}
        </Match>
      </Switch>
    </p>
  );
}
