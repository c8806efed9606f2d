import { type LedgerFilter } from '../../../libs/contracts/ledger.js';
import { type RefusalCode } from '../../../libs/contracts/refusal.js';
import { type Uuid } from '../../../libs/contracts/values.js';
import { type Bearer } from '../../../libs/identity/sessions/tokens.js';
import { type Words } from '../../../libs/ledger/exports/words.js';
import { type Config } from '../../../libs/platform/config.js';
import { type Api } from '../api.js';
import { type Joined } from '../join.js';
import { type Page } from './page.js';

/** What was tried although nobody may, and how it was refused. */
export interface Tried {
  who: string;
  what: string;
  code: RefusalCode;
}

/** What there is to be shown of a demo, once its cases are where they should be. */
export interface Tale {
  /** Sees all of it; what is taken out, is taken out by them. */
  inspector: Bearer;
  registrar: Bearer;
  /** Whose day is looked at. */
  worker: Bearer;
  /** What the list is narrowed to, and what is searched for. */
  filter: LedgerFilter;
  search: string;
  /** Of the cases whose workbook an office works on. */
  goesOut: LedgerFilter;
  tried: readonly Tried[];
  /** A case that was closed falsely. */
  told: Uuid;
}

export interface Showing extends Tale {
  page: Page;
  joined: Joined;
  config: Config;
  /** As the inspector. */
  reader: Api;
  /** Names in the place of ids. */
  words: Words;
  /** Where files are put; they are written over by the next run. */
  folder: string;
}
