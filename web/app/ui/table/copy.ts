import { type Accessor, createSignal, onCleanup } from "solid-js";
import { words } from "../../words/ui/data-table.ts";

export interface Copier {
  copy: (text: string) => Promise<void>;
  /** What to tell a screen reader about the last copy; empty after a while. */
  said: Accessor<string>;
}

/** Copies text. Browsers give no clipboard to pages on plain HTTP: then the old way over a selection is taken. */
export function createCopier(): Copier {
  const [said, setSaid] = createSignal("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  return {
    said,
    copy: async text => {
      let isCopied = true;
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        isCopied = copyBySelection(text);
      }
      setSaid(isCopied ? words.copied(text) : words.noClipboard);
      clearTimeout(timer);
      timer = setTimeout(() => setSaid(""), 2000);
    },
  };
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.className = "vh";
  area.value = text;
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return isCopied;
}
