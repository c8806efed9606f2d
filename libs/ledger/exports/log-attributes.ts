import { isDay } from '../../contracts/values.js';

export type AttributeType = 'string' | 'integer' | 'boolean';
export interface Attribute {
  name: string;
  type: AttributeType;
  value: string | number | boolean;
}

/**
 * What is told of an event beside who, where and when: codes, days, counts and sums. Whatever people write themselves is in
 * none of these, sealed or not; a field that is not named here is left out.
 */
const TOLD: Readonly<Record<AttributeType, ReadonlySet<string>>> = {
  integer: new Set([
    ...['amountFen', 'fromFen', 'fen', 'remainingFen', 'fundsFen', 'settled', 'weight', 'householdCount'],
    ...['fiscalYear', 'round', 'stage', 'part', 'days', 'objection', 'instruction', 'checked', 'report'],
  ]),
  boolean: new Set(['final', 'personsAtRisk', 'atRisk', 'lawful', 'apart', 'holds']),
  string: new Set([
    ...['severity', 'rectificationType', 'visibility', 'substantiation', 'ground', 'cause', 'satisfied'],
    ...['resolved', 'method', 'channel', 'position', 'level', 'rung', 'slot', 'problemType', 'duty'],
    ...[
      'dueOn',
      'returnBy',
      'disputeBy',
      'completedOn',
      'visitedOn',
      'until',
      'on',
      'sourceDueOn',
      'foundOn',
    ],
    ...['ceilingOn', 'holdUntil', 'knownSince', 'occurredFrom', 'occurredTo', 'assignedOn', 'reviewBy'],
  ]),
};

/** Texts that are told are words of a program, or days: nothing that a person wrote in place of one gets through. */
const CODE = /^[a-z][a-z-]{0,63}$/;

export function attributesOf(data: object): Attribute[] {
  return Object.entries(data).flatMap(([name, value]: [string, unknown]): Attribute[] => {
    if (typeof value === 'number' && TOLD.integer.has(name) && Number.isSafeInteger(value))
      return [{ name, type: 'integer', value }];
    if (typeof value === 'boolean' && TOLD.boolean.has(name)) return [{ name, type: 'boolean', value }];
    const code = typeof value === 'string' && TOLD.string.has(name) && (CODE.test(value) || isDay(value));
    return code ? [{ name, type: 'string', value }] : [];
  });
}
