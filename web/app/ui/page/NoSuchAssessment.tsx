import { A, useSearchParams } from "@solidjs/router";
import { Notice } from "../Notice.tsx";

/** A link to an assessment that was deleted, or that this name may not read: the database does not tell which. */
export function NoSuchAssessment() {
  const [params] = useSearchParams<{ assessment?: string }>();
  return (
    <Notice title="There is no such assessment">
      <p>
        The link may be cut off, the assessment deleted, or its AWS account not open to you.{" "}
        <A href="/">Open the newest assessment</A>
      </p>
      <p class="notice-words">{params.assessment}</p>
    </Notice>
  );
}
