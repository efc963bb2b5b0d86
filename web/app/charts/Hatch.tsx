import "./hatch.css";

/** Hatching always means: not known. Violet for the verdict Unknown, grey for what was not read or not reported. */
export function HatchPattern(props: { id: string; kind: "unknown" | "gap" }) {
  return (
    <pattern
      id={props.id}
      class={`hatch-${props.kind}`}
      width="5"
      height="5"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect width="5" height="5" />
      <path d="M0 0v5" stroke-width={props.kind === "unknown" ? "4.4" : "3"} />
    </pattern>
  );
}
