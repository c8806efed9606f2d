import { type EventStore, type Feed } from '../../eventing/store.js';
import { escaped } from '../../platform/xlsx/xml-text.js';
import { type Attribute, attributesOf } from './log-attributes.js';
import { type CaseRecorded, casesOf } from './log-pages.js';

/** Standard extensions, by prefix. */
const EXTENSIONS = { concept: 'Concept', time: 'Time', org: 'Organizational', lifecycle: 'Lifecycle' };
const ELEMENTS = { string: 'string', integer: 'int', boolean: 'boolean' } as const;

const element = (name: string, key: string, value: string): string =>
  `<${name} key="${escaped(key)}" value="${escaped(value)}"/>`;

/** What every trace and event has, with the value that stands where one would lack it. */
const GLOBALS = [
  `<global scope="trace">${element('string', 'concept:name', '')}</global>`,
  '<global scope="event">',
  ...[element('string', 'concept:name', ''), element('date', 'time:timestamp', '1970-01-01T00:00:00.000Z')],
  ...['org:resource', 'org:role', 'org:group'].map((key) => element('string', key, '')),
  element('string', 'lifecycle:transition', 'complete'),
  '</global>',
];

const HEAD = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">',
  ...Object.entries(EXTENSIONS).map(
    ([prefix, name]) =>
      `<extension name="${name}" prefix="${prefix}" uri="http://www.xes-standard.org/${prefix}.xesext"/>`,
  ),
  GLOBALS.join(''),
  '<classifier name="Activity" keys="concept:name"/>',
  '<classifier name="Resource" keys="org:resource"/>',
];

/**
 * The log of all cases as XES (IEEE 1849), a trace for each case, piece by piece. Who acted is the person's id of the
 * register, the group the unit's.
 * @throws Unavailable
 */
export async function* xes(log: EventStore & Feed): AsyncGenerator<string> {
  yield `${HEAD.join('\n')}\n`;
  for await (const events of casesOf(log)) yield* trace(events);
  yield '</log>\n';
}

async function* trace(events: AsyncIterable<CaseRecorded>): AsyncGenerator<string> {
  let begun = false;
  for await (const recorded of events) {
    if (!begun) yield `<trace>${element('string', 'concept:name', recorded.stream.slice('case-'.length))}\n`;
    begun = true;
    yield eventXml(recorded);
  }
  yield '</trace>\n';
}

function eventXml({ event, meta }: CaseRecorded): string {
  const { type, ...data } = event;
  const { person, role, unit } = meta.actor;
  const own = [
    element('string', 'concept:name', type),
    element('date', 'time:timestamp', meta.recordedAt),
    element('string', 'lifecycle:transition', 'complete'),
    ...[element('string', 'org:resource', person), element('string', 'org:role', role)],
    element('string', 'org:group', unit),
  ];
  return `<event>${[...own, ...attributesOf(data).map(attributeXml)].join('')}</event>\n`;
}

const attributeXml = ({ name, type, value }: Attribute): string =>
  element(ELEMENTS[type], name, String(value));
