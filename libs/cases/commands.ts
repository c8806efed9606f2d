import { type Phase } from '../contracts/messages/catalogue.js';
import { type Uuid } from '../contracts/values.js';
import { afterwards } from './afterwards/afterwards.js';
import { ends } from './afterwards/ends.js';
import { lookBack } from './afterwards/look-back.js';
import { retention } from './afterwards/retention.js';
import { assignment } from './assignment/assignment.js';
import { change } from './assignment/change.js';
import { dispute } from './assignment/dispute.js';
import { parts } from './assignment/parts.js';
import { examination } from './examination/examination.js';
import { notice } from './examination/notice.js';
import { positions } from './examination/positions.js';
import { submission } from './examination/submission.js';
import { corrections } from './intake/corrections.js';
import { facts } from './intake/facts.js';
import { intake } from './intake/intake.js';
import { merging } from './intake/merge.js';
import { splitting } from './intake/split.js';
import { oversight } from './oversight/oversight.js';
import { record } from './oversight/record.js';
import { items } from './rectification/items.js';
import { money } from './rectification/money.js';
import { progress } from './rectification/progress.js';
import { rectification } from './rectification/rectification.js';
import { stages } from './rectification/stages.js';
import { time } from './rectification/time.js';
import { ticks } from './time/ticks.js';
import { type AnyCaseRow } from './table.js';

/** Every command on a case, by the phase of its life. */
export const casePhases: Readonly<Record<Phase, readonly AnyCaseRow[]>> = {
  intake: [...intake, ...corrections, ...facts, ...splitting, ...merging],
  assignment: [...assignment, ...dispute, ...change, ...parts],
  rectification: [...rectification, ...items, ...progress, ...stages, ...money, ...time],
  examination: [...submission, ...examination, ...notice, ...positions],
  afterwards: [...afterwards, ...ends, ...lookBack, ...retention],
  oversight: [...oversight, ...record],
  time: ticks,
};

/** Every command on a case. Routes, OpenAPI, the actions offered and the tests of rights are made from it. */
export const caseCommands: readonly AnyCaseRow[] = Object.values(casePhases).flat();

const byClass = new Map<unknown, AnyCaseRow>(caseCommands.map((row) => [row.command, row]));
const byPath = new Map(caseCommands.map((row) => [pathOf(row), row]));

/** `AssignCase` → `assign-case`. */
export function pathOf({ command }: AnyCaseRow): string {
  return command.name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();
}

export function rowAt(path: string): AnyCaseRow | undefined {
  return byPath.get(path);
}

export function rowOf(body: object): AnyCaseRow {
  const row = byClass.get(body.constructor);
  if (!row) throw new Error(`${body.constructor.name} is no command on a case`);
  return row;
}

export const streamOf = (caseId: Uuid): string => `case-${caseId}`;
