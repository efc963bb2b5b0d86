import type { JSX } from "solid-js";
import "./icon.css";

const line = (d: string) => () => (
  <path d={d} fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" />
);

/** Facts about tables are square, states of jobs are round or angular: the two sets cannot be taken for each other. */
const icons = {
  updown: line("m5 6.2 3-3 3 3M5 9.8l3 3 3-3"),
  down: line("m4.5 6.5 3.5 3.5 3.5-3.5"),
  overview: line("M2.5 2.5h4.5v6H2.5zM9 2.5h4.5v3.5H9zM9 8h4.5v5.5H9zM2.5 10.5H7v3H2.5z"),
  menu: line("M2.5 4.5h11M2.5 8h11M2.5 11.5h11"),
  close: line("m3.8 3.8 8.4 8.4m0-8.4-8.4 8.4"),
  check: line("m3.5 8.4 3 3 6-6.6"),
  terminal: line("M2 3h12v10H2zM4.7 6l2 2-2 2M8.3 10.2h3"),
  file: line("M4 2h5l3.5 3.5V14H4zM9 2v3.5h3.5"),
  play: line("M4.5 3v10L13 8z"),
  copy: line("M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3"),
  retry: line("M13.4 8a5.4 5.4 0 1 1-1.7-3.9l1.7 1.5M13.4 2.6v3h-3"),
  theme: () => (
    <>
      <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.4" />
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
    </>
  ),
  ready: () => (
    <>
      <rect x="1.5" y="1.5" width="13" height="13" rx="2.5" fill="currentColor" />
      <path class="icon-cut" d="m4.6 8.2 2.4 2.4 4.5-5" fill="none" stroke-width="1.8" />
    </>
  ),
  needs: () => (
    <>
      <path
        d="M8 1.4 14.6 8 8 14.6 1.4 8z"
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linejoin="round"
      />
      <path d="M8 1.4v13.2L1.4 8z" fill="currentColor" />
    </>
  ),
  unknown: () => (
    <>
      <rect
        x="2"
        y="2"
        width="12"
        height="12"
        rx="2.5"
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-dasharray="2.6 1.9"
      />
      <path
        d="M6.2 6.5A1.8 1.8 0 1 1 8 8.3v.9"
        fill="none"
        stroke="currentColor"
        stroke-width="1.4"
        stroke-linecap="round"
      />
      <circle cx="8" cy="11.3" r=".9" fill="currentColor" />
    </>
  ),
  failed: () => (
    <>
      <path d="M5.2 1.3h5.6l3.9 3.9v5.6l-3.9 3.9H5.2l-3.9-3.9V5.2z" fill="currentColor" />
      <path class="icon-cut" d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" fill="none" stroke-width="1.7" />
    </>
  ),
  stalled: () => (
    <>
      <path d="M8 1.6 15 14H1z" fill="currentColor" stroke="currentColor" stroke-width="1" stroke-linejoin="round" />
      <path class="icon-cut" d="M8 6v3.6M8 11.2v1.4" fill="none" stroke-width="1.7" />
    </>
  ),
} satisfies Record<string, () => JSX.Element>;

export type IconName = keyof typeof icons;

/** Decoration beside a word: never the only carrier of a meaning, so screen readers do not hear it. */
export function Icon(props: { name: IconName; class?: string }) {
  return (
    <svg class={`icon ${props.class ?? ""}`} viewBox="0 0 16 16" aria-hidden="true">
      {icons[props.name]()}
    </svg>
  );
}
