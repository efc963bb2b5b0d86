import { UserError } from "../../postgres/user-error.ts";

/**
 * AWS's regions by partition, as the SDK's own table has them (regions.test.ts compares). A table asks for no permission at all:
 * account:ListRegions and ec2:DescribeRegions would have to be granted first, only to be told names that hardly ever change.
 * Regions that the account has not enabled answer so themselves, and are left out then.
 */
const REGIONS: Record<string, readonly string[]> = {
  aws: [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "me-west-1",
    "mx-central-1",
    "sa-east-1",
    "sa-west-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
  ],
  "aws-cn": ["cn-north-1", "cn-northwest-1"],
  "aws-eusc": ["eusc-de-east-1"],
  "aws-iso": ["us-iso-east-1", "us-iso-west-1"],
  "aws-iso-b": ["us-isob-east-1", "us-isob-west-1"],
  "aws-iso-e": ["eu-isoe-west-1"],
  "aws-iso-f": ["us-isof-east-1", "us-isof-south-1"],
  "aws-us-gov": ["us-gov-east-1", "us-gov-west-1"],
};

/** `eu-central-1`, `us-gov-west-1` */
const REGION_NAME = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

export interface ChosenRegion {
  name: string;
  /** False when a pattern or `all` brought it: then it may turn out to be disabled or empty. */
  isNamed: boolean;
}

/**
 * What `us-east-1,eu-*` or `all` means.
 * @param near a region of the partition that patterns are about; AWS's commercial one without it
 * @throws UserError for what is neither a region nor a pattern that fits one
 */
export function chooseRegions(texts: readonly string[], near = "us-east-1"): ChosenRegion[] {
  const chosen = new Map<string, ChosenRegion>();
  const known = regionsNear(near);
  for (const text of texts.flatMap(part => part.split(",")).map(part => part.trim())) {
    if (text === "") continue;
    const lower = text.toLowerCase();
    if (lower === "all" || text.includes("*")) {
      const pattern = lower === "all" ? /./ : new RegExp(`^${lower.replaceAll("*", "[a-z0-9-]*")}$`);
      const fitting = /^[a-z0-9*-]+$/.test(lower) ? known.filter(name => pattern.test(name)) : [];
      if (fitting.length === 0) throw new UserError(`No AWS region fits ${text}.`, `There are: ${known.join(", ")}.`);
      for (const name of fitting) if (!chosen.has(name)) chosen.set(name, { name, isNamed: false });
    } else if (REGION_NAME.test(lower)) chosen.set(lower, { name: lower, isNamed: true });
    else
      throw new UserError(
        `${text} is no AWS region.`,
        "Regions look like eu-central-1 or us-gov-west-1; eu-* and all are taken, too.",
      );
  }
  return [...chosen.values()];
}

/** The region of a partition in which every account can be asked who it is. */
export function homeRegion(near: string): string {
  const known = regionsNear(near);
  return known.includes("us-east-1") ? "us-east-1" : (known[0] ?? near);
}

function regionsNear(region: string): readonly string[] {
  return Object.values(REGIONS).find(names => names.includes(region)) ?? REGIONS.aws ?? [];
}
