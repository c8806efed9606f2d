import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Refusal, type RefusalCode, type RefusalDetails } from '../../contracts/refusal.js';
import { codeOf, databaseGone } from '../fault.js';
import { CATALOGUES, languageFor } from './language.js';
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

interface Reply {
  status: (status: number) => Reply;
  header: (name: string, value: string) => Reply;
  send: (body: unknown) => unknown;
}

/** Every error leaves here: refusals with their code, everything else as a fault that tells nothing. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log = new Logger('Fault');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<Reply>();
    const language = languageFor(http.getRequest<Pick<Called, 'headers'>>().headers['accept-language']);
    const problem = this.#problemOf(error);
    if (problem.status === 401) reply.header('WWW-Authenticate', 'Bearer');
    if (problem.status === 503) reply.header('Retry-After', '1');
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
  return 'statusCode' in error ? BY_STATUS[Number(error.statusCode)] : undefined;
}

function problem(code: RefusalCode, details: RefusalDetails = {}): Untitled {
  const type = `urn:problem-type:xiaohao:${code}`;
  return { type, status: statusOf(code), code, ...details };
}
