import { Drive, type Outcome, outcomeOf, registrar, type Speak } from '../../../apps/cli/demo-case.js';
import { RegisterProblem, Source } from '../../../libs/contracts/intake.js';
import { type MappedRow, openImport } from '../../../libs/intake/import.js';
import { readMapping } from '../../../libs/intake/mapping/mapping-file.js';

const FILE = 'config/demo/hpd_violations.csv';
const MAPPING = 'config/mappings/hpd-violations.yaml';
/** Beyond the numbers of the violations in the file, and even: what becomes of a violation hangs on the last digit. */
const NEXT_ROUND = 1_000_000_000;

/** The demo's violations, again and again, each time as others. */
export async function endlessRows(): Promise<() => MappedRow> {
  const rows: MappedRow[] = [];
  const file = await openImport(FILE, await readMapping(MAPPING));
  for await (const row of file.rows()) if ('command' in row) rows.push(row);
  let next = 0;
  return () => {
    const row = rows[next % rows.length];
    if (!row) throw new Error(`${FILE} has no rows`);
    const round = Math.floor(next++ / rows.length);
    const id = String(Number(row.raw.ViolationID) + round * NEXT_ROUND);
    const source = Object.assign(new Source(), row.command.source, { line: id });
    const command = Object.assign(new RegisterProblem(), row.command, { source });
    return { ...row, command, raw: { ...row.raw, ViolationID: id } };
  };
}

/** A case that was taken to its end. */
export interface Finished {
  caseId: string;
  outcome: Outcome;
}

/** Takes one violation to what the data says became of it, as the demo does. */
export async function driveOne(row: MappedRow, speak: Speak): Promise<Finished> {
  const outcome = outcomeOf(row.raw);
  const api = await speak(registrar);
  const receipt = await api.register(row.command, `demo:${row.raw.ViolationID ?? ''}:register`);
  const drive = new Drive(speak, row, receipt);
  await drive.to(outcome);
  return { caseId: receipt.case, outcome };
}
