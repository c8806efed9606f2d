import { caseCommands } from '../../../libs/cases/commands.js';
import { type CaseState, type Flag, weightOf } from '../../../libs/cases/case-state.js';
import { type AnyCaseRow, type CaseFacts } from '../../../libs/cases/table.js';
import { type SplitCase } from '../../../libs/contracts/split.js';

/** What the rules are made to overlook. */
type Overlooking = (state: CaseState) => Partial<CaseState>;

const dimmed = (overlooking: Overlooking, state: CaseState): CaseState => ({
  ...state,
  ...overlooking(state),
});

/** The table with some commands otherwise. */
function table(change: (row: AnyCaseRow) => AnyCaseRow, ...commands: string[]): readonly AnyCaseRow[] {
  return caseCommands.map((row) =>
    commands.length === 0 || commands.includes(row.command.name) ? change(row) : row,
  );
}

/** What `may` sees of the state is changed before it judges; of all commands, or of these. */
export const overlooking = (what: Overlooking, ...commands: string[]) =>
  table(
    (row) => {
      const { may } = row;
      if (!may) return row;
      return {
        ...row,
        may: (state, actor, facts) => {
          may(dimmed(what, state), actor, facts);
        },
      };
    },
    ...commands,
  );

/** The same of what is decided by what the command says. */
export const deciding = (command: string, what: Overlooking) =>
  table(
    (row) => ({ ...row, decide: (said, state, ...rest) => row.decide(said, dimmed(what, state), ...rest) }),
    command,
  );

/** Nothing is asked of whoever gives the command. */
export const unasked = (command: string) => table((row) => ({ ...row, may: () => undefined }), command);

/** The flag hinders nobody. */
export const unhindered = (flag: Flag, rows: readonly AnyCaseRow[] = caseCommands): readonly AnyCaseRow[] =>
  rows.map((row) => (row.in.includes('new') ? row : { ...row, flags: [...(row.flags ?? []), flag] }));

/** Nobody knows who holds a post where. */
export const withoutPosts = table((row) => {
  const { may } = row;
  if (!may) return row;
  const blind = (facts: CaseFacts): CaseFacts => ({
    ...facts,
    register: { ...facts.register, person: () => undefined },
  });
  return {
    ...row,
    may: (state, actor, facts) => {
      may(state, actor, blind(facts));
    },
  };
});

/** Everybody sees every case. */
export const withoutScope = table((row) => ({ ...row, sees: undefined }));

/** Whoever covers the case decides on it, the responsible unit too. */
export const anywhere = table((row) =>
  typeof row.at === 'string' ? { ...row, at: 'covering', reach: undefined } : row,
);

/** Parts weigh what they like. */
export const withoutWeights = table(
  (row) => ({
    ...row,
    decide: (command, state, ...rest) => {
      const weight = (command as SplitCase).parts.reduce((sum, part) => sum + part.weight, 0);
      const { registration } = state;
      const fitting = registration && { ...registration, weight: weight || weightOf(state) };
      return row.decide(command, { ...state, registration: fitting }, ...rest);
    },
  }),
  'SplitCase',
);
