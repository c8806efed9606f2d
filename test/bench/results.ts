/** What was measured, by name, one value a round. */
export class Results {
  readonly #values = new Map<string, number[]>();

  add(name: string, value: number): void {
    const values = this.#values.get(name);
    if (values) values.push(value);
    else this.#values.set(name, [value]);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** What is known below a name, in the order in which it was measured: of `a/b/c` and `a/d`, below `a`: b and d. */
  below(name: string): string[] {
    const names = [...this.#values.keys()].filter((one) => one.startsWith(`${name}/`));
    return [...new Set(names.map((one) => one.slice(name.length + 1).split('/')[0] ?? ''))];
  }

  of(name: string): number[] {
    return this.#values.get(name) ?? [];
  }

  /** Round by round: what ran next to each other is compared, so that a slow minute falls on both. */
  ratios(name: string, to: string): number[] {
    const below = this.of(to);
    return this.of(name).map((value, round) => value / (below[round] ?? Number.NaN));
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The value below which a share of all lies. Sorts in place. */
export function quantile(values: Float64Array | number[], share: number): number {
  values.sort((a: number, b: number) => a - b);
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
