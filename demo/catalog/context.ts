import { fractionOf, hashText, type Random, randomFrom } from "../random.ts";
import type { WireColumn, WireTable } from "../wire.ts";
import { addedColumn, columnsOf, type Domain } from "./columns.ts";
import type { TableKind } from "./kinds.ts";

/** Which table is meant: enough to build it, always the same. */
export interface TableSpec {
  readonly name: string;
  /** What its rows are, in the plural: "orders". */
  readonly entity: string;
  readonly kind: TableKind;
  readonly domain: Domain;
  /** The table that a view reads; its entity when left out. */
  readonly base?: string;
  /** The generation that brought the table; 0, or left out, when it was there from the start. */
  readonly bornIn?: number;
}

/** Where a table stands. */
export interface Setting {
  readonly seed: string;
  readonly accountId: string;
  readonly region: string;
  readonly database: string;
  /** Seconds since the Unix epoch of generation 0. */
  readonly asOf: number;
  readonly generation: number;
  /** Sizes of this database's tables, relative to the usual. */
  readonly scale: number;
}

/** How many bytes, rows and files a table has. */
export interface TableSize {
  readonly bytes: number;
  readonly rows: number;
  readonly files: number;
  readonly bytesPerRow: number;
}

/** What a table's builder works with. */
export interface TableContext extends Setting {
  readonly spec: TableSpec;
  readonly random: Random;
  readonly columns: WireColumn[];
  readonly partitionKeys: WireColumn[];
  readonly size: TableSize;
  /** Seconds since the Unix epoch. */
  readonly createdAt: number;
  /** Seconds since the Unix epoch. */
  readonly updatedAt: number;
  readonly history: History;
  /** Draws what changes with every change of the table: versions, snapshots, file names. */
  readonly versionRandom: Random;
  /** s3://bucket/path/ of the table, with the final slash that Athena writes. */
  readonly location: string;
}

const week = 7 * 86_400;

/** What became of a table up to a generation. */
export interface History {
  readonly growth: number;
  readonly addedColumns: number;
  /** In which generation the table became Iceberg; undefined when it did not. */
  readonly convertedIn: number | undefined;
  /** The last generation in which anything changed, the table's birth included; 0 when nothing did. */
  readonly changedIn: number;
}

/**
 * Glue learns of written data only from crawlers, from engines that keep statistics and from table formats that commit
 * through the catalog; what a statement declared once stays as it is.
 */
const updatedByWrites = /^(?:iceberg|hudi|delta_crawled|parquet_spark|federated|dynamodb|jdbc)|_(?:crawled|hive)$/;

const convertible = /^(parquet|orc|avro|json|csv)_/;

/** Follows a table through the generations; each of them depends on the table's key alone. */
export function historyOf(key: string, kind: TableKind, bornIn: number, generation: number): History {
  let growth = 1;
  let addedColumns = 0;
  let convertedIn: number | undefined;
  let changedIn = bornIn;
  const isLively = updatedByWrites.test(kind) && !kind.startsWith("view_") && fractionOf(`${key}/lively`) < 0.45;
  for (let current = bornIn + 1; current <= generation; current++) {
    const draw = (what: string): number => fractionOf(`${key}/${current}/${what}`);
    const isWritten = isLively && draw("written") < 0.7;
    const isWidened = !/^(?:link|log)_/.test(kind) && draw("widened") < 0.02;
    const isConverted = convertedIn === undefined && convertible.test(kind) && draw("converted") < 0.035;
    if (isWritten) growth *= 1 + draw("growth") * 0.08;
    if (isWidened) addedColumns++;
    if (isConverted) convertedIn = current;
    if (isWritten || isWidened || isConverted) changedIn = current;
  }
  return { growth, addedColumns, convertedIn, changedIn };
}

/** The table's key: whatever it draws follows from it. */
export function keyOf(setting: Setting, name: string): string {
  return `${setting.seed}/${setting.accountId}/${setting.region}/${setting.database}/${name}`;
}

/** Everything a builder needs, drawn in an order that no generation changes. */
export function contextOf(setting: Setting, spec: TableSpec): TableContext {
  const key = keyOf(setting, spec.name);
  const random = randomFrom(key);
  const bornIn = spec.bornIn ?? 0;
  const history = historyOf(key, spec.kind, bornIn, setting.generation);
  const columns = columnsOf(spec.domain, spec.entity, random);
  for (let index = 0; index < history.addedColumns; index++) columns.push(addedColumn(index));
  const partitionKeys = partitionKeysOf(random);
  const bytesPerRow = random.integer(40, 900);
  const bytes = Math.floor(random.logNormal(3e10, 2.2) * setting.scale * kindScale(spec.kind) * history.growth);
  const age = random.next();
  const createdAt =
    bornIn === 0
      ? setting.asOf - Math.floor(age * 7 * 52 * week) - week
      : setting.asOf + bornIn * week - Math.floor(age * week);
  // Most tables are written to daily or weekly, many were forgotten years ago.
  const idle = random.chance(0.55) ? random.next() * week : random.next() * random.next() * (setting.asOf - createdAt);
  const updatedAt =
    history.changedIn === 0
      ? Math.floor(Math.max(createdAt, setting.asOf - idle))
      : Math.max(createdAt, Math.floor(setting.asOf + history.changedIn * week - random.next() * 86_400));
  return {
    ...setting,
    spec,
    random,
    columns,
    partitionKeys,
    size: {
      bytes,
      bytesPerRow,
      rows: Math.max(1, Math.floor(bytes / bytesPerRow)),
      files: Math.max(1, Math.ceil(bytes / 134_217_728)),
    },
    createdAt,
    updatedAt,
    history,
    versionRandom: randomFrom(`${key}/version/${history.changedIn}`),
    location: `s3://${bucketOf(setting)}/${setting.database}/${spec.name}/`,
  };
}

/** Text formats hold less than columnar ones: what grew was converted long ago. */
function kindScale(kind: TableKind): number {
  if (/^(?:csv|tsv|xml|grok|text|ion|regex)_/.test(kind)) return 0.1;
  return /^(?:json|avro|log)_/.test(kind) ? 0.3 : 1;
}

/** The data lake bucket of a database. */
export function bucketOf(setting: Pick<Setting, "accountId" | "region" | "database">): string {
  const stage = /raw|landing|staging|logs/.test(setting.database) ? "raw" : "curated";
  return `lake-${stage}-${setting.region}-${setting.accountId}`;
}

function partitionKeysOf(random: Random): WireColumn[] {
  const text = (Name: string): WireColumn => ({ Name, Type: "string" });
  switch (random.weighted({ none: 40, day: 25, parts: 20, region: 8, crawler: 7 })) {
    case "day":
      return [{ Name: "dt", Type: random.chance(0.7) ? "string" : "date" }];
    case "parts":
      return [text("year"), text("month"), text("day")];
    case "region":
      return [text("region_code"), text("dt")];
    case "crawler":
      return [text("partition_0"), text("partition_1")];
    default:
      return [];
  }
}

/** The table around what its builder made, with the members that AWS always sends. */
export function tableOf(context: TableContext, parts: Omit<WireTable, "Name">): WireTable {
  const { spec, accountId, database } = context;
  const { Parameters: parameters, ...rest } = parts;
  return {
    Name: spec.name,
    DatabaseName: database,
    CreateTime: context.createdAt,
    UpdateTime: context.updatedAt,
    Retention: 0,
    PartitionKeys: [],
    TableType: "EXTERNAL_TABLE",
    ...rest,
    ...(parameters !== undefined && { Parameters: parameters }),
    CreatedBy: rest.CreatedBy ?? createdBy(context),
    IsRegisteredWithLakeFormation: rest.IsRegisteredWithLakeFormation ?? false,
    CatalogId: rest.CatalogId ?? accountId,
    IsRowFilteringEnabled: false,
    VersionId: String((hashText(spec.name) % 40) + context.history.changedIn),
    DatabaseId: databaseIdOf(accountId, database),
    IsMultiDialectView: rest.IsMultiDialectView ?? false,
  };
}

/** The id that a database's tables carry. */
export function databaseIdOf(accountId: string, database: string): string {
  return hashText(`${accountId}/${database}`).toString(16).padStart(8, "0").repeat(4);
}

function createdBy({ accountId, random }: TableContext): string {
  const role = random.pick([
    "GlueCrawlerRole/AWS-Crawler",
    "EtlJobRole/GlueJobRunnerSession",
    "Analyst/athena-session",
  ]);
  return `arn:aws:sts::${accountId}:assumed-role/${role}`;
}
