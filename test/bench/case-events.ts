import { randomUUID } from 'node:crypto';
import { canonical } from '../../libs/eventing/canonical.js';

/** An event as a row of the log, all but its place. */
export interface CaseEventRow {
  stream: string;
  revision: number;
  id: string;
  type: string;
  data: string;
  meta: string;
}

const SHA = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';
const DIVISIONS = ['queens', 'manhattan', 'bronx', 'brooklyn', 'staten-island'];
/** Cases are told apart by these; everything else is the same text. */
const VARIABLES = { case: '«case»', command: '«command»', division: '«division»', at: '«at»' };
type Variable = keyof typeof VARIABLES;

const upload = { receipt: VARIABLES.command, sha256: SHA, bytes: 482113, mediaType: 'image/jpeg' };
const attached = (slot: string): [string, string, string, object] => [
  'EvidenceAttached',
  'queens-handler',
  'handler',
  { slot, file: upload, note: '由同一角度拍摄' },
];

/** Ten events of a case's life: type, by whom, in which role, data. */
const LIFE: [string, string, string, object][] = [
  [
    'ProblemRegistered',
    'city-registrar',
    'registrar',
    {
      caseNumber: VARIABLES.case,
      source: { code: 'LV', document: '12345热线工单', line: VARIABLES.case },
      categories: ['99'],
      divisions: [VARIABLES.division],
      severity: 'general',
      rectificationType: 'immediate',
      description: '楼梯间堆放杂物，占用消防通道，居民多次反映，至今没有清理。',
      foundOn: '2026-03-01',
      location: { address: '皇后县法拉盛街道缅街四十一号三单元一层至二层楼梯间' },
      personsAtRisk: false,
      weight: 1000,
    },
  ],
  [
    'CaseAssigned',
    'city-dispatcher',
    'dispatcher',
    {
      letter: '交字〔2026〕0001号',
      requirement: '限期清理，并举一反三。',
      final: false,
      returnBy: '2026-03-05',
      leads: ['queens-office'],
      coUnits: [],
      dueOn: '2026-04-13',
      route: [
        { step: 'review', level: 'county', unit: 'queens-office' },
        { step: 'verify', level: 'city', unit: 'city-office' },
      ],
      closer: 'city-office',
      checklist: [
        { id: 'before-photo', title: '整改前照片' },
        { id: 'after-photo', title: '同角度整改后照片' },
        { id: 'result', title: '整改结果说明' },
      ],
    },
  ],
  ['AssignmentAccepted', 'queens-handler', 'handler', {}],
  attached('before-photo'),
  attached('after-photo'),
  [
    'RectificationSubmitted',
    'queens-handler',
    'handler',
    { result: 'completed', measures: '杂物已全部清运，并与住户签订了承诺书。', completedOn: '2026-03-20' },
  ],
  ['ReviewPassed', 'queens-reviewer', 'reviewer', { opinion: '材料齐全' }],
  [
    'VerificationRecorded',
    'city-verifier-1',
    'verifier',
    {
      method: 'on-site',
      place: '皇后县法拉盛街道缅街四十一号',
      visitedOn: '2026-03-23',
      findings: '楼梯间已清空，消防通道畅通。',
      photos: [upload],
    },
  ],
  ['VerificationConfirmed', 'city-verifier-2', 'verifier', {}],
  ['CaseClosed', 'city-approver', 'approver', { closureNumber: VARIABLES.case, opinion: '同意销号' }],
];

const meta = (person: string, role: string): object => ({
  recordedAt: VARIABLES.at,
  commandId: VARIABLES.command,
  requestHash: SHA,
  correlationId: VARIABLES.command,
  causationId: VARIABLES.command,
  actor: { person, unit: 'city-office', role, via: 'http' },
  entryMode: 'live',
  policy: 'demo@1',
  calendar: 'weekdays@1',
});

type Filled = (values: Record<Variable, string>) => string;

function template(value: object): Filled {
  const parts = canonical(value).split(/«(\w+)»/);
  return (values) => parts.map((part, n) => (n % 2 === 0 ? part : values[part as Variable])).join('');
}

const TEMPLATES = LIFE.map(([type, person, role, data]) => ({
  type,
  data: template(data),
  meta: template(meta(person, role)),
}));

/** Events of cases of which so many are open at once: which goes on next is drawn, always in the same way. */
export function* caseEvents(events: number, open: number): Generator<CaseEventRow> {
  const draw = drawing(open);
  const cases: { stream: string; number: number; revision: number }[] = [];
  let begun = 0;
  const begin = (): (typeof cases)[number] => ({
    stream: `case-${randomUUID()}`,
    number: ++begun,
    revision: 0,
  });
  for (let n = 0; n < events; n++) {
    const place = Math.floor(draw() * open);
    const one = (cases[place] ??= begin());
    const step = TEMPLATES[one.revision];
    if (!step) throw new Error('a case has ten events');
    const values = {
      case: `问2026-${one.number}`,
      command: randomUUID(),
      division: DIVISIONS[one.number % DIVISIONS.length] ?? '',
      at: new Date(Date.UTC(2026, 2, 1) + n * 100).toISOString(),
    };
    const { stream, revision } = one;
    yield {
      stream,
      revision,
      id: randomUUID(),
      type: step.type,
      data: step.data(values),
      meta: step.meta(values),
    };
    if (++one.revision === TEMPLATES.length) cases[place] = begin();
  }
}

/** Evenly from 0 to 1, from a seed (mulberry32). */
function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
