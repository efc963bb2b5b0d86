import { createEffect, createSignal, createUniqueId, For, type JSX, on, onCleanup, Show } from "solid-js";
import { words } from "../words/ui/controls.ts";
import { Icon } from "./Icon.tsx";
import "./listbox.css";

interface ListboxProps<Item> {
  /** What is chosen here, for screen readers: "Assessment". */
  label: string;
  items: readonly Item[];
  keyOf: (item: Item) => string;
  selectedKey: string | undefined;
  onSelect: (item: Item) => void;
  /** One line of the list. */
  option: (item: Item) => JSX.Element;
  /** Inside the button: what is chosen now. */
  children: JSX.Element;
  icon?: "down" | "updown";
  class?: string;
  align?: "start" | "end";
}

/**
 * A button that opens a list to choose one item from (the listbox pattern of the ARIA guide): arrows, Home, End, Enter,
 * Escape, and nothing is chosen before Enter or a click.
 */
export function Listbox<Item>(props: ListboxProps<Item>) {
  const id = createUniqueId();
  const [isOpen, setOpen] = createSignal(false);
  const [active, setActive] = createSignal(0);
  let button: HTMLButtonElement | undefined;
  let list: HTMLDivElement | undefined;
  let root: HTMLDivElement | undefined;

  const optionId = (index: number) => `${id}-${index}`;
  const open = () => {
    setActive(
      Math.max(
        0,
        props.items.findIndex(item => props.keyOf(item) === props.selectedKey),
      ),
    );
    setOpen(true);
    list?.focus();
    document.getElementById(optionId(active()))?.scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    setOpen(false);
    button?.focus();
  };
  const choose = (index: number) => {
    const item = props.items[index];
    if (item !== undefined) props.onSelect(item);
    close();
  };

  const keys: Record<string, () => void> = {
    ArrowDown: () => setActive(at => Math.min(at + 1, props.items.length - 1)),
    ArrowUp: () => setActive(at => Math.max(at - 1, 0)),
    Home: () => setActive(0),
    End: () => setActive(props.items.length - 1),
    Enter: () => choose(active()),
    " ": () => choose(active()),
    Escape: close,
  };
  const onListKey = (event: KeyboardEvent) => {
    if (event.key === "Tab") {
      setOpen(false);
      return;
    }
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const onButtonKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open();
  };

  createEffect(
    on(active, index => {
      if (isOpen()) document.getElementById(optionId(index))?.scrollIntoView({ block: "nearest" });
    }),
  );
  createEffect(() => {
    if (!isOpen()) return;
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !root?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    onCleanup(() => document.removeEventListener("pointerdown", outside));
  });

  return (
    <div class={`listbox ${props.class ?? ""}`} ref={root}>
      <button
        type="button"
        class="listbox-button"
        ref={button}
        aria-haspopup="listbox"
        aria-expanded={isOpen()}
        aria-controls={id}
        onClick={() => (isOpen() ? close() : open())}
        onKeyDown={onButtonKey}
      >
        <span class="vh">{words.chosen(props.label)}</span>
        <span class="listbox-value">{props.children}</span>
        <Icon name={props.icon ?? "down"} class="dim" />
      </button>
      <div
        class="listbox-list"
        classList={{ open: isOpen(), end: props.align === "end" }}
        id={id}
        ref={list}
        role="listbox"
        aria-label={props.label}
        tabIndex={-1}
        aria-activedescendant={isOpen() ? optionId(active()) : undefined}
        onKeyDown={onListKey}
      >
        <For each={isOpen() ? props.items : []}>
          {(item, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself takes the keys (aria-activedescendant).
            <div
              id={optionId(index())}
              role="option"
              class="listbox-item"
              tabIndex={-1}
              aria-selected={props.keyOf(item) === props.selectedKey}
              classList={{ active: active() === index() }}
              onClick={() => choose(index())}
              onPointerMove={() => setActive(index())}
            >
              <span class="listbox-option">{props.option(item)}</span>
              <Show when={props.keyOf(item) === props.selectedKey}>
                <Icon name="check" />
              </Show>
            </div>
          )}
        </For>
      </div>
    </div>
  );
}
