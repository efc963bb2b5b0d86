import { hashText, randomFrom } from "../random.ts";
import { buildTable } from "./builders.ts";
import type { Domain } from "./columns.ts";
import { databaseIdOf, type Setting, type TableSpec } from "./context.ts";
import type { CatalogSetting } from "./demo-catalog.ts";
import { averageMix } from "./mixes.ts";

/** Stand in a shape for what differs from table to table; no name of the catalogs holds them. */
const marks = { table: "zzz_table_zzz", database: "zzz_database_zzz", region: "zzz-region-zzz" };

/** Which table is wanted. */
export interface Shaped {
  readonly word: string;
  readonly name: string;
}

/** A table's JSON with gaps for what differs from table to table. */
interface Shape {
  readonly parts: readonly string[];
  /** What belongs between the parts. */
  readonly gaps: readonly ("table" | "database" | "dashed" | "databaseId" | "region")[];
}

/** Ready-made tables: of each word so many, drawn as usual, in which only names and places are filled in. */
export class Shapes {
  readonly #common: CatalogSetting;
  readonly #perWord: number;
  readonly #made = new Map<string, Shape | undefined>();

  constructor(common: CatalogSetting, perWord: number) {
    this.#common = common;
    this.#perWord = Math.max(1, Math.floor(perWord));
  }

  /** The table's JSON; undefined for tables that have to be built, as a view's text cannot be filled in. */
  jsonOf(setting: Setting, domain: Domain, { word, name }: Shaped): string | undefined {
    const number = hashText(`${setting.database}/${name}`) % this.#perWord;
    const key = `${domain}/${word}/${number}`;
    let shape = this.#made.get(key);
    if (!shape && !this.#made.has(key)) {
      shape = this.#draw(setting.scale, domain, word, key);
      this.#made.set(key, shape);
    }
    if (!shape) return undefined;
    const values = {
      table: name,
      database: setting.database,
      dashed: dashed(setting.database),
      databaseId: databaseIdOf(setting.accountId, setting.database),
      region: setting.region,
    };
    let json = shape.parts[0] ?? "";
    for (let index = 0; index < shape.gaps.length; index++) {
      json += values[shape.gaps[index] ?? "table"] + (shape.parts[index + 1] ?? "");
    }
    return json;
  }

  #draw(scale: number, domain: Domain, word: string, key: string): Shape | undefined {
    const kind = randomFrom(`${this.#common.seed}/${key}/kind`).weighted(averageMix);
    if (kind.startsWith("view_")) return undefined;
    const setting: Setting = { ...this.#common, scale, database: marks.database, region: marks.region };
    const spec: TableSpec = { name: marks.table, entity: word, kind, domain };
    // The shape's own key draws its columns and sizes, whatever the table will be called.
    const table = buildTable({ ...setting, seed: `${this.#common.seed}/${key}` }, spec);
    const all = {
      ...marks,
      dashed: dashed(marks.database),
      databaseId: databaseIdOf(this.#common.accountId, marks.database),
    };
    const names = Object.keys(all) as (keyof typeof all)[];
    const pieces = JSON.stringify(table).split(new RegExp(`(${names.map(name => all[name]).join("|")})`));
    return {
      parts: pieces.filter((_, index) => index % 2 === 0),
      gaps: pieces
        .filter((_, index) => index % 2 === 1)
        .map(piece => names.find(name => all[name] === piece) ?? "table"),
    };
  }
}

/** As the names of crawlers and connections have it. */
function dashed(name: string): string {
  return name.replaceAll("_", "-");
}
