import { MAIN_DRAWING, OFFICE, PACKAGE, XML } from './names.js';
import { escaped } from './xml-text.js';

/** A picture as it lies in a workbook. */
export interface Picture {
  /** Its hash: what is shown several times is kept once. */
  key: string;
  type: 'jpeg' | 'png';
  /** In pixels. */
  width: number;
  height: number;
  /** What it is said to show. */
  name: string;
  /** Read when its turn comes. */
  bytes: () => Promise<Buffer>;
}

/** A text below pictures that stand side by side. */
export interface Pictured {
  text: string;
  pictures: readonly Picture[];
}

/** So large is a picture at most, in pixels; beside it a little is left. */
export const BOX = { width: 120, height: 96 };
const LEFT = 4;
/** English metric units of a pixel. */
const EMU = 9525;
const SHEET_DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing';

/** The pictures of a sheet, gathered while its rows are written. */
export class Drawing {
  readonly #anchors: string[] = [];
  readonly #pictures = new Map<string, { picture: Picture; id: number }>();

  /** @param row counted from 1, @param column from 0 */
  place(row: number, column: number, pictures: readonly Picture[]): void {
    for (const [n, picture] of pictures.entries()) {
      const known = this.#pictures.get(picture.key) ?? { picture, id: this.#pictures.size + 1 };
      this.#pictures.set(picture.key, known);
      this.#anchors.push(this.#anchor(row, column, n, picture, known.id));
    }
  }

  /** Each once, in the order of their numbers from 1. */
  get pictures(): readonly Picture[] {
    return [...this.#pictures.values()].map(({ picture }) => picture);
  }

  get xml(): string {
    return (
      `${XML}<xdr:wsDr xmlns:xdr="${SHEET_DRAWING}" xmlns:a="${MAIN_DRAWING}" xmlns:r="${OFFICE}">` +
      `${this.#anchors.join('')}</xdr:wsDr>`
    );
  }

  #anchor(row: number, column: number, n: number, { width, height, name }: Picture, id: number): string {
    const scale = Math.min(BOX.width / width, BOX.height / height, 1);
    const [cx, cy] = [Math.round(width * scale * EMU), Math.round(height * scale * EMU)];
    const [left, top] = [(LEFT + n * (BOX.width + LEFT)) * EMU, LEFT * EMU];
    const number = this.#anchors.length + 1;
    return (
      `<xdr:oneCellAnchor><xdr:from><xdr:col>${column}</xdr:col><xdr:colOff>${left}</xdr:colOff>` +
      `<xdr:row>${row - 1}</xdr:row><xdr:rowOff>${top}</xdr:rowOff></xdr:from><xdr:ext cx="${cx}" cy="${cy}"/>` +
      `<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="${number + 1}" name="${number}" descr="${escaped(name)}"/>` +
      '<xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr>' +
      `<xdr:blipFill><a:blip r:embed="rId${id}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>` +
      `<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="${cx}" cy="${cy}"/></a:xfrm>` +
      '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>'
    );
  }
}

/** @param sheet counted from 1 */
export const drawingPath = (sheet: number): string => `xl/drawings/drawing${sheet}.xml`;
export const mediaPath = (sheet: number, n: number, { type }: Picture): string =>
  `xl/media/picture${sheet}-${n}.${type}`;

export const sheetRelations = (sheet: number): string =>
  `${XML}<Relationships xmlns="${PACKAGE}/relationships">` +
  `<Relationship Id="rId1" Type="${OFFICE}/drawing" Target="../drawings/drawing${sheet}.xml"/></Relationships>`;

export function drawingRelations(sheet: number, pictures: readonly Picture[]): string {
  const parts = pictures.map(
    (picture, n) =>
      `<Relationship Id="rId${n + 1}" Type="${OFFICE}/image" Target="../${mediaPath(sheet, n + 1, picture).slice('xl/'.length)}"/>`,
  );
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${parts.join('')}</Relationships>`;
}
