import { createSignal, onCleanup } from "solid-js";
import { words } from "../words/ui/controls.ts";
import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import "./command.css";

/** A command to run elsewhere, with a button that copies it. */
export function Command(props: { text: string; label: string }) {
  const [said, setSaid] = createSignal("");
  let code: HTMLElement | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text);
      setSaid(words.copied);
    } catch {
      // Browsers give no clipboard to pages on plain HTTP: leave the command selected, one key away.
      if (code) getSelection()?.selectAllChildren(code);
      setSaid(words.selected);
    }
    clearTimeout(timer);
    timer = setTimeout(() => setSaid(""), 2000);
  };

  return (
    <div class="command">
      <code ref={code}>{props.text}</code>
      <Button small kind="ghost" onClick={copy} aria-label={words.copyCommand(props.label)}>
        <Icon name={said() === words.copied ? "check" : "copy"} />
        <span class="command-said">{said() || words.copy}</span>
      </Button>
      <span class="vh" role="status">
        {said()}
      </span>
    </div>
  );
}
