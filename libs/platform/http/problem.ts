import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
  Optional,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { randomUUID } from 'node:crypto';
import { accessOf, NoteRefusal } from '../../contracts/access.js';
import { Refusal, type RefusalCode, type RefusalDetails } from '../../contracts/refusal.js';
import { codeOf, databaseGone } from '../fault.js';
import { CATALOGUES, languageFor } from './language.js';
import { uuidIn } from './headers.js';
import { type Called } from './operation.js';

/** Codes that are not conflicts (409). */
const STATUSES: Partial<Record<RefusalCode, number>> = {
  'input/invalid': 422,
  'input/json': 400,
  'input/too-large': 413,
  'input/media-type': 415,
  'auth/missing': 401,
  'auth/invalid': 401,
  'auth/forbidden': 403,
  'auth/refused': 401,
  'auth/too-many': 429,
  'auth/scope': 403,
  'auth/csrf': 403,
  'auth/session': 403,
  'auth/code-wanted': 403,
  'auth/enrolment-wanted': 403,
  'auth/set-up': 410,
  'auth/provider': 503,
  'auth/post-missing': 403,
  'session/unknown': 404,
  'account/unknown': 404,
  'account/person-unknown': 422,
  'route/unknown': 404,
  'key/missing': 400,
  'log/unavailable': 503,
  'log/outcome-unknown': 503,
  'log/contended': 503,
  'service/unavailable': 503,
  'service/fault': 500,
  'case/unknown': 404,
  'import/unknown': 404,
  'import/mapping': 422,
  'import/expired': 410,
  'batch/unknown': 404,
  'batch/command': 422,
  'draft/unknown': 404,
  'erasure/unknown': 404,
  'erasure/of-another': 403,
  'draft/stale': 412,
  'case/target-unknown': 404,
  'case/role': 403,
  'case/seen-missing': 428,
  'case/stale': 412,
  'personal/unknown': 404,
  'personal/denied': 403,
  'personal/erased': 410,
  'case/slot-unknown': 422,
  'case/receipt-unknown': 422,
  'case/item-unknown': 422,
  'case/state-secret': 422,
  'case/draw-unknown': 422,
  'draw/unknown': 404,
  'referral/unknown': 404,
  'case/on-leave': 403,
  'register/unknown': 404,
  'upload/unknown': 404,
  'upload/protocol': 400,
  // As the protocol's extension for checksums has it.
  'upload/checksum': 460,
  'evidence/unknown': 404,
  'evidence/range': 416,
  'evidence/infected': 422,
  'evidence/sealed': 403,
};

export function statusOf(code: RefusalCode): number {
  return STATUSES[code] ?? 409;
}

/** RFC 9457, with a code to act on. */
export interface Problem extends RefusalDetails {
  type: string;
  /** In the language of the reader. */
  title: string;
  status: number;
  code: RefusalCode;
  /** To be told to the operator: stands in the log beside what happened. */
  trace?: string;
}

type Untitled = Omit<Problem, 'title'>;

/** Errors of the parts below that are no refusals of ours, by name. */
const NAMED: Record<string, RefusalCode> = {
  Unavailable: 'log/unavailable',
  OutcomeUnknown: 'log/outcome-unknown',
};
/** Of Nest's and Fastify's own errors, by status. */
const BY_STATUS: Record<number, RefusalCode> = {
  400: 'input/json',
  404: 'route/unknown',
  413: 'input/too-large',
  415: 'input/media-type',
};

/** What is said of a thing to whoever may not know of it. */
const UNSEEN: ReadonlySet<RefusalCode> = new Set(['case/unknown', 'referral/unknown', 'draw/unknown']);

/** A request as Fastify knows it. */
interface Asked extends Called {
  method: string;
  params: Readonly<Record<string, string>>;
  routeOptions: { url?: string };
}

/** SQLSTATE: what somebody looked for has a NUL in it, which no text of the database has. */
const NOT_A_CHARACTER = '22021';

interface Reply {
  status: (status: number) => Reply;
  header: (name: string, value: string) => Reply;
  send: (body: unknown) => unknown;
}

/**
 * Every error leaves here: refusals with their code, everything else as a fault that tells nothing. That somebody known
 * was turned away is noted before it is said.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log = new Logger('Fault');

  constructor(@Optional() private readonly commands?: CommandBus) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const asked = http.getRequest<Asked>();
    const problem = this.#problemOf(error);
    const send = (): void => {
      this.#send(problem, asked, http.getResponse<Reply>());
    };
    const turnedAway = problem.status === 403 || UNSEEN.has(problem.code);
    if (turnedAway && !(error instanceof Refusal && error.noted))
      void this.#note(problem, asked).finally(send);
    else send();
  }

  async #note({ code }: Untitled, { caller, method, params, routeOptions: { url } }: Asked): Promise<void> {
    if (!caller || !this.commands) return;
    const caseId = url?.startsWith('/api/v1/cases/:id') === true ? uuidIn(params.id ?? '') : undefined;
    const about = { ...(caseId !== undefined && { caseId }), route: `${method} ${url ?? ''}`, code };
    try {
      await this.commands.execute(new NoteRefusal({ ...accessOf(caller), ...about, outcome: 'refused' }));
    } catch (error) {
      // Nothing was shown: the refusal is said all the same, and the operator hears of the log.
      this.#log.error(
        `a refusal was not noted: ${error instanceof Error ? error.name : ''} ${codeOf(error)}`,
      );
    }
  }

  #send(problem: Untitled, { headers }: Pick<Called, 'headers'>, reply: Reply): void {
    const language = languageFor(headers['accept-language']);
    if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer');
    if (problem.status === 503) reply.header('Retry-After', '1');
    if (problem.status === 429) reply.header('Retry-After', '60');
    reply
      .status(problem.status)
      .header('Content-Type', 'application/problem+json; charset=utf-8')
      .header('Content-Language', language)
      .header('Vary', 'Accept-Language')
      .send({ ...problem, title: CATALOGUES[language].refusals[problem.code] } satisfies Problem);
  }

  #problemOf(error: unknown): Untitled {
    if (error instanceof Refusal) return problem(error.code, error.details);
    const code = codeFor(error);
    if (code) return problem(code);
    const trace = randomUUID();
    // The name and the place; a message may quote what was sent, in several lines.
    const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
    const place = lines
      .filter((line) => /^ {4}at /.test(line))
      .slice(0, 5)
      .join('\n');
    this.#log.error(
      `${trace} ${error instanceof Error ? error.name : typeof error} ${codeOf(error)}\n${place}`,
    );
    return { ...problem('service/fault'), trace };
  }
}

function codeFor(error: unknown): RefusalCode | undefined {
  if (error instanceof HttpException) return BY_STATUS[error.getStatus()];
  if (!(error instanceof Error)) return undefined;
  const named = NAMED[error.name];
  if (named) return named;
  if (databaseGone(error)) return 'service/unavailable';
  if (codeOf(error) === NOT_A_CHARACTER) return 'input/invalid';
  return 'statusCode' in error ? BY_STATUS[Number(error.statusCode)] : undefined;
}

function problem(code: RefusalCode, details: RefusalDetails = {}): Untitled {
  const type = `urn:problem-type:xiaohao:${code}`;
  return { type, status: statusOf(code), code, ...details };
}
