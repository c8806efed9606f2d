import {
  jsonEvent,
  type JSONEventData,
  type JSONType,
  type Position as Place,
  type ReadPosition,
  type RecordedEvent,
  START,
} from '@eventstore/db-client';
import { canonical, NotStorable } from '../../eventing/canonical.js';
import { type Meta, type NewEvent, type StoredEvent } from '../../eventing/event.js';
import { type Position } from '../../eventing/store.js';

/** What the server's own tools follow correlations by. Only the server has it: meta and leaf hash never contain it. */
interface Traced {
  $correlationId?: string | undefined;
  $causationId?: string | undefined;
}

/**
 * An event as the client takes it. The content stays JSON for the server's tools, so its text is written anew by
 * the client and made canonical again when it is read.
 * @throws NotStorable the meta has a key that belongs to the server
 */
export function toEventData({ id, type, data, meta }: NewEvent): JSONEventData {
  const known = JSON.parse(meta) as Partial<Meta> & Traced;
  if (known.$correlationId !== undefined || known.$causationId !== undefined) {
    throw new NotStorable('$correlationId and $causationId are the server’s own');
  }
  const traced = { ...known, $correlationId: known.correlationId, $causationId: known.causationId };
  const metadata = Buffer.from(canonical(traced));
  return jsonEvent({ id, type, data: JSON.parse(data) as JSONType, metadata });
}

/** An event as the port gives it, its texts canonical as they went in. */
export function toStored(recorded: RecordedEvent): StoredEvent {
  const { id, type, streamId: stream, revision, data, metadata } = recorded;
  return {
    id,
    type,
    stream,
    revision: Number(revision),
    data: asText(data),
    meta: asText(withoutTrace(metadata)),
  };
}

function withoutTrace(metadata: unknown): unknown {
  if (typeof metadata !== 'object' || metadata === null || metadata instanceof Uint8Array)
    return metadata ?? {};
  const meta: Record<string, unknown> = { ...metadata };
  delete meta.$correlationId;
  delete meta.$causationId;
  return meta;
}

/** Others may keep bytes in the same store: those become a JSON text in base64, which no decoder here accepts. */
function asText(value: unknown): string {
  return canonical(value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value);
}

/** Both parts are needed: events of one transaction share the first. */
export function toPosition({ commit, prepare }: Place): Position {
  return `${commit}/${prepare}`;
}

/** @throws TypeError when it comes from another store */
export function toPlace(position: Position | undefined): ReadPosition {
  if (position === undefined) return START;
  const [, commit, prepare] = /^(\d{1,20})\/(\d{1,20})$/.exec(position) ?? [];
  if (commit === undefined || prepare === undefined)
    throw new TypeError('this is no position of EventStoreDB');
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
}
