import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { checkSeed } from './check-seed.js';

test('a seed that is sound is told in a few lines', async () => {
  expect(await checkSeed('config/example/example.yaml')).toEqual([
    'config/example/example.yaml is sound.',
    'zone        Europe/Berlin, a demo',
    'calendar    town@2027, settled up to 2027-12-31',
    '            riverside has days of its own',
    'divisions   1 district, 2 ward',
    'units       1 district, 2 ward',
    'persons     11, as 1 registrar, 1 dispatcher, 2 verifier, 1 approver, 1 inspector, 1 system-admin, 1 security-admin, 2 handler, 1 reviewer',
    'policy      town@2',
    'sources     WK, CM',
    'categories  playground, street-light, deposit',
    'routes',
    '  general   review by lead, verify by above',
    '  serious   review by lead, verify by above',
    '  major     review by lead, verify by above, approve by district',
    '  besides   categories playground and severities serious, major: approve by above',
  ]);
});

test('one that is wrong says what, and where', async () => {
  await expect(checkSeed('config/hunan/units.yaml')).rejects.toThrow(
    'The seed file config/hunan/units.yaml is wrong: ',
  );
});
