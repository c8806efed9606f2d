import { setTimeout as pause } from 'node:timers/promises';
import { Api, Refused } from '../../../apps/cli/api.js';
import { type CommandReceipt } from '../../../libs/contracts/envelope.js';
import { EndedByItself } from './processes.js';

/** A command that was answered. */
export interface Acknowledged {
  person: string;
  key: string;
  caseId: string;
  revision: number;
  /** How often it was sent until it was answered. */
  sent: number;
}

const ANSWER_MS = 20_000;
const PATIENCE_MS = 120_000;

/**
 * Speaks over HTTP as one appointment, and repeats what got no answer, or 503, with the same key until it is answered.
 * Anything else is an answer.
 */
export class PatientApi extends Api {
  constructor(
    private readonly place: () => Promise<string>,
    private readonly bearer: { person: string; token: string },
    private readonly acknowledged: (one: Acknowledged) => void,
  ) {
    super('', bearer.token);
  }

  override register(body: object, key: string): Promise<CommandReceipt> {
    return this.#noted(key, (api) => api.register(body, key));
  }

  override command(
    caseId: string,
    command: string,
    body: object,
    key: string,
    seen: number,
  ): Promise<CommandReceipt> {
    return this.#noted(key, (api) => api.command(caseId, command, body, key, seen));
  }

  override upload(
    caseId: string,
    mediaType: string,
    content: Buffer,
  ): Promise<{ receipt: string; sha256: string }> {
    return this.#answered((api) => api.upload(caseId, mediaType, content));
  }

  async #noted(key: string, send: (api: Api) => Promise<CommandReceipt>): Promise<CommandReceipt> {
    let sent = 0;
    const receipt = await this.#answered((api) => {
      sent++;
      return send(api);
    });
    const { case: caseId, revision } = receipt;
    this.acknowledged({ person: this.bearer.person, key, caseId, revision, sent });
    return receipt;
  }

  async #answered<T>(send: (api: Api) => Promise<T>): Promise<T> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await inTime(send(new Api(await this.place(), this.bearer.token)));
      } catch (error) {
        if (error instanceof EndedByItself) throw error;
        if (error instanceof Refused && error.status !== 503) throw error;
        if (Date.now() > until) throw new Error('there was no answer for two minutes', { cause: error });
        await pause(20);
      }
    }
  }
}

/** An answer that does not come is none: the request is sent again, whatever becomes of the first. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('no answer'));
    }, ANSWER_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
