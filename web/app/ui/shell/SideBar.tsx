import { A } from "@solidjs/router";
import { createEffect, onCleanup } from "solid-js";
import { Icon } from "../Icon.tsx";
import { AccessLine } from "./AccessLine.tsx";
import { Brand } from "./Brand.tsx";
import { LiveLine } from "./LiveLine.tsx";
import { ScopePicker } from "./ScopePicker.tsx";
import "./side-bar.css";

export function SideBar(props: { isMenuOpen: boolean; onMenu: (open: boolean) => void }) {
  let menuButton: HTMLButtonElement | undefined;
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
        <A class="brand" href="/">
          <Brand />
        </A>
        <button
          class="menu-button only-sm"
          type="button"
          ref={menuButton}
          aria-label="Menu"
          aria-expanded={props.isMenuOpen}
          aria-controls="menu"
          onClick={() => props.onMenu(!props.isMenuOpen)}
        >
          <Icon name={props.isMenuOpen ? "close" : "menu"} />
        </button>
      </div>
      <div class="side-body" id="menu">
        <ScopePicker />
        <nav aria-label="Main">
          <p class="side-group" id="nav-assessment">
            Assessment
          </p>
          <ul aria-labelledby="nav-assessment">
            <li>
              <A href="/" end>
                <Icon name="overview" />
                Overview
              </A>
            </li>
          </ul>
        </nav>
        <div class="side-foot">
          <LiveLine />
          <AccessLine />
        </div>
      </div>
    </header>
  );
}
