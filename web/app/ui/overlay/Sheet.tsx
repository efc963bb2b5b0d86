import { Dialog } from "@kobalte/core/dialog";
import type { JSX } from "solid-js";
import { words } from "../../words/ui/controls.ts";
import { Icon } from "../Icon.tsx";
import "./dialog.css";

/** A dialog in the middle of the window, or from the side (`sheet`): titled, closed by Escape, holding the focus. */
export function Sheet(props: {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  kind?: "sheet" | "dialog";
  children: JSX.Element;
}) {
  return (
    <Dialog open={props.isOpen} onOpenChange={open => !open && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay class="dialog-shade" />
        <Dialog.Content class={props.kind === "sheet" ? "dialog sheet" : "dialog"}>
          <header class="dialog-head">
            <Dialog.Title>{props.title}</Dialog.Title>
            <Dialog.CloseButton class="button ghost square" aria-label={words.close}>
              <Icon name="close" />
            </Dialog.CloseButton>
          </header>
          <div class="dialog-body">{props.children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog>
  );
}
