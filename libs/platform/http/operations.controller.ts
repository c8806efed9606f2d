import { Controller, Get, Header, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { type Lag, LedgerLag } from '../../contracts/health.js';
import { Operation } from './operation.js';

/** Behind for longer than this, the service is not ready: what people see would be old. */
const PATIENCE_MS = 10_000;

const OK = { description: 'Yes.' };

/** What runs the service asks: does it live, is it ready, how is it doing. */
@Controller()
export class OperationsController {
  readonly #metrics = new Registry();

  constructor(private readonly queries: QueryBus) {
    collectDefaultMetrics({ register: this.#metrics });
    const lag = (name: string, help: string, of: (lag: Lag) => number): Gauge =>
      new Gauge({
        ...{ name, help },
        registers: [this.#metrics],
        collect: async function (this: Gauge) {
          this.set(of(await queries.execute<LedgerLag, Lag>(new LedgerLag())));
        },
      });
    lag('xiaohao_ledger_ordinal', 'Events that the ledger has dealt with.', ({ ordinal }) => ordinal);
    lag(
      'xiaohao_ledger_behind_seconds',
      'For how long the ledger has been behind.',
      ({ behindMs }) => behindMs / 1000,
    );
    lag('xiaohao_ledger_halted_cases', 'Cases that could not be read on.', ({ halted }) => halted);
    this.#metrics.registerMetric(requests);
  }

  @Operation({ summary: 'Whether the process lives.', may: 'public', answers: { 200: OK } })
  @Get('health/live')
  live(): object {
    return { status: 'ok' };
  }

  @Operation({
    summary: 'Whether it can serve: the database answers and the ledger keeps up.',
    may: 'public',
    answers: { 200: OK, 503: { description: 'Not now.' } },
  })
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: { status: (status: number) => unknown }): Promise<object> {
    const ledger = await this.queries.execute<LedgerLag, Lag>(new LedgerLag());
    const ready = ledger.fault === undefined && ledger.behindMs < PATIENCE_MS;
    if (!ready) reply.status(503);
    return { status: ready ? 'ok' : 'unavailable', ledger };
  }

  @Operation({
    summary: 'Measurements, as Prometheus reads them.',
    may: ['system-admin'],
    answers: { 200: { description: 'Text format 0.0.4.' } },
  })
  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.#metrics.metrics();
  }
}

/** Requests by route and status, never by address: addresses carry ids. */
export const requests = new Counter({
  name: 'xiaohao_http_requests_total',
  help: 'Requests answered.',
  labelNames: ['method', 'route', 'status'],
  registers: [],
});
