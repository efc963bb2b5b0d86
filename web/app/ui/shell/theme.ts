import { remember } from "../../data/remembered.ts";

/**
 * Flips between light and dark. A choice that equals the system's is forgotten, so that the page follows the system
 * again. `public/theme.js` applies the choice before the first paint.
 */
export function flipTheme(): void {
  const root = document.documentElement;
  const next = root.dataset.theme === "dark" ? "light" : "dark";
  root.dataset.theme = next;
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  remember("theme", next === system ? undefined : next);
}
