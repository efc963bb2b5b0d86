import { A, useSearchParams } from "@solidjs/router";
import { words } from "../../words/ui/notices.ts";
import { Notice } from "../Notice.tsx";

/** A link to an assessment that was deleted, or that this name may not read: the database does not tell which. */
export function NoSuchAssessment() {
  const [params] = useSearchParams<{ assessment?: string }>();
  return (
    <Notice title={words.noAssessment}>
      <p>
        {words.noAssessmentWhy} <A href="/">{words.openNewest}</A>
      </p>
      <p class="notice-words">{params.assessment}</p>
    </Notice>
  );
}
