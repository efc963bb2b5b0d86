import { type Accessor, createSignal, onCleanup, onMount } from "solid-js";

/** The present, once a second: for ages and "updated 4 s ago". Anything coarser would let a stale page look fresh. */
export function createClock(): Accessor<Date> {
  const [now, setNow] = createSignal(new Date());
  onMount(() => {
    const timer = setInterval(() => setNow(new Date()), 1000);
    onCleanup(() => clearInterval(timer));
  });
  return now;
}
