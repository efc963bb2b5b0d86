import { A } from "@solidjs/router";
import { createEffect, createUniqueId, For, onCleanup } from "solid-js";
import { usePageLink } from "../../data/links.ts";
import { words } from "../../words/ui/shell.ts";
import { Icon } from "../Icon.tsx";
import { AccessLine } from "./AccessLine.tsx";
import { Brand } from "./Brand.tsx";
import { LiveLine } from "./LiveLine.tsx";
import type { NavigationGroup } from "./navigation.ts";
import { ScopePicker } from "./ScopePicker.tsx";
import "./side-bar.css";

interface SideBarProps {
  groups: readonly NavigationGroup[];
  isMenuOpen: boolean;
  onMenu: (open: boolean) => void;
  onSearch: () => void;
}

export function SideBar(props: SideBarProps) {
  let menuButton: HTMLButtonElement | undefined;
  const link = usePageLink();
  createEffect(() => {
    if (!props.isMenuOpen) return;
    const closeOnEscape = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      props.onMenu(false);
      menuButton?.focus();
    };
    document.addEventListener("keydown", closeOnEscape);
    onCleanup(() => document.removeEventListener("keydown", closeOnEscape));
  });
  return (
    <header class="side">
      <div class="side-top">
        <A class="brand" href={link("/")}>
          <Brand />
        </A>
        <button class="side-search only-sm" type="button" aria-label={words.search} onClick={() => props.onSearch()}>
          <Icon name="search" />
        </button>
        <button
          class="menu-button only-sm"
          type="button"
          ref={menuButton}
          aria-label={words.menu}
          aria-expanded={props.isMenuOpen}
          aria-controls="menu"
          onClick={() => props.onMenu(!props.isMenuOpen)}
        >
          <Icon name={props.isMenuOpen ? "close" : "menu"} />
        </button>
      </div>
      <div class="side-body" id="menu">
        <ScopePicker />
        <button class="side-find hide-sm" type="button" onClick={() => props.onSearch()}>
          <Icon name="search" />
          {words.search}
          <kbd>Ctrl K</kbd>
        </button>
        <nav aria-label={words.main}>
          <For each={props.groups}>{group => <Group group={group} />}</For>
        </nav>
        <div class="side-foot">
          <LiveLine />
          <AccessLine />
        </div>
      </div>
    </header>
  );
}

function Group(props: { group: NavigationGroup }) {
  const id = createUniqueId();
  const link = usePageLink();
  return (
    <>
      <p class="side-group" id={id}>
        {props.group.title}
      </p>
      <ul aria-labelledby={id}>
        <For each={props.group.entries}>
          {entry => (
            <li>
              <A href={link(entry.path)} end={entry.isExact ?? false}>
                <Icon name={entry.icon} />
                {entry.label}
                {entry.badge && <span class="side-badge">{entry.badge()}</span>}
              </A>
            </li>
          )}
        </For>
      </ul>
    </>
  );
}
