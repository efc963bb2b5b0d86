import { type Accessor, createSignal, onCleanup, onMount } from "solid-js";

/** The width of an element in px as it changes: charts are drawn anew for it, so that their text is never scaled. */
export function createWidth(first: number): { width: Accessor<number>; watch: (element: HTMLElement) => void } {
  const [width, setWidth] = createSignal(first);
  return {
    width,
    watch: element => {
      const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
      observer.observe(element);
      // The observer speaks once the page is laid out; until then a chart of the first width could be wider than a phone.
      onMount(() => element.clientWidth > 0 && setWidth(element.clientWidth));
      onCleanup(() => observer.disconnect());
    },
  };
}
