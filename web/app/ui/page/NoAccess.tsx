import { useLive } from "../../data/live.tsx";
import { words } from "../../words/ui/notices.ts";
import { Command } from "../Command.tsx";
import { Notice } from "../Notice.tsx";

/** The database may be full, but this name sees none of it. */
export function NoAccess() {
  const live = useLive();
  const who = () => live.access()?.userName ?? live.access()?.roleName ?? "";
  return (
    <Notice title={words.noAccess}>
      <p>
        {words.noAccessWhy(<b>{who()}</b>, text => (
          <span class="mono">{text}</span>
        ))}
      </p>
      <Command label={words.grant} text={words.grantCommand(who())} />
    </Notice>
  );
}
