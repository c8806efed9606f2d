import { CommandHandler } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import fastify from 'fastify';
import { randomUUID } from 'node:crypto';
import { emmettPool } from './appenders.js';
import { answering } from './job.js';
import { caseOf } from './lifecycle.js';
import { payload } from './payload.js';
import { type Place } from './server.js';

interface Given {
  type: string;
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

const give = CommandHandler<{ events: number; last: string }, Given>({
  initialState: () => ({ events: 0, last: '' }),
  evolve: ({ events }, { type }) => ({ events: events + 1, last: type }),
});

/**
 * Emmett behind bare Fastify, under the same addresses: reads and folds the case's stream, appends one event of the
 * same size. No caller, no validation but of JSON, no numbers, no read model.
 */
answering(async ({ place, clients }: { place: Place; clients: number }) => {
  const pool = emmettPool(place, clients);
  const store = getPostgreSQLEventStore('postgresql://bench', { connectionOptions: { pool } });
  await store.schema.migrate();

  const decided = async (id: string, body: unknown): Promise<number> => {
    const { type, ...data } = body as { type: string };
    if (typeof type !== 'string') throw new Error('a command has a type');
    const { newState } = await give(store, `case-${id}`, () => ({
      type,
      data: { ...data, ...(type === 'AttachEvidence' && payload().data) },
      metadata: { ...payload().meta, correlationId: randomUUID() },
    }));
    return newState.events - 1;
  };

  const app = fastify();
  app.post('/api/v1/cases', async (request, reply) => {
    const id = caseOf(String(request.headers['idempotency-key']).slice(0, -2));
    const revision = await decided(id, request.body);
    return reply.status(201).header('ETag', `"${revision}"`).send({ case: id, revision });
  });
  app.post<{ Params: { id: string } }>('/api/v1/cases/:id/:command', async (request, reply) => {
    const { id } = request.params;
    const revision = await decided(id, request.body);
    return reply.header('ETag', `"${revision}"`).send({ case: id, revision });
  });
  return { url: await app.listen({ port: 0, host: '127.0.0.1' }) };
});
