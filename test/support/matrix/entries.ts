import { openApi } from '../../../apps/standalone/document.js';
import { caseCommands, pathOf } from '../../../libs/cases/commands.js';
import { type Route } from '../../../libs/platform/http/openapi.js';

/** The case that everything is asked about, and things that somebody of its division has made. */
export interface World {
  caseId: string;
  /** A word of the case's description that stands in no other. */
  word: string;
  /** By the first words of the routes that lead to them: `imports`, `decision-batches`, `draws`, `referrals`. */
  made: Readonly<Record<string, string>>;
  /** Of the petitioner. */
  phone: string;
  /** Who is named as handler. */
  handler: string;
}

/** A request about the world. */
export interface Request {
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/**
 * What a route is about, and so who gets what of it:
 * - `case`: one case, which does not exist for whoever does not see it;
 * - `cases`: an answer in which the case stands or does not;
 * - `thing`: what somebody of the division made, by its id: it does not exist for others, whatever their role;
 * - `role`: the same for everybody in a role, wherever they are;
 * - `self`: the caller's own session, which a token has none of;
 * - `public`: for anybody.
 */
export type Entry =
  | { about: 'case'; ask: (world: World) => Request }
  | { about: 'cases'; ask: (world: World) => Request; tells: (text: string, world: World) => boolean }
  | { about: 'thing'; ask: (world: World) => Request }
  | { about: 'role' }
  | { about: 'self' }
  | { about: 'public' };

export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

const document = openApi() as unknown as {
  paths: Record<
    string,
    Record<string, { requestBody?: { content: Record<string, { example?: object } | undefined> } }>
  >;
};

/** The body that the document shows. */
export const exampleOf = ({ method, path }: Pick<Route, 'method' | 'path'>): object =>
  document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]?.requestBody?.content[
    'application/json'
  ]?.example ?? {};

/** The case has moved on since: a command that comes as far as that changes nothing. */
const LONG_AGO = { 'If-Match': '"0"' };

const onCase =
  ({ method, path }: Pick<Route, 'method' | 'path'>) =>
  ({ caseId }: World): Request => ({
    path: path.replace(':id', caseId),
    ...(method === 'POST' && { body: exampleOf({ method, path }), headers: LONG_AGO }),
  });

const named = (text: string, { caseId, word }: World): boolean =>
  text.includes(caseId) || text.includes(word);
const counted = (text: string): boolean => /"(?:n|cases|count)":[1-9]/.test(text);
const all = (path: string) => () => ({ path });
/** What there is in the register, by the kind in the address. */
const REGISTERED: Readonly<Record<string, string>> = {
  ...{ divisions: 'bronx', units: 'bronx-office', persons: 'city-registrar' },
};
/** As they stand in an address. */
const COMMANDS = new Set(caseCommands.map(pathOf));
const thing = (kind: string, rest = '', body?: object) => ({
  about: 'thing' as const,
  ask: ({ made }: World): Request => ({
    path: `/api/v1/${kind}/${made[kind] ?? ''}${rest}`,
    ...(body && { body }),
  }),
});

const TUS = { 'Tus-Resumable': '1.0.0' };
/** An upload that somebody has begun. */
const underWay = (headers: Record<string, string> = {}) => ({
  about: 'thing' as const,
  ask: ({ made }: World): Request => ({ path: made.uploads ?? '', headers: { ...TUS, ...headers } }),
});
/** A file that stands in the case; one with people in it, where a purpose is said. */
const attached = (rest: string, body?: object) => ({
  about: 'case' as const,
  ask: ({ caseId, made }: World): Request => ({
    path: `/api/v1/cases/${caseId}/evidence/${(body ? made.sealed : made.evidence) ?? ''}${rest}`,
    ...(body && { body }),
  }),
});

/** Routes that are no command on a case or on the register: those have their entries from the tables of commands. */
const ENTRIES: Readonly<Record<string, Entry>> = {
  'GET /api/v1/cases': { about: 'cases', ask: all('/api/v1/cases?limit=200'), tells: named },
  'GET /api/v1/cases/count': {
    about: 'cases',
    ask: all('/api/v1/cases/count?source=PT'),
    tells: counted,
  },
  'POST /api/v1/cases/search': {
    about: 'cases',
    ask: ({ word }) => ({ path: '/api/v1/cases/search', body: { text: word } }),
    tells: named,
  },
  'GET /api/v1/hand-overs': {
    about: 'cases',
    ask: ({ handler }) => ({ path: `/api/v1/hand-overs?person=${handler}` }),
    tells: named,
  },
  'GET /api/v1/worklists': { about: 'cases', ask: all('/api/v1/worklists'), tells: counted },
  'GET /api/v1/figures': { about: 'cases', ask: all('/api/v1/figures?source=PT'), tells: counted },
  'GET /api/v1/exports/ledger': {
    about: 'cases',
    ask: all('/api/v1/exports/ledger?format=csv'),
    tells: named,
  },
  'GET /api/v1/exports/notice': { about: 'cases', ask: all('/api/v1/exports/notice'), tells: named },
  'GET /api/v1/exports/closure-application': {
    about: 'cases',
    ask: all('/api/v1/exports/closure-application'),
    tells: named,
  },
  'POST /api/v1/cases/find-person': {
    about: 'cases',
    ask: ({ phone }) => ({ path: '/api/v1/cases/find-person', body: { kind: 'phone', text: phone } }),
    tells: named,
  },
  'GET /api/v1/referrals': { about: 'cases', ask: all('/api/v1/referrals'), tells: named },
  'POST /api/v1/cases/:id/reveal': {
    about: 'case',
    ask: ({ caseId }) => ({
      path: `/api/v1/cases/${caseId}/reveal`,
      body: { revision: 0, field: 'petitioner.phone', purpose: '电话回访核实' },
    }),
  },
  'POST /api/v1/cases/:id/uploads': {
    about: 'case',
    ask: ({ caseId }) => ({
      path: `/api/v1/cases/${caseId}/uploads`,
      body: Buffer.from('89504e470d0a1a0a', 'hex'),
      headers: { 'Content-Type': 'image/png' },
    }),
  },
  'POST /api/v1/cases/:id/uploads/tus': {
    about: 'case',
    ask: ({ caseId }) => ({
      path: `/api/v1/cases/${caseId}/uploads/tus`,
      headers: { ...TUS, 'Upload-Length': '10', 'Upload-Metadata': `filetype ${btoa('image/png')}` },
    }),
  },
  'OPTIONS /api/v1/cases/:id/uploads/tus': { about: 'role' },
  'HEAD /api/v1/cases/:id/uploads/tus/:upload': underWay(),
  'PATCH /api/v1/cases/:id/uploads/tus/:upload': underWay({
    ...{ 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '5' },
  }),
  'DELETE /api/v1/cases/:id/uploads/tus/:upload': underWay(),
  'GET /api/v1/cases/:id/evidence/:evidence': attached(''),
  'GET /api/v1/cases/:id/evidence/:evidence/copy': attached('/copy'),
  'GET /api/v1/cases/:id/evidence/:evidence/thumbnail': attached('/thumbnail'),
  'POST /api/v1/cases/:id/evidence/:evidence/show': attached('/show', { purpose: '核对安置人员名单' }),
  'POST /api/v1/referrals/:id/reveal': thing('referrals', '/reveal', {
    ...{ revision: 0, field: 'text', purpose: '核对线索内容' },
  }),
  'POST /api/v1/referrals/:id/answer-referral': thing('referrals', '/answer-referral', {
    ...{ outcome: 'accepted', document: '立案〔2026〕3号', remark: '已立案' },
  }),
  'GET /api/v1/imports/:id': thing('imports'),
  'GET /api/v1/imports/:id/wrong.xlsx': thing('imports', '/wrong.xlsx'),
  'POST /api/v1/imports/:id/dry-run': thing('imports', '/dry-run', { mapping: 'ledger' }),
  'POST /api/v1/imports/:id/commit': thing('imports', '/commit', { mapping: 'ledger', onlyGood: false }),
  'GET /api/v1/decision-batches/:id': thing('decision-batches'),
  'GET /api/v1/draws/:id': thing('draws'),
  'GET /api/v1/referrals/:id': thing('referrals'),
  ...Object.fromEntries(
    [
      ...['POST /api/v1/cases', 'POST /api/v1/cases/adopted', 'POST /api/v1/cases/known'],
      ...[
        'POST /api/v1/decision-batches',
        'POST /api/v1/draws',
        'POST /api/v1/referrals',
        'POST /api/v1/imports',
        'POST /api/v1/hand-overs',
        'POST /api/v1/erasure-requests',
        'GET /api/v1/erasure-requests',
        'GET /api/v1/erasure-requests/:id',
        'POST /api/v1/erasure-requests/:id/approve',
        'POST /api/v1/erasure-requests/:id/refuse',
        'POST /api/v1/erasure-requests/:id/withdraw',
        'GET /api/v1/retention/due',
        'POST /api/v1/retention/requests',
        'POST /api/v1/policy-drafts',
        'GET /api/v1/policy-drafts',
        'GET /api/v1/policy-drafts/:id',
        'PUT /api/v1/policy-drafts/:id',
        'DELETE /api/v1/policy-drafts/:id',
        'GET /api/v1/policy-drafts/:id/effect',
        'POST /api/v1/policy-drafts/:id/publish',
      ],
      ...['GET /api/v1/clock', 'POST /api/v1/clock', 'GET /api/v1/access-log', 'GET /metrics'],
      ...['POST /api/v1/register/persons/:id/reveal', 'GET /api/v1/live'],
      ...['GET /api/v1/accounts', 'POST /api/v1/accounts', 'POST /api/v1/accounts/:id/reset'],
      ...['disable', 'enable', 'link'].map((act) => `POST /api/v1/accounts/:id/${act}`),
    ].map((name) => [name, { about: 'role' }]),
  ),
  ...Object.fromEntries(
    [
      ...['GET /api/v1/session', 'POST /api/v1/session/code', 'POST /api/v1/session/post'],
      ...['POST /api/v1/session/sign-out', 'POST /api/v1/session/sign-out-everywhere'],
      ...['POST /api/v1/session/password', 'POST /api/v1/session/second-factor'],
      'POST /api/v1/session/second-factor/confirm',
      ...['GET /api/v1/sessions', 'DELETE /api/v1/sessions/:id', 'GET /api/v1/session/notices'],
    ].map((name) => [name, { about: 'self' }]),
  ),
  ...Object.fromEntries(
    [
      ...['GET /health/live', 'GET /health/ready', 'POST /api/v1/session', 'POST /api/v1/session/set-up'],
      ...['GET /api/v1/session/ways', 'POST /api/v1/session/single-sign-on'],
      'GET /api/v1/session/single-sign-on/callback',
    ].map((name) => [name, { about: 'public' }]),
  ),
};

const PAPERS = ['history', 'closure-form.pdf', 'notice.pdf', 'photo-leads'];

/** An address of the register, of something that there is. */
export const inRegister = (path: string, { caseId, made }: World): string =>
  path.replace(/([a-z]+)\/:id/, (_, kind: string) => `${kind}/${REGISTERED[kind] ?? made[kind] ?? caseId}`);

/** What is known of a route; undefined where nobody has said what it is about. */
export function entryOf(route: Pick<Route, 'method' | 'path'>): Entry | undefined {
  const entry = ENTRIES[nameOf(route)];
  if (entry) return entry;
  const [, rest] = /^\/api\/v1\/cases\/:id(?:\/([a-z.-]+))?$/.exec(route.path) ?? [];
  const known = route.method === 'GET' ? [undefined, ...PAPERS].includes(rest) : COMMANDS.has(rest ?? '');
  if (route.path.startsWith('/api/v1/cases/:id') && known) return { about: 'case', ask: onCase(route) };
  return route.path.startsWith('/api/v1/register/') ? { about: 'role' } : undefined;
}

/** Entries that stand for no route any more. */
export const left = (routes: readonly Pick<Route, 'method' | 'path'>[]): string[] => {
  const names = new Set(routes.map(nameOf));
  return Object.keys(ENTRIES).filter((name) => !names.has(name));
};
