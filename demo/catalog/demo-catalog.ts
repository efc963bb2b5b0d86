import { fractionOf, hashText, randomFrom } from "../random.ts";
import type { WireDatabase, WireTable } from "../wire.ts";
import { blueprint, type DatabaseBlueprint } from "./blueprint.ts";
import { buildTable } from "./builders.ts";
import type { Domain } from "./columns.ts";
import { keyOf, type Setting, type TableSpec } from "./context.ts";
import { sharingAccountId } from "./external-tables.ts";
import type { TableKind } from "./kinds.ts";
import type { Catalog, DatabaseEntry } from "./model.ts";
import { compareNames, entities, tableName } from "./names.ts";

/** What all databases of a catalog have in common. */
export type CatalogSetting = Omit<Setting, "region" | "database" | "scale">;

/** The demo company's catalog: its specs are kept (a few hundred bytes a table), its tables are built when asked for. */
export function createDemoCatalog(
  common: CatalogSetting,
  regions: readonly string[] | undefined,
  denied: readonly string[],
): Catalog {
  const byRegion = new Map<string, DatabaseEntry[]>();
  for (const plan of blueprint.toSorted((left, right) => compareNames(left.name, right.name))) {
    if (regions && !regions.includes(plan.region)) continue;
    const entries = byRegion.get(plan.region) ?? [];
    entries.push(new DemoDatabase(common, plan, denied.includes(plan.name)));
    byRegion.set(plan.region, entries);
  }
  return {
    accountId: common.accountId,
    regions: [...byRegion.keys()].toSorted(compareNames),
    databaseCount: region => byRegion.get(region)?.length ?? 0,
    databaseAt: (region, position) => byRegion.get(region)?.[position],
    findDatabase: (region, name) =>
      byRegion.get(region)?.find(({ database }) => database.Name === name) ??
      byRegion.get(region)?.find(({ database }) => database.Name === name.toLowerCase()),
  };
}

class DemoDatabase implements DatabaseEntry {
  readonly database: WireDatabase;
  readonly isDenied: boolean;
  readonly #setting: Setting;
  readonly #plan: DatabaseBlueprint;
  #specs: readonly TableSpec[] | undefined;

  constructor(common: CatalogSetting, plan: DatabaseBlueprint, isDenied: boolean) {
    this.#plan = plan;
    this.#setting = { ...common, region: plan.region, database: plan.name, scale: plan.scale ?? 1 };
    this.isDenied = isDenied || (plan.isDenied ?? false);
    this.database = databaseOf(this.#setting, plan);
  }

  get tableCount(): number {
    return this.#tables.length;
  }

  tableNameAt(position: number): string | undefined {
    return this.#tables[position]?.name;
  }

  tableAt(position: number): WireTable | undefined {
    const spec = this.#tables[position];
    return spec && this.#build(spec);
  }

  findTable(name: string): WireTable | undefined {
    const spec =
      this.#tables.find(table => table.name === name) ?? this.#tables.find(table => table.name === name.toLowerCase());
    return spec && this.#build(spec);
  }

  get #tables(): readonly TableSpec[] {
    this.#specs ??= specsOf(this.#setting, this.#plan);
    return this.#specs;
  }

  #build(spec: TableSpec): WireTable {
    const table = buildTable(this.#setting, spec);
    // AWS follows a database link: the tables are the target's and name the target's database and account.
    return this.#plan.isLink ? { ...table, DatabaseName: "reference", CatalogId: sharingAccountId } : table;
  }
}

/** Which share of the tables comes and goes in each generation. */
const bornShare = 0.015;
const diedShare = 0.008;

/** The tables that exist in the setting's generation, by name. */
function specsOf(setting: Setting, plan: DatabaseBlueprint): TableSpec[] {
  const { domain } = plan;
  const random = randomFrom(`${setting.seed}/${setting.accountId}/${plan.region}/${plan.name}`);
  const specs = new Map<string, TableSpec>();
  const bases: string[] = [];
  const add = (name: string, kind: TableKind, entity: string, bornIn: number): void => {
    const isView = kind.startsWith("view_");
    const base = isView && bases.length > 0 ? random.pick(bases) : undefined;
    specs.set(name, { name, kind, entity, domain, bornIn, ...(base !== undefined && { base }) });
    if (!isView) bases.push(name);
  };
  const draw = (count: number, bornIn: number): void => {
    for (let drawn = 0; drawn < count; drawn++) {
      const kind = random.weighted(plan.mix);
      const entity = random.pick(entities[domain]);
      let name = tableName(entity, kind, random);
      for (let number = 2; specs.has(name); number++) name = `${tableName(entity, kind, random)}_${number}`;
      add(name, kind, entity, bornIn);
    }
  };
  for (const [name, kind] of plan.fixed ?? []) add(name, kind, entityOf(name, domain), 0);
  const fixed = new Set(specs.keys());
  draw(plan.tables, 0);
  for (let generation = 1; generation <= setting.generation; generation++) {
    const expected = plan.tables * bornShare;
    const extra = fractionOf(`${keyOf(setting, "")}/${generation}/born`) < expected % 1 ? 1 : 0;
    draw(Math.floor(expected) + extra, generation);
  }
  return [...specs.values()]
    .filter(({ name, bornIn = 0 }) => fixed.has(name) || !hasDied(keyOf(setting, name), bornIn, setting.generation))
    .toSorted((left, right) => compareNames(left.name, right.name));
}

/** What a table of that name holds, as near as the domain's words come. */
function entityOf(name: string, domain: Domain): string {
  return entities[domain].find(entity => name.startsWith(entity)) ?? (/^[a-z]+(?:_[a-z]+)?/.exec(name)?.[0] || "items");
}

function hasDied(key: string, bornIn: number, generation: number): boolean {
  for (let current = bornIn + 1; current <= generation; current++) {
    if (fractionOf(`${key}/${current}/died`) < diedShare) return true;
  }
  return false;
}

function databaseOf(setting: Setting, plan: DatabaseBlueprint): WireDatabase {
  const { accountId, asOf, region } = setting;
  return {
    Name: plan.name,
    ...(plan.description !== undefined && { Description: plan.description }),
    ...(plan.locationUri !== undefined && { LocationUri: plan.locationUri }),
    ...(plan.domain === "iot" && { Parameters: { team: "automation", "cost-center": "4711" } }),
    CreateTime: asOf - 86_400 * (400 + (hashText(plan.name) % 2000)),
    ...(!plan.isLink && {
      CreateTableDefaultPermissions: [
        { Principal: { DataLakePrincipalIdentifier: "IAM_ALLOWED_PRINCIPALS" }, Permissions: ["ALL" as const] },
      ],
    }),
    ...(plan.isLink && { TargetDatabase: { CatalogId: sharingAccountId, DatabaseName: "reference", Region: region } }),
    ...(plan.isFederated && {
      FederatedDatabase: {
        Identifier: "warehouse",
        ConnectionName: "onprem-hive-metastore",
        ConnectionType: "HIVEMETASTORE",
      },
    }),
    CatalogId: accountId,
  };
}
