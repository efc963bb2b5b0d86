import { words } from "../../words/ui/shell.ts";

/** Dashed square, solid square: what is unknown becomes measured. */
export function Brand() {
  return (
    <>
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        <rect
          x=".75"
          y=".75"
          width="11"
          height="11"
          rx="1.5"
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
          stroke-dasharray="2.4 1.8"
        />
        <rect class="brand-solid" x="6" y="6" width="11.5" height="11.5" rx="2" />
      </svg>
      <span>
        {words.brand(text => (
          <em>{text}</em>
        ))}
      </span>
    </>
  );
}
