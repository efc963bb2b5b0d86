/** What a column or a cell holds. */
export type Kind = "text" | "wrapped" | "count" | "decimal" | "percent" | "date" | "header" | "title";

/** Cell formats in the order of styles.xml. */
const FORMATS: Record<Kind, string> = {
  text: '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
  header: '<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1"/>',
  count: '<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
  decimal: '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
  percent: '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
  date: '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
  wrapped:
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>',
  title: '<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
};
const ORDER = Object.keys(FORMATS);
const STYLES: Record<string, string> = Object.fromEntries(
  ORDER.map((kind, i) => [kind, kind === "text" ? "" : ` s="${i}"`]),
);

/** The attribute of a cell of this kind. */
export function styleOf(kind: Kind): string {
  return STYLES[kind] ?? "";
}

export function styles(): string {
  const font = (rest: string, points = 11) =>
    `<font>${rest}<sz val="${points}"/><name val="Calibri"/><family val="2"/></font>`;
  return [
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/><numFmt numFmtId="165" formatCode="0.0%"/></numFmts>',
    `<fonts count="3">${font("")}${font("<b/>")}${font("<b/>", 16)}</fonts>`,
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    '<fill><patternFill patternType="solid"><fgColor rgb="FFEFEFEB"/><bgColor indexed="64"/></patternFill></fill></fills>',
    '<borders count="2"><border/><border><left/><right/><top/><bottom style="thin"><color rgb="FF85857D"/></bottom><diagonal/></border></borders>',
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
    `<cellXfs count="${ORDER.length}">${Object.values(FORMATS).join("")}</cellXfs>`,
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
  ].join("");
}

/** `A`, `Z`, `AA` from 0, 25, 26. */
export function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** What XML 1.0 cannot hold, what it would change (a carriage return), and what looks like the escape for those. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const SPECIAL = /[&<>"]|[\u0000-\u0008\u000b\u000c\u000d-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;

/** Text for XML; what XML cannot hold is written as spreadsheets do, `_x0001_` (ECMA-376, ST_Xstring). */
export function escapeXml(text: string): string {
  return text.replace(SPECIAL, character => {
    if (character === "_") return "_x005F_";
    return ENTITIES[character] ?? `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;
  });
}
