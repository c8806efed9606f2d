import { type BeforeApplicationShutdown, Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type ServerResponse } from 'node:http';
import { type Caller } from '../../contracts/envelope.js';
import { Authenticate, type Authenticated, type Credential } from '../../contracts/identity.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { READERS } from '../../contracts/roles.js';
import { type Headers as HeaderMap } from '../../platform/http/headers.js';
import { By, Known, Operation } from '../../platform/http/operation.js';
import { type Bell } from '../../platform/session.js';
import { Live } from './live.js';

/** By which Nest finds the bells at which somebody may have lost their post. */
export const POSTS_BELLS = Symbol('POSTS_BELLS');

interface Reply {
  hijack: () => unknown;
  raw: ServerResponse;
}

/** A line that nobody speaks on is kept open by a word in this time, in milliseconds. */
const BREATH_MS = 15_000;
/** Bytes that wait for a slow reader: with more, it is let go and comes again. */
const SLOW = 256 * 1024;
/** At once, in one process. */
const MOST_LISTENERS = 2000;

@Controller('api/v1')
export class LiveController implements BeforeApplicationShutdown {
  readonly #open = new Set<ServerResponse>();

  constructor(
    private readonly live: Live,
    private readonly queries: QueryBus,
    @Inject(POSTS_BELLS) private readonly bells: readonly Bell[],
  ) {
    for (const bell of bells) bell.setMaxListeners(0);
  }

  @Operation({
    summary: 'Tells as it happens which cases that the caller may see have changed: ids and revisions only.',
    may: READERS,
    parameters: [
      {
        ...{ name: 'Last-Event-ID', in: 'header' },
        description: 'The id of the last event heard: what was missed since is told, or `reset`.',
        schema: { type: 'string', pattern: '^\\d{1,15}$' },
      },
    ],
    answers: {
      200: {
        description:
          'Server-sent events: `changed` with `{"cases":[{"id","revision"}]}`, and `reset`: look at everything again.',
      },
    },
    refusals: ['input/invalid'],
  })
  @Get('live')
  async listen(
    @By() caller: Caller,
    @Known() credential: Credential,
    @Headers() headers: HeaderMap,
    @Res() reply: Reply,
  ): Promise<void> {
    const last = headers['last-event-id'];
    if (last !== undefined && !/^\d{1,15}$/.test(String(last)))
      invalid('Last-Event-ID', 'number', 'Last-Event-ID must be the id of an event that was heard');
    if (this.#open.size >= MOST_LISTENERS) refuse('service/unavailable');
    this.#open.add(reply.raw);
    try {
      await this.#serve(reply, caller, credential, last === undefined ? undefined : Number(last));
    } finally {
      this.#open.delete(reply.raw);
    }
  }

  /** Nobody is waited for: they come again. */
  beforeApplicationShutdown(): void {
    for (const raw of this.#open) raw.end();
  }

  /** Until either side hangs up. */
  async #serve(
    reply: Reply,
    caller: Caller,
    credential: Credential,
    after: number | undefined,
  ): Promise<void> {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    const say = (text: string): void => {
      if (raw.writableLength > SLOW) raw.destroy();
      else raw.write(text);
    };
    const event = (name: string, seq: number, data: object): void => {
      say(`id: ${seq}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    const closed = new Promise<void>((resolve) => raw.once('close', resolve));
    say(': \n\n');
    const leave = await this.live.listen(
      {
        caller,
        changed: (seq, cases) => {
          event('changed', seq, { cases });
        },
        reset: (seq) => {
          event('reset', seq, {});
        },
      },
      after,
    );
    const look = (): void => void this.#cutIfGone(raw, caller, credential);
    for (const bell of this.bells) bell.on('ring', look);
    const breathing = setInterval(() => {
      say(': \n\n');
      look();
    }, BREATH_MS);
    await closed;
    clearInterval(breathing);
    for (const bell of this.bells) bell.off('ring', look);
    leave();
  }

  /** Whoever has another post now, or none, is let go at once. */
  async #cutIfGone(raw: ServerResponse, before: Caller, credential: Credential): Promise<void> {
    const found = await this.queries
      .execute<Authenticate, Authenticated | null>(new Authenticate(credential))
      .catch(() => undefined);
    if (found === undefined) return;
    const now = found?.caller;
    const same =
      now?.unit === before.unit && now.role === before.role && now.onBehalfOf === before.onBehalfOf;
    if (!same) raw.end();
  }
}
