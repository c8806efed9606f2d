import { SaxesParser } from 'saxes';

/**
 * The structure of XES: what the published schema of IEEE 1849-2016 demands, and that no key stands twice in an element,
 * as the standard itself says. What an element holds, in this order.
 */
const ATTRIBUTES = ['string', 'date', 'int', 'float', 'boolean', 'id', 'list', 'container'];
const HOLDS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  log: [['extension'], ['global'], ['classifier'], ATTRIBUTES, ['trace'], ['event']],
  global: [ATTRIBUTES],
  trace: [ATTRIBUTES, ['event']],
  event: [ATTRIBUTES],
  ...Object.fromEntries(ATTRIBUTES.map((name) => [name, [ATTRIBUTES]])),
};

const NAME = /^[A-Za-z_:][\w.:-]*$/;
const NC_NAME = /^[A-Za-z_][\w.-]*$/;
const TOKEN = /^(?:\S+(?: \S+)*)?$/;
const KEYED = (value: RegExp): Readonly<Record<string, RegExp>> => ({ key: NAME, value });

/** The attributes of each element, all of them required, and how their values are written. */
const HAS: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  log: {
    'xes.version': /^\d+(?:\.\d+)?$/,
    'xes.features': TOKEN,
    xmlns: /^http:\/\/www\.xes-standard\.org\/$/,
  },
  extension: { name: NC_NAME, prefix: NC_NAME, uri: /^http:\/\/\S+\.xesext$/ },
  global: { scope: /^(?:trace|event)$/ },
  classifier: { name: NC_NAME, keys: TOKEN },
  trace: {},
  event: {},
  string: KEYED(/^.*$/s),
  date: KEYED(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/),
  int: KEYED(/^[+-]?\d+$/),
  float: KEYED(/^[+-]?\d+(?:\.\d+)?$/),
  boolean: KEYED(/^(?:true|false|1|0)$/),
  id: KEYED(/^[0-9a-f-]{36}$/),
};

interface Open {
  name: string;
  /** How far it is in the order of what it holds. */
  at: number;
  keys: Set<string>;
}

/** What of a document is not as the standard has it; nothing where it is valid. */
export function xesFaults(text: string): string[] {
  const faults: string[] = [];
  const open: Open[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => faults.push(error.message));
  parser.on('text', (found) => {
    if (found.trim() !== '') faults.push(`text in ${open.at(-1)?.name ?? 'the document'}`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    const within = open.at(-1);
    faults.push(...(within ? placed(within, name) : name === 'log' ? [] : [`${name} is no log`]));
    faults.push(...written(name, attributes));
    const { key } = attributes;
    if (within && key !== undefined) {
      if (within.keys.has(key)) faults.push(`${within.name} has ${key} twice`);
      within.keys.add(key);
    }
    open.push({ name, at: 0, keys: new Set() });
  });
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  return faults;
}

function placed(within: Open, name: string): string[] {
  const at = (HOLDS[within.name] ?? []).findIndex(
    (group, index) => index >= within.at && group.includes(name),
  );
  if (at < 0) return [`${name} does not belong there in ${within.name}`];
  within.at = at;
  return [];
}

function written(name: string, attributes: Readonly<Record<string, string>>): string[] {
  const has = HAS[name] ?? {};
  const wrong = Object.entries(has).filter(([key, value]) => !value.test(attributes[key] ?? '\u0000'));
  const more = Object.keys(attributes).filter((key) => !Object.hasOwn(has, key));
  return [
    ...wrong.map(([key]) => `${name} lacks ${key}, or not as it is written`),
    ...more.map((key) => `${name} has ${key}`),
  ];
}
