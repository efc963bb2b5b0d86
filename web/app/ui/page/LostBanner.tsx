import { createMemo, Show } from "solid-js";
import { freshness } from "../../data/freshness.ts";
import { useLive } from "../../data/live.tsx";
import { words as controls } from "../../words/ui/controls.ts";
import { words } from "../../words/ui/page.ts";
import { Button } from "../Button.tsx";
import { elapsed } from "../format/age.ts";
import { Icon } from "../Icon.tsx";
import "./lost-banner.css";

/** After ten minutes without an answer: what that means for the figures on the page. */
export function LostBanner() {
  const live = useLive();
  const lostSince = createMemo(() => {
    const told = live.toldAt();
    return told && freshness(told, live.now()) === "lost" ? told : undefined;
  });
  return (
    <div role="status">
      <Show when={lostSince()}>
        {told => (
          <div class="lost-banner">
            <Icon name="stalled" />
            <p>
              <b>{words.lost(elapsed(told(), live.now()))}</b> {words.lostMeans}
            </p>
            <Button onClick={() => void live.ask()}>
              <Icon name="retry" />
              {controls.retry}
            </Button>
          </div>
        )}
      </Show>
    </div>
  );
}
