import { randomUUID } from 'node:crypto';
import {
  type EventStoreDbOptions,
  EventStoreDbLog,
} from '../../libs/adapters/eventstoredb/eventstoredb-log.js';
import { canonical } from '../../libs/eventing/canonical.js';
import { type NewEvent } from '../../libs/eventing/event.js';
import { type EsdbNode, type EsdbNodeOptions, startEsdbNode } from './esdb-node.js';

export interface Scene {
  node: EsdbNode;
  /** Opens the log on the node; it is closed with the scene. */
  open: (options?: Partial<EventStoreDbOptions>) => EventStoreDbLog;
}

/** A node, and logs that are open on it for as long as `act` takes. */
export async function withNode(
  act: (scene: Scene) => Promise<void>,
  options?: EsdbNodeOptions,
): Promise<void> {
  const node = await startEsdbNode(options);
  await withLogs(node.url, (open) => act({ node, open })).finally(() => node.stop());
}

/** Logs that are open for as long as `act` takes. */
export async function withLogs(url: string, act: (open: Scene['open']) => Promise<void>): Promise<void> {
  const logs: EventStoreDbLog[] = [];
  const open: Scene['open'] = (options) => {
    const log = new EventStoreDbLog({ url, appendDeadlineMs: 5000, readDeadlineMs: 5000, ...options });
    logs.push(log);
    return log;
  };
  try {
    await act(open);
  } finally {
    await Promise.all(logs.map((log) => log.close()));
  }
}

export function noted(n = 0, text = ''): NewEvent {
  const meta = canonical({ causationId: 'cause', correlationId: 'thread' });
  return { id: randomUUID(), type: 'Noted', data: canonical({ n, text }), meta };
}

export function fresh(): string {
  return `case-${randomUUID()}`;
}
