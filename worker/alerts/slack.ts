/** What a message tells, as a2o_private.alert_event writes it. */
export interface AlertMessage {
  type: string;
  timestamp: string;
  data: {
    webhook_name?: string;
    severity?: string;
    title?: string;
    message?: string;
    remedy?: string;
    aws_account_id?: string;
    region?: string;
    resolution?: string | null;
    is_simulated?: boolean;
    acknowledged_by?: string | null;
    job?: { console_url: string | null } | null;
  };
}

/** Slack cuts a text at 40,000 characters, other receivers earlier. AWS's error messages can be pages long. */
const LONGEST = 2_000;

/** The same for people: the JSON that incoming webhooks of Slack take. */
export function slackMessage({ type, data }: AlertMessage): string {
  if (type === "webhook.test") {
    return JSON.stringify({ text: `aws2openstack reaches this channel by its webhook ${plain(data.webhook_name)}.` });
  }
  const isOver = type === "alert.resolved";
  const severity = isOver ? "RESOLVED" : (data.severity ?? "");
  const place = [data.aws_account_id, data.region, ...(data.is_simulated ? ["simulated"] : [])];
  const url = data.job?.console_url;
  const lines = [
    `*${plain(severity)}: ${plain(data.title)}* (${place.map(plain).join(", ")})`,
    plain(cut(data.message ?? "")),
    ...(isOver ? [ending(data)] : [plain(data.remedy)]),
    ...(url === undefined || url === null ? [] : [`<${link(url)}|AWS console>`]),
  ];
  return JSON.stringify({ text: lines.join("\n") });
}

function ending({ resolution, acknowledged_by: by }: AlertMessage["data"]): string {
  if (resolution === "ACKNOWLEDGED") return `Acknowledged by ${plain(by ?? "somebody")}.`;
  return resolution === "REMOVED" ? "What it was about was removed." : "What it told of has ended.";
}

/** Neither markup nor a mention: Slack asks to escape &, < and >, and Mattermost mentions a channel wherever it is named. */
function plain(text: string | undefined): string {
  return (text ?? "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", "@\u200b");
}

const link = (url: string) => url.replace(/[<>|\s]/g, encodeURIComponent);

function cut(text: string): string {
  const characters = Array.from(text);
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST).join("")}…`;
}
