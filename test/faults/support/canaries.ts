import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PersonalKind } from '../../../libs/contracts/sealing.js';
import { type Sql } from '../../../libs/platform/sql.js';

/** Texts that stand nowhere by chance. What a mask leaves of them is not in what is looked for. */
export const CANARIES: Record<PersonalKind, { text: string; secret: string }> = {
  name: { text: '演翠鸟示', secret: '翠鸟示' },
  phone: { text: '13877665544', secret: '387766554' },
  'identity-number': { text: '43010119010101777X', secret: '119010101777' },
  address: { text: '演示省演示市示例县甲镇乙村翠鸟里12号', secret: '翠鸟里12' },
  text: { text: '我家屋顶翠鸟筑巢漏雨三年，找过村里四次。', secret: '翠鸟筑巢漏雨' },
};

/** A text as it may be written: each as bytes, by the name of its encoding. */
export function encodings(text: string): [string, Buffer][] {
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, 'utf16le');
  const swapped = Buffer.from(utf16).swap16();
  const forms: [string, Buffer][] = [
    ['UTF-8', utf8],
    ['UTF-16 LE', utf16],
    ['UTF-16 BE', swapped],
    ['JSON escapes', Buffer.from(escaped(text))],
    ['percent escapes', Buffer.from(encodeURIComponent(text))],
  ];
  for (const [name, bytes] of [
    ['UTF-8', utf8],
    ['UTF-16', utf16],
  ] as const) {
    forms.push([`${name} in hex`, Buffer.from(bytes.toString('hex'))]);
    forms.push([`${name} in HEX`, Buffer.from(bytes.toString('hex').toUpperCase())]);
    // Where it begins in a group of three bytes is not known; what other bytes have a part in is left out.
    for (let shift = 0; shift < 3; shift++) {
      const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
      const whole = shifted.subarray(0, shifted.length - (shifted.length % 3));
      const inner = whole.toString('base64').slice(Math.ceil((shift * 4) / 3));
      forms.push([`${name} in base64`, Buffer.from(inner)]);
      forms.push([`${name} in base64url`, Buffer.from(inner.replaceAll('+', '-').replaceAll('/', '_'))]);
    }
  }
  return forms;
}

const escaped = (text: string): string =>
  text.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

const NEEDLES = Object.entries(CANARIES).flatMap(([kind, { secret }]) =>
  encodings(secret).map(([encoding, bytes]) => [`${kind} as ${encoding}`, bytes] as const),
);

/** Something that was kept or said, and where. */
export type Kept = readonly [place: string, content: string | Buffer];

/** Every canary that is found, and where. */
export function leaks(
  kept: readonly Kept[],
  needles: readonly (readonly [string, Buffer])[] = NEEDLES,
): string[] {
  return kept.flatMap(([place, content]) => {
    const bytes = Buffer.from(content as string);
    return needles.filter(([, needle]) => bytes.includes(needle)).map(([what]) => `${place}: ${what}`);
  });
}

/** Every row of every table of every schema of ours, as PostgreSQL writes it. */
export async function rowsOf(sql: Sql): Promise<Kept[]> {
  const tables = await sql<{ schema: string; name: string }[]>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
    order by 1, 2`;
  const kept: Kept[] = [];
  for (const { schema, name } of tables) {
    const rows = await sql<{ row: string }[]>`select t::text as row from ${sql(schema)}.${sql(name)} t`;
    kept.push([`${schema}.${name}`, rows.map(({ row }) => row).join('\n')]);
  }
  return kept;
}

/** Every file of a data folder, but of the database's own only what it logs. */
export async function filesOf(dataDir: string): Promise<Kept[]> {
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(dataDir, 'postgres')) || path.endsWith('.log'))
    .filter((path) => !path.startsWith(join(dataDir, 'native')));
  return Promise.all(paths.map(async (path): Promise<Kept> => [path, await readFile(path)]));
}
