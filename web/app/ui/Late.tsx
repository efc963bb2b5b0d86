import { createSignal, onCleanup, onMount, type ParentProps, Show } from "solid-js";

/** Shows its children only if they are still needed after 200 ms, so that quick answers do not flash a skeleton. */
export function Late(props: ParentProps) {
  const [isLate, setLate] = createSignal(false);
  onMount(() => {
    const timer = setTimeout(() => setLate(true), 200);
    onCleanup(() => clearTimeout(timer));
  });
  return <Show when={isLate()}>{props.children}</Show>;
}
