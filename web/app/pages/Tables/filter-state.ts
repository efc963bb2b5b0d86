import { type Accessor, createMemo } from "solid-js";
import type { Readiness } from "../../data/documents/assessments.ts";
import type { TableFilter, TableSort } from "../../data/documents/tables.ts";
import { readSize } from "../../data/size-text.ts";
import { createUrlList, createUrlText, isText, type UrlList, type UrlText, useUrlTexts } from "../../data/url-state.ts";
import { readinessOrder } from "../../ui/readiness.ts";
import type { Sort } from "../../ui/table/columns.ts";

/** The filters of the Tables page, each in the address. */
export interface FilterState {
  name: UrlText;
  readiness: UrlList<Readiness>;
  formats: UrlList<string>;
  findings: UrlList<string>;
  database: UrlText;
  /** As people write sizes: `64GB`. */
  min: UrlText;
  max: UrlText;
  setSizes: (min: string, max: string) => void;
  /** Filters that are set. */
  count: Accessor<number>;
  clear: () => void;
}

const isReadiness = (text: string): text is Readiness => readinessOrder.some(each => each === text);

export function createFilterState(): FilterState {
  const setTexts = useUrlTexts();
  const name = createUrlText("name");
  const readiness = createUrlList("readiness", isReadiness);
  const formats = createUrlList("format", isText);
  const findings = createUrlList("finding", isText);
  const database = createUrlText("database");
  const min = createUrlText("min");
  const max = createUrlText("max");
  return {
    name,
    readiness,
    formats,
    findings,
    database,
    min,
    max,
    count: createMemo(
      () =>
        [name.value(), database.value()].filter(Boolean).length +
        Number(readiness.value().length > 0) +
        Number(formats.value().length > 0) +
        Number(findings.value().length > 0) +
        Number(readSize(min.value()) !== undefined || readSize(max.value()) !== undefined),
    ),
    setSizes: (from, to) => setTexts({ min: from, max: to }),
    clear: () => setTexts({ name: "", readiness: "", format: "", finding: "", database: "", min: "", max: "" }),
  };
}

/**
 * What people type is a part of the name; with a % it is a pattern of SQL's LIKE. An underscore is what it looks like
 * unless the text is a pattern, because names are full of them.
 */
export function namePattern(text: string): string | null {
  const typed = text.trim();
  if (typed === "") return null;
  return typed.includes("%") ? typed : `%${typed.replace(/[\\_]/g, "\\$&")}%`;
}

/** The filters as the question to the database. */
export function tableFilter(assessment: string, state: FilterState): TableFilter {
  return {
    assessment,
    pattern: namePattern(state.name.value()),
    formats: [...state.formats.value()],
    readiness: [...state.readiness.value()],
    findings: [...state.findings.value()],
    minSize: readSize(state.min.value())?.toString() ?? null,
    maxSize: readSize(state.max.value())?.toString() ?? null,
    database: state.database.value() || null,
  };
}

const sorts: Record<string, readonly [ascending: TableSort, descending: TableSort]> = {
  size: ["SMALLEST_FIRST", "LARGEST_FIRST"],
  updated: ["LONGEST_UNCHANGED", "RECENTLY_UPDATED"],
  database: ["NAME", "NAME_DESCENDING"],
};

export function tableSort(sort: Sort): TableSort {
  return sorts[sort.id]?.[sort.descending ? 1 : 0] ?? "LARGEST_FIRST";
}
