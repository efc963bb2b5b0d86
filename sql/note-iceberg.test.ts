import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const notesOn = async (metadata: unknown) => {
  const glue = {
    Name: "events",
    TableType: "EXTERNAL_TABLE",
    Parameters: { table_type: "ICEBERG", metadata_location: "s3://lake/events/metadata/1.json" },
    StorageDescriptor: { Location: "s3://lake/events" },
    ...(metadata !== undefined && { IcebergTableMetadata: metadata }),
  };
  const [row] = await db.query("select notes, glue_parameters from a2o_private.judge_glue_table($1, null)", [glue]);
  return row as { notes: string[]; glue_parameters: Record<string, unknown> };
};

const Fields = [
  { Id: 1, Name: "happened_at", Type: "timestamptz" },
  { Id: 2, Name: "country", Type: "string" },
];

it("Iceberg's own metadata is kept, and tells its version and partitions", async () => {
  const metadata = {
    FormatVersion: "2",
    Schemas: [{ SchemaId: 3, Fields }],
    PartitionSpecs: [
      {
        Fields: [
          { SourceId: 1, Transform: "day", Name: "happened_at_day" },
          { SourceId: 2, Transform: "identity", Name: "country" },
        ],
      },
    ],
  };
  const { notes, glue_parameters } = await notesOn(metadata);
  expect(notes).toContain("Iceberg format version 2, partitioned by day(happened_at), country.");
  expect(glue_parameters.IcebergTableMetadata).toEqual(metadata);
});

it.each([
  [undefined, []],
  [{}, []],
  [{ FormatVersion: "3", PartitionSpecs: [] }, ["Iceberg format version 3."]],
  [{ Schemas: "odd", PartitionSpecs: [{ Fields: 7 }] }, []],
])("says nothing that it does not know: %j", async (metadata, expected) => {
  const { notes } = await notesOn(metadata);
  expect(notes.filter(note => note.startsWith("Iceberg format"))).toEqual(expected);
});
