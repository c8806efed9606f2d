import { type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { RequestMethod } from '@nestjs/common';
import { AREAS, type Area, type Phase, PHASES } from '../../contracts/messages/catalogue.js';
import { type RefusalCode, refusals } from '../../contracts/refusal.js';
import { commandIn, exampleOf, meaningOf, tagOf, wordsOf } from './openapi-words.js';
import { IDEMPOTENCY_KEY, LEDGER_AT_LEAST } from './headers.js';
import { OPERATION, type OperationOf, type Parameter, type Schema } from './operation.js';
import { statusOf } from './problem.js';
import { isSafe } from './site.js';

/** One operation at one address. */
export interface Route {
  method: string;
  path: string;
  /** What it is about. */
  area: Area | Phase;
  operation: OperationOf | undefined;
}

/** The routes of controllers, as Nest has them; an address keeps Nest's `:name`. */
export function routesOf(controllers: readonly Type[]): Route[] {
  return controllers.flatMap((controller) => {
    const base = Reflect.getMetadata(PATH_METADATA, controller) as string;
    const area = areaOf(controller);
    const prototype = controller.prototype as Record<string, object>;
    return Object.getOwnPropertyNames(prototype).flatMap((name): Route[] => {
      const handler = name === 'constructor' ? undefined : prototype[name];
      const path = handler && (Reflect.getMetadata(PATH_METADATA, handler) as string | undefined);
      if (!handler || path === undefined) return [];
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number] ?? '';
      const operation = Reflect.getMetadata(OPERATION, handler) as OperationOf | undefined;
      return [
        {
          method,
          path: `/${[base, path].filter((part) => part !== '/' && part !== '').join('/')}`,
          area,
          operation,
        },
      ];
    });
  });
}

/** `AccessLogController` → `access-log`. */
function areaOf({ name }: Type): Area {
  const words = name.replace(/Controller$/, '').replace(/(?!^)[A-Z]/g, '-$&');
  const area = AREAS.find((one) => one === words.toLowerCase());
  if (area === undefined) throw new Error(`${name}: the catalogues of messages know no such area`);
  return area;
}

const PROBLEM: Schema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string', description: 'In the language of Accept-Language: zh-CN, or en.' },
    status: { type: 'integer' },
    code: { enum: Object.keys(refusals) },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'rule', 'message'],
        properties: { field: { type: 'string' }, rule: { type: 'string' }, message: { type: 'string' } },
      },
    },
    case: { type: 'string', format: 'uuid' },
    slots: { type: 'array', items: { type: 'string' } },
    items: { type: 'array', items: { type: 'string' } },
    why: { type: 'string' },
    basis: { type: 'integer' },
    fen: { type: 'integer' },
    sum: { type: 'integer' },
    trace: { type: 'string' },
  },
};

/** Codes that any route with a caller may answer. */
const ALWAYS: RefusalCode[] = [
  'auth/missing',
  'auth/invalid',
  'auth/forbidden',
  'auth/code-wanted',
  'auth/enrolment-wanted',
  'service/unavailable',
  'service/fault',
];

/** With what a caller may be refused by the method alone. What is sent is read, whether it is wanted or not. */
function byMethod(method: string, { may }: OperationOf): RefusalCode[] {
  if (isSafe(method)) return [];
  return [...SENT, 'auth/csrf', ...(may === 'public' ? [] : (['auth/scope'] as const))];
}

const SENT = ['input/json', 'input/too-large', 'input/media-type'] as const;
const KEYED = ['key/missing', 'key/reused'] as const;
/** With what any command may be refused before it is decided, and after. */
export const INPUT = [...SENT, 'input/invalid', ...KEYED] as const;
export const LOG = ['log/unavailable', 'log/outcome-unknown', 'log/contended'] as const;

/** What a route may answer by what it takes and does, whatever it says of itself. */
function byItself(operation: OperationOf): { input: RefusalCode[]; log: RefusalCode[] } {
  const { body, parameters = [] } = operation;
  const has = (parameter: Parameter): boolean => parameters.some(({ name }) => name === parameter.name);
  const read = has(LEDGER_AT_LEAST) || (body !== undefined && 'application/json' in body);
  return {
    input: [...(read ? (['input/invalid'] as const) : []), ...(has(IDEMPOTENCY_KEY) ? KEYED : [])],
    // Every command appends, and nothing else does.
    log: commandIn(operation) === undefined ? [] : [...LOG],
  };
}

const ABOUT = [
  '如实记载的问题台账。拒绝时以 `code` 说明原因，`title` 按 Accept-Language 以中文（默认）或英文写明。',
  'The honest problem ledger (问题台账). A refusal says why by its `code`; its `title` is in the language of Accept-Language, Chinese unless English is preferred.',
].join('\n\n');

/** The OpenAPI 3.1 document of some routes. */
export function openApiOf(
  routes: readonly Route[],
  schemas: Record<string, Schema>,
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, area, operation } of routes) {
    if (!operation) throw new Error(`${method} ${path} does not say who may call it`);
    const address = path.replace(/:(\w+)/g, '{$1}');
    (paths[address] ??= {})[method.toLowerCase()] = {
      tags: [tagOf(area).name],
      ...described(method, operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Xiaohao 销号', version: '1', description: ABOUT },
    tags: [...PHASES, ...AREAS].filter((one) => routes.some(({ area }) => area === one)).map(tagOf),
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      schemas: { ...schemas, Problem: PROBLEM },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: {
          ...{ type: 'apiKey', in: 'cookie', name: '__Host-xiaohao' },
          description: 'Without TLS `xiaohao`. What changes something carries `X-CSRF-Token` besides.',
        },
      },
    },
  };
}

function described(method: string, operation: OperationOf): object {
  const { may, parameters, body, answers, refusals: own = [] } = operation;
  const { input, log } = byItself(operation);
  const all = [...input, ...own, ...log, ...byMethod(method, operation), ...(may === 'public' ? [] : ALWAYS)];
  const codes = new Map<number, RefusalCode[]>();
  for (const code of new Set(all)) codes.set(statusOf(code), [...(codes.get(statusOf(code)) ?? []), code]);
  const good: [string, object][] = Object.entries(answers).map(
    ([status, { description, schema, headers }]) => [
      status,
      {
        description,
        ...(headers && {
          headers: Object.fromEntries(headers.map((name) => [name, { schema: { type: 'string' } }])),
        }),
        ...(schema && { content: { 'application/json': { schema } } }),
      },
    ],
  );
  const bad: [string, object][] = [...codes].sort().map(([status, list]) => [
    String(status),
    {
      description: list.map(meaningOf).join('\n\n'),
      content: {
        'application/problem+json': {
          schema: { allOf: [{ $ref: '#/components/schemas/Problem' }], properties: { code: { enum: list } } },
        },
      },
    },
  ]);
  const example = exampleOf(operation);
  return {
    ...wordsOf(operation),
    ...(may === 'public' ? { security: [] } : { security: [{ token: [] }, { session: [] }], 'x-roles': may }),
    ...(parameters && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          Object.entries(body).map(([type, schema]) => [type, { schema, ...(example && { example }) }]),
        ),
      },
    }),
    responses: { ...Object.fromEntries(good), ...Object.fromEntries(bad) },
  };
}
