import { dayIn } from '../../calendar/working-days.js';
import { SERIES, type Series } from '../../contracts/register.js';

/** In which field of events a number of each series stands. */
const FIELD: Record<Series, string> = {
  case: 'caseNumber',
  letter: 'letter',
  closure: 'closureNumber',
  referral: 'number',
};

/** Looks through events for numbers that were given, by their labels: what the highest of each series and year is. */
export class Highest {
  /** By series and year, as `case/2026`. */
  readonly found = new Map<string, number>();
  readonly #patterns: [Series, RegExp][];

  constructor(
    labels: Record<Series, string>,
    private readonly zone: string,
  ) {
    this.#patterns = SERIES.map((series) => [series, patternOf(labels[series])]);
  }

  /**
   * @param data of an event, as JSON
   * @param at when it was recorded: where a label does not say its year, that counts
   */
  hear(data: string, at: string): void {
    const mentioned = this.#patterns.filter(([series]) => data.includes(`"${FIELD[series]}"`));
    if (mentioned.length === 0) return;
    const fields = JSON.parse(data) as Record<string, unknown>;
    for (const [series, pattern] of mentioned) {
      const label = fields[FIELD[series]];
      const { n, year = dayIn(this.zone, at).slice(0, 4) } =
        (typeof label === 'string' ? pattern.exec(label) : null)?.groups ?? {};
      if (n === undefined) continue;
      const key = `${series}/${year}`;
      this.found.set(key, Math.max(this.found.get(key) ?? 0, Number(n)));
    }
  }
}

const PARTS: Record<string, string> = { '{year}': '(?<year>\\d{4})', '{n}': '(?<n>\\d{1,15})' };

function patternOf(label: string): RegExp {
  const parts = label.split(/(\{year\}|\{n\})/);
  return new RegExp(
    `^${parts.map((part) => PARTS[part] ?? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('')}$`,
  );
}
