import type { Catalog, DatabaseEntry } from "../../catalog/model.ts";
import { AwsError, accessDenied, validationError } from "../../errors.ts";
import { hashText } from "../../random.ts";
import type { WireDatabase, WireTable } from "../../wire.ts";
import { makeAbsurd } from "../lies.ts";
import type { PageTokens } from "../page-token.ts";
import type { Answer, Call, Handler, World } from "../service.ts";
import {
  optionalEnum,
  optionalEnumList,
  optionalInteger,
  optionalName,
  optionalText,
  requiredName,
} from "../validate.ts";

/** Most databases and tables that one answer lists. Source: API_GetDatabases, API_GetTables (MaxResults). */
const pageLimit = 100;

/** How many names a filtered page looks at; AWS too answers short pages with a token rather than scanning on. */
const scanLimit = 5_000;

const tableAttributes = ["NAME", "TABLE_TYPE", "DEFAULT", "LATEST_ICEBERG_METADATA"] as const;

/**
 * The Glue Data Catalog: GetCatalogs, GetDatabases, GetDatabase, GetTables, GetTable.
 * Source: https://docs.aws.amazon.com/glue/latest/webapi/API_Operations.html
 */
export const catalogOperations: Readonly<Record<string, Handler>> = {
  GetCatalogs: getCatalogs,
  GetDatabases: getDatabases,
  GetDatabase: getDatabase,
  GetTables: getTables,
  GetTable: getTable,
};

/** Every federated catalog of the account; the hierarchy is asked for as a whole (Recursive) or not at all. */
function getCatalogs(world: World, tokens: PageTokens, call: Call): Answer {
  const limit = optionalInteger(call.input, "MaxResults", 1, 1000) ?? 1000;
  const { accountId } = call.caller;
  const names = [...world.federatedOf(accountId).keys()];
  const listing = ["GetCatalogs", accountId, call.region];
  const start = startOf(tokens, listing, call);
  const page = takePage(start, limit, names.length, position => {
    const path = names[position] ?? "";
    const connection = path.startsWith("s3tablescatalog/") ? "aws:s3tables" : "aws:redshift";
    return {
      CatalogId: `${accountId}:${path}`,
      Name: path.split("/").at(-1) ?? path,
      ResourceArn: `arn:aws:glue:${call.region}:${accountId}:catalog/${path}`,
      FederatedCatalog: { Identifier: path, ConnectionName: connection },
      Parameters: {},
    };
  });
  return answerPage("CatalogList", page, tokens, listing, start, call);
}

function getDatabases(world: World, tokens: PageTokens, call: Call): Answer {
  const limit = optionalInteger(call.input, "MaxResults", 1, pageLimit) ?? pageLimit;
  const share = optionalEnum(call.input, "ResourceShareType", ["FOREIGN", "ALL", "FEDERATED"]);
  const attributes = optionalEnumList(call.input, "AttributesToGet", ["NAME", "TARGET_DATABASE"]);
  requireNameAttribute(attributes);
  const catalog = catalogOf(world, call);
  const listing = ["GetDatabases", catalogIdOf(call), call.region, share ?? "", attributes?.join() ?? ""];
  const start = startOf(tokens, listing, call);
  const page = takePage<WireDatabase>(start, limit, catalog.databaseCount(call.region), position => {
    const database = catalog.databaseAt(call.region, position)?.database;
    if (database === undefined) return undefined;
    if (share === "FOREIGN" && database.CatalogId === catalog.accountId) return undefined;
    if (share === "FEDERATED" && database.FederatedDatabase === undefined) return undefined;
    if (attributes === undefined) return database;
    const withTarget = attributes.includes("TARGET_DATABASE") && database.TargetDatabase !== undefined;
    return { Name: database.Name, ...(withTarget && { TargetDatabase: database.TargetDatabase }) };
  });
  return answerPage("DatabaseList", page, tokens, listing, start, call);
}

function getDatabase(world: World, _tokens: PageTokens, call: Call): Answer {
  const name = requiredName(call.input, "Name");
  return { output: { Database: findDatabase(catalogOf(world, call), call, name).database }, items: 1 };
}

function getTables(world: World, tokens: PageTokens, call: Call): Answer {
  const databaseName = requiredName(call.input, "DatabaseName");
  const limit = optionalInteger(call.input, "MaxResults", 1, pageLimit) ?? pageLimit;
  const expression = optionalName(call.input, "Expression", 2048);
  const share = optionalEnum(call.input, "ResourceShareType", ["FOREIGN", "ALL", "FEDERATED"]);
  const attributes = optionalEnumList(call.input, "AttributesToGet", tableAttributes);
  requireNameAttribute(attributes);
  const pattern = expression === undefined ? undefined : tablePattern(expression);
  const catalog = catalogOf(world, call);
  const entry = readableDatabase(catalog, call, databaseName);
  const listing = [
    "GetTables",
    catalogIdOf(call),
    call.region,
    entry.database.Name,
    expression ?? "",
    share ?? "",
    attributes?.join() ?? "",
  ];
  const start = startOf(tokens, listing, call);
  const isPlain = pattern === undefined && share === undefined && attributes === undefined && call.lies.size === 0;
  if (isPlain && entry.tableJsonAt) return answerReady(entry, tokens, listing, start, limit);
  const page = takePage<WireTable>(start, limit, entry.tableCount, position => {
    if (pattern && !pattern.test(entry.tableNameAt(position) ?? "")) return undefined;
    const table = entry.tableAt(position);
    if (table === undefined) return undefined;
    if (share === "FEDERATED" && table.FederatedTable === undefined) return undefined;
    if (attributes === undefined) return table;
    const withType = attributes.includes("TABLE_TYPE") && table.TableType !== undefined;
    return { Name: table.Name, ...(withType && { TableType: table.TableType }) };
  });
  return answerPage("TableList", page, tokens, listing, start, call);
}

function getTable(world: World, _tokens: PageTokens, call: Call): Answer {
  const databaseName = requiredName(call.input, "DatabaseName");
  const name = requiredName(call.input, "Name");
  const catalog = catalogOf(world, call);
  const entry = findDatabase(catalog, call, databaseName);
  if (entry.isDenied) {
    throw accessDenied(
      call.caller.arn,
      "glue:GetTable",
      `arn:aws:glue:${call.region}:${catalog.accountId}:table/${entry.database.Name}/${name}`,
    );
  }
  const table = entry.findTable(name);
  if (!table) throw new AwsError("EntityNotFoundException", `Table ${name} not found.`);
  const attributes = optionalEnumList(call.input, "AttributesToGet", tableAttributes);
  requireNameAttribute(attributes);
  if (attributes?.includes("LATEST_ICEBERG_METADATA")) {
    const described = attributes.includes("DEFAULT") ? table : { Name: table.Name };
    return { output: { Table: { ...described, IcebergTableMetadata: icebergMetadata(table) } }, items: 1 };
  }
  return { output: { Table: call.lies.has("absurdSizes") ? makeAbsurd(table) : table }, items: 1 };
}

/** What Glue keeps of an Iceberg table's metadata file: here an older schema, and the present one partitioned by day. */
function icebergMetadata(table: WireTable): WireTable["IcebergTableMetadata"] {
  if (table.Parameters?.table_type?.toUpperCase() !== "ICEBERG") return undefined;
  const fields = (table.StorageDescriptor?.Columns ?? []).map((column, index) => ({
    Id: index + 1,
    Name: column.Name ?? "",
    Type: column.Type ?? "string",
    Required: index === 0,
  }));
  const day = fields.find(({ Type }) => /^(date|timestamp)/.test(String(Type)));
  return {
    FormatVersion: "2",
    TableUuid: randomUuid(table.Name),
    Location: table.StorageDescriptor?.Location,
    Properties: { "write.format.default": "parquet" },
    Schemas: [
      { SchemaId: 0, Type: "struct", Fields: fields.slice(0, 1) },
      { SchemaId: 1, Type: "struct", Fields: fields },
    ],
    CurrentSchemaId: 1,
    LastColumnId: fields.length,
    PartitionSpecs: [
      {
        SpecId: 0,
        Fields:
          day === undefined ? [] : [{ SourceId: day.Id, Transform: "day", Name: `${day.Name}_day`, FieldId: 1000 }],
      },
    ],
    DefaultSpecId: 0,
    SortOrders: [{ OrderId: 0, Fields: [] }],
    DefaultSortOrderId: 0,
  };
}

function randomUuid(name: string): string {
  const hex = [0, 1, 2, 3].map(part => hashText(`${name}/${part}`).toString(16).padStart(8, "0").slice(0, 8)).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join("-");
}

/** A caller without rights in another account's catalog is told so, whether or not that account exists. */
function catalogOf(world: World, call: Call): Catalog {
  const { accountId } = call.caller;
  const catalogId = catalogIdOf(call);
  const catalog = catalogId === accountId ? world.catalogOf(catalogId) : undefined;
  if (catalog) return catalog;
  if (catalogId.startsWith(`${accountId}:`)) {
    const federated = world.federatedOf(accountId).get(catalogId.slice(accountId.length + 1));
    if (federated) return federated;
    throw new AwsError("EntityNotFoundException", `Catalog ${catalogId} not found.`);
  }
  throw new AwsError(
    "AccessDeniedException",
    `User: ${call.caller.arn} is not authorized to perform: glue:${call.operation} on resource: ` +
      `arn:aws:glue:${call.region}:${catalogId}:catalog because no resource-based policy allows the ` +
      `glue:${call.operation} action`,
  );
}

function catalogIdOf(call: Call): string {
  return optionalName(call.input, "CatalogId") ?? call.caller.accountId;
}

function findDatabase(catalog: Catalog, call: Call, name: string): DatabaseEntry {
  const entry = catalog.findDatabase(call.region, name);
  if (!entry) throw new AwsError("EntityNotFoundException", `Database ${name} not found.`);
  return entry;
}

function readableDatabase(catalog: Catalog, call: Call, name: string): DatabaseEntry {
  const entry = findDatabase(catalog, call, name);
  if (entry.isDenied) {
    throw accessDenied(
      call.caller.arn,
      `glue:${call.operation}`,
      `arn:aws:glue:${call.region}:${catalog.accountId}:database/${entry.database.Name}`,
    );
  }
  return entry;
}

function requireNameAttribute(attributes: readonly string[] | undefined): void {
  if (attributes !== undefined && !attributes.includes("NAME")) {
    throw new AwsError("InvalidInputException", "AttributesToGet must include NAME.");
  }
}

/** Glue matches the whole name against a regular expression, case-insensitively; `*` alone means any text. */
function tablePattern(expression: string): RegExp {
  try {
    return new RegExp(`^(?:${expression.replaceAll(/(?<![.\])\\])\*/g, ".*")})$`, "iu");
  } catch {
    throw validationError(expression, "expression", "Member must be a valid regular expression");
  }
}

function startOf(tokens: PageTokens, listing: readonly string[], call: Call): number {
  const token = optionalText(call.input, "NextToken");
  return token === undefined || token === "" ? 0 : tokens.read(listing, token);
}

interface Page<T> {
  readonly items: T[];
  /** Where the next page starts; undefined when nothing is left. */
  readonly next: number | undefined;
}

function takePage<T>(
  start: number,
  limit: number,
  count: number,
  itemAt: (position: number) => T | undefined,
): Page<T> {
  const items: T[] = [];
  const end = Math.min(count, start + Math.max(limit, scanLimit));
  let position = start;
  for (; position < end && items.length < limit; position++) {
    const item = itemAt(position);
    if (item !== undefined) items.push(item);
  }
  return { items, next: position < count ? position : undefined };
}

function answerPage(
  member: "CatalogList" | "DatabaseList" | "TableList",
  page: Page<{ readonly Parameters?: Readonly<Record<string, string>> | undefined }>,
  tokens: PageTokens,
  listing: readonly string[],
  start: number,
  { lies }: Call,
): Answer {
  let { items, next } = page;
  if (lies.has("repeatToken")) next = start;
  if (lies.has("emptyPage")) [items, next] = [[], start];
  if (lies.has("repeatItem")) items = [...items, ...items.slice(-1)];
  if (lies.has("absurdSizes")) items = items.map(item => makeAbsurd(item));
  const output = { [member]: items, ...(next !== undefined && { NextToken: tokens.issue(listing, next) }) };
  return { output, items: items.length };
}

/** A page put together of tables that are JSON already. */
function answerReady(
  entry: DatabaseEntry,
  tokens: PageTokens,
  listing: readonly string[],
  start: number,
  limit: number,
): Answer {
  const page = takePage(start, limit, entry.tableCount, position => entry.tableJsonAt?.(position));
  const token = page.next === undefined ? "" : `,"NextToken":${JSON.stringify(tokens.issue(listing, page.next))}`;
  return { output: {}, json: `{"TableList":[${page.items.join()}]${token}}`, items: page.items.length };
}
