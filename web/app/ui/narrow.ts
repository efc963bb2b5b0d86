import { type Accessor, createSignal, onCleanup } from "solid-js";

/** Whether the window is as narrow as a phone (below 800 px), where rows take two lines and filters become a sheet. */
export function createNarrow(): Accessor<boolean> {
  const query = matchMedia("(max-width: 800px)");
  const [isNarrow, setNarrow] = createSignal(query.matches);
  const update = () => setNarrow(query.matches);
  query.addEventListener("change", update);
  onCleanup(() => query.removeEventListener("change", update));
  return isNarrow;
}

/** Pixels of one rem, which the scale of a presentation changes. */
export function rem(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
