import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { ADMINISTRATORS, isAgent, READERS, type Role } from '../../libs/contracts/roles.js';
import { registerCommands } from '../../libs/register/commands.js';
import { allRoutes } from './document.js';

const administrates = (role: Role): boolean => (ADMINISTRATORS as readonly Role[]).includes(role);

/** What everybody has to do with, by its address: one's own sessions, the register, the log of it, and the time. */
const SHARED = [
  /^\/api\/v1\/sessions?(?:\/|$)/,
  /^\/api\/v1\/register(?:\/|$)/,
  /^\/api\/v1\/access-log$/,
  /^\/api\/v1\/clock$/,
];

const closed = allRoutes().flatMap(({ method, path, operation }) =>
  operation && operation.may !== 'public' ? [{ method, path, may: operation.may }] : [],
);
const shared = (path: string): boolean => SHARED.some((one) => one.test(path));

// To see it fail: name `system-admin` at a route of cases, or `registrar` at one of accounts.
describe('the three administrators', () => {
  test.each(closed.filter(({ path }) => !shared(path)))(
    '$method $path is theirs alone, or none of theirs',
    ({ may }) => {
      expect(new Set(may.map(administrates)).size).toBe(1);
    },
  );

  test('of the register give no command that somebody of business gives too', () => {
    const mixed = registerCommands.filter(({ roles }) => {
      const people = roles.filter((role): role is Role => !isAgent(role));
      return people.some(administrates) && !people.every(administrates);
    });
    expect(mixed.map(({ command }) => command.name)).toEqual([]);
  });

  test('are no readers of cases', () => {
    expect(READERS.filter(administrates)).toEqual([]);
  });
});
