import { describe, expect, test } from '@jest/globals';
import { createCipheriv, createHmac, createSecretKey } from 'node:crypto';
import { Unusable } from './errors.js';
import { assertSupported, SUITES } from './suites.js';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('this OpenSSL computes what is published:', () => {
  test('SM4-CTR: draft-ribose-cfrg-sm4-10, A.2.5.1 (checked with openssl enc -sm4-ctr)', () => {
    const key = hex('0123456789abcdeffedcba9876543210');
    const cipher = createCipheriv('sm4-ctr', key, hex('000102030405060708090a0b0c0d0e0f'));
    const clear = hex(
      ['aa', 'bb', 'cc', 'dd', 'ee', 'ff', 'aa', 'bb'].map((byte) => byte.repeat(8)).join(''),
    );
    expect(cipher.update(clear).toString('hex')).toBe(
      'ac3236cb970cc20791364c395a1342d1a3cbc1878c6f30cd074cce385cdd70c7' +
        'f234bc0e24c11980fd1286310ce37b926e02fcd0faa0baf38b2933851d824514',
    );
  });

  test('HMAC-SM3: GM/T 0042-2015, D.3 (checked with openssl mac -digest sm3)', () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, n) => n + 1));
    const text = 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'.repeat(2);
    expect(createHmac('sm3', key).update(text).digest('hex')).toBe(
      'ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a',
    );
  });
});

/**
 * What stands in events must open for ever, so here is a sample of each. Derived keys were computed with `openssl kdf
 * -kdfopt hexkey:… -kdfopt info:… HKDF` (SM3, SHA256), and from them the SM4 text with `openssl enc -sm4-ctr`, its tag
 * with `openssl mac -digest sm3` over length, place, iv and text; the GCM sample with AESGCM of Python's cryptography,
 * as OpenSSL's command line has no GCM.
 */
describe('what was sealed before opens:', () => {
  const key = createSecretKey(Buffer.from(Array.from({ length: 32 }, (_, n) => n)));
  const bound = Buffer.from('["place"]');
  const clear = Buffer.from('演示张三');

  test.each([
    [
      'SM4-CTR-HMAC-SM3' as const,
      'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff',
      '080bfedd18ceaa353f4029d2',
      'a1010c0a0b33a4639242fcd4c16ae5bd9740ae8fcab12e090fea898e16cdd459',
    ],
    [
      'AES-256-GCM' as const,
      'f0f1f2f3f4f5f6f7f8f9fafb',
      'c3ba2f7d0a2517c89277617a',
      'd58c22cde85d22b9ec7558e692432051',
    ],
  ])('%s', (alg, iv, text, tag) => {
    const box = { iv: hex(iv), text: hex(text), tag: hex(tag) };
    expect(SUITES[alg].open(key, box, bound)).toEqual(clear);
    expect(SUITES[alg].close(key, box.iv, clear, bound)).toEqual(box);
  });
});

describe('an OpenSSL without the algorithms', () => {
  const found = { ciphers: ['aes-256-gcm'], hashes: ['sha256'] };

  test('is refused, and what it lacks is named', () => {
    expect(() => {
      assertSupported('SM4-CTR-HMAC-SM3', found);
    }).toThrow(
      new Unusable('The OpenSSL of this Node.js lacks sm4-ctr and sm3, which SM4-CTR-HMAC-SM3 needs.'),
    );
    expect(() => {
      assertSupported('SM4-CTR-HMAC-SM3', { ...found, hashes: ['sm3'] });
    }).toThrow(/lacks sm4-ctr, which/);
  });

  test('does for the other way', () => {
    expect(() => {
      assertSupported('AES-256-GCM', found);
    }).not.toThrow();
  });
});
