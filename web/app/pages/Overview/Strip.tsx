import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import { isListed } from "../../data/coverage.ts";
import type { Assessment } from "../../data/documents/assessments.ts";
import { usePageLink } from "../../data/links.ts";
import { useLive } from "../../data/live.tsx";
import { byteParts } from "../../ui/format/bytes.ts";
import { bytesChange, change } from "../../ui/format/change.ts";
import { count, counted } from "../../ui/format/count.ts";
import { share } from "../../ui/format/share.ts";
import { since } from "../../ui/format/time.ts";
import { Verdict } from "../../ui/Verdict.tsx";
import "./strip.css";

type CountField = "totalDatabases" | "totalTables" | "migrationReady" | "needsConversion" | "unknown";

/** The six numbers of an assessment, and what changed since the previous one of the same account and region. */
export function Strip(props: { assessment: Assessment; previous: Assessment | undefined; isFirst: boolean }) {
  const live = useLive();
  const link = usePageLink();
  const sinceWhen = (previous: Assessment) =>
    `since ${since(new Date(previous.timestamp), new Date(props.assessment.timestamp), live.now())}`;
  const changeOf = (field: CountField) =>
    props.previous ? `${change(props.assessment[field], props.previous[field])} ${sinceWhen(props.previous)}` : "";
  const changeOrFirst = (field: CountField) => (props.isFirst ? "first assessment" : changeOf(field));
  // A card has room for a share and one short change: when nothing changed, the date is left to the cards beside it.
  const shareAndChange = (field: CountField) => {
    const part = share(props.assessment[field], props.assessment.totalTables);
    if (!props.previous) return part;
    return props.assessment[field] === props.previous[field] ? `${part} · no change` : `${part} · ${changeOf(field)}`;
  };
  const size = () => byteParts(Number(props.assessment.totalSizeBytes ?? 0));
  const sizeIsKnown = () => props.assessment.totalSizeBytes !== null && props.assessment.sizedTables > 0;
  const sizeNote = () => {
    const { totalSizeBytes, sizedTables } = props.assessment;
    if (!sizeIsKnown()) return "no table reports a size";
    if (!props.previous || props.previous.totalSizeBytes === null) {
      return `${counted(sizedTables, "table reports", "tables report")} a size`;
    }
    return `${bytesChange(Number(totalSizeBytes), Number(props.previous.totalSizeBytes))} ${sinceWhen(props.previous)}`;
  };
  return (
    <dl class="strip">
      <Card
        href={link("/databases")}
        label="Databases"
        value={count(props.assessment.totalDatabases)}
        note={isListed(props.assessment) ? changeOrFirst("totalDatabases") : "the list is incomplete"}
      />
      <Card
        href={link("/tables")}
        label="Tables"
        value={count(props.assessment.totalTables)}
        note={changeOrFirst("totalTables")}
      />
      <Card
        href={link("/databases", { sort: "-size" })}
        title={sizeIsKnown() ? `${count(Number(props.assessment.totalSizeBytes))} bytes` : undefined}
        label="Known size"
        value={
          sizeIsKnown() ? (
            <>
              {size().value}
              <small>{size().unit}</small>
            </>
          ) : (
            <small class="strip-word">none known</small>
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
