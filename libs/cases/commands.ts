import { type Uuid } from '../contracts/values.js';
import { afterwards } from './afterwards.js';
import { assignment } from './assignment.js';
import { examination } from './examination.js';
import { intake } from './intake.js';
import { merging } from './merge.js';
import { money } from './rectification-money.js';
import { progress } from './rectification-progress.js';
import { time } from './rectification-time.js';
import { rectification } from './rectification.js';
import { oversight } from './oversight.js';
import { splitting } from './split.js';
import { type AnyCaseRow } from './table.js';

/** Every command on a case. Routes, OpenAPI, the actions offered and the tests of rights are made from it. */
export const caseCommands: readonly AnyCaseRow[] = [
  ...intake,
  ...splitting,
  ...merging,
  ...assignment,
  ...rectification,
  ...progress,
  ...money,
  ...time,
  ...examination,
  ...afterwards,
  ...oversight,
];

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
