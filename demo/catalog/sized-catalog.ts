import { hashText, randomFrom } from "../random.ts";
import type { WireDatabase, WireTable } from "../wire.ts";
import { buildTable } from "./builders.ts";
import type { Domain } from "./columns.ts";
import { keyOf, type Setting, type TableSpec } from "./context.ts";
import type { CatalogSetting } from "./demo-catalog.ts";
import { averageMix } from "./mixes.ts";
import type { Catalog, DatabaseEntry } from "./model.ts";
import { compareNames, entities } from "./names.ts";
import { Shapes } from "./shapes.ts";

/** A name and the word it was made of. */
interface NumberedName {
  readonly word: string;
  readonly name: string;
  /** The generation that brought it. */
  readonly bornIn: number;
}

interface Block {
  readonly word: string;
  /** How many numbers it had in generation 0. */
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/** Which share of a block comes and goes in each generation. */
const bornShare = 0.01;
const diedShare = 0.004;

/** How many databases each region has, and how many tables each database. */
export interface CatalogSize {
  readonly databases: number;
  readonly tablesPerDatabase: number;
  /** How many different tables there are of each word; none is like another when left out. */
  readonly shapes?: number | undefined;
}

const domains = (Object.keys(entities) as Domain[]).toSorted(compareNames);

/**
 * Names in order without keeping any: every word has a block of numbered names ("orders_000017"), blocks stand in the
 * order of their words, so a position gives a name and a name its position by arithmetic alone.
 */
class NumberedNames {
  readonly #digits: number;
  readonly #blocks: readonly Block[];
  readonly count: number;

  constructor(words: readonly string[], count: number, generation = 0) {
    const sorted = words.toSorted((left, right) => compareNames(`${left}_`, `${right}_`));
    const share = Math.floor(count / words.length);
    // Room for two orders of magnitude of growth, so that later generations keep the names' width.
    this.#digits = String(share + 1).length + 2;
    this.#blocks = sorted.map((word, index) => {
      const size = share + (index < count % words.length ? 1 : 0);
      // Old tables go at the front of a block, new ones come at its end.
      const gone = Math.min(size, Math.floor(size * diedShare * generation));
      const come = Math.ceil(size * bornShare * generation);
      return { word, size, from: gone, to: size + come };
    });
    this.count = this.#blocks.reduce((sum, block) => sum + block.to - block.from, 0);
  }

  at(position: number): NumberedName | undefined {
    let rest = position;
    for (const block of this.#blocks) {
      const { from, to } = block;
      if (rest < to - from) return rest < 0 ? undefined : this.#name(block, from + rest);
      rest -= to - from;
    }
    return undefined;
  }

  find(name: string): NumberedName | undefined {
    const [, word, digits] = /^(.*)_(\d+)$/.exec(name.toLowerCase()) ?? [];
    const number = Number(digits);
    const block = this.#blocks.find(candidate => candidate.word === word);
    if (!block || number < block.from || number >= block.to) return undefined;
    const found = this.#name(block, number);
    return found.name === name.toLowerCase() ? found : undefined;
  }

  #name({ word, size }: Block, number: number): NumberedName {
    return {
      word,
      name: `${word}_${String(number).padStart(this.#digits, "0")}`,
      bornIn: number < size ? 0 : Math.floor((number - size) / (size * bornShare)) + 1,
    };
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
  const shapes = size.shapes === undefined ? undefined : new Shapes(common, size.shapes);
  const entryOf = (region: string, found: NumberedName | undefined): DatabaseEntry | undefined => {
    if (!found || !regions.includes(region)) return undefined;
    const domain = domains.find(candidate => candidate === found.word) ?? "sales";
    const setting: Setting = { ...common, region, database: found.name, scale: 0.1 };
    return new SizedDatabase(setting, domain, size.tablesPerDatabase, denied.includes(found.name), shapes);
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
  readonly #shapes: Shapes | undefined;

  constructor(setting: Setting, domain: Domain, tables: number, isDenied: boolean, shapes: Shapes | undefined) {
    this.#shapes = shapes;
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

  tableJsonAt(position: number): string | undefined {
    const found = this.#names.at(position);
    if (!found) return undefined;
    const shaped = this.#shapes?.jsonOf(this.#setting, this.#domain, found);
    return shaped ?? JSON.stringify(this.#build(found));
  }

  #build(found: NumberedName | undefined): WireTable | undefined {
    if (!found) return undefined;
    const shaped = this.#shapes?.jsonOf(this.#setting, this.#domain, found);
    if (shaped !== undefined) return JSON.parse(shaped) as WireTable;
    const { word: entity, name, bornIn } = found;
    const kind = randomFrom(`${keyOf(this.#setting, name)}/kind`).weighted(averageMix);
    const spec: TableSpec = { name, entity, kind, domain: this.#domain, bornIn };
    return buildTable(this.#setting, spec);
  }
}
