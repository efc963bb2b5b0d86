import { Button } from "../Button.tsx";
import { Icon } from "../Icon.tsx";

/**
 * Flips between light and dark. A choice that equals the system's is forgotten, so that the page follows the system
 * again. `public/theme.js` applies the choice before the first paint.
 */
function flip(): void {
  const root = document.documentElement;
  const next = root.dataset.theme === "dark" ? "light" : "dark";
  root.dataset.theme = next;
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  try {
    if (next === system) localStorage.removeItem("theme");
    else localStorage.setItem("theme", next);
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
}

export function ThemeSwitch() {
  return (
    <Button kind="ghost" small class="square" aria-label="Switch between light and dark" onClick={flip}>
      <Icon name="theme" />
    </Button>
  );
}
