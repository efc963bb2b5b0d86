import { hashText, randomFrom } from "../random.ts";
import type { WireDatabase, WireTable } from "../wire.ts";
import { averageMix } from "./blueprint.ts";
import { buildTable } from "./builders.ts";
import type { Domain } from "./columns.ts";
import { keyOf, type Setting, type TableSpec } from "./context.ts";
import type { CatalogSetting } from "./demo-catalog.ts";
import type { Catalog, DatabaseEntry } from "./model.ts";
import { compareNames, entities } from "./names.ts";

/** How many databases each region has, and how many tables each database. */
export interface CatalogSize {
  readonly databases: number;
  readonly tablesPerDatabase: number;
}

const domains = (Object.keys(entities) as Domain[]).toSorted(compareNames);

/**
 * Names in order without keeping any: every word has a block of numbered names ("orders_000017"), blocks stand in the
 * order of their words, so a position gives a name and a name its position by arithmetic alone.
 */
class NumberedNames {
  readonly #words: readonly string[];
  readonly #digits: number;
  readonly #blocks: readonly { readonly word: string; readonly from: number; readonly to: number }[];
  readonly count: number;

  constructor(words: readonly string[], count: number, generation = 0) {
    this.#words = words.toSorted((left, right) => compareNames(`${left}_`, `${right}_`));
    const share = Math.floor(count / words.length);
    // Room for two orders of magnitude of growth, so that later generations keep the names' width.
    this.#digits = String(share + 1).length + 2;
    this.#blocks = this.#words.map((word, index) => {
      const size = share + (index < count % words.length ? 1 : 0);
      // Old tables go at the front of a block, new ones come at its end.
      const gone = Math.min(size, Math.floor(size * 0.004 * generation));
      const come = Math.ceil(size * 0.01 * generation);
      return { word, from: gone, to: size + come };
    });
    this.count = this.#blocks.reduce((sum, block) => sum + block.to - block.from, 0);
  }

  at(position: number): { word: string; name: string } | undefined {
    let rest = position;
    for (const { word, from, to } of this.#blocks) {
      if (rest < to - from) return rest < 0 ? undefined : { word, name: this.#name(word, from + rest) };
      rest -= to - from;
    }
    return undefined;
  }

  find(name: string): { word: string; name: string } | undefined {
    const [, word, digits] = /^(.*)_(\d+)$/.exec(name.toLowerCase()) ?? [];
    const number = Number(digits);
    const block = this.#blocks.find(candidate => candidate.word === word);
    if (!block || number < block.from || number >= block.to) return undefined;
    return this.#name(block.word, number) === name.toLowerCase()
      ? { word: block.word, name: name.toLowerCase() }
      : undefined;
  }

  #name(word: string, number: number): string {
    return `${word}_${String(number).padStart(this.#digits, "0")}`;
  }
}

/** A catalog of any size, built page by page: memory does not grow with its databases or tables. */
export function createSizedCatalog(
  common: CatalogSetting,
  size: CatalogSize,
  regions: readonly string[],
  denied: readonly string[],
): Catalog {
  const databases = new NumberedNames(domains, size.databases);
  const entryOf = (region: string, found: { word: string; name: string } | undefined): DatabaseEntry | undefined => {
    if (!found || !regions.includes(region)) return undefined;
    const domain = domains.find(candidate => candidate === found.word) ?? "sales";
    const setting: Setting = { ...common, region, database: found.name, scale: 0.1 };
    return new SizedDatabase(setting, domain, size.tablesPerDatabase, denied.includes(found.name));
  };
  return {
    accountId: common.accountId,
    regions: regions.toSorted(compareNames),
    databaseCount: region => (regions.includes(region) ? databases.count : 0),
    databaseAt: (region, position) => entryOf(region, databases.at(position)),
    findDatabase: (region, name) => entryOf(region, databases.find(name)),
  };
}

class SizedDatabase implements DatabaseEntry {
  readonly database: WireDatabase;
  readonly isDenied: boolean;
  readonly #setting: Setting;
  readonly #domain: Domain;
  readonly #names: NumberedNames;

  constructor(setting: Setting, domain: Domain, tables: number, isDenied: boolean) {
    this.#setting = setting;
    this.#domain = domain;
    this.#names = new NumberedNames(entities[domain], tables, setting.generation);
    this.isDenied = isDenied;
    this.database = {
      Name: setting.database,
      Description: `${domain} data`,
      LocationUri: `s3://lake-curated-${setting.region}-${setting.accountId}/${setting.database}/`,
      CreateTime: setting.asOf - 86_400 * (400 + (hashText(setting.database) % 2000)),
      CatalogId: setting.accountId,
    };
  }

  get tableCount(): number {
    return this.#names.count;
  }

  tableNameAt(position: number): string | undefined {
    return this.#names.at(position)?.name;
  }

  tableAt(position: number): WireTable | undefined {
    return this.#build(this.#names.at(position));
  }

  findTable(name: string): WireTable | undefined {
    return this.#build(this.#names.find(name));
  }

  #build(found: { word: string; name: string } | undefined): WireTable | undefined {
    if (!found) return undefined;
    const { word: entity, name } = found;
    const kind = randomFrom(`${keyOf(this.#setting, name)}/kind`).weighted(averageMix);
    const spec: TableSpec = { name, entity, kind, domain: this.#domain };
    return buildTable(this.#setting, spec);
  }
}
