import { type Contest, type Size } from './contest.js';
import { CLIENTS } from './http.js';
import { Job } from './job.js';
import { type Results } from './results.js';
import { type Asking } from './session-load.js';
import { type Standalone } from './standalone.js';

const WHO = ['city-registrar', 'city-office', 'registrar'] as const;
/** Answered from memory: what is left is who asks. */
const PATH = '/api/v1/register/divisions?limit=1';

/** The same question by somebody with a bearer token, and by the same person's session cookie. */
export async function sessionContest(
  application: Standalone,
  results: Results,
  size: Size,
): Promise<Contest> {
  const load = Job.start('session-load');
  const { url, tokens } = application;
  const headers = {
    bearer: `Authorization: Bearer ${tokens[WHO[0]] ?? ''}\r\n`,
    cookie: `Cookie: ${await application.session(...WHO)}\r\n`,
  };
  const asked = async (name: keyof typeof headers, ms: number): Promise<number> => {
    const task: Asking = {
      url,
      path: PATH,
      header: headers[name],
      clients: CLIENTS,
      warmMs: size.warmMs,
      ms,
    };
    return (await load.ask<{ perSecond: number }>(task)).perSecond;
  };
  const names = Object.keys(headers) as (keyof typeof headers)[];
  for (const name of names) await asked(name, size.httpWarmMs / 4);
  return {
    round: async (turn) => {
      for (const name of turn(names)) results.add(`session/${name}`, await asked(name, size.httpMs));
    },
    end: () => load.end(),
  };
}
