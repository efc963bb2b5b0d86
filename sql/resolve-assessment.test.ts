import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";
import { storeExample } from "../test/example-assessment.ts";

const OURS = "111111111111";
const THEIRS = "222222222222";

let db: TestDatabase;
let ann: string;
let ours: string[];
let theirs: string;

beforeAll(async () => {
  db = await createTestDatabase();
  const store = (awsAccountId: string, region: string, month: number) =>
    storeExample(db, { awsAccountId, region, timestamp: `2025-0${month}-01T10:00:00Z` });
  ours = [await store(OURS, "eu-west-1", 3), await store(OURS, "eu-west-1", 2), await store(OURS, "eu-west-1", 1)];
  theirs = await store(THEIRS, "us-east-1", 5);
  ann = await db.createLogin("a2o_reader");
  await db.query("select a2o.grant_account_access($1, $2)", [ann, OURS]);
});
afterAll(() => db.drop());

async function asAnn(reference: string | null, account?: string, region?: string): Promise<string> {
  return db.as(ann, async ({ query }) => {
    const [row] = await query<{ id: string }>("select a2o.resolve_assessment($1, $2, $3) as id", [
      reference,
      account ?? null,
      region ?? null,
    ]);
    return row?.id ?? "";
  });
}
const asOwner = async (reference: string, account?: string, region?: string) => {
  const [row] = await db.query<{ id: string }>("select a2o.resolve_assessment($1, $2, $3) as id", [
    reference,
    account ?? null,
    region ?? null,
  ]);
  return row?.id;
};

describe("a reference to an assessment", () => {
  it("counts back from the latest", async () => {
    expect(await asAnn("latest")).toBe(ours[0]);
    expect(await asAnn(" Latest ")).toBe(ours[0]);
    expect(await asAnn("latest~0")).toBe(ours[0]);
    expect(await asAnn("previous")).toBe(ours[1]);
    expect(await asAnn("latest~1")).toBe(ours[1]);
    expect(await asAnn("latest~2")).toBe(ours[2]);
    expect(await asAnn("previous~1")).toBe(ours[2]);
    await expect(asAnn("latest~3")).rejects.toMatchObject({ code: "A2O15" });
    await expect(asAnn("latest~999999")).rejects.toMatchObject({ code: "A2O15" });
  });

  it("is an id, the beginning of one, or one some assessments before it", async () => {
    for (const id of ours) {
      for (const length of [4, 7, 8, 9, 13, 20, 35, 36]) expect(await asAnn(id.slice(0, length))).toBe(id);
      expect(await asAnn(id.toUpperCase())).toBe(id);
    }
    expect(await asAnn(`${ours[0]}~2`)).toBe(ours[2]);
    expect(await asAnn(`${ours[1]?.slice(0, 8)}~1`)).toBe(ours[2]);
    await expect(asAnn(`${ours[2]}~1`)).rejects.toMatchObject({ code: "A2O15" });
  });

  it("that fits several catalogs is refused with the choices, and account and region choose", async () => {
    await expect(asOwner("latest")).rejects.toMatchObject({
      code: "A2O16",
      hint: `${OURS} in eu-west-1: ${ours[0]}; ${THEIRS} in us-east-1: ${theirs}`,
    });
    expect(await asOwner("latest", THEIRS)).toBe(theirs);
    expect(await asOwner("previous", undefined, "eu-west-1")).toBe(ours[1]);
    await expect(asOwner("latest", THEIRS, "eu-west-1")).rejects.toMatchObject({
      code: "A2O15",
      message: `no assessment is stored of account ${THEIRS} in eu-west-1 that you may read`,
    });
  });

  it("that begins several ids is refused with the choices", async () => {
    await db.as("a2o_owner", async ({ query }) => {
      await query(
        `insert into a2o.assessments (id, timestamp, region, aws_account_id, tool_version, total_databases, total_tables, iceberg_tables,
           migration_ready, needs_conversion, unknown, sized_tables, databases_complete, origin, content_hash)
         select ('abcdabcd-0000-4000-8000-00000000000' || i)::uuid, now(), 'eu-west-1', $1, 't', 0, 0, 0, 0, 0, 0, 0, 0, 'REPORT', i::text::bytea
         from generate_series(1, 2) as i`,
        [OURS],
      );
      const [row] = await query("select a2o.resolve_assessment('abcdabcd-0000-4000-8000-000000000002') as id");
      expect(row?.id).toMatch(/2$/);
      await expect(query("select a2o.resolve_assessment('abcd')")).rejects.toMatchObject({
        code: "A2O16",
        message: "abcd begins the ids of 2 assessments",
        hint: expect.stringMatching(/^abcdabcd-\S+1 \(111111111111 in eu-west-1, .*; abcdabcd-/),
      });
    });
  });

  it.each([
    "",
    "abc",
    "newest",
    "latest~",
    "latest~-1",
    "latest~1234567",
    "zzzz",
    "' or true",
    `${"a".repeat(500)}`,
    null,
  ])("that is none is refused: %j", async reference => {
    await expect(asAnn(reference)).rejects.toMatchObject({ code: "A2O15" });
  });

  it("does not tell another account's assessment from none", async () => {
    const nobodys = "00000000-0000-4000-8000-000000000000";
    const message = async (id: string) => asAnn(id).catch(error => error.message.replace(id, "ID"));
    expect(await message(theirs)).toBe(await message(nobodys));
    await expect(asAnn("latest", THEIRS)).rejects.toMatchObject({ code: "A2O15" });
    const stranger = await db.createLogin();
    await expect(
      db.as(stranger, ({ query }) => query("select a2o.resolve_assessment('latest')")),
    ).rejects.toMatchObject({ code: "42501" });
  });
});
