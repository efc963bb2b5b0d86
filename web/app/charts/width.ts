import { type Accessor, createSignal, onCleanup } from "solid-js";

/** The width of an element in px as it changes: charts are drawn anew for it, so that their text is never scaled. */
export function createWidth(first: number): { width: Accessor<number>; watch: (element: HTMLElement) => void } {
  const [width, setWidth] = createSignal(first);
  return {
    width,
    watch: element => {
      const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
      observer.observe(element);
      onCleanup(() => observer.disconnect());
    },
  };
}
