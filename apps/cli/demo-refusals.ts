import { type Bearer } from '../../libs/identity/sessions/tokens.js';
import { Refused } from './api.js';
import { type Drive, type Variation } from './demo-case.js';
import { type Tried } from './showing/tale.js';

const at = (person: string, unit: string, role: Bearer['role']): Bearer => ({ person, unit, role });
const CITY = 'city-office';
const PROVINCE = 'province-office';

/**
 * Three serious cases in which somebody with too many posts takes part and then tries what they may not do any more.
 * Each attempt is made right before the act of the person whose turn it is.
 */
export function variations(tried: Tried[]): Variation[] {
  const attempt = async (drive: Drive, bearer: Bearer, command: string, body: object = {}): Promise<void> => {
    try {
      await drive.attempt(bearer, command, body);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // In a second run the case has moved on: what was tried in the first is not tried again.
      if (error.code !== 'case/status' && error.code !== 'case/stale') {
        tried.push({ who: `${bearer.person} (${bearer.role})`, what: command, code: error.code });
      }
      return;
    }
    throw new Error(`${command} by ${bearer.person} should have been refused`);
  };
  const handler = 'many-posts-handler';
  const reviewer = 'many-posts-reviewer';
  const verifier = 'many-posts-verifier';
  const visiting = async (drive: Drive, person: string): Promise<void> => {
    const bearer = at(person, CITY, 'verifier');
    await attempt(drive, bearer, 'record-verification', await drive.visit(bearer));
  };
  const closing = async (command: string, drive: Drive, person: string): Promise<void> => {
    if (command === 'approve-closure' || command === 'close-case') {
      await attempt(drive, at(person, PROVINCE, 'approver'), command);
    }
  };
  return [
    {
      helper: handler,
      before: async (command, drive) => {
        if (command === 'pass-review') await attempt(drive, at(handler, drive.county, 'reviewer'), command);
        if (command === 'record-verification') await visiting(drive, handler);
        await closing(command, drive, handler);
      },
    },
    {
      reviewer,
      before: async (command, drive) => {
        if (command === 'record-verification') await visiting(drive, reviewer);
        await closing(command, drive, reviewer);
      },
    },
    {
      verifier,
      before: async (command, drive) => {
        if (command === 'confirm-verification') await attempt(drive, at(verifier, CITY, 'verifier'), command);
        await closing(command, drive, verifier);
      },
    },
  ];
}
