import { A } from "@solidjs/router";
import { Notice } from "../ui/Notice.tsx";
import { words } from "../words/ui/notices.ts";

export function NotFound() {
  return (
    <Notice title={words.noPage}>
      <p>
        {words.noPageWhy} <A href="/">{words.openOverview}</A>
      </p>
    </Notice>
  );
}
