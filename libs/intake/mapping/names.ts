/** What names are looked up of; the name of a unit leads to the division that it stands for. */
export const NAME_KINDS = ['divisions', 'units', 'categories'] as const;
export type NameKind = (typeof NAME_KINDS)[number];

/** What is called by a name. */
export interface Named {
  /** Of the division or category. */
  id: string;
  /** So that people can tell it from others of its name: 长沙市岳麓区. */
  title: string;
}

/** Everything that is called by a name; nobody decides between several. */
export type Names = (kind: NameKind, name: string) => readonly Named[];

export const noNames: Names = () => [];

/** Names that are known beforehand. Width and spaces make no difference. */
export function namesOf(
  known: Readonly<Partial<Record<NameKind, readonly (Named & { names: string[] })[]>>>,
): Names {
  const index = new Map<string, Named[]>();
  const keyOf = (kind: NameKind, name: string): string => `${kind} ${plain(name)}`;
  for (const kind of NAME_KINDS) {
    for (const { id, title, names } of known[kind] ?? []) {
      for (const name of names) {
        const key = keyOf(kind, name);
        const there = index.get(key) ?? [];
        if (!there.some((other) => other.id === id)) index.set(key, [...there, { id, title }]);
      }
    }
  }
  return (kind, name) => index.get(keyOf(kind, name)) ?? [];
}

/** A text as it counts when it is compared: 〔２０２４〕 is [2024], without spaces and line breaks. */
export function plain(text: string): string {
  return text.normalize('NFKC').replace(/\s/gu, '');
}
