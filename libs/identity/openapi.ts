import { type Stage, STAGES } from '../contracts/identity.js';
import { type Role, ROLES } from '../contracts/roles.js';
import { type Post } from './accounts/posts.js';
import { type Viewed } from './signing-in/sign-ins.js';

/** A session as the one who has it sees it. */
export interface State {
  stage: Stage;
  person: string;
  name: string;
  post: { unit: string; role: Role };
  posts: Post[];
  onLeave: boolean;
  /** To be sent as X-CSRF-Token with whatever changes something. */
  csrfToken: string;
  /** It ends when nobody uses it until then, and at the latest. */
  idleUntil: string;
  until: string;
  /** Whether a second factor was given for this session, and whether one is set up. */
  strong: boolean;
  secondFactor: boolean;
  /** The time before this. */
  lastSignIn?: string;
}

export function stateOf(
  { session, name, posts, onLeave, enrolled }: Viewed,
  csrfToken: string,
  idleMs: number,
): State {
  const { stage, person, unit, role, strong, until, lastSignIn } = session;
  const idleUntil = Math.min(until, Date.now() + idleMs);
  return {
    ...{ stage, person, name, post: { unit, role }, posts, onLeave, csrfToken },
    ...{ idleUntil: new Date(idleUntil).toISOString(), until: new Date(until).toISOString() },
    ...{ strong, secondFactor: enrolled },
    ...(lastSignIn && { lastSignIn: lastSignIn.toISOString() }),
  };
}

const text = { type: 'string' };
const flag = { type: 'boolean' };
const instant = { type: 'string', format: 'date-time' };

export const STATE = {
  type: 'object',
  required: [
    ...['stage', 'person', 'name', 'post', 'posts', 'onLeave', 'csrfToken', 'idleUntil', 'until', 'strong'],
    'secondFactor',
  ],
  properties: {
    stage: { enum: [...STAGES], description: '`whole`: signed in. Else what comes next.' },
    ...{ person: text, name: text },
    post: {
      type: 'object',
      required: ['unit', 'role'],
      properties: { unit: text, role: { enum: [...ROLES] } },
    },
    posts: {
      type: 'array',
      items: {
        type: 'object',
        required: ['unit', 'unitName', 'role'],
        properties: { unit: text, unitName: text, role: { enum: [...ROLES] }, onBehalfOf: text },
      },
    },
    onLeave: flag,
    csrfToken: { ...text, description: 'To be sent as `X-CSRF-Token` with whatever changes something.' },
    idleUntil: { ...instant, description: 'It ends where nobody uses it until then.' },
    until: { ...instant, description: 'It ends then, however much it is used.' },
    strong: { ...flag, description: 'Whether a second factor was given.' },
    secondFactor: { ...flag, description: 'Whether one is set up.' },
    lastSignIn: { ...instant, description: 'The time before this.' },
  },
};

export const ACCOUNT = {
  type: 'object',
  required: ['id', 'name', 'person', 'disabled', 'setUp', 'secondFactor'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    ...{ name: text, person: text, disabled: flag },
    setUp: { ...flag, description: 'Whether a password has been chosen.' },
    secondFactor: flag,
    lastSignIn: instant,
  },
};

export const LINK = {
  type: 'object',
  required: ['account', 'link', 'until'],
  properties: {
    account: { type: 'string', format: 'uuid' },
    link: { ...text, description: 'Shown this once; whoever opens it chooses the password.' },
    until: instant,
  },
};

export const OWN_SESSION = {
  type: 'object',
  required: ['id', 'begunAt', 'usedAt', 'until', 'browser', 'address', 'this'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    begunAt: instant,
    usedAt: { ...instant, description: 'Written down once a minute.' },
    until: instant,
    browser: { ...text, description: 'Such as `Firefox, Windows`; empty where it is none that is known.' },
    address: { ...text, description: 'Its network, such as `203.0.113.*`.' },
    this: { ...flag, description: 'The one that asks.' },
  },
};

export const NOTICES = {
  type: 'object',
  required: ['failed', 'changes', 'endingTokens'],
  properties: {
    failed: {
      type: 'object',
      required: ['times'],
      properties: { times: { type: 'integer' }, last: instant },
      description: 'Tries to sign in as the caller that failed, at most 100.',
    },
    changes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['what', 'at', 'own'],
        properties: {
          what: { ...text, description: 'As the log of accesses has it: `password`, `reset`, `linked` …' },
          at: instant,
          own: { ...flag, description: 'Whether the caller did it.' },
        },
      },
    },
    endingTokens: {
      type: 'array',
      description: 'Bearer tokens of the caller that end within 7 days.',
      items: {
        type: 'object',
        required: ['unit', 'role', 'until'],
        properties: { unit: text, role: { enum: [...ROLES] }, until: instant },
      },
    },
  },
};
