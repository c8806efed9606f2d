import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { commandIn } from '../../libs/platform/http/openapi-words.js';
import { allRoutes, openApi } from './document.js';

interface Documented {
  requestBody?: { content: Record<string, object> };
  responses: Record<
    string,
    { content?: Record<string, { schema: { properties?: { code: { enum: string[] } } } }> }
  >;
}

const { paths } = openApi() as { paths: Record<string, Record<string, Documented>> };
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, documented]) => ({ name: `${method} ${path}`, path, documented })),
);

const codesIn = ({ responses }: Documented): string[] =>
  Object.values(responses).flatMap(
    ({ content }) => content?.['application/problem+json']?.schema.properties?.code.enum ?? [],
  );

describe('the document says of every operation', () => {
  test.each(operations.filter(({ documented }) => documented.requestBody))(
    '$name, which takes a body, how that may be wrong',
    ({ documented }) => {
      const json = Object.hasOwn(documented.requestBody?.content ?? {}, 'application/json');
      expect(codesIn(documented)).toEqual(
        expect.arrayContaining([
          ...['input/too-large', 'input/media-type'],
          ...(json ? ['input/json', 'input/invalid'] : []),
        ]),
      );
    },
  );

  test('that appends, what may become of that, and that its key may be missing or used', () => {
    const commands = allRoutes()
      .filter(({ operation }) => commandIn(operation) !== undefined)
      .map(({ path }) => path.replace(/:(\w+)/g, '{$1}'));
    expect(commands.length).toBeGreaterThan(100);
    for (const path of ['/api/v1/draws', '/api/v1/referrals', '/api/v1/referrals/{id}/answer-referral'])
      expect(commands).toContain(path);
    const log = ['log/unavailable', 'log/outcome-unknown', 'log/contended', 'key/missing', 'key/reused'];
    for (const path of commands) {
      const post = paths[path]?.post;
      expect([path, post && codesIn(post)]).toEqual([path, expect.arrayContaining(log)]);
    }
  });

  test('on a clue or a draw that somebody on leave gives none of it', () => {
    for (const path of ['/api/v1/draws', '/api/v1/referrals', '/api/v1/referrals/{id}/answer-referral']) {
      const post = paths[path]?.post;
      expect(post && codesIn(post)).toContain('case/on-leave');
    }
  });
});
