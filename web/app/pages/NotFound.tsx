import { A } from "@solidjs/router";
import { Notice } from "../ui/Notice.tsx";

export function NotFound() {
  return (
    <Notice title="There is no such page">
      <p>
        The address may be mistyped, or the page has moved. <A href="/">Open the overview</A>
      </p>
    </Notice>
  );
}
