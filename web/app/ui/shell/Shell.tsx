import { useLocation } from "@solidjs/router";
import { createEffect, createSignal, on, onCleanup, onMount, type ParentProps } from "solid-js";
import { SideBar } from "./SideBar.tsx";
import "./shell.css";

/** The frame around every page: side bar, or top bar with a menu below 800 px. */
export function Shell(props: ParentProps) {
  const [isMenuOpen, setMenuOpen] = createSignal(false);
  const location = useLocation();
  createEffect(on([() => location.pathname, () => location.search], () => setMenuOpen(false), { defer: true }));

  onMount(() => {
    // A menu left open must not lock the page when the window grows and the side bar takes its place.
    const wide = matchMedia("(min-width: 801px)");
    const closeWhenWide = () => wide.matches && setMenuOpen(false);
    wide.addEventListener("change", closeWhenWide);
    onCleanup(() => wide.removeEventListener("change", closeWhenWide));
  });

  return (
    <>
      <a class="skip" href="#main" rel="external">
        Skip to content
      </a>
      <div class="shell" classList={{ "menu-open": isMenuOpen() }}>
        <SideBar isMenuOpen={isMenuOpen()} onMenu={setMenuOpen} />
        <main class="main" id="main" tabindex={-1} inert={isMenuOpen()}>
          {props.children}
        </main>
      </div>
    </>
  );
}
