import { useLive } from "../../data/live.tsx";
import { Command } from "../Command.tsx";
import { Notice } from "../Notice.tsx";

/** The database may be full, but this name sees none of it. */
export function NoAccess() {
  const live = useLive();
  const who = () => live.access()?.userName ?? live.access()?.roleName ?? "";
  return (
    <Notice title="No AWS account is open to you">
      <p>
        Assessments belong to AWS accounts, and <b>{who()}</b> may not read any of them yet. Whoever runs the database
        grants an account, or <span class="mono">*</span> for all of them, in psql:
      </p>
      <Command label="Grant access" text={`select a2o.grant_account_access('${who().replaceAll("'", "''")}', '*');`} />
    </Notice>
  );
}
