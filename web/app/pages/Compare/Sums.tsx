import type { JSX } from "solid-js";
import type { Comparison } from "../../data/documents/compare.ts";
import { useLive } from "../../data/live.tsx";
import { absent } from "../../ui/format/absent.ts";
import { bytesChange } from "../../ui/format/change.ts";
import { count } from "../../ui/format/count.ts";
import { day } from "../../ui/format/time.ts";
import { words } from "../../words/compare.ts";

/** From one number of tables to the other, and what lies between. */
export function Sums(props: { comparison: Comparison }) {
  const live = useLive();
  const on = (timestamp: string) => day(new Date(timestamp), live.now());
  const sizes = () => {
    const { sizeBytesBefore, sizeBytesAfter } = props.comparison;
    return sizeBytesBefore === null || sizeBytesAfter === null
      ? absent
      : bytesChange(Number(sizeBytesAfter), Number(sizeBytesBefore));
  };
  // What is neither new nor gone nor the same on both sides lies in databases that one of them could not read.
  const unread = () =>
    props.comparison.tablesAfter -
    props.comparison.tablesBefore -
    props.comparison.tablesAdded +
    props.comparison.tablesRemoved;
  return (
    <dl class="sums">
      <Sum label={on(props.comparison.fromTimestamp)} value={count(props.comparison.tablesBefore)} />
      <Sum label={words.added} value={`+${count(props.comparison.tablesAdded)}`} />
      <Sum label={words.removed} value={`\u2212${count(props.comparison.tablesRemoved)}`} />
      {unread() !== 0 && (
        <Sum
          isGap
          label={unread() < 0 ? words.notReadNow : words.notReadBefore}
          value={`${unread() < 0 ? "\u2212" : "+"}${count(Math.abs(unread()))}`}
        />
      )}
      <Sum label={on(props.comparison.toTimestamp)} value={count(props.comparison.tablesAfter)} />
      <Sum label={words.changed} value={count(props.comparison.tablesChanged)} />
      <Sum label={words.size} value={sizes()} />
    </dl>
  );
}

function Sum(props: { label: JSX.Element; value: JSX.Element; isGap?: boolean }) {
  return (
    <div classList={{ gap: props.isGap ?? false }}>
      <dt>{props.label}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}
