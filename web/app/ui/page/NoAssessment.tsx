import { Command } from "../Command.tsx";
import { Icon } from "../Icon.tsx";
import { Notice } from "../Notice.tsx";
import "./no-assessment.css";

/** The first page anybody sees: what an assessment is, and the commands that make one. */
export function NoAssessment() {
  return (
    <Notice title="Nothing has been assessed yet">
      <p>
        An assessment reads an AWS Glue catalog and says which tables can move as they are, which need conversion and
        which could not be judged. It only reads metadata: no table data is opened, and no AWS credential is stored
        here.
      </p>
      <ul class="ways">
        <li>
          <Icon name="terminal" />
          <div>
            <h2>Assess a catalog</h2>
            <p>Uses the AWS profile on the machine where you run it. Nothing is changed in AWS.</p>
            <Command
              label="Assess a catalog"
              text="aws2openstack assess glue-catalog --region eu-central-1 --output-dir reports --save-to-db"
            />
            <p class="ways-note">
              Needs <span class="mono">glue:GetDatabases</span> and <span class="mono">glue:GetTables</span>.
            </p>
          </div>
        </li>
        <li>
          <Icon name="file" />
          <div>
            <h2>Ingest reports you already have</h2>
            <p>
              Any <span class="mono">glue-catalog-assessment.json</span>, from this tool or the Python one.
            </p>
            <Command label="Ingest reports" text="aws2openstack ingest reports/*.json" />
          </div>
        </li>
        <li>
          <Icon name="play" />
          <div>
            <h2>Look around with simulated data</h2>
            <p>Starts an AWS simulator. Everything that comes from it is marked as simulated.</p>
            <Command label="Start with simulated data" text="aws2openstack up --demo" />
          </div>
        </li>
      </ul>
      <p class="ways-wait">
        <span class="live-dot" />
        Watching for the first assessment. This page opens it by itself.
      </p>
    </Notice>
  );
}
