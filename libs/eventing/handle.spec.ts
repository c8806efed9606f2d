import { beforeEach, describe, expect, test } from '@jest/globals';
import { Refusal, refuse, type RefusalCode } from '../contracts/refusal.js';
import { canonical } from './canonical.js';
import { decoder } from './decode.js';
import { type Actor, type NewEvent, type StoredEvent, type Recorded } from './event.js';
import { type AnyRow, each, type Envelope, type Facts, Handler, type Kind } from './handle.js';
import { eventId } from './ids.js';
import { type Appended, Conflict, type EventStore, OutcomeUnknown, Unavailable } from './store.js';

/** A log in memory that does what the port promises, and what may happen to it on the way. */
class MemoryLog implements EventStore {
  readonly streams = new Map<string, StoredEvent[]>();
  reads = 0;
  appends = 0;
  /** What happens to the next appends, one each. */
  mishaps: ((write: () => Appended) => Appended)[] = [];
  /** Whether reading fails. */
  silent = false;
  /** Whether it can tell what it wrote now from what stood there before. */
  tells = true;

  async read(stream: string, from: number, limit: number): Promise<StoredEvent[]> {
    await Promise.resolve();
    this.reads++;
    if (this.silent) throw new Unavailable('the log cannot be read');
    return (this.streams.get(stream) ?? []).slice(from, from + limit);
  }

  async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<Appended> {
    await Promise.resolve();
    this.appends++;
    const write = () => this.write(stream, expected, events);
    return (this.mishaps.shift() ?? ((written) => written()))(write);
  }

  write(stream: string, expected: number, events: readonly NewEvent[]): Appended {
    const there = this.streams.get(stream) ?? [];
    const revision = expected + events.length;
    const same = events.every(({ id }, n) => there[expected + 1 + n]?.id === id);
    if (same) return { revision, fresh: false };
    if (there.length - 1 !== expected) throw new Conflict(stream, expected);
    const added = events.map((event, n) => ({ ...event, stream, revision: expected + 1 + n }));
    this.streams.set(stream, [...there, ...added]);
    return this.tells ? { revision, fresh: true } : { revision };
  }
}

const unavailable = (): never => {
  throw new Unavailable('the log is down');
};
const requestLost = (): never => {
  throw new OutcomeUnknown('no answer');
};
const answerLost = (write: () => Appended): never => {
  write();
  throw new OutcomeUnknown('no answer');
};

type LampEvent =
  | { type: 'LampHung'; place: string; note?: string }
  | { type: 'LampLit' }
  | { type: 'LampPutOut' }
  | { type: 'LampDusted' }
  | { type: 'LampBroken' };

interface Lamp {
  status: 'dark' | 'lit' | undefined;
  flags: ReadonlySet<string>;
  basis: number;
  /** How often it was dusted. */
  dustings: number;
}

const lamps: Kind<Lamp, LampEvent> = {
  initial: { status: undefined, flags: new Set(), basis: -1, dustings: 0 },
  decode: decoder<LampEvent>({
    LampHung: true,
    LampLit: true,
    LampPutOut: true,
    LampDusted: true,
    LampBroken: true,
  }),
  fold: each((lamp: Lamp, { event, revision }: Recorded<LampEvent>) => {
    if (event.type === 'LampDusted') return { ...lamp, dustings: lamp.dustings + 1 };
    if (event.type === 'LampBroken') return { ...lamp, flags: new Set(['returnPending']), basis: revision };
    return { ...lamp, status: event.type === 'LampLit' ? 'lit' : 'dark', basis: revision };
  }),
};

class Hang {
  place = 'hall';
  note?: string;
}
class Light {
  again = false;
}
class PutOut {
  readonly type = 'PutOut';
}
class Dust {
  times = 1;
}
class Break {
  readonly type = 'Break';
}

type LampRow = AnyRow<Lamp, LampEvent, Facts>;
const row = <C extends object>(one: {
  command: new () => C;
  roles?: string[];
  in: LampRow['in'];
  reach?: LampRow['reach'];
  may?: LampRow['may'];
  decide: (command: C, lamp: Lamp) => LampEvent[];
}): LampRow => ({ roles: ['lighter'], ...one });

const hang = row({
  command: Hang,
  in: ['new'],
  decide: ({ place, note }) => [{ type: 'LampHung', place, note }],
});
const light = row({
  command: Light,
  in: ['dark'],
  reach: (_, { unit }) => {
    if (unit === 'abroad') refuse('case/unknown');
  },
  may: (_, { person }) => {
    if (person === 'drunk') refuse('case/verifier-rectified');
  },
  decide: ({ again }) => (again ? refuse('case/receipt-used') : [{ type: 'LampLit' }]),
});
const putOut = row({ command: PutOut, in: ['lit'], decide: () => [{ type: 'LampPutOut' }] });
const dust = row({
  command: Dust,
  in: ['dark', 'lit'],
  decide: ({ times }) => Array.from({ length: times }, () => ({ type: 'LampDusted' as const })),
});
const breaks = row({ command: Break, in: ['dark', 'lit'], decide: () => [{ type: 'LampBroken' }] });

const STREAM = 'lamp-1';
const NOON = '2026-09-01T04:00:00.000Z';
const NEXT = '2026-09-01T04:00:00.001Z';
const lighter: Actor = { person: 'ma', unit: 'tower', role: 'lighter', via: 'http' };

type LampEnvelope = Envelope<Lamp, LampEvent, Facts>;
let log: MemoryLog;
let handler: Handler<Lamp, LampEvent, Facts>;
let commands = 0;

beforeEach(() => {
  log = new MemoryLog();
  handler = new Handler(log, lamps);
});

/** Another process on the same log. */
const elsewhere = () => new Handler(log, lamps);

/** A command on its way, by the lighter at noon unless it is said otherwise. */
function to(which: LampRow, otherwise: Partial<LampEnvelope> & { now?: string } = {}): LampEnvelope {
  const { now = NOON, ...rest } = otherwise;
  const commandId = `command-${++commands}`;
  return {
    ...{ stream: STREAM, row: which, commandId, requestHash: 'aa', actor: lighter, seen: undefined },
    body: new which.command(),
    about: { correlationId: 'corr-1' },
    facts: () => Promise.resolve({ now }),
    ...rest,
  };
}

const stored = () => log.streams.get(STREAM) ?? [];
const times = () => stored().map(({ meta }) => (JSON.parse(meta) as { recordedAt: string }).recordedAt);
const happened = () => stored().map(({ type }) => type);

async function refusal(promise: Promise<unknown>): Promise<RefusalCode | undefined> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error !== undefined && !(error instanceof Refusal)) throw error as Error;
  return error?.code;
}

describe('what is written', () => {
  test('is what was decided, under ids of the command, with all that is known of it', async () => {
    const actor = { ...lighter, onBehalfOf: 'mo' };
    const facts = () => Promise.resolve({ now: NOON, policy: 'rules@1', calendar: 'days@2' });
    const envelope = to(hang, { commandId: 'c-1', requestHash: 'f00d', actor, facts });
    envelope.about = {
      ...{ correlationId: 'corr-1', causationId: 'cause-1', traceparent: '00-a-b-01' },
      ...{
        entryMode: 'backfilled',
        effectiveOn: '2026-08-01',
        basisDocument: '会议纪要 3',
        decisionBatch: 'b-1',
      },
      simulated: true,
    };
    expect(await handler.handle(envelope)).toEqual({ stream: STREAM, revision: 0, repeated: false });
    expect(stored()).toEqual([
      {
        ...{ id: eventId(STREAM, 'c-1', 0), stream: STREAM, revision: 0, type: 'LampHung' },
        data: '{"place":"hall"}',
        meta: canonical({
          ...{ recordedAt: NOON, commandId: 'c-1', requestHash: 'f00d', correlationId: 'corr-1' },
          ...{ causationId: 'cause-1', traceparent: '00-a-b-01' },
          actor: { person: 'ma', unit: 'tower', role: 'lighter', onBehalfOf: 'mo', via: 'http' },
          ...{ entryMode: 'backfilled', effectiveOn: '2026-08-01', basisDocument: '会议纪要 3' },
          ...{ decisionBatch: 'b-1', policy: 'rules@1', calendar: 'days@2', simulated: true },
        }),
      },
    ]);
  });

  test('says nothing of what is not known, and that the command itself is its cause', async () => {
    await handler.handle(to(hang, { commandId: 'c-1' }));
    expect(stored()[0]?.meta).toBe(
      canonical({
        ...{ recordedAt: NOON, commandId: 'c-1', requestHash: 'aa', correlationId: 'corr-1' },
        ...{ causationId: 'c-1', actor: lighter, entryMode: 'live' },
      }),
    );
  });

  test('several events of one command stand together and are numbered', async () => {
    await handler.handle(to(hang));
    const body = Object.assign(new Dust(), { times: 3 });
    expect(await handler.handle(to(dust, { commandId: 'c-2', body }))).toMatchObject({ revision: 3 });
    expect(stored().slice(1)).toEqual(
      [0, 1, 2].map(
        (n) => expect.objectContaining({ id: eventId(STREAM, 'c-2', n), revision: n + 1 }) as unknown,
      ),
    );
    expect(
      new Set(
        stored()
          .slice(1)
          .map(({ meta }) => meta),
      ).size,
    ).toBe(1);
  });

  test('is never recorded before what stands before it', async () => {
    await handler.handle(to(hang, { now: '2026-09-01T04:00:00.005Z' }));
    await handler.handle(to(light, { now: '2026-09-01T04:00:00.001Z' }));
    await elsewhere().handle(to(putOut, { now: '2026-08-31T00:00:00.000Z' }));
    await handler.handle(to(light, { now: '2026-09-01T04:00:00.006Z' }));
    expect(times()).toEqual([
      ...['2026-09-01T04:00:00.005Z', '2026-09-01T04:00:00.005Z', '2026-09-01T04:00:00.005Z'],
      '2026-09-01T04:00:00.006Z',
    ]);
  });

  test('is simulated for as long as the time of what stands before it was, and has not come', async () => {
    const at = (now: string, simulated?: true) => ({
      facts: () => Promise.resolve({ now, ...(simulated && { simulated }) }),
    });
    await handler.handle(to(hang, at(NOON)));
    await handler.handle(to(light, at('2026-12-01T04:00:00.000Z', true)));
    await handler.handle(to(putOut, at(NEXT)));
    await elsewhere().handle(to(dust, at(NEXT)));
    await elsewhere().handle(to(light, at('2026-12-01T04:00:00.001Z')));
    expect(stored().map(({ meta }) => (JSON.parse(meta) as { simulated?: true }).simulated)).toEqual([
      ...[undefined, true, true, true, undefined],
    ]);
  });
});

describe('the checks have their order', () => {
  /** Everything is wrong with it at first; each line puts one thing right. */
  const wrong = { actor: { person: 'drunk', unit: 'abroad', role: 'thief', via: 'http' as const }, seen: 0 };
  const again = Object.assign(new Light(), { again: true });

  test.each([
    ['the role', wrong, 'case/role'],
    ['the desk', { ...wrong, actor: { ...wrong.actor, role: 'lighter' } }, 'case/unknown'],
    ['what was seen', { ...wrong, actor: { ...lighter, person: 'drunk' } }, 'case/stale'],
  ] as const)('%s', async (_, otherwise, code) => {
    for (const each of [hang, light, breaks]) await handler.handle(to(each));
    expect(await refusal(handler.handle(to(light, { body: again, ...otherwise })))).toBe(code);
  });

  test('the status, then the flags, then the person, then the command', async () => {
    const drunk = { body: again, actor: { ...lighter, person: 'drunk' } };
    for (const each of [hang, light]) await handler.handle(to(each));
    await handler.handle(to(breaks));
    expect(await refusal(handler.handle(to(light, drunk)))).toBe('case/status');
    log.streams.clear();
    handler = elsewhere();
    for (const each of [hang, breaks]) await handler.handle(to(each));
    expect(await refusal(handler.handle(to(light, drunk)))).toBe('case/flag-returnPending');
    log.streams.clear();
    handler = elsewhere();
    await handler.handle(to(hang));
    expect(await refusal(handler.handle(to(light, drunk)))).toBe('case/verifier-rectified');
    expect(await refusal(handler.handle(to(light, { body: again })))).toBe('case/receipt-used');
    expect(await refusal(handler.handle(to(light)))).toBeUndefined();
  });

  test('what is not there is not there for anybody, and what is there does not begin again', async () => {
    expect(await refusal(handler.handle(to(light, wrong)))).toBe('case/unknown');
    await handler.handle(to(hang));
    expect(await refusal(handler.handle(to(hang)))).toBe('case/already-registered');
  });

  test('the facts are learnt from the state, before anything is judged', async () => {
    await handler.handle(to(hang));
    const learnt: (string | undefined)[] = [];
    const facts = ({ status }: Lamp) => {
      learnt.push(status);
      return Promise.resolve({ now: NOON });
    };
    await refusal(handler.handle(to(light, { ...wrong, facts })));
    expect(learnt).toEqual(['dark']);
  });

  test.each([
    ['the last material event was seen', 1, undefined],
    ['nothing was asked for', undefined, undefined],
    ['an immaterial event came after what was seen', 1, undefined],
    ['a material event came after what was seen', 0, 'case/stale'],
  ])('stale or not: %s', async (_, seen, code) => {
    for (const each of [hang, light, dust, dust]) await handler.handle(to(each));
    expect(await refusal(handler.handle(to(putOut, { seen })))).toBe(code);
  });
});

describe('a refusal', () => {
  test('leaves no trace', async () => {
    await handler.handle(to(hang));
    const before = [...stored()];
    expect(await refusal(handler.handle(to(putOut, { commandId: 'c-9' })))).toBe('case/status');
    expect(stored()).toEqual(before);
    expect(log.appends).toBe(1);
    // The same key may be used again for what was put right.
    await handler.handle(to(light));
    expect(await handler.handle(to(putOut, { commandId: 'c-9', requestHash: 'bb' }))).toMatchObject({
      revision: 2,
    });
  });

  test('is not on account of what was kept when the log has moved on', async () => {
    await handler.handle(to(hang));
    await elsewhere().handle(to(light));
    expect(await handler.handle(to(putOut))).toEqual({ stream: STREAM, revision: 2, repeated: false });
  });

  test('nor is a command taken that only what was kept would allow', async () => {
    await handler.handle(to(hang));
    await elsewhere().handle(to(light));
    expect(await refusal(handler.handle(to(light)))).toBe('case/status');
    expect(happened()).toEqual(['LampHung', 'LampLit']);
  });

  test('a command that another process has carried out is recognised though what was kept refuses it', async () => {
    await handler.handle(to(hang));
    await elsewhere().handle(to(light));
    await elsewhere().handle(to(putOut, { commandId: 'c-9' }));
    expect(await handler.handle(to(putOut, { commandId: 'c-9' }))).toEqual({
      ...{ stream: STREAM, revision: 2, repeated: true },
    });
  });

  test('while the log cannot be read nobody is refused', async () => {
    await handler.handle(to(hang));
    log.silent = true;
    await expect(handler.handle(to(putOut))).rejects.toThrow(Unavailable);
  });

  test('what a fact refuses is refused', async () => {
    const facts = () => Promise.reject(new Refusal('case/receipt-unknown'));
    expect(await refusal(handler.handle(to(hang, { facts })))).toBe('case/receipt-unknown');
  });

  test('a fault of the program is none', async () => {
    const facts = () => Promise.reject(new TypeError('a fault'));
    await expect(handler.handle(to(hang, { facts }))).rejects.toThrow(TypeError);
    const nothing = row({ command: Hang, in: ['new'], decide: () => [] });
    await expect(handler.handle(to(nothing))).rejects.toThrow('Hang decided nothing');
    expect(log.appends).toBe(0);
  });

  test('what cannot be stored is refused, and nothing of it stands there', async () => {
    const body = (place: string) => Object.assign(new Hang(), { place });
    for (const place of ['\0', '\ud800', '屋'.repeat(30_000)]) {
      expect(await refusal(handler.handle(to(hang, { body: body(place) })))).toBe('input/invalid');
    }
    expect(log.appends).toBe(0);
  });
});

describe('a command that was carried out', () => {
  test('is answered as before, whatever has changed since', async () => {
    await handler.handle(to(hang, { commandId: 'c-1' }));
    for (const each of [light, putOut, breaks]) await handler.handle(to(each));
    let asked = 0;
    const facts = () => {
      asked++;
      return Promise.resolve({ now: NOON });
    };
    const repeated = to(hang, { commandId: 'c-1', facts, seen: 0, actor: { ...lighter, role: 'thief' } });
    for (const one of [handler, elsewhere()]) {
      expect(await one.handle(repeated)).toEqual({ stream: STREAM, revision: 0, repeated: true });
    }
    expect([asked, log.appends]).toEqual([0, 4]);
  });

  test('is known by the last of its events', async () => {
    await handler.handle(to(hang));
    const body = Object.assign(new Dust(), { times: 3 });
    await handler.handle(to(dust, { commandId: 'c-2', body }));
    await handler.handle(to(dust));
    expect(await handler.handle(to(dust, { commandId: 'c-2', body }))).toMatchObject({
      revision: 3,
      repeated: true,
    });
  });

  test('lends its key to no other request', async () => {
    await handler.handle(to(hang, { commandId: 'c-1', requestHash: 'aa' }));
    for (const one of [handler, elsewhere()]) {
      expect(await refusal(one.handle(to(light, { commandId: 'c-1', requestHash: 'bb' })))).toBe(
        'key/reused',
      );
    }
    expect(happened()).toEqual(['LampHung']);
  });
});

describe('a lost race', () => {
  const overtaken = (write: () => Appended): Appended => {
    const there = stored();
    log.write(STREAM, there.length - 1, [{ ...event('LampDusted'), id: `other-${there.length}` }]);
    return write();
  };
  const event = (type: string) => ({
    ...{ type, data: '{}' },
    meta: canonical({ recordedAt: NOON, commandId: `other-${++commands}`, requestHash: '' }),
  });

  test('is decided again upon what has happened meanwhile', async () => {
    await handler.handle(to(hang));
    log.mishaps = [overtaken, overtaken];
    const learnt: number[] = [];
    const facts = ({ dustings }: Lamp) => {
      learnt.push(dustings);
      return Promise.resolve({ now: NOON });
    };
    expect(await handler.handle(to(light, { facts }))).toEqual({
      stream: STREAM,
      revision: 3,
      repeated: false,
    });
    expect(learnt).toEqual([0, 1, 2]);
  });

  test('three times lost, the command is refused as contended, and may be sent again', async () => {
    await handler.handle(to(hang));
    log.mishaps = [overtaken, overtaken, overtaken, overtaken];
    log.appends = 0;
    expect(await refusal(handler.handle(to(light, { commandId: 'c-9' })))).toBe('log/contended');
    expect(log.appends).toBe(3);
    expect(happened()).toEqual(['LampHung', 'LampDusted', 'LampDusted', 'LampDusted']);
    log.mishaps = [];
    expect(await handler.handle(to(light, { commandId: 'c-9' }))).toMatchObject({
      revision: 4,
      repeated: false,
    });
  });

  test('may end in a refusal', async () => {
    await handler.handle(to(hang));
    log.mishaps = [
      (write) => {
        log.write(STREAM, 0, [{ ...event('LampLit'), id: 'other' }]);
        return write();
      },
    ];
    expect(await refusal(handler.handle(to(light)))).toBe('case/status');
  });

  test('against the same command is no loss, not even the third time', async () => {
    await handler.handle(to(hang));
    log.mishaps = [
      overtaken,
      overtaken,
      (write) => {
        const other = { ...event('LampLit'), id: 'other' };
        const meta = canonical({ recordedAt: NEXT, commandId: 'c-9', requestHash: 'aa' });
        log.write(STREAM, 2, [{ ...other, meta }]);
        return write();
      },
    ];
    expect(await handler.handle(to(light, { commandId: 'c-9' }))).toEqual({
      ...{ stream: STREAM, revision: 3, repeated: true },
    });
  });
});

describe('when the log does not answer', () => {
  test('and was surely not written, that is said, and the same request may be sent again', async () => {
    log.mishaps = [unavailable];
    await expect(handler.handle(to(hang, { commandId: 'c-1' }))).rejects.toThrow(Unavailable);
    expect(stored()).toEqual([]);
    expect(await handler.handle(to(hang, { commandId: 'c-1' }))).toMatchObject({
      revision: 0,
      repeated: false,
    });
  });

  test('and had written, the command id in the stream says so', async () => {
    await handler.handle(to(hang));
    log.mishaps = [answerLost];
    expect(await handler.handle(to(light))).toMatchObject({ revision: 1 });
    expect(happened()).toEqual(['LampHung', 'LampLit']);
  });

  test('and had not written, it is written once', async () => {
    log.mishaps = [requestLost];
    expect(await handler.handle(to(hang))).toEqual({ stream: STREAM, revision: 0, repeated: false });
    expect(happened()).toEqual(['LampHung']);
  });

  test('and had written late, it is written once', async () => {
    let late = (): unknown => undefined;
    log.mishaps = [
      (write) => {
        late = write;
        throw new OutcomeUnknown('no answer');
      },
      (write) => {
        late();
        return write();
      },
    ];
    expect(await handler.handle(to(hang))).toMatchObject({ revision: 0 });
    expect(happened()).toEqual(['LampHung']);
  });

  /** The first answer is lost; then this. What happened to the command is not known, and nothing else may be said. */
  const later: [string, (() => void) | undefined, ((write: () => Appended) => Appended)[]][] = [
    ['and then cannot be read', () => (log.silent = true), []],
    ['and then is down', undefined, [unavailable]],
    ['and never does', undefined, [requestLost, requestLost]],
  ];
  test.each(later)('%s, the outcome stays unknown', async (_, then, mishaps) => {
    log.mishaps = [
      () => {
        then?.();
        throw new OutcomeUnknown('no answer');
      },
      ...mishaps,
    ];
    await expect(handler.handle(to(hang, { commandId: 'c-1' }))).rejects.toThrow(OutcomeUnknown);
    log.silent = false;
    log.mishaps = [];
    expect(await handler.handle(to(hang, { commandId: 'c-1' }))).toMatchObject({ revision: 0 });
    expect(happened()).toEqual(['LampHung']);
  });

  test('and then the facts cannot be learnt, the outcome stays unknown', async () => {
    log.mishaps = [requestLost];
    let asked = 0;
    const facts = () =>
      ++asked === 1 ? Promise.resolve({ now: NOON }) : Promise.reject(new Unavailable('no register'));
    await expect(handler.handle(to(hang, { facts }))).rejects.toThrow(OutcomeUnknown);
  });

  test('and then cannot be read to check a refusal, the outcome stays unknown', async () => {
    log.mishaps = [requestLost];
    let asked = 0;
    const facts = () => {
      if (++asked === 1) return Promise.resolve({ now: NOON });
      log.silent = true;
      return Promise.reject(new Refusal('case/receipt-unknown'));
    };
    await expect(handler.handle(to(hang, { facts }))).rejects.toThrow(OutcomeUnknown);
  });
});

describe.each([
  ['which says what it wrote', true],
  ['which cannot say whether it wrote now or before', false],
])('at the same time, on a log %s', (_, tells) => {
  beforeEach(() => {
    log.tells = tells;
  });

  test('the same command twice is written once, and both are told the same', async () => {
    for (const other of [handler, elsewhere()]) {
      log.streams.clear();
      const receipts = await Promise.all([
        handler.handle(to(hang, { commandId: 'c-1', stream: STREAM })),
        other.handle(to(hang, { commandId: 'c-1', stream: STREAM })),
      ]);
      expect(receipts).toEqual([
        expect.objectContaining({ revision: 0 }),
        expect.objectContaining({ revision: 0 }),
      ]);
      expect(happened()).toEqual(['LampHung']);
      handler = elsewhere();
    }
  });

  test('the same command in two processes, one of whose clocks is behind, leaves the times in order', async () => {
    const behind = elsewhere();
    await Promise.all([
      handler.handle(to(hang, { commandId: 'c-1', now: '2026-09-01T04:00:05.000Z' })),
      behind.handle(to(hang, { commandId: 'c-1', now: '2026-09-01T04:00:00.000Z' })),
    ]);
    await behind.handle(to(light, { now: '2026-09-01T04:00:01.000Z' }));
    expect(times()).toEqual([...times()].sort());
  });

  test('of two requests with one key one is carried out', async () => {
    await handler.handle(to(hang));
    const codes = await Promise.all([
      refusal(handler.handle(to(light, { commandId: 'c-1', requestHash: 'aa' }))),
      refusal(handler.handle(to(dust, { commandId: 'c-1', requestHash: 'bb' }))),
    ]);
    expect(codes.filter((code) => code === 'key/reused')).toHaveLength(1);
    expect(stored()).toHaveLength(2);
  });

  test('two commands that exclude each other do not both happen', async () => {
    await handler.handle(to(hang));
    const codes = await Promise.all([
      refusal(handler.handle(to(light))),
      refusal(elsewhere().handle(to(light))),
    ]);
    expect(codes.sort()).toEqual(['case/status', undefined]);
    expect(happened()).toEqual(['LampHung', 'LampLit']);
  });

  test('three that do not are all carried out', async () => {
    await handler.handle(to(hang));
    const all = await Promise.all([handler, handler, elsewhere()].map((one) => one.handle(to(dust))));
    expect(all.map(({ revision }) => revision).sort()).toEqual([1, 2, 3]);
  });
});

describe('what was folded is kept', () => {
  test('by a log that cannot say what it wrote, it is read back', async () => {
    log.tells = false;
    for (const each of [hang, light]) {
      expect(await handler.handle(to(each))).toMatchObject({ repeated: false });
    }
    expect([happened(), log.appends]).toEqual([['LampHung', 'LampLit'], 2]);
  });

  test('and the log is not read again while it has not moved', async () => {
    for (const each of [hang, light, putOut]) await handler.handle(to(each));
    expect(log.reads).toBe(1);
  });

  test('as many streams as there is room for', async () => {
    const small = new Handler(log, lamps, 1);
    for (const stream of ['lamp-1', 'lamp-2', 'lamp-1', 'lamp-2']) {
      await small.handle(to(log.streams.has(stream) ? light : hang, { stream }));
    }
    expect(log.reads).toBe(4);
  });

  test('but not where it only passes: whoever comes to it reads it', async () => {
    const small = new Handler(log, lamps, 1);
    await small.handle(to(hang, { stream: 'lamp-1' }));
    await small.handle(to(hang, { stream: 'lamp-2', passing: true }));
    await small.handle(to(light, { stream: 'lamp-1' }));
    expect(log.reads).toBe(2);
    expect(await small.handle(to(light, { stream: 'lamp-2' }))).toMatchObject({ revision: 1 });
    expect(log.reads).toBe(3);
  });

  test('a long stream is read to its end', async () => {
    await handler.handle(to(hang));
    for (let n = 0; n < 3; n++) {
      await handler.handle(to(dust, { body: Object.assign(new Dust(), { times: 500 }) }));
    }
    const loaded = await elsewhere().load(STREAM);
    expect([loaded.revision, loaded.state.dustings, loaded.receipts.size]).toEqual([1500, 1500, 4]);
  });

  test('a stream with a hole in it is damage, and nothing is decided upon it', async () => {
    for (const each of [hang, light, dust]) await handler.handle(to(each));
    log.streams.set(
      STREAM,
      stored().filter(({ revision }) => revision !== 1),
    );
    await expect(elsewhere().handle(to(dust))).rejects.toThrow('lamp-1 has a hole: 1 is missing, 2 is there');
  });
});
