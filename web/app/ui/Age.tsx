import { useLive } from "../data/live.tsx";
import { age } from "./format/age.ts";
import { time } from "./format/time.ts";

/** `5 h ago`, kept current; the exact time is in the tooltip. */
export function Age(props: { at: string }) {
  const live = useLive();
  const at = () => new Date(props.at);
  return (
    <time dateTime={props.at} title={time(at())}>
      {age(at(), live.now())}
    </time>
  );
}
