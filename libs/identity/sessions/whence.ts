import { isIPv6 } from 'node:net';

/** From where somebody signed in, as they are to recognise it: no more is kept. */
export interface Whence {
  /** Such as `Firefox, Windows`; empty where it is no browser that is known. */
  browser: string;
  /** The network: the last number of an IPv4 address is not kept, nor the last half of an IPv6 one. */
  address: string;
}

/** The first that is found counts: most say that they are others too. */
const BROWSERS = [
  ...[['MicroMessenger/', 'WeChat'] as const, ['QQBrowser/', 'QQ Browser'] as const],
  ...[['UCBrowser/', 'UC Browser'] as const, ['Edg/', 'Edge'] as const, ['OPR/', 'Opera'] as const],
  ...[['Firefox/', 'Firefox'] as const, ['Chrome/', 'Chrome'] as const, ['Safari/', 'Safari'] as const],
];
const SYSTEMS = [
  ...[['Windows', 'Windows'] as const, ['Android', 'Android'] as const, ['iPhone', 'iPhone'] as const],
  ...[['iPad', 'iPad'] as const, ['Mac OS', 'macOS'] as const, ['Linux', 'Linux'] as const],
];

/** @param agent what a client calls itself: anything at all */
export function whenceOf(agent: unknown, ip: string): Whence {
  const text = typeof agent === 'string' ? agent.slice(0, 1000) : '';
  const named = (list: readonly (readonly [string, string])[]): string[] =>
    list
      .filter(([mark]) => text.includes(mark))
      .map(([, name]) => name)
      .slice(0, 1);
  return { browser: [...named(BROWSERS), ...named(SYSTEMS)].join(', '), address: maskOf(ip) };
}

function maskOf(ip: string): string {
  const plain = ip.startsWith('::ffff:') ? ip.slice('::ffff:'.length) : ip;
  return isIPv6(plain) ? `${networkOf(plain)}::*` : plain.replace(/\.\d{1,3}$/, '.*');
}

/** Of IPv6, the network that one customer has. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail = ''] = address.split('::');
  const first = head.split(':').filter(Boolean);
  const last = tail.split(':').filter(Boolean);
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return [...first, ...zeros, ...last].slice(0, 4).join(':');
}
