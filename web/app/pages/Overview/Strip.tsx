import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import { isListed } from "../../data/coverage.ts";
import type { Assessment } from "../../data/documents/assessments.ts";
import { usePageLink } from "../../data/links.ts";
import { useLive } from "../../data/live.tsx";
import { byteParts } from "../../ui/format/bytes.ts";
import { bytesChange, change } from "../../ui/format/change.ts";
import { count } from "../../ui/format/count.ts";
import { share } from "../../ui/format/share.ts";
import { since } from "../../ui/format/time.ts";
import { Verdict } from "../../ui/Verdict.tsx";
import { words as page } from "../../words/overview.ts";
import { units } from "../../words/ui/units.ts";
import "./strip.css";

type CountField = "totalDatabases" | "totalTables" | "migrationReady" | "needsConversion" | "unknown";

const words = page.strip;

/** The six numbers of an assessment, and what changed since the previous one of the same account and region. */
export function Strip(props: { assessment: Assessment; previous: Assessment | undefined; isFirst: boolean }) {
  const live = useLive();
  const link = usePageLink();
  const sinceWhen = (what: string, previous: Assessment) =>
    words.since(what, since(new Date(previous.timestamp), new Date(props.assessment.timestamp), live.now()));
  const changeOf = (field: CountField) =>
    props.previous ? sinceWhen(change(props.assessment[field], props.previous[field]), props.previous) : "";
  const changeOrFirst = (field: CountField) => (props.isFirst ? words.first : changeOf(field));
  // A card has room for a share and one short change: when nothing changed, the date is left to the cards beside it.
  const shareAndChange = (field: CountField) => {
    const part = share(props.assessment[field], props.assessment.totalTables);
    if (!props.previous) return part;
    return props.assessment[field] === props.previous[field]
      ? words.noChange(part)
      : words.changed(part, changeOf(field));
  };
  const size = () => byteParts(Number(props.assessment.totalSizeBytes ?? 0));
  const sizeIsKnown = () => props.assessment.totalSizeBytes !== null && props.assessment.sizedTables > 0;
  const sizeNote = () => {
    const { totalSizeBytes, sizedTables } = props.assessment;
    if (!sizeIsKnown()) return words.noSizes;
    if (!props.previous || props.previous.totalSizeBytes === null) {
      return words.sized(sizedTables);
    }
    return sinceWhen(bytesChange(Number(totalSizeBytes), Number(props.previous.totalSizeBytes)), props.previous);
  };
  return (
    <dl class="strip">
      <Card
        href={link("/databases")}
        label={words.databases}
        value={count(props.assessment.totalDatabases)}
        note={isListed(props.assessment) ? changeOrFirst("totalDatabases") : words.unlisted}
      />
      <Card
        href={link("/tables")}
        label={words.tables}
        value={count(props.assessment.totalTables)}
        note={changeOrFirst("totalTables")}
      />
      <Card
        href={link("/databases", { sort: "-size" })}
        title={sizeIsKnown() ? units.bytes(count(Number(props.assessment.totalSizeBytes))) : undefined}
        label={words.size}
        value={
          sizeIsKnown() ? (
            <>
              {size().value}
              <small>{size().unit}</small>
            </>
          ) : (
            <small class="strip-word">{words.noSize}</small>
          )
        }
        note={sizeNote()}
      />
      <Card
        href={link("/tables", { readiness: "READY" })}
        label={<Verdict of="READY" />}
        value={count(props.assessment.migrationReady)}
        note={shareAndChange("migrationReady")}
      />
      <Card
        href={link("/tables", { readiness: "NEEDS_CONVERSION" })}
        label={<Verdict of="NEEDS_CONVERSION" />}
        value={count(props.assessment.needsConversion)}
        note={shareAndChange("needsConversion")}
      />
      <Card
        href={link("/tables", { readiness: "UNKNOWN" })}
        label={<Verdict of="UNKNOWN" />}
        value={count(props.assessment.unknown)}
        note={shareAndChange("unknown")}
      />
    </dl>
  );
}

interface CardProps {
  /** Every number is a door. */
  href: string;
  title?: string | undefined;
  label: JSX.Element;
  value: JSX.Element;
  note: JSX.Element;
}

function Card(props: CardProps) {
  return (
    <div title={props.title}>
      <dt>
        <A class="strip-link" href={props.href}>
          {props.label}
        </A>
      </dt>
      <dd class="strip-value">{props.value}</dd>
      <dd class="strip-note">{props.note}</dd>
    </div>
  );
}
