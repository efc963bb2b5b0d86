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
  database: line(
    "M3 3.8C3 2.8 5.2 2 8 2s5 .8 5 1.8-2.2 1.8-5 1.8-5-.8-5-1.8v8.4c0 1 2.2 1.8 5 1.8s5-.8 5-1.8V3.8M3 8c0 1 2.2 1.8 5 1.8S13 9 13 8",
  ),
  table: line("M2.5 3h11v10h-11zM2.5 6.3h11M6.2 6.3V13"),
  finding: line("M3 2.5v11M3 3.2h8.8L10 6.1l1.8 2.9H3"),
  compare: line("M2.5 5.5h9M9 3l2.5 2.5L9 8M13.5 10.5h-9M7 8l-2.5 2.5L7 13"),
  swap: line("M4 6h8.5M10 3.5 12.5 6M12 10H3.5M6 12.5 3.5 10"),
  active: line("M1.5 8.5h2.7l2-5 3.2 9.5 2.1-4.5h3"),
  alert: line(
    "M8 2a3.8 3.8 0 0 1 3.8 3.8c0 3.4 1.4 4.7 1.4 4.7H2.8s1.4-1.3 1.4-4.7A3.8 3.8 0 0 1 8 2M6.6 13a1.5 1.5 0 0 0 2.8 0",
  ),
  history: line("M2.6 8a5.4 5.4 0 1 0 1.7-3.9L2.6 5.6M2.6 2.6v3h3M8 5.2V8l2 1.3"),
  monitor: line("M2 3h12v8H2zM6 13.5h4M8 11v2.5"),
  search: line("M11.3 7A4.3 4.3 0 1 1 2.7 7a4.3 4.3 0 0 1 8.6 0M10.2 10.2 13.5 13.5"),
  filter: line("M2 4h12M4.5 8h7M6.5 12h3"),
  columns: line("M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10"),
  download: line("M8 2.5V10M5 7.2l3 3 3-3M2.8 13.2h10.4"),
  external: line("M9 2.5h4.5V7M13.5 2.5 7.5 8.5M6 3.5H3v9.5h9.5v-3"),
  arrow: line("M3 8h10M9.5 4.5 13 8l-3.5 3.5"),
  ascending: line("M8 13V3M4.5 6.5 8 3l3.5 3.5"),
  descending: line("M8 3v10M4.5 9.5 8 13l3.5-3.5"),
  present: line("M2 2.8h12M3 2.8v7.4h10V2.8M8 10.2v2M5.5 14 8 12.2l2.5 1.8"),
  print: line("M4.5 6V2.5h7V6M4.5 11h-2V6h11v5h-2M4.5 9.5h7v4h-7z"),
  person: line("M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8M3 13.5c.4-2.4 2.4-3.7 5-3.7s4.6 1.3 5 3.7"),
  plus: line("M8 3.2v9.6M3.2 8h9.6"),
  minus: line("M3.2 8h9.6"),
  low: line("M8 3v10M4.5 9.5 8 13l3.5-3.5M3 3h10"),
  info: line("M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0M8 7.2v3.6M8 5v.2"),
  pending: line("M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0M8 5v3l2 1.3"),
  running: () => (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5" opacity=".35" />
      <path d="M8 2a6 6 0 0 1 5.2 9" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" />
      <circle cx="8" cy="8" r="2.3" fill="currentColor" />
    </>
  ),
  completed: () => (
    <>
      <circle cx="8" cy="8" r="6.5" fill="currentColor" />
      <path class="icon-cut" d="m4.9 8.2 2.2 2.2 4-4.6" fill="none" stroke-width="1.7" />
    </>
  ),
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
