import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { picture } from '../cli/demo-picture.js';
import { Readable } from 'node:stream';
import {
  acceptAssignment,
  amended,
  assignCase,
  attachEvidence,
  excludePerson,
  issueSupervision,
  recordInstruction,
  registerProblem,
  reportProgress,
  requestExtension,
} from '../../test/support/cases.js';
import { type InProcess, startInProcess } from '../../test/support/in-process.js';
import { listItems } from '../../test/support/intake.js';
import { mergeCase } from '../../test/support/split.js';
import { dispatcherQian, handlerLi, registrarGu } from '../../test/support/province.js';
import { type Asked, Tally } from '../../test/support/tally.js';
import { type CommandReceipt, OnCase } from '../../libs/contracts/envelope.js';
import { Source } from '../../libs/contracts/intake.js';
import { type Actor } from '../../libs/eventing/event.js';
import { validated } from '../../libs/platform/validated.js';

const NUMBER = 'select register.take';
const FILES = 'select a.n, u.* from unnest';
const KEY = 'select k.version, k.wrapped';
const NEW_KEY = 'insert into sealing.keys';
const INDEX = 'insert into sealing.indexes';
const KNOWN = [NUMBER, FILES, KEY, NEW_KEY, INDEX];

const tally = new Tally();
let rooms: InProcess;
beforeAll(async () => {
  rooms = await startInProcess(tally);
});
afterAll(() => rooms.close());

let keys = 0;
const give = (who: Actor, body: object, caseId?: string): Promise<CommandReceipt> =>
  rooms.commands.execute(
    new OnCase(caseId, body, who, { idempotencyKey: `key-${++keys}`, correlationId: 'one-and-the-same' }),
  );
const asking = (who: Actor, body: object, caseId?: string): Promise<Asked> =>
  tally.during(() => give(who, body, caseId));
const begin = (statements: readonly string[]): string[] =>
  statements.map((one) => KNOWN.find((known) => one.startsWith(known)) ?? one);

async function registered(line: string): Promise<string> {
  const source = validated(Source, { code: 'PC', document: '7', line });
  return (await give(registrarGu, amended(registerProblem, { source }))).case;
}

async function rectifying(line: string): Promise<string> {
  const id = await registered(line);
  await give(dispatcherQian, assignCase, id);
  await give(handlerLi, acceptAssignment, id);
  return id;
}

/** What is asked of the database where the case is folded in memory already. */
describe('besides its append, on a kept case,', () => {
  const expectOnly = ({ statements, reads, appends }: Asked, id: string, wanted: readonly string[] = []) => {
    expect(begin(statements)).toEqual(wanted);
    expect(reads).toEqual([]);
    expect(appends).toEqual([`case-${id}`]);
  };

  test('a command learns its facts without a single statement', async () => {
    const id = await registered('1');
    await give(dispatcherQian, assignCase, id);
    expectOnly(await asking(handlerLi, acceptAssignment, id), id);
    for (const [who, body] of [
      [handlerLi, reportProgress],
      [dispatcherQian, issueSupervision],
      [dispatcherQian, recordInstruction],
      [dispatcherQian, excludePerson],
      [handlerLi, requestExtension],
    ] as const)
      expectOnly(await asking(who, body, id), id);
  });

  test('a command that takes a number takes it by one statement', async () => {
    const id = await registered('2');
    expectOnly(await asking(dispatcherQian, assignCase, id), id, [NUMBER]);
  });

  test('a command that names files looks for all of them by one statement', async () => {
    const id = await rectifying('3');
    const { receipt } = await rooms.uploads.receive(
      { caseId: id, person: handlerLi.person, mediaType: 'image/png', people: false },
      Readable.from([picture('hot road')]),
    );
    expectOnly(await asking(handlerLi, amended(attachEvidence, { receipt }), id), id, [FILES]);
  });

  test('a command that names another case reads what is new of that one', async () => {
    const [id, into] = [await registered('4'), await registered('5')];
    const { statements, reads } = await asking(registrarGu, amended(mergeCase, { into }), id);
    expect({ statements, reads }).toEqual({ statements: [], reads: [`case-${into}`] });
  });

  test('a command with personal texts makes the key of its holder and notes by what they are found', async () => {
    const id = await registered('7');
    expectOnly(await asking(registrarGu, listItems, id), id, [KEY, NEW_KEY, KEY, INDEX]);
  });

  test('whoever is refused costs one look into the log, whether what is kept is still true', async () => {
    const id = await registered('6');
    const asked = await tally.during(() => give(handlerLi, acceptAssignment, id).catch(() => undefined));
    expect(asked).toEqual({ statements: [], reads: [`case-${id}`], appends: [] });
  });
});

test('a count that finds nothing is no proof: what a command does ask is counted', async () => {
  const { statements } = await asking(registrarGu, amended(registerProblem, { source: unseen() }));
  expect(begin(statements)).toContain(NUMBER);
  expect(statements.some((one) => one.startsWith('insert into cases.keys'))).toBe(true);
});

function unseen(): Source {
  return validated(Source, { code: 'PC', document: '7', line: 'unseen' });
}
