import { Dialog } from "@kobalte/core/dialog";
import { useNavigate } from "@solidjs/router";
import { createQuery } from "@urql/solid";
import { createEffect, createMemo, createSignal, createUniqueId, For, on, Show } from "solid-js";
import { findAnything } from "../../data/documents/palette.ts";
import { nodes, present } from "../../data/graphql.ts";
import { tablePath, usePageLink } from "../../data/links.ts";
import { useSelection } from "../../data/selection.tsx";
import { words } from "../../words/ui/shell.ts";
import { units } from "../../words/ui/units.ts";
import { Icon, type IconName } from "../Icon.tsx";
import { verdicts } from "../readiness.ts";
import type { NavigationGroup } from "../shell/navigation.ts";
import { flipTheme } from "../shell/theme.ts";
import "../overlay/dialog.css";
import "./palette.css";

interface Entry {
  icon: IconName;
  label: string;
  /** At the right, dimmed: where it is, or what it is. */
  note: string;
  isName?: boolean;
  act: () => void;
}

interface PaletteProps {
  groups: readonly NavigationGroup[];
  onClose: () => void;
  onPresent: () => void;
}

const matches = (name: string, typed: string): boolean => name.toLowerCase().includes(typed.toLowerCase());

/** Goes anywhere by typing: pages, databases and tables, and what can be done to the page itself (Ctrl K). */
export function Palette(props: PaletteProps) {
  const id = createUniqueId();
  const navigate = useNavigate();
  const link = usePageLink();
  const selection = useSelection();
  const [typed, setTyped] = createSignal("");
  const [asked, setAsked] = createSignal("");
  const [active, setActive] = createSignal(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const type = (text: string) => {
    setTyped(text);
    clearTimeout(timer);
    timer = setTimeout(() => setAsked(text.trim()), 120);
  };

  const [found] = createQuery({
    query: findAnything,
    variables: () => ({
      assessment: selection.id() ?? "",
      pattern: `%${asked().replace(/[\\%_]/g, "\\$&")}%`,
    }),
    pause: () => selection.id() === undefined || asked() === "",
  });
  const close = (then: () => void) => {
    props.onClose();
    then();
  };
  const go = (href: string) => close(() => navigate(href));

  const entries = createMemo<Entry[]>(() => {
    const text = typed().trim();
    const pages = props.groups.flatMap(group =>
      group.entries.map(entry => ({
        icon: entry.icon,
        label: entry.label,
        note: group.title,
        act: () => go(link(entry.path)),
      })),
    );
    const acts: Entry[] = [
      { icon: "theme", label: words.flipTheme, note: words.look, act: () => close(flipTheme) },
      { icon: "present", label: words.present, note: words.look, act: () => close(props.onPresent) },
      { icon: "print", label: words.print, note: words.look, act: () => close(() => setTimeout(print, 100)) },
    ];
    const own = [...pages, ...acts].filter(entry => matches(entry.label, text));
    if (text === "" || asked() === "") return own;
    const databases = nodes(found.data?.databases)
      .filter(each => matches(each.databaseName, text))
      .slice(0, 6)
      .map(each => ({
        icon: "database" as const,
        label: each.databaseName,
        isName: true,
        note: units.tables(each.tableCount),
        act: () => go(link("/tables", { database: each.databaseName })),
      }));
    const tables = present(found.data?.searchTables?.items)
      .filter(each => matches(each.tableName, text))
      .map(each => ({
        icon: verdicts[each.migrationReadiness].icon,
        label: each.tableName,
        isName: true,
        note: each.databaseName,
        act: () => go(link(tablePath(each.databaseName, each.tableName))),
      }));
    return [...own, ...databases, ...tables];
  });
  createEffect(on(typed, () => setActive(0)));
  const optionId = (index: number) => `${id}-${index}`;
  const move = (by: number) => {
    const size = entries().length;
    if (size === 0) return;
    setActive((active() + by + size) % size);
    document.getElementById(optionId(active()))?.scrollIntoView({ block: "nearest" });
  };
  const onKey = (event: KeyboardEvent) => {
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Enter: () => entries()[active()]?.act(),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <Dialog open onOpenChange={open => !open && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay class="dialog-shade" />
        <Dialog.Content class="dialog palette">
          <Dialog.Title class="vh">{words.search}</Dialog.Title>
          <div class="palette-field">
            <Icon name="search" />
            <input
              type="text"
              role="combobox"
              aria-label={words.searchHint}
              aria-expanded="true"
              aria-controls={id}
              aria-autocomplete="list"
              aria-activedescendant={entries().length > 0 ? optionId(active()) : undefined}
              placeholder={words.searchHint}
              autocomplete="off"
              spellcheck={false}
              onInput={event => type(event.currentTarget.value)}
              onKeyDown={onKey}
            />
            <kbd>Esc</kbd>
          </div>
          <div class="palette-list" id={id} role="listbox" aria-label={words.found}>
            <For each={entries()}>
              {(entry, index) => (
                <div
                  role="option"
                  id={optionId(index())}
                  class="palette-entry"
                  classList={{ active: active() === index() }}
                  aria-selected={active() === index()}
                  tabindex="-1"
                  onPointerMove={() => setActive(index())}
                  onClick={() => entry.act()}
                >
                  <Icon name={entry.icon} class={`palette-${entry.icon}`} />
                  <span classList={{ ident: entry.isName ?? false }}>{entry.label}</span>
                  <span class="palette-note">{entry.note}</span>
                </div>
              )}
            </For>
          </div>
          <Show when={entries().length === 0}>
            <p class="palette-none" role="status">
              {found.fetching ? words.searching : words.noneFound}
            </p>
          </Show>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog>
  );
}
