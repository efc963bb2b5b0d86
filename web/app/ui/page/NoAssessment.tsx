import type { Mark } from "../../words/sentence.ts";
import { words } from "../../words/ui/notices.ts";
import { Command } from "../Command.tsx";
import { Icon } from "../Icon.tsx";
import { Notice } from "../Notice.tsx";
import "./no-assessment.css";

const mono: Mark = text => <span class="mono">{text}</span>;

/** The first page anybody sees: what an assessment is, and the commands that make one. */
export function NoAssessment() {
  return (
    <Notice title={words.nothingAssessed}>
      <p>{words.whatItIs}</p>
      <ul class="ways">
        <li>
          <Icon name="terminal" />
          <div>
            <h2>{words.assess}</h2>
            <p>{words.assessHow}</p>
            <Command label={words.assess} text={words.assessCommand} />
            <p class="ways-note">{words.assessNeeds(mono)}</p>
          </div>
        </li>
        <li>
          <Icon name="file" />
          <div>
            <h2>{words.ingest}</h2>
            <p>{words.ingestWhat(mono)}</p>
            <Command label={words.ingestLabel} text={words.ingestCommand} />
          </div>
        </li>
        <li>
          <Icon name="play" />
          <div>
            <h2>{words.demo}</h2>
            <p>{words.demoWhat}</p>
            <Command label={words.demoLabel} text={words.demoCommand} />
          </div>
        </li>
      </ul>
      <p class="ways-wait">
        <span class="live-dot" />
        {words.watching}
      </p>
    </Notice>
  );
}
