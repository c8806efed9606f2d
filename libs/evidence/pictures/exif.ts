import exifr from 'exifr';
import { type Upload } from '../../contracts/case-events.js';
import { exifInHeic } from './heic.js';

export type Taken = Pick<Upload, 'takenAt' | 'takenPlace'>;

const TIME = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)$/;
const OFFSET = /^[+-]\d\d:\d\d$/;
const DATUM = /^WGS[- ]?84/i;

/** Only these are read at all; whatever else a camera or somebody wrote stays where it is. */
const WANTED = [
  ...(['DateTimeOriginal', 'OffsetTimeOriginal', 'GPSLatitude', 'GPSLatitudeRef'] as const),
  ...(['GPSLongitude', 'GPSLongitudeRef', 'GPSMapDatum'] as const),
];

/**
 * When and where a photo says that it was taken: numbers and a date, never a text as it stands there. A place in another
 * datum than WGS 84, or none that there is, is none; a photo that cannot be read says nothing.
 */
export async function takenIn(path: string, mediaType: string): Promise<Taken> {
  // Where it lies in a HEIC exifr knows of some cameras only.
  const exif = mediaType === 'image/heic' ? await exifInHeic(path) : path;
  if (exif === undefined) return {};
  const tags = (await exifr
    .parse(exif, {
      ...{ pick: WANTED, translateValues: false, reviveValues: false, sanitize: true, mergeOutput: true },
      ...{
        xmp: false,
        icc: false,
        iptc: false,
        jfif: false,
        ihdr: false,
        makerNote: false,
        userComment: false,
      },
    })
    .catch(() => undefined)) as Readonly<Record<string, unknown>> | undefined;
  if (!tags) return {};
  const takenAt = timeIn(tags);
  const takenPlace = placeIn(tags);
  return { ...(takenAt !== undefined && { takenAt }), ...(takenPlace && { takenPlace }) };
}

function timeIn({
  DateTimeOriginal: time,
  OffsetTimeOriginal: offset,
}: Record<string, unknown>): string | undefined {
  const [, year, month, day, hour, minute, second] = TIME.exec(textOf(time)) ?? [];
  if (year === undefined) return undefined;
  const local = `${year}-${String(month)}-${String(day)}T${String(hour)}:${String(minute)}:${String(second)}`;
  // Only a time that there is: cameras without a clock write zeros.
  if (Number.isNaN(Date.parse(`${local}Z`)) || new Date(`${local}Z`).toISOString().slice(0, 19) !== local)
    return undefined;
  const zone = textOf(offset);
  return OFFSET.test(zone) ? local + zone : local;
}

function placeIn(tags: Readonly<Record<string, unknown>>): Upload['takenPlace'] {
  const datum = textOf(tags.GPSMapDatum);
  if (datum !== '' && !DATUM.test(datum)) return undefined;
  const latitudeE7 = degreesE7(tags.GPSLatitude, textOf(tags.GPSLatitudeRef), ['N', 'S'], 90);
  const longitudeE7 = degreesE7(tags.GPSLongitude, textOf(tags.GPSLongitudeRef), ['E', 'W'], 180);
  // Zero and zero: a camera that did not know.
  if (latitudeE7 === undefined || longitudeE7 === undefined || (latitudeE7 === 0 && longitudeE7 === 0))
    return undefined;
  return { latitudeE7, longitudeE7, datum: 'WGS-84' };
}

/** Degrees, minutes and seconds in ten-millionths of a degree; negative to the south and west. */
function degreesE7(value: unknown, side: string, sides: [string, string], most: number): number | undefined {
  if (!Array.isArray(value) || value.length !== 3 || !sides.includes(side)) return undefined;
  const [degrees, minutes, seconds] = value.map(Number) as [number, number, number];
  const all = degrees + minutes / 60 + seconds / 3600;
  const sound = [degrees, minutes, seconds].every((part) => Number.isFinite(part) && part >= 0);
  if (!sound || minutes >= 60 || seconds >= 60 || all > most) return undefined;
  return Math.round((side === sides[0] ? all : -all) * 1e7);
}

/** Up to the byte that ends it. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? (value.split('\0', 1)[0] ?? '').trim() : '';
