import { defineCommand } from "citty";
import type pg from "pg";
import { errorCode } from "../../postgres/user-error.ts";
import { LOCAL_USER } from "../access.ts";
import { commonArgs, ExitCode, jsonArg, say, sayJson, tell, UsageError, withStorage } from "../common.ts";
import { table } from "../text.ts";

interface Grant {
  member: string;
  memberKind: "LOGIN" | "GROUP" | "USER";
  awsAccountId: string;
  accountName: string | null;
  isKnownAccount: boolean;
  grantedAt: Date;
  grantedBy: string;
  /** What keeps the grant from working, or makes it needless. */
  remarks: string[];
}

const KINDS = { LOGIN: "login", GROUP: "group role", USER: "web user" } as const;

const memberAndAccounts = {
  member: {
    type: "positional",
    required: false,
    valueHint: "MEMBER",
    description: "A login role of the database, or the name a user signs in to the dashboard with",
  },
  account: {
    type: "positional",
    required: false,
    valueHint: "ACCOUNT…",
    description: "AWS account ids of twelve digits, or '*' for every account",
  },
} as const;

const grantCommand = defineCommand({
  meta: {
    name: "grant",
    description: "Let a member read one or more AWS accounts",
    examples: [
      ["access grant ann 210987654321", "one account"],
      ["access grant ann@example.com '*'", "every account, for a user of the dashboard"],
    ],
  },
  args: { ...memberAndAccounts, ...commonArgs },
  async run({ args }) {
    const { member, accounts } = named(args._, "grant");
    return withOwner(async client => {
      for (const account of accounts) await client.query("select a2o.grant_account_access($1, $2)", [member, account]);
      const grants = await grantsOf(client, member);
      say(`${member} may read ${spoken(grants)}.`);
      for (const remark of new Set(grants.flatMap(grant => grant.remarks))) tell(`Warning: ${remark}`);
      if (grants.some(({ memberKind }) => memberKind === "USER") && member !== LOCAL_USER) {
        tell(
          `Warning: No role of the database is named ${member}; it is taken as a user who signs in to the dashboard.`,
        );
      }
      for (const grant of grants.filter(({ isKnownAccount }) => !isKnownAccount)) {
        tell(
          `Note: Account ${grant.awsAccountId} was never assessed here; the access counts from its first assessment on.`,
        );
      }
      return ExitCode.ok;
    });
  },
});

const revokeCommand = defineCommand({
  meta: {
    name: "revoke",
    description: "Take that back; it counts from the member's next query on",
    examples: [["access revoke ann 210987654321", "what was granted"]],
  },
  args: { ...memberAndAccounts, ...commonArgs },
  async run({ args }) {
    const { member, accounts } = named(args._, "revoke");
    return withOwner(async client => {
      let code: number = ExitCode.ok;
      for (const account of accounts) {
        const { rows } = await client.query<{ revoked: boolean }>(
          "select a2o.revoke_account_access($1, $2) as revoked",
          [member, account],
        );
        if (rows[0]?.revoked === true) continue;
        tell(`Error: ${member} was not given ${account === "*" ? "every account" : account}.`);
        code = ExitCode.failed;
      }
      const left = await grantsOf(client, member);
      say(left.length === 0 ? `${member} may read no account.` : `${member} may still read ${spoken(left)}.`);
      if (left.some(({ awsAccountId }) => awsAccountId === "*")) {
        tell(`Note: To narrow that: aws2openstack access revoke ${shellWord(member)} '*'`);
      }
      return code;
    });
  },
});

const listCommand = defineCommand({
  meta: {
    name: "list",
    description: "List who may read which account",
    examples: [["access list --json", "for a script"]],
  },
  args: { ...jsonArg, ...commonArgs },
  async run({ args }) {
    await withOwner(async client => {
      const grants = await grantsOf(client, null);
      if (args.json) {
        sayJson(grants);
        return;
      }
      if (grants.length === 0) {
        say("Nobody was given an account yet. A login that may read everything:");
        say("  aws2openstack access grant LOGIN '*'");
        return;
      }
      say(
        table(grants, [
          { title: "Member", value: grant => grant.member },
          { title: "Is a", value: grant => KINDS[grant.memberKind] },
          {
            title: "Account",
            value: ({ awsAccountId, isKnownAccount }) =>
              awsAccountId === "*" ? "* (every account)" : awsAccountId + (isKnownAccount ? "" : " (not assessed)"),
          },
          { title: "Name", value: grant => grant.accountName ?? "" },
          { title: "Given (UTC)", value: grant => grant.grantedAt.toISOString().slice(0, 16).replace("T", " ") },
          { title: "By", value: grant => grant.grantedBy },
        ]),
      );
      for (const remark of new Set(grants.flatMap(grant => grant.remarks))) tell(`Warning: ${remark}`);
    });
  },
});

/** Giving and taking access is the owner's, and all of a command's accounts or none. */
async function withOwner<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withStorage("a2o_owner", "access", async client => {
    await client.query("begin");
    try {
      const result = await work(client);
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch(() => undefined);
      if (errorCode(error) !== "A2O05" || !(error instanceof Error)) throw error;
      throw new UsageError(
        `${error.message}.`,
        "Twelve digits, or '*' (in quotes) for every account. Nothing was changed.",
      );
    }
  });
}

async function grantsOf(client: pg.Client, member: string | null): Promise<Grant[]> {
  const { rows } = await client.query<Grant>(
    `select member_name as member, member_kind as "memberKind", aws_account_id as "awsAccountId", account_name as "accountName",
       is_known_account as "isKnownAccount", granted_at as "grantedAt", granted_by as "grantedBy", remarks
     from a2o.list_account_access($1)`,
    [member],
  );
  return rows;
}

function spoken(grants: readonly Grant[]): string {
  const accounts = grants.map(({ awsAccountId }) => awsAccountId);
  return accounts.includes("*") ? "every account" : accounts.join(", ");
}

function named(words: readonly string[], verb: string): { member: string; accounts: string[] } {
  const [member = "", ...accounts] = words;
  if (member.trim() === "" || accounts.length === 0) {
    throw new UsageError(
      member.trim() === "" ? "No member was named." : `No account was named for ${member}.`,
      `e.g. aws2openstack access ${verb} ${member.trim() === "" ? "ann" : shellWord(member)} 210987654321`,
    );
  }
  return { member, accounts };
}

/** A word as a shell takes it. */
function shellWord(word: string): string {
  return /^[\w@.+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export default defineCommand({
  meta: {
    name: "access",
    description: "Who may read which AWS account: grant, revoke, list",
    examples: [
      ["access grant ann 210987654321", "let ann read one account"],
      ["access list", "who may read what"],
    ],
  },
  subCommands: { grant: grantCommand, revoke: revokeCommand, list: listCommand },
});
