import { Controller, Get, Header, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { type Carried, type Lag, LedgerLag, ManagerStanding } from '../../contracts/health.js';
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
    const gauge = (name: string, help: string, value: () => Promise<number>): Gauge =>
      new Gauge({
        ...{ name, help },
        registers: [this.#metrics],
        collect: async function (this: Gauge) {
          this.set(await value());
        },
      });
    const lag = (name: string, help: string, of: (lag: Lag) => number): Gauge =>
      gauge(name, help, async () => of(await queries.execute<LedgerLag, Lag>(new LedgerLag())));
    const carried = (name: string, help: string, of: (carried: Carried) => number): Gauge =>
      gauge(name, help, async () => of(await this.#carried()));
    lag('xiaohao_ledger_ordinal', 'Events that the ledger has dealt with.', ({ ordinal }) => ordinal);
    lag(
      'xiaohao_ledger_behind_seconds',
      'For how long the ledger has been behind.',
      ({ behindMs }) => behindMs / 1000,
    );
    lag('xiaohao_ledger_halted_cases', 'Cases that could not be read on.', ({ halted }) => halted);
    carried('xiaohao_manager_waiting', 'Events that are still to be answered.', ({ waiting }) => waiting);
    carried('xiaohao_manager_stuck', 'Events whose answer was refused.', ({ stuck }) => stuck);
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
    // One event that is stuck is no reason to serve nobody.
    return { status: ready ? 'ok' : 'unavailable', ledger, manager: await this.#carried() };
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

  #carried(): Promise<Carried> {
    return this.queries.execute<ManagerStanding, Carried>(new ManagerStanding());
  }
}

/** Requests by route and status, never by address: addresses carry ids. */
export const requests = new Counter({
  name: 'xiaohao_http_requests_total',
  help: 'Requests answered.',
  labelNames: ['method', 'route', 'status'],
  registers: [],
});
