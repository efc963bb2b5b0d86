import { Show } from "solid-js";
import { useSelection } from "../../data/selection.tsx";
import { words } from "../../words/ui/shell.ts";
import { Button } from "../Button.tsx";
import { account } from "../format/account.ts";
import { Icon } from "../Icon.tsx";
import { Brand } from "./Brand.tsx";
import { LiveLine } from "./LiveLine.tsx";
import { ThemeSwitch } from "./ThemeSwitch.tsx";

/** In place of the side bar while presenting: whose catalog it is, how fresh, and the way back. */
export function PresentationBar(props: { onLeave: () => void }) {
  const selection = useSelection();
  return (
    <header class="presentation-bar">
      <span class="brand">
        <Brand />
      </span>
      <Show when={selection.scope()}>
        {scope => (
          <span>
            {words.presented(account(scope().awsAccountId), words.region(scope().region, scope().isSimulated))}
          </span>
        )}
      </Show>
      <LiveLine />
      <ThemeSwitch />
      <Button small onClick={() => props.onLeave()}>
        <Icon name="close" />
        {words.leave}
      </Button>
    </header>
  );
}
