import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { migrateIdentity } from '../../../libs/identity/schema.js';
import { tablesIn } from './tables.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await migrateIdentity(database.sql);
});
afterAll(() => database.drop());

test('accounts and what they sign in with are kept; who is signed in, and links that open an account, are not', async () => {
  const names = (await tablesIn(database.sql)).map(({ name }) => name);
  const identity = names.filter((name) => name.startsWith('identity.')).sort();
  expect(identity).toEqual(
    ['accounts', 'links', 'recovery_codes', 'tokens'].map((name) => `identity.${name}`),
  );
});
