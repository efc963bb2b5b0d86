import { useLocation } from "@solidjs/router";
import { createEffect, createSignal, lazy, on, onCleanup, onMount, type ParentProps, Show, Suspense } from "solid-js";
import { words } from "../../words/ui/shell.ts";
import type { NavigationGroup } from "./navigation.ts";
import { PresentationBar } from "./PresentationBar.tsx";
import { SideBar } from "./SideBar.tsx";
import { createScale } from "./scale.ts";
import "./shell.css";

const Palette = lazy(async () => ({ default: (await import("../palette/Palette.tsx")).Palette }));

/** The frame around every page: side bar, or top bar with a menu below 800 px; neither while presenting. */
export function Shell(props: ParentProps<{ groups: readonly NavigationGroup[] }>) {
  const [isMenuOpen, setMenuOpen] = createSignal(false);
  const [isSearching, setSearching] = createSignal(false);
  const location = useLocation();
  const scale = createScale();
  createEffect(on([() => location.pathname, () => location.search], () => setMenuOpen(false), { defer: true }));

  onMount(() => {
    // A menu left open must not lock the page when the window grows and the side bar takes its place.
    const wide = matchMedia("(min-width: 801px)");
    const closeWhenWide = () => wide.matches && setMenuOpen(false);
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        setSearching(true);
      }
    };
    wide.addEventListener("change", closeWhenWide);
    document.addEventListener("keydown", onKey);
    onCleanup(() => {
      wide.removeEventListener("change", closeWhenWide);
      document.removeEventListener("keydown", onKey);
    });
  });

  return (
    <>
      <a class="skip" href="#main" rel="external">
        {words.skip}
      </a>
      <div class="shell" classList={{ "menu-open": isMenuOpen(), presenting: scale.isWall() }}>
        <Show
          when={scale.isWall()}
          fallback={
            <SideBar
              groups={props.groups}
              isMenuOpen={isMenuOpen()}
              onMenu={setMenuOpen}
              onSearch={() => setSearching(true)}
            />
          }
        >
          <PresentationBar onLeave={() => scale.set(false)} />
        </Show>
        <main class="main" id="main" tabindex={-1} inert={isMenuOpen()}>
          <Suspense>{props.children}</Suspense>
        </main>
      </div>
      <Show when={isSearching()}>
        <Suspense>
          <Palette
            groups={props.groups}
            onClose={() => setSearching(false)}
            onPresent={() => scale.set(!scale.isWall())}
          />
        </Suspense>
      </Show>
    </>
  );
}
