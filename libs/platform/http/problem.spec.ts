import { afterEach, expect, jest, test } from '@jest/globals';
import { type ArgumentsHost, Logger } from '@nestjs/common';
import { ProblemFilter } from './problem.js';

afterEach(() => {
  jest.restoreAllMocks();
});

test('of a fault neither the answer nor the log has the message, in however many lines it is', () => {
  const logged: unknown[] = [];
  jest.spyOn(Logger.prototype, 'error').mockImplementation((...said: unknown[]) => void logged.push(said));
  let sent: unknown;
  const reply = { status: () => reply, header: () => reply, send: (body: unknown) => (sent = body) };
  const http = { getResponse: () => reply, getRequest: () => ({ headers: {} }) };
  const host = { switchToHttp: () => http } as unknown as ArgumentsHost;
  new ProblemFilter().catch(new Error('演示张三\n演示李四\n  at 演示王五'), host);
  expect(sent).toMatchObject({ code: 'service/fault', status: 500 });
  expect(JSON.stringify(logged)).toContain('problem.spec');
  expect(JSON.stringify([sent, logged])).not.toContain('演示');
});
