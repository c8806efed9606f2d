import { posix } from 'node:path';
import { type Archive } from './archive.js';
import { readAll } from './xml.js';

/** A part that another one refers to. */
export interface Part {
  id: string;
  /** The last word of its type: `worksheet`, `sharedStrings`. */
  kind: string;
  path: string;
}

/** What a part refers to within the workbook; '' is the whole. What lies outside (`External`) is passed over. */
export async function partsOf(archive: Archive, path: string): Promise<Part[]> {
  const { dir, base } = posix.parse(path);
  const relations = posix.join(dir, '_rels', `${base}.rels`);
  const parts: Part[] = [];
  if (!archive.has(relations)) return parts;
  await readAll(archive, relations, {
    open: (name, { Id = '', Type = '', Target = '', TargetMode }) => {
      if (name !== 'Relationship' || TargetMode === 'External') return;
      const target = posix.join(Target.startsWith('/') ? '' : dir, Target).replace(/^\/+/, '');
      parts.push({ id: Id, kind: posix.basename(Type), path: target });
    },
  });
  return parts;
}
