import type * as afterwards from '../afterwards.js';
import type * as assignment from '../assignment.js';
import type * as clock from '../clock.js';
import type * as draws from '../draws.js';
import type * as notice from '../examination-notice.js';
import type * as positions from '../examination-positions.js';
import type * as examination from '../examination.js';
import type * as intake from '../intake.js';
import type * as items from '../items.js';
import type * as merge from '../merge.js';
import type * as oversight from '../oversight.js';
import type * as parts from '../parts.js';
import type * as stages from '../rectification-stages.js';
import type * as rectification from '../rectification.js';
import type * as referrals from '../referrals.js';
import type * as register from '../register-commands.js';
import type * as retention from '../retention.js';
import type * as split from '../split.js';

/** The names of the command classes among what a module exports: a query has a `type` too, but is made of something. */
type NamesIn<Module> = {
  [Name in keyof Module]: Module[Name] extends abstract new () => { readonly type: Name } ? Name : never;
}[keyof Module];

/** The name of every command, which is that of its class. */
export type CommandName =
  | NamesIn<typeof afterwards>
  | NamesIn<typeof assignment>
  | NamesIn<typeof clock>
  | NamesIn<typeof draws>
  | NamesIn<typeof examination>
  | NamesIn<typeof intake>
  | NamesIn<typeof items>
  | NamesIn<typeof merge>
  | NamesIn<typeof notice>
  | NamesIn<typeof oversight>
  | NamesIn<typeof parts>
  | NamesIn<typeof positions>
  | NamesIn<typeof rectification>
  | NamesIn<typeof referrals>
  | NamesIn<typeof register>
  | NamesIn<typeof retention>
  | NamesIn<typeof split>
  | NamesIn<typeof stages>;
