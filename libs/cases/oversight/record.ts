import { ChangeVisibility, RecordAccountability } from '../../contracts/oversight.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { STATUSES, type Status } from '../../contracts/status.js';
import { FLAGS } from '../case-state.js';
import { phase } from '../table.js';

const ALL = Object.keys(STATUSES) as Status[];

/** Who was held to account, and who may know of it all: whatever became of the case, and whatever it waits for. */
export const record = phase({
  account: {
    command: RecordAccountability,
    roles: ['inspector'],
    at: 'outside',
    in: ALL.filter((status) => status !== 'registered'),
    flags: FLAGS,
    decide: ({ persons }, _, { register, today }) => {
      const { accountability, ranks } = register.policy;
      persons.forEach(({ actions, rank, on }, n) => {
        const known = actions.findIndex((action) => !Object.hasOwn(accountability, action));
        if (known >= 0)
          invalid(`persons.${n}.actions.${known}`, 'known-action', 'this is no form of accountability');
        if (!Object.hasOwn(ranks, rank)) invalid(`persons.${n}.rank`, 'known-rank', 'this is no rank');
        if (on > today) invalid(`persons.${n}.on`, 'not-ahead', 'on lies ahead');
      });
      return [{ type: 'AccountabilityRecorded', persons }];
    },
  },
  visibility: {
    command: ChangeVisibility,
    refuses: ['case/visibility-same'],
    roles: ['dispatcher', 'inspector'],
    at: 'outside',
    in: ALL,
    flags: FLAGS,
    decide: ({ to, reason }, { visibility }, _, { role }) => {
      // A dispatcher closes a door; only an inspector opens one, or locks it.
      if (role === 'dispatcher' && !(visibility === 'normal' && to === 'restricted')) refuse('case/role');
      if (to === visibility) refuse('case/visibility-same');
      return [{ type: 'VisibilityChanged', to, reason }];
    },
  },
});
