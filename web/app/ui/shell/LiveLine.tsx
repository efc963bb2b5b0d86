import { Match, Switch } from "solid-js";
import { freshness } from "../../data/freshness.ts";
import { useLive } from "../../data/live.tsx";
import { words } from "../../words/ui/shell.ts";
import { elapsed } from "../format/age.ts";
import { Icon } from "../Icon.tsx";
import "./live-line.css";

/** Whether the page still hears from the database, and since when. Says so in place, without a spinner. */
export function LiveLine() {
  const live = useLive();
  const since = (told: Date) => elapsed(told, live.now());
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
            {live.problem() ? words.notConnected : words.connecting}
          </>
        }
      >
        <Match when={freshAt()}>
          {told => (
            <>
              <span class="live-dot" />
              {words.live}
              <span class="dim">{words.updated(since(told()))}</span>
            </>
          )}
        </Match>
        <Match when={live.toldAt()}>
          {told => (
            <>
              <Icon name="stalled" class="live-stale" />
              {words.stale}
              <span class="dim">{words.lastTold(since(told()))}</span>
            </>
          )}
        </Match>
      </Switch>
    </p>
  );
}
