import { type Accessor, createSignal, onCleanup, onMount } from "solid-js";
import { rem } from "../ui/narrow.ts";

interface Size {
  width: Accessor<number>;
  height: Accessor<number>;
  /** How much larger than usual the text is, on a wall screen: margins that hold text grow with it. */
  scale: Accessor<number>;
  watch: (element: HTMLElement) => void;
}

/** The size of an element in px as it changes: charts are drawn anew for it, so that their text is never scaled. */
export function createWidth(first: number): Size {
  const [width, setWidth] = createSignal(first);
  const [height, setHeight] = createSignal(0);
  const [scale, setScale] = createSignal(1);
  const measure = (wide: number, high: number) => {
    setScale(rem() / 16);
    setWidth(Math.floor(wide));
    setHeight(Math.floor(high));
  };
  return {
    width,
    height,
    scale,
    watch: element => {
      const observer = new ResizeObserver(
        ([entry]) => entry && measure(entry.contentRect.width, entry.contentRect.height),
      );
      observer.observe(element);
      // The observer speaks once the page is laid out; until then a chart of the first width could be wider than a phone.
      onMount(() => element.clientWidth > 0 && measure(element.clientWidth, element.clientHeight));
      onCleanup(() => observer.disconnect());
    },
  };
}
