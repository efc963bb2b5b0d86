import { words } from "../../words/ui/shell.ts";
import { Button } from "../Button.tsx";
import { Icon } from "../Icon.tsx";
import { flipTheme } from "./theme.ts";

export function ThemeSwitch() {
  return (
    <Button kind="ghost" small class="square" aria-label={words.flipTheme} onClick={flipTheme}>
      <Icon name="theme" />
    </Button>
  );
}
