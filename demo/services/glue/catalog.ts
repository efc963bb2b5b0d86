import type { Catalog, DatabaseEntry } from "../../catalog/model.ts";
import { AwsError, accessDenied, validationError } from "../../errors.ts";
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

/**
 * The Glue Data Catalog: GetDatabases, GetDatabase, GetTables, GetTable.
 * Source: https://docs.aws.amazon.com/glue/latest/webapi/API_Operations.html
 */
export const catalogOperations: Readonly<Record<string, Handler>> = {
  GetDatabases: getDatabases,
  GetDatabase: getDatabase,
  GetTables: getTables,
  GetTable: getTable,
};

function getDatabases(world: World, tokens: PageTokens, call: Call): Answer {
  const limit = optionalInteger(call.input, "MaxResults", 1, pageLimit) ?? pageLimit;
  const share = optionalEnum(call.input, "ResourceShareType", ["FOREIGN", "ALL", "FEDERATED"]);
  const attributes = optionalEnumList(call.input, "AttributesToGet", ["NAME", "TARGET_DATABASE"]);
  requireNameAttribute(attributes);
  const catalog = catalogOf(world, call);
  const listing = ["GetDatabases", catalog.accountId, call.region, share ?? "", attributes?.join() ?? ""];
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
  const attributes = optionalEnumList(call.input, "AttributesToGet", [
    "NAME",
    "TABLE_TYPE",
    "DEFAULT",
    "LATEST_ICEBERG_METADATA",
  ]);
  requireNameAttribute(attributes);
  const pattern = expression === undefined ? undefined : tablePattern(expression);
  const catalog = catalogOf(world, call);
  const entry = readableDatabase(catalog, call, databaseName);
  const listing = [
    "GetTables",
    catalog.accountId,
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
  return { output: { Table: call.lies.has("absurdSizes") ? makeAbsurd(table) : table }, items: 1 };
}

/** A caller without rights in another account's catalog is told so, whether or not that account exists. */
function catalogOf(world: World, call: Call): Catalog {
  const catalogId = optionalName(call.input, "CatalogId") ?? call.caller.accountId;
  const catalog = catalogId === call.caller.accountId ? world.catalogOf(catalogId) : undefined;
  if (catalog) return catalog;
  throw new AwsError(
    "AccessDeniedException",
    `User: ${call.caller.arn} is not authorized to perform: glue:${call.operation} on resource: ` +
      `arn:aws:glue:${call.region}:${catalogId}:catalog because no resource-based policy allows the ` +
      `glue:${call.operation} action`,
  );
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
  member: "DatabaseList" | "TableList",
  page: Page<WireDatabase | WireTable>,
  tokens: PageTokens,
  listing: readonly string[],
  start: number,
  { lies }: Call,
): Answer {
  let { items, next } = page;
  if (lies.has("repeatToken")) next = start;
  if (lies.has("emptyPage")) [items, next] = [[], start];
  if (lies.has("repeatItem")) items = [...items, ...items.slice(-1)];
  if (lies.has("absurdSizes")) items = items.map(makeAbsurd);
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
