import { expect, test } from '@jest/globals';
import { networkOf, whenceOf } from './whence.js';

test.each([
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36', 'Chrome, Windows'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge, Windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15', 'Safari, macOS'],
  ['Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36', 'Chrome, Android'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0', 'WeChat, iPhone'],
  ['curl/8.5', ''],
  [undefined, ''],
  [['Firefox/1', 'Firefox/2'], ''],
  ['<script>alert(1)</script>', ''],
])('%j is told as %j', (agent, browser) => {
  expect(whenceOf(agent, '10.0.0.1').browser).toBe(browser);
});

test.each([
  ['203.0.113.77', '203.0.113.*'],
  ['::ffff:203.0.113.77', '203.0.113.*'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::*'],
  ['2001:db8::6', '2001:db8:0:0::*'],
  ['::1', '0:0:0:0::*'],
])('of %s is kept %s', (ip, kept) => {
  expect(whenceOf('', ip).address).toBe(kept);
});

test('customers of IPv6 have a network each', () => {
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2::9'));
  expect(networkOf('2001:db8:1:3::9')).not.toBe(networkOf('2001:db8:1:2::9'));
});
