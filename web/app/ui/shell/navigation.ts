import type { JSX } from "solid-js";
import type { IconName } from "../Icon.tsx";

/** One entry of the side bar and of the command palette. */
export interface NavigationEntry {
  path: string;
  label: string;
  icon: IconName;
  /** At the right of the entry: how many there are, or what needs attention. */
  badge?: () => JSX.Element;
  /** True when only the path itself is this entry's page, and not what is below it. */
  isExact?: boolean;
}

export interface NavigationGroup {
  title: string;
  entries: readonly NavigationEntry[];
}
