import { StartFault } from '../../platform/fault.js';

/** What a YAML file can hold. */
export type Node = string | number | boolean | null | undefined | Node[] | Map<unknown, Node>;

/** The mapping file cannot be used; a sentence for each fault, naming file and path. */
export class MappingRefused extends StartFault {
  constructor(readonly faults: string[]) {
    super(faults.join('\n'));
    this.name = 'MappingRefused';
  }
}

/** Collects what is wrong with a file, so that it is all said at once. What it returns then is of the right type only. */
export class Faults {
  private readonly found: string[] = [];

  constructor(private readonly file: string) {}

  /** @param sentence follows the path: "must be a text" */
  add(path: string, sentence: string): void {
    this.found.push(`${this.file}: ${path === '' ? 'the file' : path} ${sentence}.`);
  }

  throwIfAny(): void {
    if (this.found.length > 0) throw new MappingRefused(this.found);
  }

  map(node: Node, path: string): Map<unknown, Node> {
    if (node instanceof Map) return node;
    this.add(path, node === undefined ? 'is missing' : 'must be a map of keys and values');
    return new Map();
  }

  /** A map of which all keys are known. */
  keys(node: Node, path: string, known: readonly string[]): Map<unknown, Node> {
    const map = this.map(node, path);
    for (const key of map.keys()) {
      if (typeof key === 'string' && known.includes(key)) continue;
      this.add(
        [path, String(key)].filter(Boolean).join('.'),
        `is not known here; known are ${known.join(', ')}`,
      );
    }
    return map;
  }

  text(node: Node, path: string): string {
    if (typeof node === 'string' && node.trim() !== '') return node;
    this.add(
      path,
      node === undefined ? 'is missing' : 'must be a text that is not empty (numbers stand in quotes)',
    );
    return '';
  }

  flag(node: Node, path: string, otherwise: boolean): boolean {
    if (node === undefined) return otherwise;
    if (typeof node !== 'boolean') this.add(path, 'must be true or false');
    return node === true;
  }

  whole(node: Node, path: string, [least, most]: readonly [number, number], otherwise: number): number {
    if (node === undefined) return otherwise;
    if (typeof node === 'number' && Number.isInteger(node) && node >= least && node <= most) return node;
    this.add(path, `must be a whole number from ${least} to ${most}`);
    return otherwise;
  }

  texts(node: Node, path: string): string[] {
    if (Array.isArray(node) && node.length > 0)
      return node.map((part, index) => this.text(part, `${path}.${index}`));
    this.add(path, 'must be a list of texts');
    return [];
  }
}
