import { expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { MemoryKeys } from '../../test/doubles/memory-keys.js';
import { type PersonalKind, type Sealed } from '../contracts/sealing.js';
import { MasterKey } from '../sealing/master-key.js';
import { Sealer } from '../sealing/sealer.js';
import { sealedAt, veiled } from './shown.js';

const ZHANG = '6f1c1f0e-0000-4000-8000-000000000001';
const STREAM = 'case-1';
const sealer = new Sealer(new MemoryKeys(), MasterKey.fromText(randomBytes(32).toString('base64')));
const seal = (field: string, text: string, kind?: PersonalKind): Promise<Sealed> =>
  sealer.seal(ZHANG, text, { stream: STREAM, field }, kind);

const data = {
  petitioner: {
    name: await seal('petitioner.name', '演示张三', 'name'),
    phone: await seal('petitioner.phone', '13800005678', 'phone'),
  },
  households: [{ number: '1', owner: await seal('households.0.owner', '演示李四', 'name') }],
  verbatim: await seal('verbatim', '我家屋面渗漏', 'text'),
  note: await seal('note', '不详'),
  divisions: ['hill'],
  amountFen: 5,
  location: null,
};

test('a sealed text is shown masked, and where it stands; all else as it is', async () => {
  expect(await veiled(data, STREAM, sealer, false)).toEqual({
    petitioner: {
      name: { sealed: true, kind: 'name', masked: '演**', field: 'petitioner.name' },
      phone: { sealed: true, kind: 'phone', masked: '138****5678', field: 'petitioner.phone' },
    },
    households: [
      { number: '1', owner: { sealed: true, kind: 'name', masked: '演**', field: 'households.0.owner' } },
    ],
    verbatim: { sealed: true, kind: 'text', masked: '**', field: 'verbatim' },
    note: { sealed: true, masked: '**', field: 'note' },
    divisions: ['hill'],
    amountFen: 5,
    location: null,
  });
});

test('where it must be hidden nothing shows but that something is there', async () => {
  const shown = (await veiled(data, STREAM, sealer, true)) as typeof data;
  expect(shown.petitioner).toEqual({
    name: { sealed: true, hidden: true },
    phone: { sealed: true, hidden: true },
  });
  expect(shown.verbatim).toEqual({ sealed: true, hidden: true });
});

test('what was moved from another place is not shown', async () => {
  const moved = { verbatim: data.petitioner.name };
  expect(await veiled(moved, STREAM, sealer, false)).toEqual({
    verbatim: { sealed: true, unreadable: true },
  });
});

test('a sealed text is found by its path, and nothing else is', () => {
  expect(sealedAt(data, 'households.0.owner')).toBe(data.households[0]?.owner);
  for (const path of [
    'petitioner',
    'petitioner.name.holder',
    'households.1.owner',
    'divisions.0',
    '',
    'constructor',
  ]) {
    expect([path, sealedAt(data, path)]).toEqual([path, undefined]);
  }
});

// The last: nobody is sealed for after it.
test('what was erased is said to be', async () => {
  await sealer.erase(ZHANG);
  const shown = (await veiled(data, STREAM, sealer, false)) as typeof data;
  expect(shown.verbatim).toEqual({ sealed: true, erased: true });
  expect(shown.households).toEqual([{ number: '1', owner: { sealed: true, erased: true } }]);
});
