import { once } from "node:events";
import { PassThrough, type Readable } from "node:stream";
import { ZipFile } from "yazl";
import { columnName, escapeXml, type Kind, styleOf, styles } from "./markup.ts";

export type Cell = string | number | boolean | Date | null;
/** A cell that is not of its column's kind. */
export interface OddCell {
  kind: Kind;
  value: Cell;
}

export interface Sheet {
  name: string;
  columns: readonly { title: string; kind: Kind; width: number }[];
  rows: AsyncIterable<readonly (readonly (Cell | OddCell)[])[]>;
  /** The first row is a header that stays in sight, filters and is printed on each page. */
  hasHeader: boolean;
}

export interface WorkbookOptions {
  title: string;
  created: Date;
  /** Rows of a worksheet, its header included; a sheet with more goes on in another one. */
  maxRows?: number;
}

/** Excel's limit. */
const MAX_ROWS = 1_048_576;
/** Readers stop at 4 GiB in a part of the archive. */
const MAX_BYTES = 3.5 * 2 ** 30;
const FLUSH = 128 * 1024;

/**
 * An XLSX workbook as a stream: rows are written as they come, so that its size does not matter. Text goes into the cells as
 * text (inline strings), which no spreadsheet takes for a formula; numbers and dates are numbers.
 */
export function workbook(sheets: readonly Sheet[], options: WorkbookOptions): Readable {
  const zip = new ZipFile();
  const output = new PassThrough({ highWaterMark: 256 * 1024 });
  zip.outputStream.pipe(output);
  const fail = (error: unknown) => output.destroy(error instanceof Error ? error : new Error(String(error)));
  zip.on("error", fail);
  new WorkbookWriter(zip, options).write(sheets).catch(fail);
  return output;
}

interface Worksheet {
  name: string;
  lastRow: number;
  columns: number;
  hasHeader: boolean;
}

class WorkbookWriter {
  readonly #zip: ZipFile;
  readonly #options: WorkbookOptions;
  readonly #worksheets: Worksheet[] = [];

  constructor(zip: ZipFile, options: WorkbookOptions) {
    this.#zip = zip;
    this.#options = options;
  }

  async write(sheets: readonly Sheet[]): Promise<void> {
    for (const sheet of sheets) await this.#sheet(sheet);
    const { created, title } = this.#options;
    const add = (path: string, xml: string) => this.#zip.addBuffer(Buffer.from(XML + xml), path, { mtime: created });
    add("xl/workbook.xml", this.#workbook());
    add("xl/_rels/workbook.xml.rels", this.#relations());
    add("xl/styles.xml", styles());
    add(
      "docProps/core.xml",
      `<cp:coreProperties xmlns:cp="${OPC}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${escapeXml(title)}</dc:title><dc:creator>aws2openstack</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">${created.toISOString()}</dcterms:created></cp:coreProperties>`,
    );
    add(
      "_rels/.rels",
      `<Relationships xmlns="${OPC}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="${OPC}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`,
    );
    add("[Content_Types].xml", this.#contentTypes());
    this.#zip.end();
  }

  async #sheet(sheet: Sheet): Promise<void> {
    const { maxRows = MAX_ROWS } = this.#options;
    let part = this.#open(sheet, 1);
    let number = 1;
    for await (const batch of sheet.rows) {
      for (const row of batch) {
        if (part.worksheet.lastRow >= maxRows || part.bytes > MAX_BYTES) {
          await part.close();
          part = this.#open(sheet, ++number);
        }
        part.row(row);
        if (part.pending > FLUSH) await part.flush();
      }
    }
    await part.close();
  }

  #open(sheet: Sheet, number: number): Part {
    const name = number === 1 ? sheet.name : `${sheet.name} ${number}`;
    const worksheet = { name, lastRow: 0, columns: sheet.columns.length, hasHeader: sheet.hasHeader };
    this.#worksheets.push(worksheet);
    const part = new Part(sheet, worksheet, this.#worksheets.length === 1);
    this.#zip.addReadStream(part.stream, `xl/worksheets/sheet${this.#worksheets.length}.xml`, {
      mtime: this.#options.created,
    });
    return part;
  }

  #workbook(): string {
    const sheets = this.#worksheets.map(
      ({ name }, i) => `<sheet name="${escapeXml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
    );
    const names = this.#worksheets.flatMap(({ name, lastRow, columns, hasHeader }, i) =>
      hasHeader
        ? [
            `<definedName name="_xlnm._FilterDatabase" localSheetId="${i}" hidden="1">'${name}'!$A$1:$${columnName(columns - 1)}$${lastRow}</definedName>`,
            `<definedName name="_xlnm.Print_Titles" localSheetId="${i}">'${name}'!$1:$1</definedName>`,
          ]
        : [],
    );
    return `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${sheets.join("")}</sheets><definedNames>${names.join("")}</definedNames></workbook>`;
  }

  #relations(): string {
    const targets = this.#worksheets.map(
      (_, i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
    );
    return `<Relationships xmlns="${OPC}/relationships">${targets.join("")}<Relationship Id="rId${targets.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`;
  }

  #contentTypes(): string {
    const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    const worksheets = this.#worksheets.map(
      (_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${type}.worksheet+xml"/>`,
    );
    return `<Types xmlns="${OPC}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>${worksheets.join("")}</Types>`;
  }
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const OPC = "http://schemas.openxmlformats.org/package/2006";

/** One worksheet on its way into the archive. */
class Part {
  readonly stream = new PassThrough();
  readonly worksheet: Worksheet;
  bytes = 0;
  readonly #kinds: readonly Kind[];
  readonly #names: readonly string[];
  #xml: string;

  constructor(sheet: Sheet, worksheet: Worksheet, isFirst: boolean) {
    this.worksheet = worksheet;
    this.#kinds = sheet.columns.map(column => column.kind);
    this.#names = sheet.columns.map((_, i) => columnName(i));
    const frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
    const columns = sheet.columns.map(
      ({ width }, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`,
    );
    this.#xml = `${XML}<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"${isFirst ? ' tabSelected="1"' : ""}>${sheet.hasHeader ? frozen : ""}</sheetView></sheetViews><cols>${columns.join("")}</cols><sheetData>`;
    if (sheet.hasHeader) this.row(sheet.columns.map(({ title }) => ({ kind: "header", value: title })));
  }

  get pending(): number {
    return this.#xml.length;
  }

  row(cells: readonly (Cell | OddCell)[]): void {
    const number = ++this.worksheet.lastRow;
    let xml = `<row r="${number}">`;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] ?? null;
      const isOdd = typeof cell === "object" && cell !== null && "kind" in cell;
      const kind = isOdd ? cell.kind : (this.#kinds[i] ?? "text");
      xml += cellXml(`${this.#names[i] ?? columnName(i)}${number}`, isOdd ? cell.value : cell, kind);
    }
    this.#xml += `${xml}</row>`;
  }

  async flush(): Promise<void> {
    const chunk = Buffer.from(this.#xml);
    this.#xml = "";
    this.bytes += chunk.length;
    if (!this.stream.write(chunk)) await once(this.stream, "drain");
  }

  async close(): Promise<void> {
    const { lastRow, columns, hasHeader } = this.worksheet;
    this.#xml += "</sheetData>";
    if (hasHeader) this.#xml += `<autoFilter ref="A1:${columnName(columns - 1)}${lastRow}"/>`;
    this.#xml += '<pageSetup orientation="landscape" paperSize="9" fitToWidth="1" fitToHeight="0"/></worksheet>';
    await this.flush();
    this.stream.end();
  }
}

function cellXml(reference: string, value: Cell, kind: Kind): string {
  if (value === null || value === "") return "";
  const style = styleOf(kind);
  if (typeof value === "boolean") return `<c r="${reference}" t="b"><v>${value ? 1 : 0}</v></c>`;
  if (value instanceof Date) {
    const days = value.getTime() / 86_400_000 + 25_569;
    // Before March 1900 spreadsheets count days in different ways.
    return days >= 61 ? `<c r="${reference}"${style}><v>${days}</v></c>` : textXml(reference, value.toISOString(), "");
  }
  // PostgreSQL's bigint and numeric come as text, digits and all.
  if (kind !== "text" && kind !== "wrapped" && NUMBER.test(String(value))) {
    return `<c r="${reference}"${style}><v>${value}</v></c>`;
  }
  return textXml(reference, String(value), style);
}

const NUMBER = /^-?\d+(?:\.\d+)?$/;
/** Excel's limit. */
const MAX_TEXT = 32_767;

function textXml(reference: string, text: string, style: string): string {
  const shown = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1).toWellFormed()}…` : text;
  return `<c r="${reference}"${style} t="inlineStr"><is><t xml:space="preserve">${escapeXml(shown)}</t></is></c>`;
}
