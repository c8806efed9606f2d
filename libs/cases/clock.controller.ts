import { Body, Controller, Get, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { dayIn } from '../calendar/working-days.js';
import { MoveClock } from '../contracts/clock.js';
import { invalid, refuse } from '../contracts/refusal.js';
import { CurrentRegister, type Register } from '../contracts/register.js';
import { READERS } from '../contracts/roles.js';
import { Operation } from '../platform/http/operation.js';
import { validated } from '../platform/validated.js';
import { Clock } from './clock.js';

interface Time {
  now: string;
  today: string;
  simulated: boolean;
}

const TIME = {
  type: 'object',
  required: ['now', 'today', 'simulated'],
  properties: {
    now: { type: 'string', format: 'date-time' },
    today: { type: 'string', format: 'date', description: 'In the zone of the deployment.' },
    simulated: { type: 'boolean' },
  },
};

@Controller('api/v1/clock')
export class ClockController {
  constructor(
    private readonly clock: Clock,
    private readonly queries: QueryBus,
  ) {}

  @Operation({
    summary: 'What time it is for the cases.',
    may: [...READERS, 'evaluator', 'system-admin'],
    answers: { 200: { description: 'The time.', schema: TIME } },
  })
  @Get()
  async get(): Promise<Time> {
    const { zone } = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    const now = this.clock.now();
    return { now, today: dayIn(zone, now), simulated: this.clock.simulated };
  }

  @Operation({
    summary: 'Moves the time of a demo on. Whatever happens then is marked as simulated.',
    may: ['system-admin'],
    body: { 'application/json': { $ref: '#/components/schemas/MoveClock' } },
    answers: { 201: { description: 'It is that time now.', schema: TIME } },
    refusals: ['route/unknown'],
  })
  @Post()
  async move(@Body() body: unknown): Promise<Time> {
    if (!this.clock.movable) return refuse('route/unknown');
    const { to } = validated(MoveClock, body);
    if (!(await this.clock.moveTo(to))) invalid('to', 'later', 'to must lie ahead of the time that it is');
    return this.get();
  }
}
